"""Orders, the money that came in, receipts, refunds, batches with their items, and what a day's statement said.

Dockets are named by id: the kernel owns their rows. Every table of a docket is written under that docket's lock.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.privacy import EncryptedTextField
from tongban.registers.payments.contracts import Gap, ItemState


class Order(models.Model):
    """A fee that somebody owes 缴费单; its state is its docket's."""

    docket = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=120, unique=True)
    payer = models.CharField(_("缴费人"), max_length=40)
    unit = models.CharField(_("执收单位"), max_length=64)
    region = models.CharField(max_length=12)
    what = models.CharField(_("项目"), max_length=200)
    what_en = models.CharField(max_length=200, blank=True)
    basis = models.CharField(_("收费依据"), max_length=300, blank=True)
    about = models.CharField(_("办件编号"), max_length=40, blank=True)
    amount_fen = models.BigIntegerField(_("金额（分）"))
    refunded_fen = models.BigIntegerField(_("已退（分）"), default=0)
    reference = models.CharField(max_length=40, unique=True)
    asked_at = models.DateTimeField()
    sought_at = models.DateTimeField(null=True)
    """When the payer was last sent to the provider, until its answer is known."""
    paid_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("缴费单")
        indexes: ClassVar = [
            models.Index(fields=["payer", "-id"], name="order_of_payer"),
            models.Index(fields=["about"], name="order_about", condition=~models.Q(about="")),
            models.Index(
                fields=["sought_at"], name="order_sought", condition=models.Q(sought_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Taking(models.Model):
    """Money that came in, as the provider said it; booked when it settled its order."""

    provider = models.CharField(max_length=40)
    transaction = models.CharField(max_length=64)
    reference = models.CharField(max_length=40, db_index=True)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="takings")
    amount_fen = models.BigIntegerField()
    back_fen = models.BigIntegerField(default=0)
    paid_at = models.DateTimeField()
    day = models.DateField()
    received_at = models.DateTimeField()
    booked = models.BooleanField(default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("到账")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "transaction"], name="taking_once")
        ]
        indexes: ClassVar = [models.Index(fields=["provider", "day"], name="taking_day")]

    def __str__(self) -> str:
        return f"taking:{self.pk}"


class Receipt(models.Model):
    """An electronic fiscal receipt, as it was issued; a red one takes so much of an earlier one back."""

    code = models.CharField(_("票据代码"), max_length=8)
    number = models.CharField(_("票据号码"), max_length=10)
    check_code = models.CharField(_("校验码"), max_length=6)
    order = models.ForeignKey(Order, models.PROTECT, related_name="receipts")
    refund = models.OneToOneField("Refund", models.PROTECT, null=True, related_name="receipt")
    cancels = models.ForeignKey("self", models.PROTECT, null=True, related_name="red")
    payer_name = EncryptedTextField(_("缴款人"))
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("电子票据")
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "number"], name="receipt_number")]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class Refund(models.Model):
    """Money given back; its state is its docket's."""

    docket = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=40, unique=True)
    taking = models.ForeignKey(Taking, models.PROTECT, related_name="refunds")
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    key = models.CharField(max_length=120, unique=True, null=True)
    asked_by = models.CharField(max_length=40)
    reference = models.CharField(max_length=40, unique=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    waits = models.BooleanField(default=False)
    """Approved, and the provider has not said yet what became of it."""
    sent_at = models.DateTimeField(null=True)
    transaction = models.CharField(max_length=64, blank=True)
    done_on = models.DateField(null=True)
    provider = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("退费")
        indexes: ClassVar = [
            models.Index(fields=["id"], name="refund_waits", condition=models.Q(waits=True)),
            models.Index(fields=["provider", "done_on"], name="refund_day"),
        ]

    def __str__(self) -> str:
        return self.number


class Batch(models.Model):
    """Payments to many accounts 发放批次; its state is its docket's."""

    docket = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=120, unique=True)
    source = models.CharField(max_length=40)
    budget = models.CharField(max_length=120, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    prepared_by = models.CharField(max_length=40)
    checked_by = models.CharField(max_length=40, blank=True)
    approved_by = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("发放批次")

    def __str__(self) -> str:
        return self.number


class Item(models.Model):
    """One payment of a batch. The account lies encrypted and is shown masked."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="items")
    place = models.PositiveIntegerField()
    key = models.CharField(max_length=120)
    payee = models.CharField(max_length=40)
    holder = EncryptedTextField(_("户名"))
    account = EncryptedTextField(_("账号"))
    bank = models.CharField(_("开户银行"), max_length=60)
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    attempt = models.PositiveSmallIntegerField(default=1)
    live = models.BooleanField(default=False)
    """Its batch is approved: it may go to the provider."""
    claimed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    transaction = models.CharField(max_length=64, blank=True)
    provider = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    corrected_by = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("发放明细")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "place"], name="item_place"),
            # One entitlement, one payment; what is dropped may be put into another batch.
            models.UniqueConstraint(
                fields=["key"], name="item_once", condition=~models.Q(state=ItemState.DROPPED)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["payee", "-id"], name="item_of_payee"),
            models.Index(
                fields=["id"],
                name="item_to_send",
                condition=models.Q(live=True, state=ItemState.WAITING),
            ),
            models.Index(
                fields=["claimed_at"], name="item_unanswered", condition=models.Q(state=ItemState.SENDING)
            ),
            models.Index(fields=["provider", "day"], name="item_day"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}#{self.place}"

    @property
    def reference(self) -> str:
        """What the provider knows this attempt by: the same however often it is handed over."""
        return f"P{self.pk}-{self.attempt}"


class Reconciliation(models.Model):
    """One provider's statement of one day, as it was compared last."""

    provider = models.CharField(max_length=40)
    day = models.DateField()
    at = models.DateTimeField()
    lines = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()
    gaps = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("对账")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "day"], name="reconciliation_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class Difference(models.Model):
    """One difference, opened once as work; its state is its docket's."""

    docket = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=40, unique=True)
    gap = models.CharField(max_length=10, choices=Gap.choices)
    provider = models.CharField(max_length=40)
    way = models.CharField(max_length=4)
    reference = models.CharField(max_length=40)
    transaction = models.CharField(max_length=64)
    ours_fen = models.BigIntegerField(null=True)
    theirs_fen = models.BigIntegerField(null=True)
    day = models.DateField()
    taking = models.ForeignKey(Taking, models.PROTECT, null=True, related_name="differences")

    class Meta:
        verbose_name = verbose_name_plural = _("对账差异")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "way", "transaction", "gap"], name="difference_once")
        ]

    def __str__(self) -> str:
        return self.number
