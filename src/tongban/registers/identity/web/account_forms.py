"""Forms around accounts: second step, registering, recovering."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongban.actors import api as actors

_ONE_TIME = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


def _number(value: str) -> str:
    return actors.resident_id(value)


def _mobile(value: str) -> str:
    number = actors.phone_number(value)
    if len(number) != 11:
        raise ValidationError(_("请填能收短信的手机号。"), code="mobile")
    return number


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("6位验证码或恢复码"),
        max_length=40,
        error_messages={"required": _("请填验证码。")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class ConfirmForm(forms.Form):
    code = forms.CharField(
        label=_("手机上显示的6位数字"),
        max_length=10,
        error_messages={"required": _("请填手机上显示的6位数字。")},
        widget=forms.TextInput(attrs=_ONE_TIME),
    )


class AgainForm(forms.Form):
    """A password or a code: whichever is at hand."""

    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("或者6位验证码"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("password") and not given.get("code") and not self.data.get("answer"):
            raise ValidationError(_("请填密码或验证码，填一样就可以。"), code="required")
        return given


class PasskeyForm(forms.Form):
    label = forms.CharField(
        label=_("给这个通行密钥起个名字"),
        max_length=60,
        help_text=_("例如：我的手机"),
        error_messages={"required": _("请起个名字，以后好认。")},
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        help_text=_("至少8个字，不要太常见。可以用一句话。"),
        error_messages={"required": _("请填新密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class NameForm(forms.Form):
    """Name and number of a person."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=100,
        error_messages={"required": _("请填姓名。")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    number = forms.CharField(
        label=_("身份证号"),
        max_length=30,
        error_messages={"required": _("请填身份证号。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        return _number(self.cleaned_data["number"])

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip().replace("•", "·").replace("．", "·")
        return name


class WhoForm(NameForm):
    """The same with a phone that takes a code."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        help_text=_("验证码发到这个手机。"),
        error_messages={"required": _("请填手机号。")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        return _mobile(self.cleaned_data["phone"])


class RegisterForm(WhoForm, NewPasswordForm):
    field_order = ("name", "number", "phone", "password")


class PhoneCodeForm(forms.Form):
    code = forms.CharField(
        label=_("短信验证码"),
        max_length=10,
        error_messages={"required": _("请填短信里的6位数字。")},
        widget=forms.TextInput(attrs=_ONE_TIME),
    )


class RecoverForm(PhoneCodeForm, NewPasswordForm):
    field_order = ("code", "password", "without_factors")
    without_factors = forms.BooleanField(label=_("第二步验证也丢了，一起停用"), required=False)


class HandedForm(NewPasswordForm):
    field_order = ("username", "code", "password")
    username = forms.CharField(
        label=_("账号"),
        max_length=64,
        error_messages={"required": _("请填账号。")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    code = forms.CharField(
        label=_("管理员交给您的重设码"),
        max_length=40,
        error_messages={"required": _("请填重设码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class CompanyForm(forms.Form):
    name = forms.CharField(
        label=_("单位名称"), max_length=150, error_messages={"required": _("请填单位名称。")}
    )
    code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=30,
        error_messages={"required": _("请填统一社会信用代码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        return actors.credit_code(self.cleaned_data["code"])
