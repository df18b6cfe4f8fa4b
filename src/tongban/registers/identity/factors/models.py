"""Second factors, codes for recovery, and the sessions that are open."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.privacy import EncryptedTextField


class Totp(models.Model):
    """An authenticator app. Unconfirmed until a first code was right; `last_step` lets no code be used twice."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="totp")
    secret = EncryptedTextField()
    created_at = models.DateTimeField(_("开设时间"))
    confirmed_at = models.DateTimeField(_("启用时间"), null=True, blank=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("动态验证码")

    def __str__(self) -> str:
        return f"totp:{self.pk}"


class Passkey(models.Model):
    """A passkey (WebAuthn). `data` is the attested credential, `digest` finds it by its id."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="passkeys")
    digest = models.CharField(max_length=64, unique=True)
    data = EncryptedTextField()
    label = models.CharField(_("名称"), max_length=60)
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(_("开设时间"))
    last_used_at = models.DateTimeField(_("最近使用时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("通行密钥")

    def __str__(self) -> str:
        return f"passkey:{self.pk}"


class RecoveryCode(models.Model):
    """One of ten codes on paper, each good once in place of the second factor. Only a keyed digest is kept."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("恢复码")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"recovery:{self.pk}"


class PhoneCode(models.Model):
    """A code sent to a phone. `subject` is the blind index of purpose and number, `digest` of the code."""

    subject = models.CharField(max_length=64, db_index=True)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("手机验证码")

    def __str__(self) -> str:
        return f"phone-code:{self.pk}"


class HandedReset(models.Model):
    """A code that the admin of an officer's unit hands over in person, good once, to begin anew."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="handed_resets")
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.CharField(_("签发人"), max_length=40)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("重设码")

    def __str__(self) -> str:
        return f"reset:{self.pk}"


class SignIn(models.Model):
    """One sign-in and the session it opened, for its owner's eyes. `address` is where it came from."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins")
    session_digest = models.CharField(max_length=64, unique=True)
    session_key = EncryptedTextField()
    how = models.CharField(_("方式"), max_length=40)
    device = models.CharField(_("设备"), max_length=80, blank=True)
    place = models.CharField(_("地点"), max_length=80, blank=True)
    address = EncryptedTextField(blank=True)
    began_at = models.DateTimeField(_("登录时间"))
    seen_at = models.DateTimeField(_("最近使用时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("登录记录")
        indexes: ClassVar = [models.Index(fields=["account", "-began_at"], name="sign_in_of_account")]

    def __str__(self) -> str:
        return f"sign-in:{self.pk}"
