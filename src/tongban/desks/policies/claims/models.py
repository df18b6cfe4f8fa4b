"""What a party is due, the runs and claims it comes from, objections, recoveries, and accounts to pay to.

Dockets are named by id: the kernel owns their rows. A due changes its state in `dues.py` alone.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.policies.claims.contracts import DueState, ObjectionState
from tongban.kernel.privacy import EncryptedTextField


class Pool(models.Model):
    """Places and money of one measure in one period. Its row is the lock under which they are given away."""

    measure = models.CharField(max_length=64)
    period = models.CharField(max_length=8)
    quota = models.PositiveIntegerField(null=True)
    budget_fen = models.BigIntegerField(null=True)
    taken = models.PositiveIntegerField(default=0)
    taken_fen = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("名额和预算")
        constraints: ClassVar = [models.UniqueConstraint(fields=["measure", "period"], name="pool_once")]

    def __str__(self) -> str:
        return f"{self.measure}:{self.period}"


class Run(models.Model):
    """A list of who gets one measure in one period without applying 免申即享批次; its state is its docket's.

    `digest` proves the list as it was drawn up; `skipped` counts by reason who was entitled and is not on it.
    """

    docket = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=40, unique=True)
    measure = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    policy = models.CharField(max_length=40, blank=True)
    period = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    article = models.CharField(max_length=100, blank=True)
    says = models.CharField(max_length=500, blank=True)
    says_en = models.CharField(max_length=800, blank=True)
    unit = models.CharField(max_length=64)
    region = models.CharField(max_length=12)
    order = models.JSONField(default=str)
    publicity_days = models.PositiveSmallIntegerField()
    day = models.DateField()
    entitled = models.PositiveIntegerField()
    skipped = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    batches = models.PositiveSmallIntegerField(default=0)
    again = models.BooleanField(default=False)
    """For those who confirmed late: their list was published before."""
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("免申即享批次")
        indexes: ClassVar = [models.Index(fields=["measure", "period"], name="run_of_measure")]

    def __str__(self) -> str:
        return self.number


class Due(models.Model):
    """What one party is due of one measure in one period 应得: paid once, by whichever way.

    `run` is set for a benefit, `claim` (a docket) for a quick claim. `facts` are the data that the decision stood on,
    as they were then. `payee` is the party or its successor in right.
    """

    key = models.CharField(max_length=120)
    number = models.CharField(max_length=48, unique=True)
    measure = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    period = models.CharField(max_length=8)
    party = models.CharField(max_length=40)
    payee = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    article = models.CharField(max_length=100, blank=True)
    unit = models.CharField(max_length=64)
    region = models.CharField(max_length=12)
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="dues")
    claim = models.BigIntegerField(null=True, unique=True)
    place = models.PositiveIntegerField(default=0)
    amount_fen = models.BigIntegerField(_("金额（分）"))
    state = models.CharField(max_length=10, choices=DueState.choices)
    held_from = models.CharField(max_length=10, blank=True)
    words = models.CharField(max_length=500, blank=True)
    facts = EncryptedTextField(blank=True)
    weight = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=64, null=True, unique=True)
    """Keyed digest of the code that confirms it; never the code."""
    holder = EncryptedTextField(blank=True)
    account = EncryptedTextField(blank=True)
    bank = models.CharField(max_length=60, blank=True)
    batch = models.CharField(max_length=40, blank=True)
    sent = models.PositiveSmallIntegerField(default=0)
    """How often it was put into a batch: a batch of the same dues is another one once they were sent back."""
    at = models.DateTimeField()
    """When it came to its state."""
    tell_at = models.DateTimeField(null=True)
    """When its holder is told (again) that it waits."""
    told = models.PositiveSmallIntegerField(default=0)
    confirmed_by = models.CharField(max_length=40, blank=True)
    barred = models.BooleanField(default=False)
    """Given up, or taken out after an examination: not listed again in this period by itself."""
    paid_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("应得")
        constraints: ClassVar = [
            # Nothing is enjoyed twice; who left before anything was paid may come again.
            models.UniqueConstraint(
                fields=["key"], name="due_once", condition=~models.Q(state=DueState.LEFT)
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="due_pays"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party", "-id"], name="due_of_party"),
            models.Index(fields=["payee", "-id"], name="due_of_payee"),
            models.Index(fields=["measure", "period", "state"], name="due_of_measure"),
            models.Index(
                fields=["tell_at"], name="due_to_tell", condition=models.Q(tell_at__isnull=False)
            ),
            models.Index(
                fields=["state", "id"], name="due_at_bank",
                condition=models.Q(state__in=[DueState.PAYING, DueState.CONFIRMED]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        """Its own stream in the ledger: what was done for this one alone."""
        return f"due:{self.pk}"


class Claim(models.Model):
    """A quick claim 快申快享; its state is its docket's. `proven` are values that the party showed by evidence."""

    docket = models.BigIntegerField(unique=True)
    due = models.OneToOneField(Due, models.PROTECT, related_name="quick")
    key = models.CharField(max_length=160, unique=True)
    said = EncryptedTextField(blank=True)
    proven = EncryptedTextField(blank=True)
    asked = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("兑现申领")

    def __str__(self) -> str:
        return f"claim:{self.docket}"


class Objection(models.Model):
    """Somebody says, while a list is published, that a line of it is wrong."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="objections")
    due = models.ForeignKey(Due, models.PROTECT, related_name="objections")
    by = models.CharField(max_length=40)
    text = EncryptedTextField()
    state = models.CharField(max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    answer = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("公示异议")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["due", "by"], name="objection_once", condition=models.Q(state=ObjectionState.OPEN)
            )
        ]
        indexes: ClassVar = [models.Index(fields=["by", "-id"], name="objection_of")]

    def __str__(self) -> str:
        return f"objection:{self.pk}"


class Recovery(models.Model):
    """Money that was paid wrongly is asked back 追回; its state is its docket's."""

    docket = models.BigIntegerField(unique=True)
    due = models.ForeignKey(Due, models.PROTECT, related_name="recoveries")
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    proposed_by = models.CharField(max_length=40)
    fee = models.CharField(max_length=40, blank=True)
    open = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("追回")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["due"], name="recovery_once", condition=models.Q(open=True))
        ]
        indexes: ClassVar = [models.Index(fields=["fee"], name="recovery_fee", condition=~models.Q(fee=""))]

    def __str__(self) -> str:
        return f"recovery:{self.docket}"


class Given(models.Model):
    """What was enjoyed without a payment 已享受: relief that a system applied, a service that was done. Written once.

    `standing` is what the rule said of the party that day, on `facts`; a department may know more than the portraits do.
    """

    key = models.CharField(max_length=160, unique=True)
    measure = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    period = models.CharField(max_length=8)
    party = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    article = models.CharField(max_length=100, blank=True)
    unit = models.CharField(max_length=64)
    gives = models.CharField(max_length=12)
    value_fen = models.BigIntegerField(_("价值（分）"), null=True)
    given_on = models.DateField(_("哪天享受"))
    source = models.CharField(_("来源"), max_length=100)
    standing = models.CharField(max_length=10)
    facts = EncryptedTextField(blank=True)
    wish = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("已享受的减免和服务")
        indexes: ClassVar = [
            models.Index(fields=["party", "-id"], name="given_to"),
            models.Index(fields=["unit", "-id"], name="given_by"),
        ]

    def __str__(self) -> str:
        return self.key


class Account(models.Model):
    """Where a party's benefits go 收款账户, as it was confirmed last."""

    party = models.CharField(max_length=40, unique=True)
    holder = EncryptedTextField(_("户名"))
    account = EncryptedTextField(_("账号"))
    bank = models.CharField(_("开户银行"), max_length=60)
    source = models.CharField(_("来源"), max_length=100)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("收款账户")

    def __str__(self) -> str:
        return f"account:{self.party}"
