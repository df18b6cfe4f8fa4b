"""Who may sign in, with which tokens, and what was tried and failed; and the rows of the rooms inside."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.registers.identity.contracts import AccountKind
from tongban.registers.identity.factors.models import (
    HandedReset,
    Passkey,
    PhoneCode,
    RecoveryCode,
    SignIn,
    Totp,
)
from tongban.registers.identity.oidc.models import OidcClient, OidcConsent, OidcGrant, OidcKey
from tongban.registers.identity.outside.models import OutsideLink
from tongban.registers.identity.realname.models import RealNameCheck

# The rows of the rooms inside are found by Django here.
__all__ = [
    "Account",
    "ApiToken",
    "FailedSignIn",
    "HandedReset",
    "OidcClient",
    "OidcConsent",
    "OidcGrant",
    "OidcKey",
    "OutsideLink",
    "Passkey",
    "PhoneCode",
    "RealNameCheck",
    "RecoveryCode",
    "SignIn",
    "Totp",
]


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; Django's own commands (createsuperuser) use it."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """One account; without a password nobody can sign in to it."""
        account = self.model(username=self.model.normalize_username(username), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """An account of the admin face: reference data and repair, no dockets."""
        fields.setdefault("kind", AccountKind.ADMIN)
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class Account(AbstractBaseUser, PermissionsMixin):
    """A way to sign in. `actor_id` says as whom: ``officer:12``, ``person:7``; empty for admins."""

    username = models.CharField(_("账号"), max_length=64, unique=True)
    kind = models.CharField(_("类别"), max_length=12, choices=AccountKind.choices)
    actor_id = models.CharField(_("主体"), max_length=40, blank=True, db_index=True)
    is_active = models.BooleanField(_("可登录"), default=True)
    is_staff = models.BooleanField(_("可进后台"), default=False)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    elder_mode = models.BooleanField(_("长辈版"), default=False)
    shortcuts = models.BooleanField(_("单键快捷键"), default=True)
    default_party = models.CharField(_("登录后默认代表"), max_length=40, blank=True)
    keymap = models.JSONField(_("改过的快捷键"), default=dict, blank=True)
    demo = models.BooleanField(_("演示账号"), default=False)
    demo_shown = models.BooleanField(_("登录页列出"), default=False)
    purpose = models.CharField(_("演示用途"), max_length=200, blank=True)
    purpose_en = models.CharField(_("演示用途（英文）"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("开设时间"), auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        verbose_name = verbose_name_plural = _("账号")

    def __str__(self) -> str:
        return self.username

    def __repr__(self) -> str:
        return f"<Account {self.pk}>"


class ApiToken(models.Model):
    """A bearer token of the API. Only its digest is kept; the token itself is shown once."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(_("用途"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("开设时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)
    last_used_date = models.DateField(_("最近使用日"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")

    def __str__(self) -> str:
        return f"token:{self.pk}"


class FailedSignIn(models.Model):
    """One refused sign-in. `subject` is ``account:NAME`` or ``address:IP``, as a blind index.

    The name is kept as a digest because people type passwords and id numbers into that field.
    """

    subject = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "at"], name="failed_sign_in_subject")]

    def __str__(self) -> str:
        return f"failed:{self.pk}"
