"""What the desk keeps: policies, the measures they are split into, and every dated version of each measure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.policies.contracts import Medium, Party, VersionState

KEY_LENGTH = 60
TITLE_LENGTH = 120
ACTOR_LENGTH = 64


class Policy(models.Model):
    """政策: one document of one department, behind a docket of kind `policy`."""

    docket = models.OneToOneField(
        "kernel.Docket", models.PROTECT, primary_key=True, related_name="+", verbose_name=_("案卷")
    )
    number = models.CharField(_("编号"), max_length=40, unique=True)
    key = models.CharField(_("键"), max_length=KEY_LENGTH, unique=True)
    unit = models.CharField(_("发文单位"), max_length=64, db_index=True)
    region = models.CharField(_("区划"), max_length=12)
    title = models.CharField(_("名称"), max_length=TITLE_LENGTH)
    title_en = models.CharField(_("英文名称"), max_length=TITLE_LENGTH * 2, blank=True)
    document = models.CharField(_("文号"), max_length=80)
    issued_on = models.DateField(_("印发日期"))
    valid_from = models.DateField(_("生效日期"), db_index=True)
    valid_until = models.DateField(_("有效期止"), null=True, blank=True, db_index=True)
    summary = models.TextField(_("讲什么"), blank=True)
    summary_en = models.TextField(_("英文摘要"), blank=True)
    source = models.CharField(_("来源网址"), max_length=300, blank=True)
    text = models.TextField(_("原文"), blank=True)
    original = models.CharField(_("原文附件"), max_length=64, blank=True)
    medium = models.CharField(_("解读形式"), max_length=10, choices=Medium.choices, default=Medium.TEXT)
    explained = models.TextField(_("解读"), blank=True)
    explained_en = models.TextField(_("英文解读"), blank=True)
    file = models.CharField(_("解读附件"), max_length=64, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True, db_index=True)
    withdrawn_at = models.DateTimeField(_("停止时间"), null=True, blank=True)
    reason = models.CharField(_("停止理由"), max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        app_label = "policies"
        verbose_name = verbose_name_plural = _("政策")
        ordering = ("-docket",)

    def __str__(self) -> str:
        return self.number


class Measure(models.Model):
    """措施: one thing that a policy gives to whom its condition describes. What it says lies in its versions."""

    key = models.CharField(_("键"), max_length=KEY_LENGTH, unique=True)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="measures", verbose_name=_("政策"))
    party = models.CharField(_("对象"), max_length=12, choices=Party.choices)

    class Meta:
        app_label = "policies"
        verbose_name = verbose_name_plural = _("政策措施")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class Version(models.Model):
    """版本: what a measure says from a day on. Once published its terms never change; a later one may end it.

    `terms` is :class:`~tongban.desks.policies.format.Terms` as JSON.
    """

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="versions", verbose_name=_("措施"))
    number = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(
        _("状态"), max_length=10, choices=VersionState.choices, default=VersionState.DRAFT
    )
    valid_from = models.DateField(_("生效日期"))
    valid_until = models.DateField(_("有效期止"), null=True, blank=True)
    terms = models.JSONField(_("内容"))
    digest = models.CharField(max_length=64, blank=True, editable=False)
    written_by = models.CharField(_("拟定人"), max_length=ACTOR_LENGTH)
    written_at = models.DateTimeField(_("拟定时间"))
    checked_by = models.CharField(_("复核人"), max_length=ACTOR_LENGTH, blank=True)
    published_by = models.CharField(_("公布人"), max_length=ACTOR_LENGTH, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("停止时间"), null=True, blank=True)
    reason = models.CharField(_("停止理由"), max_length=300, blank=True)

    class Meta:
        app_label = "policies"
        verbose_name = verbose_name_plural = _("措施版本")
        ordering = ("measure", "-number")
        constraints = (
            models.UniqueConstraint(fields=("measure", "number"), name="policies_version_number"),
            models.UniqueConstraint(
                fields=("measure",),
                condition=models.Q(state__in=("draft", "proposed")),
                name="policies_one_open_version",
            ),
        )
        indexes = (models.Index(fields=("state", "valid_from"), name="policies_in_force"),)

    def __str__(self) -> str:
        return f"{self.measure_id} v{self.number}"


class Generation(models.Model):
    """One row whose token changes with every publishing and withdrawal; caches compare it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.CharField(max_length=32)

    class Meta:
        app_label = "policies"
        verbose_name = verbose_name_plural = _("政策缓存标记")

    def __str__(self) -> str:
        return self.token
