"""Packages that were made."""

from __future__ import annotations

from django.db import models


class Archive(models.Model):
    """One package of one docket. A docket that got entries after its package gets another version; none is replaced."""

    docket_id = models.BigIntegerField()
    number = models.CharField("案卷编号", max_length=40)
    version = models.PositiveIntegerField("版次")
    unit = models.CharField("归档单位", max_length=64)
    made_at = models.DateTimeField("归档时间")
    made_by = models.CharField(max_length=64)
    members = models.PositiveIntegerField("文件数")
    size = models.PositiveBigIntegerField(help_text="bytes")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the package; its name in the storage")
    manifest_digest = models.CharField(max_length=64, help_text="SHA-256 of the manifest")
    ledger_heads = models.TextField(default="{}", help_text="last sequence by stream, as JSON")
    retain_until = models.DateField("保管到", null=True)

    class Meta:
        app_label = "archive"
        verbose_name = verbose_name_plural = "电子档案"
        constraints = (models.UniqueConstraint(fields=("docket_id", "version"), name="archive_version"),)
        indexes = (models.Index("number", name="archive_number"),)

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"
