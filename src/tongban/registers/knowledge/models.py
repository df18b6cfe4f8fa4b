"""What the knowledge base keeps of its own: written entries with versions, readers' feedback, questions.

What the catalogue and the themes say is not copied here: those entries are read from there (`kept.py`).
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.registers.knowledge.contracts import Audience, VersionState

KEY_LENGTH = 60
QUESTION_LENGTH = 200
ACTOR_LENGTH = 64


class Entry(models.Model):
    """条目: one question the city answers. What it says lies in its versions; one of them at most is in force."""

    key = models.CharField(_("键"), max_length=KEY_LENGTH, unique=True)
    unit = models.CharField(_("责任单位"), max_length=64, db_index=True)
    region = models.CharField(_("区划"), max_length=12)
    audience = models.CharField(_("读者"), max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    current = models.ForeignKey(
        "knowledge.Version",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("现行版本"),
    )
    review_on = models.DateField(_("下次复核"), null=True, blank=True, db_index=True)
    reviewing = models.BigIntegerField(_("复核案卷"), null=True, blank=True)

    class Meta:
        app_label = "knowledge"
        verbose_name = verbose_name_plural = _("知识条目")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class Version(models.Model):
    """版本: what an entry says from a publication to its end; never changed once it was proposed."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(
        _("状态"), max_length=10, choices=VersionState.choices, default=VersionState.DRAFT
    )
    question = models.CharField(_("问题"), max_length=QUESTION_LENGTH)
    answer = models.TextField(_("答案"))
    question_en = models.CharField(_("英文问题"), max_length=QUESTION_LENGTH, blank=True)
    short_en = models.TextField(_("英文简答"), blank=True)
    ways = models.JSONField(_("别的问法"), default=list, blank=True)
    keywords = models.JSONField(_("关键词"), default=list, blank=True)
    laws = models.JSONField(_("依据"), default=list, blank=True)
    matters = models.JSONField(_("相关事项"), default=list, blank=True)
    as_of = models.DateField(_("核对日期"))
    valid_from = models.DateField(_("生效日期"))
    valid_until = models.DateField(_("有效期止"), null=True, blank=True)
    answers = models.CharField(_("回答的问题"), max_length=40, blank=True)
    written_by = models.CharField(_("撰写人"), max_length=ACTOR_LENGTH)
    written_at = models.DateTimeField(_("撰写时间"))
    proposed_at = models.DateTimeField(_("提请发布时间"), null=True, blank=True)
    published_by = models.CharField(_("发布人"), max_length=ACTOR_LENGTH, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        app_label = "knowledge"
        verbose_name = verbose_name_plural = _("条目版本")
        ordering = ("entry", "-number")
        constraints = (
            models.UniqueConstraint(fields=("entry", "number"), name="knowledge_version_number"),
            models.UniqueConstraint(
                fields=("entry",),
                condition=models.Q(state__in=("draft", "proposed")),
                name="knowledge_one_open_version",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} v{self.number}"


class Generation(models.Model):
    """One row whose token changes with every change of what is in force; indexes compare it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.CharField(max_length=32)

    class Meta:
        app_label = "knowledge"
        verbose_name = verbose_name_plural = _("知识库缓存标记")

    def __str__(self) -> str:
        return self.token


class Opinion(models.Model):
    """How often a version of an entry helped and how often not. Nobody is named."""

    entry = models.CharField(_("条目"), max_length=KEY_LENGTH)
    version = models.PositiveIntegerField(_("版本"))
    helped = models.PositiveIntegerField(_("有帮助"), default=0)
    not_helped = models.PositiveIntegerField(_("没帮助"), default=0)

    class Meta:
        app_label = "knowledge"
        verbose_name = verbose_name_plural = _("读者反馈")
        constraints = (models.UniqueConstraint(fields=("entry", "version"), name="knowledge_opinion_once"),)

    def __str__(self) -> str:
        return f"{self.entry} v{self.version}"


class Question(models.Model):
    """知识缺口: the question behind a docket of kind `question`, without anybody's name or number."""

    docket = models.BigIntegerField(primary_key=True)
    text = models.TextField(_("问题"))
    sign = models.CharField(max_length=64, db_index=True, editable=False)
    times = models.PositiveIntegerField(_("问过的次数"), default=1)
    open = models.BooleanField(_("还没有答案"), default=True)
    entry = models.CharField(_("回答的条目"), max_length=KEY_LENGTH, blank=True)
    version = models.PositiveIntegerField(_("条目版本"), default=0)
    said = models.CharField(_("回复"), max_length=500, blank=True)

    class Meta:
        app_label = "knowledge"
        verbose_name = verbose_name_plural = _("知识缺口")

    def __str__(self) -> str:
        return str(self.docket)
