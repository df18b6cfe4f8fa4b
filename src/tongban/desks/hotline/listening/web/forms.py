"""Planning a session, and taking what somebody says in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tongban.actors import api as actors
from tongban.desks.hotline.contracts import TicketKind, Urgency
from tongban.desks.hotline.listening.contracts import SessionKind
from tongban.desks.hotline.listening.web.names import region_name
from tongban.web.forms import PlainForm


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class PlanForm(PlainForm):
    kind = forms.ChoiceField(label=_("方式"), choices=SessionKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("标题"), max_length=60, help_text=_("如：市住建局局长接听12345"))
    host = forms.CharField(label=_("接听领导或嘉宾（姓名、职务）"), max_length=200)
    place = forms.CharField(label=_("地点、电话或频率"), max_length=200)
    topic = forms.CharField(label=_("主题"), max_length=200, required=False)
    planned_at = forms.DateTimeField(label=_("开始时间"), widget=_moment())
    planned_until = forms.DateTimeField(label=_("结束时间"), widget=_moment())


class PromiseForm(PlainForm):
    """What was promised, which everybody may read."""

    said = forms.CharField(
        label=_("当场答复和承诺"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("会公开。不写姓名、电话、住址。"),
    )  # fmt: skip
    promised_by = forms.DateField(
        label=_("承诺办结日"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    withheld = forms.BooleanField(label=_("不列入公开报告"), required=False)


class TicketForm(PromiseForm):
    kind = forms.ChoiceField(label=_("诉求类型"), choices=TicketKind.choices, initial=TicketKind.HELP)
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=Urgency.choices, initial=Urgency.ORDINARY)
    text = forms.CharField(label=_("诉求内容"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    place = forms.CharField(label=_("诉求地点"), max_length=200, required=False)
    region = forms.ChoiceField(label=_("所在县（市、区）"), required=False)
    caller_name = forms.CharField(label=_("来电人姓名"), max_length=60, required=False)
    caller_phone = forms.CharField(
        label=_("来电人电话"),
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    confidential = forms.BooleanField(label=_("保密"), required=False)

    field_order = (
        "text", "kind", "urgency", "place", "region", "caller_name", "caller_phone", "confidential", "said", "promised_by",
        "withheld",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = [(one.code, region_name(one)) for one in actors.regions_below(settings.ROOT_REGION)]
        chosen = self.fields["region"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", _("全市")), *below]


class KnownForm(PromiseForm):
    ticket = forms.CharField(label=_("工单编号"), max_length=40)

    field_order = ("ticket", "said", "promised_by", "withheld")
