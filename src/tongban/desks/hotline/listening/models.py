"""What listening keeps beside its dockets: sessions and what was promised in them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.hotline.listening.contracts import SessionKind
from tongban.kernel.models import Docket


class Session(models.Model):
    """One session of listening in person. Everything here is public but `attended`, which names staff beside the host."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="listening_session")
    kind = models.CharField(_("方式"), max_length=12, choices=SessionKind.choices)
    host = models.CharField(_("接听领导或嘉宾"), max_length=200)
    place = models.CharField(_("地点或频率"), max_length=200)
    topic = models.CharField(_("主题"), max_length=200, blank=True)
    planned_at = models.DateTimeField(_("开始"))
    planned_until = models.DateTimeField(_("结束"))
    held_at = models.DateTimeField(_("举行"), null=True)
    attended = models.CharField(_("参加人员"), max_length=500, blank=True)
    calls = models.IntegerField(_("接听来电"), default=0)
    report = models.TextField(_("公开报告"), blank=True)
    reported_at = models.DateTimeField(_("公布"), null=True)

    class Meta:
        app_label = "listening"
        verbose_name = verbose_name_plural = _("接听活动")
        indexes = (
            models.Index("planned_at", "docket", name="session_planned"),
            models.Index("kind", "planned_at", name="session_kind"),
        )

    def __str__(self) -> str:
        return f"session {self.docket_id}"


class Promise(models.Model):
    """One ticket of a session's follow-up list. `ticket` is the docket's number; `said` is public."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="promises", db_index=False)
    ticket = models.CharField(_("工单编号"), max_length=40)
    said = models.CharField(_("当场答复和承诺"), max_length=500, blank=True)
    promised_by = models.DateField(_("承诺办结日"), null=True)
    withheld = models.BooleanField(_("不公开"), default=False)
    added_at = models.DateTimeField()

    class Meta:
        app_label = "listening"
        verbose_name = verbose_name_plural = _("跟办清单")
        constraints = (models.UniqueConstraint(fields=("session", "ticket"), name="promise_once"),)
        indexes = (models.Index("ticket", name="promise_ticket"),)

    def __str__(self) -> str:
        return self.ticket
