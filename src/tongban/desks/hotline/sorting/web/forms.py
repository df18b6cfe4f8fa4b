"""Setting a threshold, and taking another version into use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.desks.hotline.contracts import Channel
from tongban.desks.hotline.sorting.proposing import WITHOUT_OPERATOR
from tongban.web.forms import PlainForm

CHANNELS = [(one.value, one.label) for one in Channel if one in WITHOUT_OPERATOR]


class TrustForm(PlainForm):
    """From which confidence on; empty: never without a person."""

    region = forms.ChoiceField(label=_("地区"))
    channel = forms.ChoiceField(label=_("渠道"), choices=[("", _("不限渠道")), *CHANNELS], required=False)
    category = forms.ChoiceField(label=_("分类"), required=False)
    sure = forms.DecimalField(
        label=_("把握达到百分之几就自动派单"), min_value=50, max_value=99, decimal_places=1, required=False,
        help_text=_("50到99。空着：一律由人派单。突发事件、保密工单和没有找到承办单位的总是由人派。"),
        error_messages={"invalid": _("请填50到99的数。")},
    )  # fmt: skip

    def __init__(
        self, regions: Sequence[tuple[str, str]], heads: Sequence[str], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("region", list(regions)),
            ("category", [("", _("不限分类")), *((one, one) for one in heads)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class BackForm(PlainForm):
    """Which version, and why."""

    version = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("为什么换回这个版本"), min_length=2, max_length=200)
