"""The form of an objection: which entry, what it should say, why."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongban.registers.licences.contracts import KindInfo
from tongban.registers.licences.objections import LONGEST, entries_of
from tongban.web.forms import PlainForm


class ObjectionForm(PlainForm):
    entry = forms.ChoiceField(label=_("哪一项有误"), widget=forms.RadioSelect)
    right = forms.CharField(
        label=_("应该是"), max_length=LONGEST, error_messages={"required": _("请填这一项应该是什么")}
    )
    why = forms.CharField(
        label=_("为什么有误"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST,
        help_text=_("写清依据，例如哪一份文件上是怎么写的。"),
        error_messages={"required": _("请说明为什么有误")},
    )  # fmt: skip

    def __init__(self, form: KindInfo, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        english = (get_language() or "").startswith("en")
        entry = self.fields["entry"]
        if isinstance(entry, forms.ChoiceField):
            entry.choices = [(key, en if english else zh) for key, zh, en in entries_of(form)]
