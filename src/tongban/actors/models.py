"""Regions, units, officers, persons and organisations.

Day columns: `ended_on` is the first day on which the row no longer exists; `until_date` is the
last day on which an appointment, a delegation or an acting still holds. Empty means open.
"""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.actors.contracts import Basis, Level, Role, Tie
from tongban.actors.lasting import Lasting, LastingManager
from tongban.kernel.privacy import EncryptedTextField


class Region(Lasting):
    """A division under its national twelve-digit code."""

    code = models.CharField(
        _("区划代码"),
        max_length=12,
        primary_key=True,
        validators=[RegexValidator(r"^\d{12}$", _("区划代码是12位数字。"))],
    )
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    level = models.CharField(_("层级"), max_length=1, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = LastingManager["Region"]()

    class Meta(Lasting.Meta):
        verbose_name = verbose_name_plural = _("行政区划")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class Unit(Lasting):
    """A government unit. `name` is the latest; earlier ones are kept in `UnitName` with their days."""

    id = models.CharField(_("标识"), max_length=40, primary_key=True)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="units", verbose_name=_("区划"))
    department = models.SlugField(_("部门"), max_length=20)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级单位")
    )
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    opening = models.JSONField(_("办公时间"), default=list, blank=True, help_text=_("每行如 1-5 08:30-12:00"))
    windows = models.JSONField(_("窗口"), default=dict, blank=True, help_text=_("窗口号：窗口名称"))
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("承接单位")
    )

    objects = LastingManager["Unit"]()

    class Meta(Lasting.Meta):
        verbose_name = verbose_name_plural = _("单位")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["uscc"], condition=~models.Q(uscc=""), name="unit_uscc_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class UnitName(Lasting):
    """What a unit was called from a day on."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names")
    name = models.CharField(_("名称"), max_length=100)
    from_date = models.DateField(_("启用日期"))

    objects = LastingManager["UnitName"]()

    class Meta(Lasting.Meta):
        verbose_name = verbose_name_plural = _("单位历史名称")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "from_date"], name="unit_one_name_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.from_date}"


class Officer(Lasting):
    """Somebody who works for units. What they may do is in their appointments and delegations."""

    name = models.CharField(_("姓名"), max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="officers", verbose_name=_("单位"))
    staff_number = models.CharField(_("工号"), max_length=20, unique=True)
    position = models.CharField(_("职务"), max_length=60, blank=True)
    windows = models.JSONField(_("窗口号"), default=list, blank=True)
    phone = EncryptedTextField(_("电话"), blank=True)
    ended_on = models.DateField(_("离职日期"), null=True, blank=True)

    objects = LastingManager["Officer"]()

    class Meta(Lasting.Meta):
        verbose_name = verbose_name_plural = _("工作人员")

    def __str__(self) -> str:
        return f"officer:{self.pk}"


class Appointment(Lasting):
    """An officer holds a role in a unit, from a day until a day."""

    officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="appointments", verbose_name=_("工作人员")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments", verbose_name=_("单位"))
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    from_date = models.DateField(_("起始日期"))
    until_date = models.DateField(_("最后一日"), null=True, blank=True)

    objects = LastingManager["Appointment"]()

    class Meta(Lasting.Meta):
        verbose_name = verbose_name_plural = _("任职")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["officer", "unit", "role", "from_date"], name="appointment_once")
        ]

    def __str__(self) -> str:
        return f"appointment:{self.pk}"


class Delegation(Lasting):
    """首席服务员: an officer is given another unit's authority over named matters, with dates.

    `matters` are codes of matters, empty meaning every matter of the unit. The ledger names it
    ``delegation:ID``.
    """

    officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="delegations", verbose_name=_("被授权人")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="delegations", verbose_name=_("授权单位"))
    roles = models.JSONField(_("可行使的角色"), default=list)
    matters = models.JSONField(_("事项编码"), default=list)
    from_date = models.DateField(_("起始日期"))
    until_date = models.DateField(_("最后一日"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    granted_by = models.CharField(_("授权人"), max_length=40)
    document = models.CharField(_("授权文书"), max_length=200, blank=True)

    objects = LastingManager["Delegation"]()

    class Meta(Lasting.Meta):
        verbose_name = verbose_name_plural = _("授权")

    def __str__(self) -> str:
        return f"delegation:{self.pk}"


class Person(Lasting):
    """A natural person. Numbers are encrypted; look-up goes over their blind indexes."""

    name = models.CharField(_("姓名"), max_length=100)
    resident_id = EncryptedTextField(_("身份证号"))
    resident_id_index = models.CharField(max_length=64, unique=True, editable=False)
    phone = EncryptedTextField(_("手机号"), blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    birth_date = models.DateField(_("出生日期"))
    gender = models.CharField(_("性别"), max_length=4, blank=True)
    nation = models.CharField(_("民族"), max_length=20, blank=True)
    address = EncryptedTextField(_("住址"), blank=True)
    region = models.CharField(_("所在区划"), max_length=12, blank=True)
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)

    objects = LastingManager["Person"]()

    class Meta(Lasting.Meta):
        verbose_name = verbose_name_plural = _("自然人")

    def __str__(self) -> str:
        return f"person:{self.pk}"


class Organisation(Lasting):
    """A company, an institution or another body with a unified social credit code."""

    name = models.CharField(_("名称"), max_length=150, db_index=True)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    legal_representative = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="represents", verbose_name=_("法定代表人")
    )
    address = models.CharField(_("住所"), max_length=200, blank=True)
    region = models.CharField(_("所在区划"), max_length=12, blank=True)
    phone = EncryptedTextField(_("电话"), blank=True)
    type = models.CharField(_("类型"), max_length=40, blank=True)
    established_date = models.DateField(_("成立日期"), null=True, blank=True)
    capital_fen = models.BigIntegerField(_("注册资本（分）"), null=True, blank=True)
    industry = models.CharField(_("行业"), max_length=100, blank=True)
    ended_on = models.DateField(_("注销日期"), null=True, blank=True)

    objects = LastingManager["Organisation"]()

    class Meta(Lasting.Meta):
        verbose_name = verbose_name_plural = _("法人和其他组织")

    def __str__(self) -> str:
        return f"organisation:{self.pk}"


class Acting(Lasting):
    """A person or an officer may act in the name of an organisation or of a person (授权委托, 帮办代办).

    `matters` are codes of matters, empty meaning everything. One given on paper waits for the principal's
    confirmation and gives nothing until then. The ledger names it ``acting:ID``.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="actings", verbose_name=_("受托人")
    )
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="actings", verbose_name=_("帮办代办员")
    )
    for_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actings",
        verbose_name=_("委托单位"),
    )
    for_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="represented_by", verbose_name=_("委托人")
    )
    matters = models.JSONField(_("事项编码"), default=list)
    from_date = models.DateField(_("起始日期"))
    until_date = models.DateField(_("最后一日"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    tie = models.CharField(_("关系"), max_length=10, choices=Tie.choices, default=Tie.STAFF)
    basis = models.CharField(_("依据"), max_length=10, choices=Basis.choices, default=Basis.ONLINE)
    awaiting = models.BooleanField(_("等本人确认"), default=False)
    document = models.CharField(_("授权书扫描件"), max_length=64, blank=True)
    document_name = models.CharField(_("授权书文件名"), max_length=200, blank=True)
    recorded_by = models.CharField(_("登记人"), max_length=40, blank=True)

    objects = LastingManager["Acting"]()

    class Meta(Lasting.Meta):
        verbose_name = verbose_name_plural = _("委托代办")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(for_organisation__isnull=False, for_person__isnull=True)
                | models.Q(for_organisation__isnull=True, for_person__isnull=False),
                name="acting_for_exactly_one",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, officer__isnull=True)
                | models.Q(person__isnull=True, officer__isnull=False),
                name="acting_by_exactly_one",
            ),
        ]

    def __str__(self) -> str:
        return f"acting:{self.pk}"


class ActingCode(models.Model):
    """The code by which a principal confirms a paper; only its digest is kept, and it is deleted when used."""

    acting = models.OneToOneField(Acting, models.CASCADE, primary_key=True, related_name="code")
    digest = models.CharField(max_length=64)
    valid_until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"code of acting:{self.acting_id}"
