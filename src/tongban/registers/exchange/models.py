"""What exchange keeps: for an unfinished application, what the registers told; nothing else."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.kernel.privacy import EncryptedTextField


class Kept(models.Model):
    """The registers' answers for one draft, encrypted, forgotten a day after they were asked for.

    `content` is JSON: by register ``{"at", "elements", "papers", "facts": {key: [value, as_of]}, "records": …}``.
    """

    draft = models.CharField(max_length=64)
    party = models.CharField(max_length=64)
    content = EncryptedTextField()
    updated_at = models.DateTimeField()

    class Meta:
        app_label = "exchange"
        verbose_name = verbose_name_plural = "共享数据（草稿用）"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "party"], name="exchange_kept_once")
        ]
        indexes: ClassVar = [models.Index(fields=["updated_at"], name="exchange_kept_age")]

    def __str__(self) -> str:
        return f"kept {self.pk}"
