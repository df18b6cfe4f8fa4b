"""Which models there are, which one is in use, and from which confidence on a city trusts it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.hotline.contracts import Channel
from tongban.kernel.models import Docket


class ModelVersion(models.Model):
    """One model that was learned. Its file is ``TONGBAN_DATA/hotline/sorting/<name>.npz``."""

    name = models.CharField(_("版本"), max_length=40, unique=True)
    made_at = models.DateTimeField(_("学习时间"))
    made_by = models.CharField(_("由谁"), max_length=64)
    source = models.CharField(_("样本来源"), max_length=120)
    digest = models.CharField(max_length=64)
    texts = models.IntegerField(_("样本数"))
    held_out = models.IntegerField(_("对照样本数"))
    macro_f1 = models.FloatField(_("宏平均F1"), null=True)
    before = models.FloatField(_("原版本F1"), null=True)
    calibration_error = models.FloatField(_("置信度误差"), null=True)
    in_use = models.BooleanField(_("使用中"), default=False)
    used_from = models.DateTimeField(_("启用时间"), null=True)
    used_until = models.DateTimeField(_("停用时间"), null=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        app_label = "sorting"
        verbose_name = verbose_name_plural = _("分拣模型版本")
        constraints = (
            models.UniqueConstraint(
                fields=("in_use",), name="sorting_one_in_use", condition=models.Q(in_use=True)
            ),
        )

    def __str__(self) -> str:
        return self.name


class Threshold(models.Model):
    """From this confidence on tickets of a region may be dispatched without a person; none at all (null): never.

    `channel` and `category` (its first level) narrow it; empty is every one. No row: never.
    """

    region = models.CharField(_("地区"), max_length=12)
    channel = models.CharField(_("渠道"), max_length=16, blank=True, default="")
    category = models.CharField(_("分类"), max_length=40, blank=True, default="")
    confidence = models.FloatField(_("置信度"), null=True)
    set_by = models.CharField(_("由谁设定"), max_length=64)
    set_at = models.DateTimeField(_("设定时间"))

    class Meta:
        app_label = "sorting"
        verbose_name = verbose_name_plural = _("自动派单门槛")
        constraints = (
            models.UniqueConstraint(fields=("region", "channel", "category"), name="threshold_once"),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.channel} {self.category} ≥ {self.confidence}"


class Proposal(models.Model):
    """What was proposed for a ticket that no operator took, and what became of it.

    It waits until `made_at`; of tickets that a person dispatched before that there is none.
    """

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="+")
    queued_at = models.DateTimeField(_("登记"))
    channel = models.CharField(_("渠道"), max_length=16, choices=Channel.choices)
    region = models.CharField(_("地区"), max_length=12)
    made_at = models.DateTimeField(_("提出建议"), null=True)
    version = models.CharField(_("版本"), max_length=64, blank=True, default="")
    category = models.CharField(_("建议的分类"), max_length=120, blank=True, default="")
    confidence = models.FloatField(_("置信度"), default=0.0)
    unit = models.CharField(_("建议的承办单位"), max_length=64, blank=True, default="")
    matter = models.CharField(_("建议的规范事项"), max_length=64, blank=True, default="")
    threshold = models.FloatField(_("自动派单门槛"), null=True)
    automatic = models.BooleanField(_("自动派单"), default=False)
    why = models.CharField(_("说明"), max_length=200, blank=True, default="")
    decided_at = models.DateTimeField(_("派单"), null=True)
    decided_by = models.CharField(_("由谁派单"), max_length=64, blank=True, default="")
    unit_chosen = models.CharField(_("派给"), max_length=64, blank=True, default="")
    followed = models.BooleanField(_("按建议派单"), null=True)
    returned = models.BooleanField(_("退单成立"), default=False)

    class Meta:
        app_label = "sorting"
        verbose_name = verbose_name_plural = _("派单建议")
        indexes = (
            models.Index("queued_at", name="proposal_waiting", condition=models.Q(made_at=None)),
            models.Index("decided_at", "docket", name="proposal_decided", condition=models.Q(decided_at__isnull=False)),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.docket_id} {self.category} {self.confidence:g}"
