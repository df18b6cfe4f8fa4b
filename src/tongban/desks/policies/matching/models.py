"""What matching keeps: the results of runs as packed sets, what was told to whom, and what nobody wants to be told.

A result is one row per measure, whatever the number of companies; nothing here is a row per pair. Results point at the
roll of parties that their rows mean.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.policies.contracts import Party
from tongban.desks.policies.matching.contracts import Cause, RunState

KEY, PARTY, STAMP = 60, 64, 200
FEN = 24
"""Digits of a sum: a quarter of a million parties at the highest amount pass what 64 bits hold."""


class Roll(models.Model):
    """名册: the parties of a census in the order of its rows. Runs over the same census share one."""

    stamp = models.CharField(max_length=STAMP, unique=True)
    party_kind = models.CharField(_("对象"), max_length=12, choices=Party.choices)
    size = models.PositiveIntegerField(_("户数"))
    packed = models.BinaryField()

    class Meta:
        app_label = "matching"
        verbose_name = verbose_name_plural = _("名册")

    def __str__(self) -> str:
        return f"{self.party_kind} {self.size}"


class Run(models.Model):
    """运行: all measures of a kind of party, or one measure (`key`). Only a complete one's results count."""

    party_kind = models.CharField(_("对象"), max_length=12, choices=Party.choices)
    key = models.CharField(_("措施"), max_length=KEY, blank=True)
    cause = models.CharField(_("起因"), max_length=10, choices=Cause.choices)
    asked_by = models.CharField(_("发起人"), max_length=PARTY)
    state = models.CharField(_("状态"), max_length=10, choices=RunState.choices, default=RunState.WAITING)
    at = models.DateTimeField(_("时点"))
    began_at = models.DateTimeField(_("开始"), null=True)
    finished_at = models.DateTimeField(_("结束"), null=True)
    day = models.DateField(_("按哪一天"), null=True)
    roll = models.ForeignKey(Roll, models.PROTECT, null=True, related_name="runs", db_index=False)
    census_stamp = models.CharField(max_length=STAMP, blank=True)
    measures_stamp = models.CharField(max_length=STAMP, blank=True)
    measures = models.PositiveIntegerField(_("措施数"), default=0)
    done = models.PositiveIntegerField(_("已写入"), default=0)
    parties = models.PositiveIntegerField(_("户数"), default=0)
    entitled = models.BigIntegerField(_("可以享受"), default=0)
    unknown = models.BigIntegerField(_("数据不全"), default=0)
    nearest = models.BigIntegerField(_("还差一点"), default=0)
    fen = models.DecimalField(_("金额（分）"), max_digits=FEN, decimal_places=0, default=0)
    lacking = models.JSONField(_("缺得最多的数据"), default=list)
    trouble = models.CharField(_("没有完成的原因"), max_length=200, blank=True)

    class Meta:
        app_label = "matching"
        verbose_name = verbose_name_plural = _("匹配运行")
        indexes: ClassVar = [
            models.Index(fields=["party_kind", "-id"], name="matching_run_latest"),
            models.Index(
                fields=["id"],
                name="matching_run_open",
                condition=models.Q(state__in=("waiting", "computing", "writing")),
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"


class Result(models.Model):
    """结果: what one measure came to in one run. The current one of a measure is what everybody reads."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="results", db_index=False)
    key = models.CharField(_("措施"), max_length=KEY)
    version = models.PositiveSmallIntegerField(_("版本"))
    party_kind = models.CharField(_("对象"), max_length=12, choices=Party.choices)
    current = models.BooleanField(_("当前"), default=False)
    entitled = models.PositiveIntegerField(_("可以享受"))
    unknown = models.PositiveIntegerField(_("数据不全"))
    nearest = models.PositiveIntegerField(_("还差一点"))
    unpaid = models.PositiveIntegerField(_("金额算不出"))
    fen = models.DecimalField(_("金额（分）"), max_digits=FEN, decimal_places=0)
    lacking = models.JSONField(_("缺的数据"), default=list)
    fingerprint = models.CharField(max_length=48)

    class Meta:
        app_label = "matching"
        verbose_name = verbose_name_plural = _("匹配结果")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "key"], name="matching_once_a_run"),
            models.UniqueConstraint(
                fields=["key"], name="matching_one_current", condition=models.Q(current=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["party_kind", "key"], name="matching_current", condition=models.Q(current=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class Sets(models.Model):
    """The sets of a result, packed (:mod:`~tongban.desks.policies.matching.packing`). `fen`: amounts of the entitled
    less the unpaid; empty where nothing is paid.
    """

    result = models.OneToOneField(Result, models.CASCADE, primary_key=True, related_name="sets")
    entitled = models.BinaryField()
    unknown = models.BinaryField()
    nearest = models.BinaryField()
    unpaid = models.BinaryField()
    fen = models.BinaryField()

    class Meta:
        app_label = "matching"
        verbose_name = verbose_name_plural = _("匹配结果的集合")

    def __str__(self) -> str:
        return str(self.result_id)


class Changed(models.Model):
    """A party whose portrait changed and that waits to be matched again. `times`: how often while it waited."""

    party = models.CharField(_("主体"), primary_key=True, max_length=PARTY)
    at = models.DateTimeField(_("时间"))
    times = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "matching"
        verbose_name = verbose_name_plural = _("待重新匹配")

    def __str__(self) -> str:
        return self.party


class Renewed(models.Model):
    """A party matched by itself: counts instead of its row in the runs up to `after`, the last one asked for then."""

    party = models.CharField(_("主体"), primary_key=True, max_length=PARTY)
    party_kind = models.CharField(_("对象"), max_length=12, choices=Party.choices)
    at = models.DateTimeField(_("时间"))
    after = models.BigIntegerField(default=0)
    packed = models.BinaryField()

    class Meta:
        app_label = "matching"
        verbose_name = verbose_name_plural = _("单独匹配的主体")
        indexes: ClassVar = [models.Index(fields=["party_kind", "after"], name="matching_renewed_since")]

    def __str__(self) -> str:
        return self.party


class Topic(models.Model):
    """A measure in one of its periods, as a small number: what `Told` holds thousands of."""

    key = models.CharField(_("措施"), max_length=KEY)
    period = models.CharField(_("期间"), max_length=8, blank=True)

    class Meta:
        app_label = "matching"
        verbose_name = verbose_name_plural = _("推送主题")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "period"], name="matching_topic_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.period}"


class Told(models.Model):
    """What a party was told, packed, and when last. Nothing in it is told again."""

    party = models.CharField(_("主体"), primary_key=True, max_length=PARTY)
    last_at = models.DateTimeField(_("最近一次"))
    packed = models.BinaryField()

    class Meta:
        app_label = "matching"
        verbose_name = verbose_name_plural = _("已推送")

    def __str__(self) -> str:
        return self.party


class Wishes(models.Model):
    """What a party does not want to be told: kinds of news, and single measures."""

    party = models.CharField(_("主体"), primary_key=True, max_length=PARTY)
    declined = models.JSONField(_("不要的种类"), default=list)
    muted = models.JSONField(_("不再提醒的措施"), default=list)
    said_at = models.DateTimeField(_("时间"))

    class Meta:
        app_label = "matching"
        verbose_name = verbose_name_plural = _("推送意愿")

    def __str__(self) -> str:
        return self.party
