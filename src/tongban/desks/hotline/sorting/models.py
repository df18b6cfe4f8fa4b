"""Which models there are, which one is in use, and from which confidence on a city trusts it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    """From this confidence on a region's tickets may be dispatched without a person. No row: never."""

    region = models.CharField(_("地区"), max_length=12, unique=True)
    confidence = models.FloatField(_("置信度"))
    set_by = models.CharField(_("由谁设定"), max_length=64)
    set_at = models.DateTimeField(_("设定时间"))

    class Meta:
        app_label = "sorting"
        verbose_name = verbose_name_plural = _("自动派单门槛")

    def __str__(self) -> str:
        return f"{self.region} ≥ {self.confidence:g}"
