"""Schools with their seats, who applied where, and the photos that are looked at after the submission."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.privacy import EncryptedTextField


class School(models.Model):
    """A school that admits in this city. `unit` keeps its lists: the school's own, or the education bureau."""

    code = models.CharField(_("学校代码"), max_length=20, unique=True)
    name = models.CharField(_("校名"), max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    region = models.CharField(_("区划"), max_length=12)
    stage = models.CharField(_("学段"), max_length=10)
    seats = models.PositiveIntegerField(_("学位"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    unit = models.CharField(_("负责单位"), max_length=64)

    class Meta:
        app_label = "themes"
        verbose_name = verbose_name_plural = _("学校")

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """One application for a place. `child` is a blind index of the child's number; `year` that of the school year.

    `rank` orders a school's list: preferential, household and home, household, home, others (义务教育法 第十二条).
    """

    docket = models.BigIntegerField(unique=True)
    number = models.CharField(_("编号"), max_length=40)
    school = models.ForeignKey(School, models.PROTECT, related_name="enrolments")
    applicant = models.CharField(max_length=64)
    child = models.CharField(max_length=32)
    child_name = EncryptedTextField(_("孩子"))
    year = models.PositiveSmallIntegerField(_("学年"))
    category = models.CharField(_("入学类别"), max_length=20)
    rank = models.PositiveSmallIntegerField()
    at = models.DateTimeField(_("提交时间"))
    checked = models.PositiveSmallIntegerField(_("自动核过"), default=0)
    waiting = models.PositiveSmallIntegerField(_("还在查"), default=0)
    photos = models.PositiveSmallIntegerField(_("照片"), default=0)
    placed_at = models.DateTimeField(_("安排学位"), null=True)
    placed_by = models.CharField(max_length=64, blank=True)

    class Meta:
        app_label = "themes"
        verbose_name = verbose_name_plural = _("入学报名")
        constraints = (
            models.UniqueConstraint(
                fields=("child", "year"),
                condition=models.Q(placed_at__isnull=False),
                name="one_place_a_child",
            ),
        )
        indexes = (
            models.Index(fields=("school", "year", "rank", "at", "id"), name="enrolment_list"),
            models.Index(fields=("child", "year"), name="enrolment_child"),
            models.Index(fields=("applicant",), name="enrolment_applicant"),
        )

    def __str__(self) -> str:
        return self.number


class PhotoState(models.TextChoices):
    QUEUED = "queued", _("排队检查")
    CLEAN = "clean", _("看起来没问题")
    DOUBTFUL = "doubtful", _("有疑问")
    ACCEPTED = "accepted", _("已采用")
    REFUSED = "refused", _("已请重拍")


class Photo(models.Model):
    """A photo handed in for one paper of an enrolment. `findings` are codes of `looking`, separated by blanks.

    A refused one may be taken again up to `due_on`; the new one stands `instead_of` it.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="handed_in")
    attachment = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64, db_index=True)
    paper = models.CharField(_("材料"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=PhotoState.choices, default=PhotoState.QUEUED)
    findings = models.CharField(max_length=120, blank=True)
    looked_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    due_on = models.DateField(_("重拍到哪天"), null=True)
    instead_of = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="followed_by", verbose_name=_("代替")
    )

    class Meta:
        app_label = "themes"
        verbose_name = verbose_name_plural = _("报名照片")
        indexes = (models.Index("id", name="photo_queued", condition=models.Q(state="queued")),)

    def __str__(self) -> str:
        return f"photo {self.pk}"
