"""What appraisal keeps: one evaluation per application."""

from django.db import models

from tongban.kernel.privacy import EncryptedTextField
from tongban.oversight.appraisal.contracts import Level


class Evaluation(models.Model):
    """One evaluation of one docket. `unit` and `region` are the docket's when it was evaluated."""

    docket = models.BigIntegerField("案卷", unique=True)
    number = models.CharField("编号", max_length=40)
    unit = models.CharField("单位", max_length=64)
    region = models.CharField("区划", max_length=12)
    subject = models.CharField("事由", max_length=64, blank=True)
    level = models.SmallIntegerField("评价等级", choices=Level.choices)
    tags = models.JSONField("标签", default=list)
    text = EncryptedTextField("想说的话", default="", blank=True)
    at = models.DateTimeField("评价时间")
    by = models.CharField("评价人", max_length=64)
    channel = models.CharField("渠道", max_length=16)
    mending = models.BigIntegerField("整改案卷", null=True, unique=True)
    excluded = models.BooleanField("不计入", default=False)

    class Meta:
        app_label = "appraisal"
        verbose_name = verbose_name_plural = "评价"
        constraints = (
            models.CheckConstraint(condition=models.Q(level__range=(1, 5)), name="evaluation_level"),
        )
        indexes = (
            models.Index("unit", "at", name="evaluation_unit"),
            models.Index("at", "id", name="evaluation_at"),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.level}"
