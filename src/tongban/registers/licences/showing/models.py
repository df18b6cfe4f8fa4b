"""Showings with their short-lived codes, what was seen with them, and other systems that may ask."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.privacy import EncryptedTextField
from tongban.registers.licences.showing.contracts import ShowingKind

INDEX_LENGTH = 32


class Showing(models.Model):
    """Somebody holds out licences: on the phone to whoever may scan (亮证), or to one unit (城市码)."""

    kind = models.CharField(_("方式"), max_length=6, choices=ShowingKind.choices)
    holder = models.CharField(_("持有人"), max_length=64, db_index=True)
    actor = models.CharField(_("出示人"), max_length=64)
    unit = models.CharField(_("授权给"), max_length=64, blank=True)
    licences = models.ManyToManyField("licences.Licence", related_name="showings")
    secret = EncryptedTextField(purpose="licences.showing", editable=False)
    opened_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    revoked_at = models.DateTimeField(_("收回"), null=True, blank=True)

    class Meta:
        app_label = "licences"
        verbose_name = verbose_name_plural = _("亮证")

    def __str__(self) -> str:
        return f"showing:{self.pk}"


class Code(models.Model):
    """One code of a showing, good for its own minute and for one scan; kept as keyed digests only."""

    showing = models.ForeignKey(Showing, models.CASCADE, related_name="codes")
    step = models.PositiveSmallIntegerField()
    digits_index = models.CharField(max_length=INDEX_LENGTH, db_index=True)
    token_index = models.CharField(max_length=INDEX_LENGTH, unique=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "licences"
        verbose_name = verbose_name_plural = _("亮证码")
        constraints = (models.UniqueConstraint(fields=("showing", "step"), name="showing_step"),)

    def __str__(self) -> str:
        return f"code:{self.pk}"


class Scan(models.Model):
    """A code was read by an officer or by another system. One code, one scan: what makes a second one a replay."""

    code = models.OneToOneField(Code, models.SET_NULL, null=True, related_name="scan")
    showing = models.ForeignKey(Showing, models.PROTECT, related_name="scans")
    by = models.CharField(_("扫码人"), max_length=64, db_index=True)
    unit = models.CharField(_("扫码单位"), max_length=64)
    purpose = models.CharField(_("用途"), max_length=200)
    docket = models.CharField(_("案卷"), max_length=40, blank=True)
    client = models.CharField(_("系统"), max_length=60, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        app_label = "licences"
        verbose_name = verbose_name_plural = _("扫码记录")
        indexes = (models.Index(fields=("at", "unit"), name="licence_scan_at"),)

    def __str__(self) -> str:
        return f"scan:{self.pk}"


class Client(models.Model):
    """Another system that may ask: through whose account, for which kinds and purposes, how often, until when."""

    name = models.CharField(_("系统名称"), max_length=60, unique=True)
    actor = models.CharField(_("账号主体"), max_length=64, unique=True)
    unit = models.CharField(_("主管单位"), max_length=64)
    purposes = models.JSONField(_("用途"), default=list)
    kinds = models.JSONField(_("证照种类"), default=list)
    per_minute = models.PositiveIntegerField(_("每分钟次数"))
    per_day = models.PositiveIntegerField(_("每天次数"))
    until = models.DateField(_("有效期至"))
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        app_label = "licences"
        verbose_name = verbose_name_plural = _("接入系统")

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """One question of another system, whatever came of it."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="calls")
    operation = models.CharField(_("接口"), max_length=20)
    purpose = models.CharField(_("用途"), max_length=200)
    docket = models.CharField(_("案卷"), max_length=60, blank=True)
    outcome = models.CharField(_("结果"), max_length=20)
    found = models.PositiveSmallIntegerField(_("证照数"), default=0)
    counted = models.BooleanField(_("计入次数"), default=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        app_label = "licences"
        verbose_name = verbose_name_plural = _("接口调用")
        indexes = (models.Index(fields=("client", "at"), name="licence_call"),)

    def __str__(self) -> str:
        return f"call:{self.pk}"
