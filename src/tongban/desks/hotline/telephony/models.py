"""Calls as facts, what exchanges told of them, the tickets they led to, and who takes calls."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.hotline.telephony.contracts import CallState, EventKind, Outcome, PresenceState
from tongban.kernel.privacy import EncryptedTextField


class Call(models.Model):
    """One call. It may lead to several tickets or to none.

    `day` and `hour` are those of Shanghai at which it reached the line; `line` is empty while the event that names it
    is still under way.
    """

    exchange = models.CharField(_("交换机"), max_length=32)
    reference = models.CharField(_("交换机的通话编号"), max_length=80)
    line = models.CharField(_("线路"), max_length=32, blank=True)
    caller = EncryptedTextField(_("来电号码"), blank=True, default="")
    caller_index = models.CharField(max_length=32, blank=True)
    day = models.DateField(_("日期"))
    hour = models.SmallIntegerField(_("钟点"))
    offered_at = models.DateTimeField(_("呼入"))
    queued_at = models.DateTimeField(_("转人工"), null=True)
    answered_at = models.DateTimeField(_("接听"), null=True)
    ended_at = models.DateTimeField(_("结束"), null=True)
    wait_seconds = models.IntegerField(_("等待秒数"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=CallState.choices)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, blank=True)
    officer = models.CharField(_("接线员"), max_length=64, blank=True)
    ring_to = models.CharField(_("振铃给"), max_length=64, blank=True)
    rung_at = models.DateTimeField(null=True)
    transferred_to = models.CharField(_("转接到"), max_length=64, blank=True)
    recording = models.CharField(_("录音编号"), max_length=200, blank=True)
    rating = models.SmallIntegerField(_("话后评价"), null=True)
    by_hand = models.BooleanField(_("人工登记"), default=False)
    whole = models.BooleanField(_("话单"), default=False)
    told = models.CharField(_("台账所记"), max_length=120, blank=True, default="")

    class Meta:
        app_label = "telephony"
        verbose_name = verbose_name_plural = _("来电")
        constraints = (
            models.UniqueConstraint(fields=("exchange", "reference"), name="call_once"),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)), name="call_rating"
            ),
        )
        indexes = (
            # The answer rate reads this index alone: by day, line and hour.
            models.Index("day", "line", "hour", "outcome", "wait_seconds", "rating", "by_hand", name="call_figures"),
            models.Index("offered_at", "id", name="call_offered"),
            models.Index("line", "offered_at", "id", name="call_line"),
            models.Index("officer", "offered_at", "id", name="call_officer"),
            models.Index("caller_index", "offered_at", name="call_caller", condition=~models.Q(caller_index="")),
            # Calls under way: some dozens among years of them.
            models.Index("state", "officer", "ring_to", name="call_now", condition=models.Q(ended_at=None)),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.exchange} {self.reference}"


class Heard(models.Model):
    """One event of an exchange, kept so that it counts once whenever it comes. The caller's number is not in it."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="heard", db_index=False)
    exchange = models.CharField(max_length=32)
    event = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=EventKind.choices)
    at = models.DateTimeField()
    line = models.CharField(max_length=32, blank=True)
    officer = models.CharField(max_length=64, blank=True)
    to = models.CharField(max_length=64, blank=True)
    recording = models.CharField(max_length=200, blank=True)
    rating = models.SmallIntegerField(default=0)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        app_label = "telephony"
        verbose_name = verbose_name_plural = _("交换机事件")
        constraints = (models.UniqueConstraint(fields=("exchange", "event"), name="heard_once"),)
        indexes = (models.Index("call", "at", name="heard_call"),)

    def __str__(self) -> str:
        return f"{self.event} {self.kind}"


class CallTicket(models.Model):
    """A ticket that was opened in a call. `ticket` is the docket's number."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="tickets", db_index=False)
    ticket = models.CharField(_("工单编号"), max_length=40)
    at = models.DateTimeField()

    class Meta:
        app_label = "telephony"
        verbose_name = verbose_name_plural = _("来电的工单")
        constraints = (models.UniqueConstraint(fields=("call", "ticket"), name="call_ticket_once"),)
        indexes = (models.Index("ticket", name="call_ticket"),)

    def __str__(self) -> str:
        return self.ticket


class Attendance(models.Model):
    """Whether an operator takes calls now."""

    officer = models.CharField(_("接线员"), max_length=64, primary_key=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=PresenceState.choices, default=PresenceState.OFF
    )
    since = models.DateTimeField(_("自"))
    station = models.CharField(_("分机"), max_length=32, blank=True)

    class Meta:
        app_label = "telephony"
        verbose_name = verbose_name_plural = _("接线员状态")
        constraints = (
            models.UniqueConstraint(
                fields=("station",),
                name="attendance_station",
                condition=~models.Q(station="") & ~models.Q(state="off"),
            ),
        )
        indexes = (models.Index("state", "since", name="attendance_state"),)

    def __str__(self) -> str:
        return f"{self.officer} {self.state}"
