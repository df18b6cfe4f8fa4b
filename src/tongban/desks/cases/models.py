"""What the cases desk keeps beside its dockets."""

from django.db import models

from tongban.desks.cases.contracts import Check, DeliveryWay
from tongban.desks.cases.models_after import CaseLicence, InstantCheck, Sampling
from tongban.desks.cases.models_crossing import Crossing
from tongban.kernel.models import Docket
from tongban.kernel.privacy import EncryptedTextField

__all__ = [
    "Application",
    "Breach",
    "Case",
    "CaseLicence",
    "Crossing",
    "Draft",
    "InstantCheck",
    "Material",
    "Sampling",
    "Survey",
    "Undertaking",
]


class Application(models.Model):
    """An application: one submission, any number of department cases."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="application")
    theme = models.CharField("一件事", max_length=64, blank=True)
    theme_version = models.IntegerField(default=0)
    form = EncryptedTextField("表单")
    answers = models.TextField("情形问答", default="{}")
    notice = models.TextField("一次性告知", default="{}")
    delivery = models.CharField("送达方式", max_length=16, choices=DeliveryWay.choices)
    delivery_to = EncryptedTextField("送达地址", default="")
    provenance = EncryptedTextField("数据来源与更正", default="")
    promised_on = models.DateField("承诺办结日", null=True)
    tracking = models.CharField("快递单号", max_length=40, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "cases"
        verbose_name = verbose_name_plural = "申请"

    def __str__(self) -> str:
        return f"application {self.docket_id}"


class Case(models.Model):
    """A department case 办件. Limits in working days."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="case")
    application = models.ForeignKey(Application, models.PROTECT, related_name="cases")
    matter = models.CharField("事项", max_length=64)
    situation = models.CharField("情形", max_length=64, blank=True)
    case_kind = models.CharField("办件类型", max_length=2)
    implementation_code = models.CharField("实施编码", max_length=80, blank=True)
    promised_days = models.IntegerField("承诺时限")
    legal_days = models.IntegerField("法定时限")
    after = models.TextField("前置事项", default="[]")
    objection = models.CharField("联合前提组", max_length=64, blank=True)
    survey = models.CharField("联合勘验组", max_length=64, blank=True)
    results = models.TextField("结果名称", default="[]")
    missing = models.TextField("缺件", default="[]")
    opinion = models.TextField("承办意见", blank=True)
    decision = models.TextField("决定", default="{}")
    extended = models.BooleanField("已延长", default=False)
    decided = models.CharField("谁决定的", max_length=8, blank=True, db_default="", default="")
    """``instant`` by rules alone, ``human``, or empty while undecided."""

    class Meta:
        app_label = "cases"
        verbose_name = verbose_name_plural = "办件"
        indexes = (models.Index("matter", name="case_matter"),)

    def __str__(self) -> str:
        return f"case {self.docket_id}"


class Material(models.Model):
    """One paper of an application, kept once however many cases use it.

    `evidence` and `reference` say what stands in for it (see `contracts.Evidence`), `said` the same in words as
    JSON, encrypted (a record may name a home); empty where the application's `provenance` says it; `check_at` is the instant of the last look-up or, while `check_state` is queued, of the next.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="materials")
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    way = models.CharField("方式", max_length=8)
    matters = models.TextField("用于", default="[]")
    given_by = models.CharField("来自事项", max_length=64, blank=True)
    due_on = models.DateField(null=True)
    met_at = models.DateTimeField("交齐", null=True)
    evidence = models.CharField("凭据种类", max_length=8, blank=True, default="")
    reference = models.CharField("凭据", max_length=200, blank=True, default="")
    said = EncryptedTextField("凭据说明", default="")
    check_state = models.CharField("核对", max_length=8, choices=Check.choices, blank=True, default="")
    check_at = models.DateTimeField("核对时间", null=True)

    class Meta:
        app_label = "cases"
        constraints = (models.UniqueConstraint(fields=("application", "key"), name="material_once"),)
        indexes = (
            models.Index("check_at", name="material_to_check", condition=models.Q(check_state="queued")),
            models.Index("reference", name="material_reference"),
        )

    def __str__(self) -> str:
        return self.name


class Survey(models.Model):
    """A joint survey 联合勘验: one date, one report, several cases."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="survey")
    application = models.ForeignKey(Application, models.PROTECT, related_name="surveys")
    name = models.CharField(max_length=64)
    held_at = models.DateTimeField("勘验时间", null=True)
    place = EncryptedTextField("地点", default="")
    findings = models.TextField("勘验报告", blank=True)
    passed = models.BooleanField(null=True)

    class Meta:
        app_label = "cases"

    def __str__(self) -> str:
        return f"survey {self.docket_id}"


class Undertaking(models.Model):
    """What the applicant undertook: a paper to follow 容缺, or a declaration to be checked 告知承诺."""

    class Kind(models.TextChoices):
        TOLERANCE = "tolerance", "容缺后补"
        COMMITMENT = "commitment", "告知承诺"
        ASKED = "asked", "补交一份"

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="undertaking")
    application = models.ForeignKey(Application, models.PROTECT, related_name="undertakings")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    material = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    text = models.TextField("承诺内容")
    signed_at = models.DateTimeField()

    class Meta:
        app_label = "cases"

    def __str__(self) -> str:
        return f"undertaking {self.docket_id}"


class Breach(models.Model):
    """A broken undertaking on a party's record. Tolerance is not offered while one is open."""

    party = models.CharField(max_length=64, db_index=True)
    undertaking = models.OneToOneField(Undertaking, models.PROTECT, related_name="breach")
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    mended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "cases"

    def __str__(self) -> str:
        return f"breach of undertaking {self.undertaking_id}"


class Draft(models.Model):
    """What somebody has begun and not submitted. Nobody else sees it; kept 90 days."""

    owner = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    region = models.CharField(max_length=12)
    content = EncryptedTextField()
    updated_at = models.DateTimeField()

    class Meta:
        app_label = "cases"
        constraints = (models.UniqueConstraint(fields=("owner", "subject", "region"), name="draft_once"),)

    def __str__(self) -> str:
        return f"draft {self.pk}"
