"""What is kept of groups: which ticket belongs to which, and the figures of each."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.models import Docket


class Waiting(models.Model):
    """A ticket that is still to be placed."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="+")
    at = models.DateTimeField(_("受理时间"))
    retry_at = models.DateTimeField(_("重试时间"), null=True)

    class Meta:
        app_label = "heat"
        verbose_name = verbose_name_plural = _("等待归并的工单")

    def __str__(self) -> str:
        return f"{self.docket_id} waits"


class Mention(models.Model):
    """A ticket in its group; a ticket alone has a group of its own."""

    docket = models.OneToOneField(Docket, models.PROTECT, related_name="mention")
    group = models.BigIntegerField(_("组"))
    at = models.DateTimeField(_("受理时间"))
    person = models.CharField(_("来电人"), max_length=64)
    angry = models.BooleanField(_("情绪激烈"), default=False)
    out = models.BooleanField(_("已移出"), default=False)

    class Meta:
        app_label = "heat"
        verbose_name = verbose_name_plural = _("同一件事的工单")
        indexes = (models.Index("group", "at", name="heat_mention_group"),)

    def __str__(self) -> str:
        return f"{self.docket_id} in {self.group}"


class Group(models.Model):
    """Two or more tickets that tell of one thing at one place. The number is the first ticket's id."""

    number = models.BigIntegerField(primary_key=True)
    place = models.CharField(_("地点"), max_length=60, blank=True)
    summary = models.CharField(_("摘要"), max_length=60, blank=True)
    region = models.CharField(max_length=12)
    unit = models.CharField(_("责任单位"), max_length=64)
    first_at = models.DateTimeField(_("最早"))
    last_at = models.DateTimeField(_("最近"))
    tickets = models.IntegerField(_("件数"))
    people = models.IntegerField(_("人数"))
    pace = models.IntegerField(_("七天内最多"))
    spread = models.IntegerField(_("涉及区划"))
    angry = models.IntegerField(_("情绪激烈"))
    heat = models.FloatField(_("热度"))
    level = models.IntegerField(_("级别"), default=0)
    docket = models.ForeignKey(Docket, models.PROTECT, null=True, related_name="heat_groups", db_index=False)

    class Meta:
        app_label = "heat"
        verbose_name = verbose_name_plural = _("多人反映的同一件事")
        indexes = (
            models.Index(fields=("-heat", "-number"), name="heat_hottest"),
            models.Index("docket", name="heat_docket", condition=models.Q(docket__isnull=False)),
            models.Index("place", name="heat_place"),
        )

    def __str__(self) -> str:
        return f"group {self.number}"


class Warned(models.Model):
    """Who was warned of which level: once."""

    docket = models.ForeignKey(Docket, models.PROTECT, related_name="warnings", db_index=False)
    level = models.IntegerField(_("级别"))
    at = models.DateTimeField(_("提醒时间"))
    people = models.IntegerField(_("当时人数"))

    class Meta:
        app_label = "heat"
        verbose_name = verbose_name_plural = _("已提醒")
        constraints = (models.UniqueConstraint(fields=("docket", "level"), name="heat_warned_once"),)

    def __str__(self) -> str:
        return f"{self.docket_id} {self.level}"


class Repeat(models.Model):
    """Repeated messages of one caller under review 恶意重复. The caller is known by the blind index only."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="repeat")
    person = models.CharField(_("来电人"), max_length=64)
    tickets = models.IntegerField(_("件数"))
    proposed_by = models.CharField(_("由谁提出"), max_length=64)
    reviewed_by = models.CharField(_("由谁认定"), max_length=64, blank=True, default="")

    class Meta:
        app_label = "heat"
        verbose_name = verbose_name_plural = _("重复诉求认定")
        indexes = (models.Index("person", name="heat_repeat_person"),)

    def __str__(self) -> str:
        return f"repeat {self.docket_id}"
