"""The operator's form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tongban.actors import api as actors
from tongban.desks.hotline.contracts import Channel, Solved, TicketKind, Urgency
from tongban.web.forms import PlainForm

CHANNELS = (Channel.PHONE, Channel.WEB, Channel.MAILBOX, Channel.LINE, Channel.GRID, Channel.WINDOW)


class OperatorForm(PlainForm):
    """What a caller says. `unit` is there only for those who may dispatch."""

    text = forms.CharField(
        label=_("诉求"), max_length=5000,
        widget=forms.Textarea(attrs={"rows": 7, "data-autofocus": "", "autocomplete": "off"}),
    )  # fmt: skip
    place = forms.CharField(label=_("地点"), max_length=200, required=False)
    region = forms.ChoiceField(label=_("所在县（市、区）"), required=False)
    kind = forms.ChoiceField(label=_("诉求类型"), choices=TicketKind.choices, initial=TicketKind.HELP)
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices, initial=Urgency.ORDINARY)
    category = forms.CharField(label=_("分类"), max_length=120, required=False)
    matter = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    caller_name = forms.CharField(
        label=_("怎么称呼"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    caller_phone = forms.CharField(
        label=_("回访电话"), max_length=32, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    confidential = forms.BooleanField(label=_("保密"), required=False)
    channel = forms.ChoiceField(
        label=_("来源"), choices=[(one.value, one.label) for one in CHANNELS], initial=Channel.PHONE
    )
    unit = forms.ChoiceField(label=_("承办单位"), required=False)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = [(one.code, one.name) for one in actors.regions_below(settings.ROOT_REGION)]
        self._choose("region", [("", _("没有说")), *below])
        if units:
            self._choose("unit", [("", _("先不派")), *units])
        else:
            del self.fields["unit"]

    def _choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        found.choices = list(choices)


class Photos(forms.ClearableFileInput):
    """Several photos, straight from the camera on a phone."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """A list of uploads; empty for none. What they are is checked where they are kept."""

    widget = Photos

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(one, initial) for one in given]


class GridForm(PlainForm):
    """What a grid worker found: what it is, where, a photo; words only where the button says too little."""

    finding = forms.ChoiceField(label=_("是什么问题"), widget=forms.RadioSelect)
    photos = PhotosField(
        label=_("拍照"), required=False, help_text=_("最多9张，拍清楚门牌或路牌。"),
        widget=Photos(attrs={"accept": "image/*", "capture": "environment", "multiple": True}),
    )  # fmt: skip
    place = forms.CharField(
        label=_("在哪里"), max_length=200, help_text=_("路名、小区、门牌，或旁边有什么。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    region = forms.ChoiceField(label=_("哪个村（社区）"))
    text = forms.CharField(
        label=_("补充说明"), max_length=5000, required=False, help_text=_("选了“其他”的要写；选了上面一类的可以不写。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, kinds: Sequence[tuple[str, str]], places: Sequence[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("finding", kinds), ("region", places)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("finding") == "others" and not given.get("text"):
            self.add_error("text", _("选了“其他”，请写清楚是什么问题。"))
        return given


class GridReplyForm(PlainForm):
    """The village's answer; who passed it down reviews it."""

    reply = forms.CharField(
        label=_("答复"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("什么时候、谁去办的、办成什么样、有问题找谁。不写姓名和电话号码以外的个人信息。"),
    )  # fmt: skip
    result = forms.ChoiceField(
        label=_("办理结果"), choices=[("", _("请选")), *Solved.choices], required=False
    )
