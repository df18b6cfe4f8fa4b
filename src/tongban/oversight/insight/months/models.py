"""A month as it was published, and each correction of it. Written once, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Edition(models.Model):
    """A month's figures as they went out: the first edition, or a correction 更正 of it.

    `definitions` are the indicators as they were written then, by id; `digest` is over the facts of the month.
    """

    month = models.DateField("月份")  # its first day
    number = models.SmallIntegerField("第几次")  # 1 is as published first
    reason = models.TextField("更正原因", blank=True)
    by = models.CharField("谁公布", max_length=64)
    unit = models.CharField("代表单位", max_length=64)
    at = models.DateTimeField("公布时间")
    facts = models.BigIntegerField("事实行数")
    digest = models.CharField("事实摘要", max_length=64)
    definitions = models.JSONField("口径")

    class Meta:
        verbose_name = verbose_name_plural = "月结"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "number"], name="months_edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}#{self.number}"


class Published(models.Model):
    """One figure of an edition. `whose` is a division's code or a unit's id."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="figures")
    indicator = models.CharField("指标", max_length=80)
    version = models.IntegerField("口径版本")
    whose = models.CharField("谁的", max_length=64)
    value = models.DecimalField("数", max_digits=20, decimal_places=2, null=True)
    part = models.BigIntegerField("分子", null=True)
    whole = models.BigIntegerField("分母", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "公布的数"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "indicator", "whose"], name="months_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.whose}"
