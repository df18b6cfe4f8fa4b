"""Who wants to be told which figure, and when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.oversight.insight.subscriptions.contracts import When


class Subscription(models.Model):
    """One officer's wish. `region` narrows it to a division; empty is all that the officer may count."""

    officer = models.CharField("谁", max_length=64)
    indicator = models.CharField("指标", max_length=80)
    region = models.CharField("看哪里", max_length=12, blank=True)
    when = models.CharField("什么时候", max_length=12, choices=When.choices)
    threshold = models.DecimalField("界限", max_digits=14, decimal_places=2, null=True)
    made_at = models.DateTimeField("订阅时间")

    class Meta:
        verbose_name = verbose_name_plural = "指标订阅"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["officer", "indicator", "region", "when", "threshold"], name="subscriptions_limit_once"
            ),
            models.UniqueConstraint(
                fields=["officer", "indicator", "region", "when"], condition=models.Q(threshold=None),
                name="subscriptions_once",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index("when", "officer", name="subscriptions_when")]

    def __str__(self) -> str:
        return f"{self.officer} {self.indicator} {self.when}"


class Untold(models.Model):
    """An edition of a month that subscribers are still to be told of."""

    month = models.DateField("月份")  # its first day
    edition = models.SmallIntegerField("第几次")
    at = models.DateTimeField("公布时间")

    class Meta:
        verbose_name = verbose_name_plural = "待告知的月结"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "edition"], name="subscriptions_untold_once")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}#{self.edition}"
