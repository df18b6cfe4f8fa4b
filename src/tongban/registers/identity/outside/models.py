"""Which identity of an outside provider is which account."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OutsideLink(models.Model):
    """A provider's subject, as a blind index, and the account it may sign in to."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="outside_links")
    provider = models.CharField(_("提供方"), max_length=40)
    subject = models.CharField(max_length=64)
    linked_at = models.DateTimeField(_("关联时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("外部身份")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "subject"], name="outside_subject_once")
        ]

    def __str__(self) -> str:
        return f"outside:{self.pk}"
