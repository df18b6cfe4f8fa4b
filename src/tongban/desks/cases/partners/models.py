"""What the partners' room keeps: places, hand-overs, what is to be sent, what came in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.cases.partners.contracts import Fate, Mode, Purpose
from tongban.kernel.models import Docket
from tongban.kernel.privacy import EncryptedTextField


class Partner(models.Model):
    """A place outside the city, by its division code. Ended with an instant, never deleted."""

    region = models.CharField(_("区划"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    unit = models.CharField(_("对方单位"), max_length=100)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    modes = models.TextField(_("通办模式"), default="[]")
    matters = models.TextField(_("事项"), default="[]")
    site = models.CharField(_("网址"), max_length=200, blank=True)
    plugin = models.CharField(_("插件"), max_length=200)
    address = models.CharField(_("接口地址"), max_length=200, blank=True)
    seconds = models.PositiveSmallIntegerField(_("等待秒数"), default=10)
    roots = models.TextField(_("根证书"), help_text="PEM, SM2 and P-256")
    revoked = models.TextField(_("已撤销的证书"), default="{}", help_text="serial in hex: instant")
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)

    class Meta:
        app_label = "partners"
        verbose_name = verbose_name_plural = _("通办伙伴地区")

    def __str__(self) -> str:
        return self.name


class Handover(models.Model):
    """One case received here for a place outside; 1:1 with its docket."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="handover")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="handovers", verbose_name=_("办理地"))
    mode = models.CharField(_("通办模式"), max_length=8, choices=Mode.choices)
    matter_name = models.CharField(_("事项名称"), max_length=200)
    situation = models.CharField(_("情形"), max_length=64, blank=True)
    form = EncryptedTextField(_("表单"))
    materials = EncryptedTextField(_("材料"))
    delivery = models.CharField(_("送达方式"), max_length=16)
    delivery_to = EncryptedTextField(_("送达地址"), default="")
    consent = models.TextField(_("同意内容"))
    consented_at = models.DateTimeField(_("同意时间"))
    consented_by = models.CharField(_("谁表示同意"), max_length=64)
    generation = models.PositiveSmallIntegerField(_("第几次打包"), default=0)
    package = models.CharField(_("数据包编号"), max_length=80, blank=True)
    foreign_number = models.CharField(_("对方编号"), max_length=80, blank=True)
    foreign_due = models.DateField(_("对方承诺办结日"), null=True, blank=True)
    returned = EncryptedTextField(_("退回说明"), default="")
    asked = EncryptedTextField(_("对方请协助的事"), default="")
    asked_why = EncryptedTextField(_("为什么请协助"), default="")
    asked_purpose = models.CharField(_("请协助的类别"), max_length=8, blank=True)
    asked_by = models.DateField(_("请在这天前答复"), null=True, blank=True)
    asked_letter = models.CharField(_("协查函编号"), max_length=100, blank=True)
    asked_times = models.PositiveSmallIntegerField(_("请协助几次"), default=0)
    result = EncryptedTextField(_("结果"), default="")
    received_at = models.DateTimeField(_("收件时间"))

    class Meta:
        app_label = "partners"
        verbose_name = verbose_name_plural = _("跨域移交")
        indexes = (models.Index("partner", "received_at", name="handover_partner"),)

    def __str__(self) -> str:
        return f"handover {self.docket_id}"


class Parcel(models.Model):
    """A letter to a partner that is to be sent; kept until it is, whoever is down."""

    letter = models.CharField(_("编号"), max_length=100, unique=True)
    kind = models.CharField(_("类别"), max_length=16)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="parcels")
    docket = models.ForeignKey(Docket, models.PROTECT, related_name="parcels")
    draft = EncryptedTextField(_("未签名的内容"), default="")
    body = EncryptedTextField(_("签名后的内容"), default="")
    files = models.TextField(_("文件"), default="[]")
    fate = models.CharField(_("状态"), max_length=8, choices=Fate.choices, default=Fate.WAITING)
    attempts = models.PositiveIntegerField(_("已试次数"), default=0)
    next_at = models.DateTimeField(_("下次发送"), null=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    error = models.CharField(_("原因"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("排队时间"))

    class Meta:
        app_label = "partners"
        verbose_name = verbose_name_plural = _("待发数据包")
        indexes = (
            models.Index("next_at", name="parcel_due", condition=models.Q(fate="waiting")),
            models.Index("docket", name="parcel_docket"),
        )

    def __str__(self) -> str:
        return self.letter


class Incoming(models.Model):
    """An application that a partner received for us."""

    application = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="incoming")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="incoming")
    mode = models.CharField(_("通办模式"), max_length=8, choices=Mode.choices)
    foreign_number = models.CharField(_("对方编号"), max_length=80)
    foreign_unit = models.CharField(_("收件单位"), max_length=100)
    package = models.CharField(_("数据包编号"), max_length=80)
    received_at = models.DateTimeField(_("收件时间"))

    class Meta:
        app_label = "partners"
        verbose_name = verbose_name_plural = _("外地代收的申请")
        indexes = (models.Index("partner", "received_at", name="incoming_partner"),)

    def __str__(self) -> str:
        return f"incoming {self.application_id}"


class Inquiry(models.Model):
    """A question to the place that received an application handled jointly; 1:1 with its docket."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="inquiry")
    case = models.ForeignKey(Docket, models.PROTECT, related_name="inquiries")
    incoming = models.ForeignKey(Incoming, models.PROTECT, related_name="inquiries")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="inquiries")
    letter = models.CharField(_("协查函编号"), max_length=100, unique=True)
    purpose = models.CharField(_("请协助的类别"), max_length=8, choices=Purpose.choices)
    question = EncryptedTextField(_("请协助的事"))
    reason = EncryptedTextField(_("为什么请协助"))
    asked_at = models.DateTimeField(_("提出时间"))
    answer_by = models.DateField(_("请在这天前答复"))
    answer = EncryptedTextField(_("答复"), default="")
    answered_by = models.CharField(_("答复单位"), max_length=100, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    refused = models.CharField(_("对方不收的原因"), max_length=500, blank=True)

    class Meta:
        app_label = "partners"
        verbose_name = verbose_name_plural = _("协查函")

    def __str__(self) -> str:
        return self.letter


class Heard(models.Model):
    """A letter from a partner that was taken: the same one again gets the same answer, another content none."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="heard")
    letter = models.CharField(_("编号"), max_length=100)
    digest = models.CharField(max_length=64)
    docket = models.ForeignKey(Docket, models.PROTECT, related_name="heard")
    at = models.DateTimeField(_("收到时间"))

    class Meta:
        app_label = "partners"
        verbose_name = verbose_name_plural = _("收到的数据包")
        constraints = (models.UniqueConstraint(fields=("partner", "letter"), name="partner_heard_once"),)

    def __str__(self) -> str:
        return self.letter
