"""Forms of portraits: what is wrong with a fact, whom an officer looks for and what for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongban.kernel.rules.elements import Type
from tongban.registers.portraits import corrections, looking
from tongban.registers.portraits.contracts import ElementInfo
from tongban.web.forms import PlainForm

PAPERS = ("paper", "paper2")
_HELP = {
    Type.MONEY: _("以元计，例如 12000.50"),
    Type.NUMBER: _("填数字"),
    Type.TEXTS: _("有几个的，用顿号隔开"),
}


class CorrectionForm(PlainForm):
    """What the fact should be, why, and what proves it. The value is read by `reading.read_text`."""

    why = forms.CharField(
        label=_("为什么不对"), max_length=corrections.LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写清依据，例如哪一份文件上是怎么写的。"), error_messages={"required": _("请说明为什么不对")},
    )  # fmt: skip
    paper = forms.FileField(
        label=_("证明材料"),
        help_text=_("照片、PDF都可以，20MB以内"),
        error_messages={"required": _("请附一份证明材料")},
    )
    paper2 = forms.FileField(label=_("还有一份"), required=False)

    field_order = ("right", "why", *PAPERS)

    def __init__(self, info: ElementInfo, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["right"] = _right(info)
        self.order_fields(list(self.field_order))

    def right(self) -> str:
        """What was filled in, as text."""
        value = self.cleaned_data["right"]
        return "、".join(value) if isinstance(value, list) else str(value)

    def papers(self) -> list[Any]:
        """The uploaded files."""
        return [self.cleaned_data[name] for name in PAPERS if self.cleaned_data[name]]


def _right(info: ElementInfo) -> forms.Field:
    language = get_language() or ""
    choices = [(word, info.word_in(word, language)) for word in info.words]
    field: forms.Field
    if info.type is Type.BOOLEAN:
        field = forms.ChoiceField(choices=[("是", _("是")), ("否", _("否"))], widget=forms.RadioSelect)
    elif choices and info.type is Type.TEXTS:
        field = forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, required=False
        )
    elif choices:
        field = forms.ChoiceField(choices=[("", _("请选")), *choices])
    elif info.type is Type.DATE:
        field = forms.CharField(widget=forms.DateInput(attrs={"type": "date"}))
    else:
        field = forms.CharField(max_length=corrections.LONGEST, help_text=_HELP.get(info.type, ""))
    field.label = _("应该是")
    field.error_messages["required"] = _("请填应该是什么")
    return field


class SearchForm(PlainForm):
    text = forms.CharField(
        label=_("单位名称或号码"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("单位名称从头写起，或统一社会信用代码；个人只能用身份证号"), error_messages={"required": _("请填单位名称或号码")},
    )  # fmt: skip


class LookForm(PlainForm):
    purpose = forms.ChoiceField(label=_("查看用途"), choices=[("", _("请选")), *looking.Purpose.choices])
    reason = forms.CharField(
        label=_("为什么要看"), max_length=looking.LONGEST, help_text=_("对方会看到是谁、为什么看"),
        error_messages={"required": _("请写为什么要看")},
    )  # fmt: skip
