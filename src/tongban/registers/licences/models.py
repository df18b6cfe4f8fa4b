"""What the store keeps: licences with their versions, uses, objections, and runs of imports.

What is on a licence lies encrypted in one text (`sealed`): its printed number, the holder's name and number, and the
entries. It is found by blind indexes of the holder's number and of its own (128 bits).
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.privacy import EncryptedTextField
from tongban.registers.licences.contracts import LicenceState

SEALED = "licences.sealed"
INDEX_LENGTH = 32


class Licence(models.Model):
    """A licence in its current version. `base` is the identifier without version and check."""

    base = models.CharField(max_length=75, unique=True)
    identifier = models.CharField(_("电子证照标识"), max_length=85)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    kind = models.CharField(_("证照种类"), max_length=60)
    unit = models.CharField(_("颁发单位"), max_length=64)
    region = models.CharField(_("区划"), max_length=12)
    holder = models.CharField(_("持有人"), max_length=64, blank=True)
    holder_index = models.CharField(max_length=INDEX_LENGTH, db_index=True, editable=False)
    number_index = models.CharField(max_length=INDEX_LENGTH, db_index=True, editable=False)
    sealed = EncryptedTextField(purpose=SEALED, editable=False)
    issued_on = models.DateField(_("颁发日期"))
    valid_from = models.DateField(_("有效期起"))
    valid_until = models.DateField(_("有效期止"), null=True, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=LicenceState.choices, default=LicenceState.VALID
    )
    docket = models.CharField(_("案卷"), max_length=40, blank=True, default="")
    replaced_by = models.CharField(_("换发为"), max_length=85, blank=True, default="")
    source = models.BigIntegerField(_("归集批次"), null=True, blank=True)
    key = models.CharField(max_length=120, blank=True, default="", editable=False)
    changed_at = models.DateTimeField(_("最近变动"))

    class Meta:
        app_label = "licences"
        verbose_name = verbose_name_plural = _("电子证照")
        constraints = (
            models.UniqueConstraint(fields=("key",), condition=~models.Q(key=""), name="licence_key"),
        )

    def __str__(self) -> str:
        return self.identifier


class LicenceVersion(models.Model):
    """A version that ended: what it said, and the act that put another in its place."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField(_("版本"))
    identifier = models.CharField(_("电子证照标识"), max_length=85)
    sealed = EncryptedTextField(purpose=SEALED, editable=False)
    valid_from = models.DateField(_("有效期起"))
    valid_until = models.DateField(_("有效期止"), null=True, blank=True)
    act = models.CharField(_("变动"), max_length=20)
    reason = models.CharField(_("原因"), max_length=500, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        app_label = "licences"
        verbose_name = verbose_name_plural = _("证照旧版本")
        constraints = (models.UniqueConstraint(fields=("licence", "version"), name="licence_version"),)

    def __str__(self) -> str:
        return self.identifier


class Use(models.Model):
    """Somebody looked at or used a licence."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="uses", db_index=False)
    identifier = models.CharField(_("电子证照标识"), max_length=85)
    by = models.CharField(_("使用人"), max_length=64)
    unit = models.CharField(_("使用单位"), max_length=64, blank=True)
    purpose = models.CharField(_("用途"), max_length=200)
    docket = models.CharField(_("案卷"), max_length=40, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        app_label = "licences"
        verbose_name = verbose_name_plural = _("证照使用记录")
        indexes = (models.Index(fields=("licence", "-at"), name="licence_use"),)

    def __str__(self) -> str:
        return f"{self.identifier} {self.at:%Y-%m-%d %H:%M}"


class Objection(models.Model):
    """What a holder holds for wrong. `entry` is the key of a field, or ``holder_name``."""

    docket = models.BigIntegerField("案卷", unique=True)
    licence = models.ForeignKey(
        Licence, models.PROTECT, related_name="objections", verbose_name=_("电子证照")
    )
    entry = models.CharField(_("哪一项"), max_length=60)
    right = EncryptedTextField(_("应该是"))
    why = EncryptedTextField(_("说明"))
    identifier = models.CharField(_("电子证照标识"), max_length=85)

    class Meta:
        app_label = "licences"
        verbose_name = verbose_name_plural = _("证照异议")

    def __str__(self) -> str:
        return f"{self.identifier} {self.entry}"


class ImportRun(models.Model):
    """An import of a stock: which file, and how far it got. A rerun of the same file goes on from `done`."""

    digest = models.CharField(_("文件摘要"), max_length=64)
    kind = models.CharField(_("证照种类"), max_length=60)
    unit = models.CharField(_("颁发单位"), max_length=64)
    name = models.CharField(_("文件名"), max_length=200)
    actor = models.CharField(_("操作人"), max_length=64)
    done = models.IntegerField(_("已读行数"), default=0)
    taken = models.IntegerField(_("入库"), default=0)
    known = models.IntegerField(_("已有"), default=0)
    rejected = models.IntegerField(_("退回"), default=0)
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        app_label = "licences"
        verbose_name = verbose_name_plural = _("证照归集批次")
        constraints = (
            models.UniqueConstraint(fields=("digest", "kind", "unit"), name="licence_import_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.kind}"


# Rooms of this context with tables of their own; Django reads models from here.
from tongban.registers.licences.paper.models import Paper  # noqa: E402, F401
from tongban.registers.licences.showing.models import Call, Client, Code, Scan, Showing  # noqa: E402, F401
