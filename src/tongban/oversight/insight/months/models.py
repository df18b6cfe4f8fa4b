"""A month as it was published, and each correction of it. Written once, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Edition(models.Model):
    """A month's figures as they went out: the first edition, or a correction 更正 of it.

    `definitions` are the indicators as they were written then, by id; `digest` is over the facts of the month, `days` by table
    and day: ``{"moves 2026-10-03": "…"}``.
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
    days = models.JSONField("每日事实摘要", default=dict)

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
    doubtful = models.BooleanField("所依台账被改动过", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "公布的数"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "indicator", "whose"], name="months_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.whose}"


class Check(models.Model):
    """One comparison of ledger and facts, asked for or nightly; `done_at` is empty while it waits.

    `faults` are entries ``{"stream", "sequence", "says"}``, `days` tables and days whose facts are not what the ledger
    says, `marks` the figures that rest on either: ``{month: {indicator: [[unit, region, stream], …]}}``; what was written before
    `anchored_until` was compared with a sealed anchor, not with itself alone.
    """

    asked_by = models.CharField("谁要核对", max_length=64)
    asked_at = models.DateTimeField("何时要核对")
    done_at = models.DateTimeField("何时核对完", null=True)
    entries = models.BigIntegerField("台账记录数", default=0)
    faults = models.JSONField("被改动的记录", default=list)
    days = models.JSONField("不一致的日子", default=list)
    marks = models.JSONField("靠不住的数", default=dict)
    anchored_until = models.DateTimeField("对照的锚封到何时", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "台账核对"

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}: {len(self.faults)}"
