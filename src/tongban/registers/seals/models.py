"""Seals of units, and what each of them sealed."""

from __future__ import annotations

from django.db import models

from tongban.kernel.privacy import EncryptedTextField


class Seal(models.Model):
    """One generation of a unit's seal: a P-256 and an SM2 key with a certificate each, and a picture.

    `private` holds the handles of both keys as JSON by algorithm, encrypted under the master key; emptied when the
    seal is replaced or revoked. Rows are never deleted: what they sealed must stay verifiable.
    """

    unit = models.CharField("单位", max_length=64)
    name = models.CharField("印章名称", max_length=200)
    generation = models.PositiveIntegerField("第几枚")
    serial = models.CharField("证书序列号", max_length=40, unique=True)
    sm2_serial = models.CharField("国密证书序列号", max_length=40, unique=True)
    certificate = models.TextField("证书", help_text="P-256, DER, base64")
    sm2_certificate = models.TextField("国密证书", help_text="SM2, DER, base64")
    picture = models.TextField("印模", help_text="path of an SVG, 1000 × 1000")
    private = EncryptedTextField(purpose="seals.private")
    valid_from = models.DateTimeField("启用")
    valid_until = models.DateTimeField("有效期至")
    made_at = models.DateTimeField("制发")
    replaced_at = models.DateTimeField("更换", null=True)
    revoked_at = models.DateTimeField("注销", null=True)
    revoked_since = models.DateTimeField("自何时起不可信", null=True)
    revoked_reason = models.CharField("注销原因", max_length=200, blank=True)

    class Meta:
        app_label = "seals"
        verbose_name = verbose_name_plural = "电子印章"
        constraints = (models.UniqueConstraint(fields=("unit", "generation"), name="seal_generation"),)
        indexes = (models.Index("revoked_since", name="seal_revoked"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.generation})"


class Use(models.Model):
    """One use of a seal: only inserted, one short row, so that sealing never waits for another.

    `digest` is the SHA-256 in hex of the bytes that were signed: of a PDF, of a statement's canonical text.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "版式文件"
        STATEMENT = "statement", "数据"

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="uses")
    kind = models.CharField("用于", max_length=10, choices=Kind.choices)
    digest = models.CharField("摘要", max_length=64)
    reason = models.CharField("用途", max_length=120, blank=True)
    at = models.DateTimeField("用印时间")

    class Meta:
        app_label = "seals"
        verbose_name = verbose_name_plural = "用印记录"
        indexes = (models.Index("seal", "at", name="seal_use_at"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"


class Paper(models.Model):
    """A sealed paper that is made once: the same key gives the same file ever after."""

    key = models.CharField(max_length=160, primary_key=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        app_label = "seals"
        verbose_name = verbose_name_plural = "已盖章文件"

    def __str__(self) -> str:
        return self.key
