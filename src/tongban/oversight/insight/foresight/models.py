"""What was handed to a unit before anybody complained."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Task(models.Model):
    """An expected topic at a place that a unit was asked to look after 未诉先办; once for a month."""

    month = models.DateField(_("月份"))
    topic = models.CharField(_("诉求类别"), max_length=120)
    place = models.CharField(_("地区"), max_length=12)
    unit = models.CharField(_("单位"), max_length=64)
    note = models.CharField(_("要求"), max_length=500, blank=True)
    handed_by = models.CharField(max_length=64)
    handed_at = models.DateTimeField(_("交办时间"))
    answer = models.CharField(_("做了什么"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("反馈时间"), null=True)

    class Meta:
        app_label = "foresight"
        verbose_name = verbose_name_plural = _("未诉先办任务")
        constraints = (
            models.UniqueConstraint(fields=("month", "topic", "place", "unit"), name="foresight_task_once"),
        )
        indexes = (models.Index("unit", "month", name="foresight_task_unit"),)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.topic} {self.unit}"
