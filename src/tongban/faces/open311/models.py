"""Which programs may send requests, and which tickets came from them. No personal data lies here."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Application(models.Model):
    """A program that sends requests for people: through whose account's keys, how often, until when."""

    name = models.CharField(_("程序名称"), max_length=60, unique=True)
    actor = models.CharField(_("账号主体"), max_length=64, unique=True)
    per_minute = models.PositiveIntegerField(_("每分钟次数"))
    per_day = models.PositiveIntegerField(_("每天次数"))
    until = models.DateField(_("有效期至"))
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        app_label = "open311"
        verbose_name = verbose_name_plural = _("Open311程序")

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """A request as it came in: its ticket, its service, whether its text may be shown. What was said lies with the ticket."""

    docket = models.BigIntegerField(unique=True)
    number = models.CharField(_("工单"), max_length=40, unique=True)
    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions", db_index=False)
    service = models.CharField(_("服务代码"), max_length=40)
    public = models.BooleanField(_("可以公开内容"), default=False)
    token_digest = models.CharField(max_length=64, unique=True)
    content = models.CharField(max_length=64)
    at = models.DateTimeField(_("提交时间"))

    class Meta:
        app_label = "open311"
        verbose_name = verbose_name_plural = _("Open311诉求")
        indexes = (
            models.Index("at", "id", name="open311_at"),
            models.Index("service", "at", "id", name="open311_service"),
            models.Index("application", "at", name="open311_by_program"),
            models.Index("content", "at", name="open311_content"),
        )

    def __str__(self) -> str:
        return self.number
