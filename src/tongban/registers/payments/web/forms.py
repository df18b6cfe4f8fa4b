"""Forms of payments."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.web.forms import PlainForm


class RefundForm(PlainForm):
    amount = forms.DecimalField(
        label=_("退多少（元）"), max_digits=14, decimal_places=2, min_value=Decimal("0.01"),
        error_messages={"required": _("请填退多少"), "invalid": _("请填数字，如 80 或 12.50")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("为什么要退"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写为什么要退")},
    )  # fmt: skip

    def fen(self) -> int:
        """The amount in fen."""
        return int(self.cleaned_data["amount"] * 100)


class VerifyForm(PlainForm):
    code = forms.CharField(
        label=_("票据代码"),
        max_length=8,
        help_text=_("8位数字"),
        error_messages={"required": _("请填票据代码")},
    )
    number = forms.CharField(
        label=_("票据号码"),
        max_length=10,
        help_text=_("10位数字"),
        error_messages={"required": _("请填票据号码")},
    )
    check = forms.CharField(
        label=_("校验码"),
        max_length=6,
        help_text=_("6位字母和数字"),
        error_messages={"required": _("请填校验码")},
    )
