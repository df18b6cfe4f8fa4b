"""Codes with which somebody signs in at a kiosk."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class KioskCode(models.Model):
    """One code, made on the own phone, typed once at a kiosk within two minutes. Only its blind index is kept."""

    index = models.CharField(_("验证码索引"), max_length=64, unique=True)
    account = models.BigIntegerField(_("账号"), unique=True)
    party = models.CharField(_("以谁的名义"), max_length=64)
    expires_at = models.DateTimeField(_("到期"))

    class Meta:
        app_label = "kiosk"
        verbose_name = verbose_name_plural = _("自助机验证码")

    def __str__(self) -> str:
        return f"kiosk code {self.pk}"
