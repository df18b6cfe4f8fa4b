"""Dockets 案卷, the links between them, and the answers already given to idempotency keys."""

from django.db import models


class Docket(models.Model):
    """One row per thing in progress; a desk adds its own one-to-one table.

    Written by `kernel.store` only. `unit`, `officer`, `applicant`, `agent` and `region` are ids of
    the actors context and opaque here; `subject` is what the docket is about (a matter's code, a
    theme's code).
    """

    number = models.CharField("编号", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=32)
    state = models.CharField("状态", max_length=32)
    title = models.CharField("标题", max_length=200)
    unit = models.CharField("承办单位", max_length=64, blank=True)
    officer = models.CharField("承办人", max_length=64, blank=True)
    applicant = models.CharField("申请人", max_length=64, blank=True)
    agent = models.CharField("代办人", max_length=64, blank=True)
    region = models.CharField("区划", max_length=12, blank=True)
    channel = models.CharField("渠道", max_length=16, blank=True)
    subject = models.CharField("事由", max_length=64, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", db_index=False)
    opened_at = models.DateTimeField("开立")
    due_at = models.DateTimeField("最近期限", null=True)
    closed_at = models.DateTimeField("办结", null=True)
    outcome = models.CharField("结果", max_length=32, blank=True)
    revision = models.IntegerField("版次", default=1)
    flow_version = models.IntegerField("流程版本", default=1)
    ledger_head = models.CharField("台账链头", max_length=64)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_docket"
        verbose_name = verbose_name_plural = "案卷"
        # Open work is a small part of all work: the worklists read partial indexes whose size
        # does not grow with what is closed. (due_at, id) is the key of their keyset pages.
        indexes = (
            models.Index("unit", "due_at", "id", name="docket_open_unit", condition=models.Q(closed_at=None)),
            # No `officer <> ''` here: SQLite could not tell that ``officer = ?`` implies it.
            models.Index(
                "officer", "due_at", "id", name="docket_open_officer", condition=models.Q(closed_at=None)
            ),
            models.Index(
                "region", "due_at", "id", name="docket_open_region", condition=models.Q(closed_at=None)
            ),
            models.Index("kind", "due_at", "id", name="docket_open_kind", condition=models.Q(closed_at=None)),
            models.Index("opened_at", "id", name="docket_opened"),
            models.Index("unit", "opened_at", "id", name="docket_unit_opened"),
            models.Index("officer", "opened_at", "id", name="docket_officer_opened"),
            models.Index("applicant", "opened_at", "id", name="docket_applicant"),
            models.Index("agent", "opened_at", "id", name="docket_agent"),
            models.Index("parent", "id", name="docket_parent", condition=models.Q(parent__isnull=False)),
            models.Index("kind", "opened_at", "id", name="docket_kind_opened"),
            models.Index("kind", "state", "opened_at", "id", name="docket_kind_state"),
            models.Index(
                "closed_at", "kind", name="docket_closed", condition=models.Q(closed_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.number


class DocketLink(models.Model):
    """A relation other than ownership between two dockets."""

    class Kind(models.TextChoices):
        SURVEYS = "surveys", "勘验"
        MERGED_INTO = "merged_into", "并入"
        SPLIT_FROM = "split_from", "拆自"
        GROUPED = "grouped", "同组"
        CAUSES = "causes", "引出"

    source = models.ForeignKey(Docket, models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Docket, models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    linked_at = models.DateTimeField()

    class Meta:
        app_label = "kernel"
        db_table = "kernel_docket_link"
        constraints = (
            models.UniqueConstraint(fields=("source", "target", "kind"), name="docket_link_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="docket_link_other"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Receipt(models.Model):
    """The first answer given to one idempotency key of one actor in one scope."""

    scope = models.CharField(max_length=80)
    actor = models.CharField(max_length=64)
    key = models.CharField(max_length=128)
    content = models.CharField("内容摘要", max_length=64)
    answer = models.TextField()
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "kernel"
        db_table = "kernel_receipt"
        constraints = (models.UniqueConstraint(fields=("scope", "actor", "key"), name="receipt_once"),)

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class Serial(models.Model):
    """The last serial number given out in one scope (kind, region, day)."""

    scope = models.CharField(primary_key=True, max_length=40)
    last = models.IntegerField()

    class Meta:
        app_label = "kernel"
        db_table = "kernel_serial"

    def __str__(self) -> str:
        return f"{self.scope}: {self.last}"
