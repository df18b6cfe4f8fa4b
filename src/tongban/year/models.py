"""How far a year has come: written in the transaction of what was done, so that a killed run goes on where it was."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Run(models.Model):
    """The one year of this database. `strokes` of `day` are done; days before it are done whole."""

    city = models.CharField(_("城市年度"), max_length=64)
    scale = models.CharField(_("规模"), max_length=20)
    seed = models.IntegerField(_("随机种子"))
    first = models.DateField(_("第一天"))
    last = models.DateField(_("最后一天"))
    day = models.DateField(_("正在推演的一天"))
    strokes = models.IntegerField(_("这一天做完几步"), default=0)
    finished = models.BooleanField(_("已推演完"), default=False)

    class Meta:
        app_label = "year"
        verbose_name = verbose_name_plural = _("年度推演")

    def __str__(self) -> str:
        return f"{self.city} {self.day.isoformat()}"


class Planned(models.Model):
    """Which docket a ticket of the plan became; forgotten when nothing more is planned for it."""

    index = models.IntegerField(primary_key=True)
    docket = models.BigIntegerField()
    number = models.CharField(max_length=40)

    class Meta:
        app_label = "year"
        verbose_name = verbose_name_plural = _("推演中的工单")

    def __str__(self) -> str:
        return self.number
