"""Checks of real names: asked, waiting for a register that is down, decided."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.privacy import EncryptedTextField
from tongban.registers.identity.realname.contracts import CheckState


class RealNameCheck(models.Model):
    """One check. `body` is the JSON of what was claimed: name, number, phone; erased once it is decided."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="real_name_checks")
    kind = models.CharField(_("类别"), max_length=12)
    body = EncryptedTextField(blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=CheckState.choices, default=CheckState.WAITING)
    reason = models.CharField(_("原因"), max_length=20, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(_("提出时间"))
    next_at = models.DateTimeField(null=True, db_index=True)
    decided_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    source = models.CharField(_("核验来源"), max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("实名核验")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"real-name:{self.pk}"
