"""Stored contents, and where they are attached."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StoredFile(models.Model):
    """One content, kept once however often it is handed in. `digest` is the SHA-256 of what is kept, in hex."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField(help_text="bytes")
    media_type = models.CharField(max_length=120)
    stored_at = models.DateTimeField()

    class Meta:
        app_label = "kernel"
        db_table = "kernel_stored_file"

    def __str__(self) -> str:
        return self.digest[:12]

    @property
    def path(self) -> str:
        """Name in the storage: ``ab/cd/abcd…``."""
        return f"{self.digest[:2]}/{self.digest[2:4]}/{self.digest}"


class Attachment(models.Model):
    """A file handed in for one purpose (`slot`) of a docket. Taken away it is marked, never deleted."""

    docket_id = models.BigIntegerField()
    slot = models.CharField(max_length=80)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, db_column="digest", related_name="attachments"
    )
    name = models.CharField(max_length=200)
    added_by = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_attachment"
        indexes: ClassVar = [
            models.Index(fields=["docket_id", "slot", "id"], name="kernel_attachment_docket")
        ]

    def __str__(self) -> str:
        return self.name
