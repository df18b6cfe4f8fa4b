"""Providers with their offers, orders, and who was asked when. Every table of a docket is written under that docket's lock."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.bundles.contracts import Answer, Level, OfferState, Price
from tongban.kernel.models import Docket
from tongban.kernel.privacy import EncryptedTextField


class Provider(models.Model):
    """A provider 服务商; its state is its docket's. One that was refused or removed may apply again, as another row."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="provider")
    party = models.CharField(_("服务商"), max_length=40)
    live = models.BooleanField(default=True)
    """Whether its docket is open: of a party at most one is."""
    categories = models.JSONField(_("类别"), default=list)
    intro = models.CharField(_("介绍"), max_length=500)
    intro_en = models.CharField(max_length=500, blank=True)
    phone = models.CharField(_("业务电话"), max_length=30)
    regions = models.JSONField(_("服务地区"), default=list)
    proof_number = models.CharField(_("资质证号"), max_length=80)
    proof_until = models.DateField(_("资质有效期"), null=True)
    checked_on = models.DateField(_("信用代码核对"), null=True)
    agreement = models.CharField(_("协议编号"), max_length=60, blank=True)
    agreement_from = models.DateField(null=True)
    agreement_until = models.DateField(null=True)

    class Meta:
        app_label = "bundles"
        verbose_name = verbose_name_plural = _("服务商")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party"], name="provider_live_once", condition=models.Q(live=True)
            )
        ]

    def __str__(self) -> str:
        return f"provider {self.docket_id}"


class Offer(models.Model):
    """One service of a provider 服务. What was shown is never changed, so that orders keep what they were made under."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="offers")
    need = models.CharField(_("服务"), max_length=40)
    title = models.CharField(_("名称"), max_length=60)
    title_en = models.CharField(max_length=120, blank=True)
    scope = models.CharField(_("包括什么"), max_length=500)
    terms = models.CharField(_("条件"), max_length=500)
    price = models.CharField(max_length=8, choices=Price.choices)
    price_fen = models.BigIntegerField(_("价格（分）"), null=True)
    unit = models.CharField(_("计价单位"), max_length=20, blank=True)
    days = models.PositiveSmallIntegerField(_("承诺工作日"))
    regions = models.JSONField(_("服务地区"), default=list)
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.CHECKING)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "bundles"
        verbose_name = verbose_name_plural = _("市场服务")
        indexes: ClassVar = [
            models.Index(fields=["need"], name="offer_shown", condition=models.Q(state=OfferState.SHOWN)),
            models.Index(fields=["id"], name="offer_checking", condition=models.Q(state=OfferState.CHECKING)),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"


class Order(models.Model):
    """One order of a company 增值服务订单; its state is its docket's, whose `subject` is the provider's party."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="service_order")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="orders")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="orders")
    """With whom it lies now; nobody while the company chooses another one."""
    bundle = models.CharField(max_length=40)
    wish = EncryptedTextField(_("要什么"))
    contact = EncryptedTextField(_("联系人"))
    phone = EncryptedTextField(_("联系电话"))
    others = models.BooleanField(_("不接单时转给下一家"), default=False)
    quoted_fen = models.BigIntegerField(null=True)
    quoted_days = models.PositiveSmallIntegerField(null=True)
    quote_says = models.CharField(max_length=500, blank=True)
    agreed_fen = models.BigIntegerField(null=True)
    agreed_days = models.PositiveSmallIntegerField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_says = models.CharField(max_length=1000, blank=True)
    on_time = models.BooleanField(null=True)
    by_silence = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(null=True, choices=Level.choices)
    said = EncryptedTextField(_("评价"), blank=True)
    dispute = models.CharField(_("争议"), max_length=1000, blank=True)
    ruling = models.CharField(_("调处结果"), max_length=1000, blank=True)

    class Meta:
        app_label = "bundles"
        verbose_name = verbose_name_plural = _("增值服务订单")
        indexes: ClassVar = [models.Index(fields=["provider", "-docket"], name="order_of_provider")]

    def __str__(self) -> str:
        return f"service order {self.docket_id}"


class Ask(models.Model):
    """One turn of an order at one provider: what its answer was, which counts in its figures."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="asks")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="asks")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="asks")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)
    disputed = models.BooleanField(default=False)

    class Meta:
        app_label = "bundles"
        verbose_name = verbose_name_plural = _("询单")
        indexes: ClassVar = [models.Index(fields=["provider", "answer"], name="ask_answers")]

    def __str__(self) -> str:
        return f"ask {self.pk}"


class Statement(models.Model):
    """What a party says was paid 付款声明. The platform neither takes nor moves this money."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="statements")
    by = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        app_label = "bundles"
        verbose_name = verbose_name_plural = _("付款声明")

    def __str__(self) -> str:
        return f"statement {self.pk}"
