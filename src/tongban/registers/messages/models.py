"""Messages and their way through the channels. What a message says lies encrypted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.privacy import EncryptedTextField
from tongban.registers.messages.contracts import DeliveryState


class Message(models.Model):
    """One message to one recipient, in both languages, as it was when it was sent."""

    recipient = models.CharField(_("收件人"), max_length=40)
    key = models.CharField(max_length=120)
    template = models.CharField(_("模板"), max_length=60)
    docket = models.CharField(_("案卷编号"), max_length=40, blank=True)
    subject = EncryptedTextField(_("标题"))
    body = EncryptedTextField(_("正文"))
    sms = EncryptedTextField(_("短信"))
    subject_en = EncryptedTextField()
    body_en = EncryptedTextField()
    sms_en = EncryptedTextField()
    service = models.CharField(_("送达规则"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("发出时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    served_at = models.DateTimeField(_("送达时间"), null=True, blank=True)
    serve_due_at = models.DateTimeField(_("视为送达时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("消息")
        constraints: ClassVar = [models.UniqueConstraint(fields=["recipient", "key"], name="message_once")]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-id"], name="message_inbox"),
            models.Index(fields=["docket"], name="message_docket"),
            models.Index(
                fields=["serve_due_at"],
                name="message_serve_due",
                condition=models.Q(served_at__isnull=True, serve_due_at__isnull=False),
            ),
            models.Index(
                fields=["recipient"], name="message_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"message:{self.pk}"


class Delivery(models.Model):
    """One message over one channel. The address is looked up when it is sent and kept nowhere."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("渠道"), max_length=20)
    state = models.CharField(_("状态"), max_length=10, choices=DeliveryState.choices)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    due_at = models.DateTimeField(_("下次发送"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("到达时间"), null=True, blank=True)
    receipt = models.CharField(_("回执"), max_length=100, blank=True)
    reason = models.CharField(_("未送达原因"), max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("发送")
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "channel"], name="delivery_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="delivery_due", condition=models.Q(state=DeliveryState.WAITING)
            )
        ]

    def __str__(self) -> str:
        return f"delivery:{self.pk}"


class Consent(models.Model):
    """Whether somebody wants messages over a channel; the last answer counts."""

    actor_id = models.CharField(max_length=40)
    channel = models.CharField(max_length=20)
    wanted = models.BooleanField()
    said_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("接收意愿")
        constraints: ClassVar = [models.UniqueConstraint(fields=["actor_id", "channel"], name="consent_once")]

    def __str__(self) -> str:
        return f"consent:{self.pk}"
