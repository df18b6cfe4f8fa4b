"""The clocks of dockets: named limits that run, stand still, are kept or missed."""

from django.db import models

from tongban.kernel.docket.models import Docket


class Clock(models.Model):
    """One limit on one docket. Written by `kernel.store` only.

    A running clock keeps the rule under which it began (`amount`, `basis`, `source`), whatever
    the flow or the city's data say later. `spans` lists the suspensions as ``[from, to, reason]``.
    """

    class Basis(models.TextChoices):
        NATURAL_DAYS = "natural_days", "自然日"
        WORKING_DAYS = "working_days", "工作日"
        WORKING_HOURS = "working_hours", "工作小时"
        MINUTES = "minutes", "分钟"

    class Outcome(models.TextChoices):
        RUNNING = "", "进行中"
        KEPT = "kept", "按时"
        MISSED = "missed", "超期"
        DROPPED = "dropped", "不再适用"

    docket = models.ForeignKey(Docket, models.PROTECT, related_name="clocks", db_index=False)
    name = models.CharField(max_length=32)
    label = models.CharField(max_length=40)
    whose = models.CharField("谁的期限", max_length=64, blank=True)
    region = models.CharField("日历区划", max_length=12, blank=True)
    amount = models.IntegerField()
    basis = models.CharField(max_length=16, choices=Basis.choices)
    source = models.CharField("依据", max_length=120, blank=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    suspended_at = models.DateTimeField(null=True)
    suspended_for = models.CharField(max_length=80, blank=True)
    spans = models.TextField(default="[]")
    stopped_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    on_due = models.CharField("到期动作", max_length=32, blank=True)
    next_at = models.DateTimeField("下次处理", null=True)
    fired_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_clock"
        constraints = (
            models.UniqueConstraint(
                fields=("docket", "name"), condition=models.Q(stopped_at=None), name="clock_runs_once"
            ),
        )
        indexes = (
            models.Index("docket", "name", name="clock_docket"),
            # The deadline scan: warnings and due instants of running clocks, nearest first.
            models.Index("next_at", "id", name="clock_next", condition=models.Q(next_at__isnull=False)),
            models.Index("whose", "stopped_at", name="clock_whose"),
            # Rates of one kind of limit over a period are counted from this index alone.
            models.Index(
                "name",
                "stopped_at",
                "whose",
                "outcome",
                name="clock_named",
                condition=models.Q(stopped_at__isnull=False),
            ),
            models.Index(
                "id", name="clock_provisional", condition=models.Q(provisional=True, stopped_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.docket_id} {self.name}"
