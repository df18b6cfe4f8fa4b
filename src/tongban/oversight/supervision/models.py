"""What supervision keeps: one row for each limit that was near its end or missed, and the appeals."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.models import Docket
from tongban.oversight.supervision.contracts import Colour


class Mark(models.Model):
    """The warnings of one limit 预警: yellow, then perhaps red. A red one that stays is a late mark.

    `clock` is the kernel's id of the limit; `unit` whose limit it is. `next_at` is when the next rung of the line is
    told, `stage` which one; none once there is nobody left, a reason was given or the appeal upheld. A red mark is of a
    limit that is missed, or past its end: one whose end was moved is yellow again.
    """

    clock = models.BigIntegerField(unique=True)
    docket = models.ForeignKey(Docket, models.PROTECT, related_name="marks")
    kind = models.CharField(_("类别"), max_length=32)
    limit = models.CharField(_("期限"), max_length=32)
    label = models.CharField(_("期限名称"), max_length=40)
    unit = models.CharField(_("单位"), max_length=64)
    region = models.CharField(_("区划"), max_length=12)
    colour = models.CharField(_("颜色"), max_length=8, choices=Colour.choices)
    started_at = models.DateTimeField(_("起算"))
    due_at = models.DateTimeField(_("到期"))
    seen_at = models.DateTimeField(_("亮灯"))
    red_at = models.DateTimeField(_("亮红灯"), null=True)
    over_at = models.DateTimeField(_("期限结束"), null=True)
    outcome = models.CharField(_("结果"), max_length=8, blank=True)
    stage = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    explain_by = models.DateTimeField(_("说明原因的期限"), null=True)
    reason = models.CharField(_("原因"), max_length=32, blank=True)
    words = models.TextField(_("说明"), blank=True)
    explained_at = models.DateTimeField(_("说明时间"), null=True)
    explained_by = models.CharField(max_length=64, blank=True)
    appeal = models.ForeignKey(Docket, models.PROTECT, null=True, related_name="+", db_index=False)
    excused_at = models.DateTimeField(_("申诉成立"), null=True)

    class Meta:
        app_label = "supervision"
        verbose_name = verbose_name_plural = _("预警")
        indexes = (
            models.Index("unit", "colour", "id", name="mark_unit"),
            models.Index("region", "id", name="mark_region"),
            models.Index("next_at", "id", name="mark_next", condition=models.Q(next_at__isnull=False)),
            models.Index("id", name="mark_running", condition=models.Q(over_at=None)),
        )

    def __str__(self) -> str:
        return f"{self.docket_id} {self.limit} {self.colour}"


class Appeal(models.Model):
    """What a unit says against a late mark 申诉, beside the appeal's docket."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="late_appeal")
    mark = models.ForeignKey(Mark, models.PROTECT, related_name="appeals")
    unit = models.CharField(_("申诉单位"), max_length=64)
    ground = models.CharField(_("理由"), max_length=32)
    words = models.TextField(_("事实和理由"))

    class Meta:
        app_label = "supervision"
        verbose_name = verbose_name_plural = _("超期申诉")

    def __str__(self) -> str:
        return f"appeal {self.docket_id}"


class Scan(models.Model):
    """How far the limits that ended were looked through; one row."""

    looked_at = models.DateTimeField()

    class Meta:
        app_label = "supervision"

    def __str__(self) -> str:
        return self.looked_at.isoformat()
