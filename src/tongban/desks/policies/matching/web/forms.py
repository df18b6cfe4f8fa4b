"""What an officer says before looking at one party."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.registers.portraits import api as portraits


class CheckForm(forms.Form):
    """Who it is, what for and why: the holder reads the last two."""

    number = forms.CharField(
        label=_("统一社会信用代码或公民身份号码"), min_length=15, max_length=18, strip=True,
        error_messages={"required": _("请填18位代码或号码。"), "min_length": _("代码或号码是18位。")},
    )  # fmt: skip
    purpose = forms.ChoiceField(
        label=_("查看用途"), choices=[], error_messages={"required": _("请选查看用途。")}
    )
    reason = forms.CharField(
        label=_("为什么要看（本人能看到）"), min_length=4, max_length=200,
        error_messages={"required": _("请写清为什么要看，至少4个字。"), "min_length": _("请写清为什么要看，至少4个字。")},
    )  # fmt: skip

    def __init__(self, *given: Any, **also: Any) -> None:
        super().__init__(*given, **also)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *portraits.LookPurpose.choices]
