"""The operator's form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tongban.actors import api as actors
from tongban.desks.hotline.contracts import Channel, TicketKind, Urgency
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
