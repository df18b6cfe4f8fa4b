"""Forms of identity. Fields say what is missing in the words of ui.md §5."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("账号或身份证号"),
        max_length=64,
        error_messages={"required": _("请填账号。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        error_messages={"required": _("请填密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class OrganisationSignInForm(SignInForm):
    """A person signs in in the name of an organisation."""

    field_order = ("organisation", "username", "password")
    organisation = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=30,
        error_messages={"required": _("请填统一社会信用代码。")},
        widget=forms.TextInput(attrs={"autocomplete": "organization", "spellcheck": "false"}),
    )


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(
        label=_("语言"),
        required=False,
        choices=[("", _("跟随本机")), *settings.LANGUAGES],
        widget=forms.RadioSelect,
    )
    elder_mode = forms.BooleanField(label=_("登录后用长辈版"), required=False)
    shortcuts = forms.BooleanField(label=_("使用单键快捷键"), required=False)


class TokenForm(forms.Form):
    label = forms.CharField(
        label=_("令牌用途"),
        max_length=100,
        help_text=_("例如：窗口取号机查询进度"),
        error_messages={"required": _("请写明令牌的用途。")},
    )
