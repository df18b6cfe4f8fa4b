"""What the hotline keeps beside its dockets."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.desks.hotline.contracts import Channel, Satisfaction, Service, Solved, TicketKind, Urgency
from tongban.kernel.models import Docket
from tongban.kernel.privacy import EncryptedTextField


class Ticket(models.Model):
    """One message 工单. What is found by phone is found by its blind index; lists read `docket_id` backwards."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="ticket")
    kind = models.CharField(_("诉求类型"), max_length=16, choices=TicketKind.choices)
    channel = models.CharField(_("渠道"), max_length=16, choices=Channel.choices)
    urgency = models.CharField(_("紧急程度"), max_length=16, choices=Urgency.choices)
    title = models.CharField(_("标题"), max_length=60)
    text = models.TextField(_("诉求内容"))
    place = models.CharField(_("地点"), max_length=200, blank=True)
    latitude = models.FloatField(_("纬度"), null=True)
    longitude = models.FloatField(_("经度"), null=True)
    category = models.CharField(_("分类"), max_length=120, blank=True)
    matter = models.CharField(_("规范事项"), max_length=64, blank=True)
    line = models.CharField(_("线路"), max_length=32, blank=True)
    call = models.CharField(_("通话"), max_length=64, blank=True)
    reference = models.CharField(_("来源编号"), max_length=80, blank=True)

    caller_name = EncryptedTextField(_("来电人"), blank=True, default="")
    caller_phone = EncryptedTextField(_("来电号码"), blank=True, default="")
    phone_index = models.CharField(max_length=32, blank=True, default="")
    content = models.CharField(_("内容摘要"), max_length=32, blank=True, default="")
    same_as = models.ForeignKey(Docket, models.PROTECT, null=True, related_name="+", db_index=False)
    flood = models.BooleanField(_("短时间内多次来电"), default=False)
    confidential = models.BooleanField(_("保密"), default=False)

    lead = models.CharField(_("首接单位"), max_length=64, blank=True, default="")
    final_unit = models.CharField(_("不得再退的单位"), max_length=64, blank=True, default="")
    returns = models.IntegerField(_("退单次数"), default=0)
    reopened = models.IntegerField(_("重办次数"), default=0)
    delays = models.IntegerField(_("延期次数"), default=0)
    delay_days = models.IntegerField(_("申请延期几个工作日"), default=0)
    delay_asked_at = models.DateTimeField(_("申请延期"), null=True)
    urged = models.IntegerField(_("催办次数"), default=0)
    supervised_at = models.DateTimeField(_("督办"), null=True)

    dispatched_at = models.DateTimeField(_("首次派单"), null=True)
    signed_at = models.DateTimeField(_("签收"), null=True)
    reply = models.TextField(_("答复"), blank=True, default="")
    replied_at = models.DateTimeField(_("答复时间"), null=True)
    result = models.CharField(
        _("承办单位说的办理结果"), max_length=10, choices=Solved.choices, blank=True, default=""
    )
    replied_by = models.CharField(_("答复单位"), max_length=64, blank=True, default="")
    findings = models.CharField(_("答复核查提示"), max_length=200, blank=True, default="")
    called_back_at = models.DateTimeField(_("回访"), null=True)
    attempts = models.IntegerField(_("回访次数"), default=0)
    satisfaction = models.CharField(
        _("满意度"), max_length=20, choices=Satisfaction.choices, blank=True, default=""
    )
    operator_satisfaction = models.CharField(
        _("对话务员满意度"), max_length=20, choices=Satisfaction.choices, blank=True, default=""
    )
    solved = models.CharField(_("解决情况"), max_length=10, choices=Solved.choices, blank=True, default="")

    class Meta:
        app_label = "hotline"
        verbose_name = verbose_name_plural = _("热线工单")
        # Lists are read newest first by docket_id; each filter has an index in that order.
        indexes = (
            models.Index("phone_index", "docket", name="ticket_phone", condition=~models.Q(phone_index="")),
            models.Index("content", "docket", name="ticket_content"),
            models.Index("lead", "docket", name="ticket_lead"),
            models.Index("category", "docket", name="ticket_category"),
            models.Index("channel", "docket", name="ticket_channel"),
            models.Index("kind", "docket", name="ticket_kind"),
            models.Index("urgency", "docket", name="ticket_urgent", condition=~models.Q(urgency="ordinary")),
            models.Index("satisfaction", "docket", name="ticket_satisfaction"),
            models.Index("solved", "docket", name="ticket_solved"),
            models.Index("docket", name="ticket_flood", condition=models.Q(flood=True)),
            models.Index("line", "docket", name="ticket_line", condition=~models.Q(line="")),
            models.Index(
                "latitude", "longitude", name="ticket_place", condition=models.Q(latitude__isnull=False)
            ),
            models.Index("matter", "docket", name="ticket_matter", condition=~models.Q(matter="")),
            models.Index("reference", name="ticket_reference", condition=~models.Q(reference="")),
            # What callers said in a month is counted from this index alone.
            models.Index(
                "called_back_at",
                "replied_by",
                "satisfaction",
                "solved",
                "operator_satisfaction",
                name="ticket_called_back",
                condition=models.Q(called_back_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"ticket {self.docket_id}"


class Addition(models.Model):
    """What a caller said after the message: more of the facts, or why the answer does not do."""

    class About(models.TextChoices):
        FACTS = "facts", _("补充情况")
        ANSWER = "answer", _("评价时说的")

    docket = models.ForeignKey(Docket, models.PROTECT, related_name="additions", db_index=False)
    about = models.CharField(_("说的是什么"), max_length=10, choices=About.choices)
    text = models.TextField(_("内容"))
    said_at = models.DateTimeField(_("什么时候说的"))

    class Meta:
        app_label = "hotline"
        verbose_name = verbose_name_plural = _("来电人的补充")
        indexes = (models.Index("docket", "id", name="addition_docket"),)

    def __str__(self) -> str:
        return f"{self.docket_id} {self.about}"


class Turn(models.Model):
    """A unit's turn with a ticket: from being sent it until it returned, passed on or answered."""

    class Part(models.TextChoices):
        LEAD = "lead", _("主办")
        BELOW = "below", _("下级承办")
        HELPER = "helper", _("协办")

    docket = models.ForeignKey(Docket, models.PROTECT, related_name="turns", db_index=False)
    unit = models.CharField(_("单位"), max_length=64)
    sender = models.CharField(_("由谁派来"), max_length=64)
    part = models.CharField(_("办理方式"), max_length=10, choices=Part.choices)
    opinion = models.CharField(_("派单意见"), max_length=500, blank=True, default="")
    said = models.TextField(_("退单理由或协办结果"), blank=True, default="")
    sent_at = models.DateTimeField(_("派单"))
    signed_at = models.DateTimeField(_("签收"), null=True)
    returned_at = models.DateTimeField(_("退单"), null=True)
    upheld = models.BooleanField(_("退单成立"), null=True)
    replied_at = models.DateTimeField(_("答复"), null=True)
    late = models.BooleanField(_("超期"), default=False)
    ended_at = models.DateTimeField(_("结束"), null=True)

    class Meta:
        app_label = "hotline"
        verbose_name = verbose_name_plural = _("承办环节")
        indexes = (
            models.Index("docket", "id", name="turn_docket"),
            models.Index("unit", "docket", name="turn_unit"),
            models.Index("unit", "sent_at", name="turn_unit_sent"),
            models.Index(
                "returned_at",
                "unit",
                "upheld",
                name="turn_returned",
                condition=models.Q(returned_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.docket_id} {self.unit}"


class Alert(models.Model):
    """An emergency service that was told of a ticket, or still has to be."""

    docket = models.ForeignKey(Docket, models.PROTECT, related_name="alerts", db_index=False)
    service = models.CharField(_("通知哪里"), max_length=3, choices=Service.choices)
    asked_at = models.DateTimeField(_("要求通知"))
    by = models.CharField(_("由谁"), max_length=64)
    told_at = models.DateTimeField(_("已通知"), null=True)
    reference = models.CharField(_("对方回执"), max_length=200, blank=True, default="")
    tries = models.IntegerField(_("尝试次数"), default=0)

    class Meta:
        app_label = "hotline"
        verbose_name = verbose_name_plural = _("应急通知")
        constraints = (models.UniqueConstraint(fields=("docket", "service"), name="alert_once"),)
        indexes = (models.Index("asked_at", name="alert_waiting", condition=models.Q(told_at=None)),)

    def __str__(self) -> str:
        return f"{self.docket_id} {self.service}"


class Confidant(models.Model):
    """Who may see a confidential ticket besides its caller."""

    docket = models.ForeignKey(Docket, models.PROTECT, related_name="confidants", db_index=False)
    actor = models.CharField(_("谁"), max_length=64)
    named_by = models.CharField(_("由谁指定"), max_length=64)
    named_at = models.DateTimeField(_("何时指定"))

    class Meta:
        app_label = "hotline"
        verbose_name = verbose_name_plural = _("保密工单知情人")
        constraints = (models.UniqueConstraint(fields=("docket", "actor"), name="confidant_once"),)
        indexes = (models.Index("actor", "docket", name="confidant_actor"),)

    def __str__(self) -> str:
        return f"{self.docket_id} {self.actor}"
