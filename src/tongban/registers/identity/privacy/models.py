"""Unmaskings, consents, exports, erasures, and what was destroyed when its time was over."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.models import Docket
from tongban.kernel.privacy import EncryptedTextField
from tongban.registers.identity.privacy.contracts import Purpose


class Unmasking(models.Model):
    """Somebody looked at a person's data unmasked. The ledger has the same; this finds it by person."""

    subject = models.CharField(_("被查看人"), max_length=64)
    docket = models.CharField(_("案卷编号"), max_length=40, blank=True)
    actor = models.CharField(_("查看人"), max_length=64)
    unit = models.CharField(_("单位"), max_length=64, blank=True)
    purpose = models.CharField(_("用途"), max_length=16, choices=Purpose.choices)
    reason = EncryptedTextField(_("说明"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        app_label = "privacy"
        verbose_name = verbose_name_plural = _("查看记录")
        indexes: ClassVar = [models.Index(fields=["subject", "-id"], name="unmasking_subject")]

    def __str__(self) -> str:
        return f"unmasking:{self.pk}"


class Consent(models.Model):
    """A consent 个人信息保护法 第十四条、第二十三条: to whom, what, what for; given, withdrawn."""

    party = models.CharField(_("同意人"), max_length=64)
    by = models.CharField(_("操作人"), max_length=64)
    key = models.CharField(_("同意事项"), max_length=60)
    docket = models.CharField(_("案卷编号"), max_length=40, blank=True)
    text = models.JSONField(_("当时的告知"))
    given_at = models.DateTimeField(_("同意时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        app_label = "privacy"
        verbose_name = verbose_name_plural = _("个人信息同意")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "key", "docket"], name="consent_once_a_docket")
        ]

    def __str__(self) -> str:
        return f"privacy-consent:{self.pk}"


class Export(models.Model):
    """Somebody's own data, packed by a job, kept for some days, encrypted. `done` of `total` sources are read."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        WORKING = "working", _("正在整理")
        READY = "ready", _("可以下载")
        FAILED = "failed", _("没整理成")
        GONE = "gone", _("已到期删除")

    party = models.CharField(_("本人"), max_length=64, db_index=True)
    by = models.CharField(_("操作人"), max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(_("申请时间"))
    ready_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    expires_at = models.DateTimeField(_("到期删除"), null=True, blank=True)
    package = EncryptedTextField(_("数据包"), blank=True)

    class Meta:
        app_label = "privacy"
        verbose_name = verbose_name_plural = _("个人信息副本")

    def __str__(self) -> str:
        return f"export:{self.pk}"


class Erasure(models.Model):
    """A request to erase one's account and profile 个人信息保护法 第四十七条."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="erasure")
    party = models.CharField(_("本人"), max_length=64, db_index=True)
    kept = models.JSONField(_("依法保留"), default=list)
    erased = models.JSONField(_("已删除"), default=dict)
    entry = models.CharField(_("台账凭据"), max_length=100, blank=True)

    class Meta:
        app_label = "privacy"
        verbose_name = verbose_name_plural = _("注销和删除")

    def __str__(self) -> str:
        return f"erasure {self.docket_id}"


class Disposal(models.Model):
    """Dockets of one kind whose time is over: listed by a job, approved by a person, destroyed by a job."""

    kind = models.CharField(_("案卷类别"), max_length=32)
    basis = models.CharField(_("依据"), max_length=200)
    years = models.PositiveSmallIntegerField(_("保管年限"))
    listed_at = models.DateTimeField(_("列出时间"))
    dockets = models.JSONField(_("案卷"), default=list)
    numbers = models.JSONField(_("编号"), default=list)
    approved_by = models.CharField(_("批准人"), max_length=64, blank=True)
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    destroyed_at = models.DateTimeField(_("销毁时间"), null=True, blank=True)
    rows = models.PositiveIntegerField(_("销毁的行数"), default=0)

    class Meta:
        app_label = "privacy"
        verbose_name = verbose_name_plural = _("到期销毁")

    def __str__(self) -> str:
        return f"disposal:{self.pk}"


class Disposed(models.Model):
    """One docket in a disposal; it stands in one only."""

    docket = models.BigIntegerField(primary_key=True)
    disposal = models.ForeignKey(Disposal, models.CASCADE, related_name="members")

    class Meta:
        app_label = "privacy"

    def __str__(self) -> str:
        return f"disposed docket {self.docket}"
