"""Proposals of definitions; an adopted one is a version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.oversight.insight.definitions.contracts import State


class Definition(models.Model):
    """A definition as somebody proposed it, and what became of it. `record` is written as in `packs/insight`.

    `number` is the version's, given when it is adopted; `base` the version that it was made from, 0 for a new indicator. With
    `ends` the indicator is counted no more from `since` on; the record is that of the version which ends.
    """

    indicator = models.CharField("指标", max_length=80)
    number = models.IntegerField("版本", null=True)
    base = models.IntegerField("改自第几版")
    record = models.JSONField("口径")
    since = models.DateField("从何时起")
    reason = models.TextField("为什么")
    ends = models.BooleanField("停用", default=False)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.CharField("提出人", max_length=64)
    proposed_unit = models.CharField("提出单位", max_length=64)
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.CharField("决定人", max_length=64, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    said = models.TextField("决定时说的", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "指标口径"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "number"], name="definitions_version_once"),
            models.UniqueConstraint(
                fields=["indicator"], condition=models.Q(state="proposed"), name="definitions_one_proposal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} v{self.number or '?'}"
