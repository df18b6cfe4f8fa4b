"""Accounts in the admin: opening, closing, passwords. Whom an account acts as is set once, at opening."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from tongban.registers.identity.models import Account


def _sign_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """The admin face has no sign-in of its own, which would know no second factor."""
    del extra_context
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.GET.get('next') or '/admin/'})}")


admin.site.login = _sign_in  # type: ignore[method-assign]  # every site of Django's admin calls it


class AccountCreationForm(BaseUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = Account
        fields = ("username", "kind", "actor_id")


@admin.register(Account)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]
    add_form = AccountCreationForm
    list_display = ("username", "kind", "actor_id", "is_active", "last_login")
    list_filter = ("kind", "is_active", "is_staff", "demo")
    search_fields = ("username", "actor_id")
    ordering = ("username",)
    filter_horizontal = ("groups", "user_permissions")
    readonly_fields = ("last_login", "created_at")
    fieldsets = (
        (None, {"fields": ("username", "password", "kind", "actor_id", "default_party")}),
        (
            _("状态"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "last_login", "created_at")},
        ),
        (_("习惯"), {"fields": ("language", "elder_mode", "shortcuts")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "kind", "actor_id", "password1", "password2")}),)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
