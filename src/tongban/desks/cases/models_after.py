"""What is kept of instant approval, of the licences that cases give, and of checks afterwards."""

from __future__ import annotations

from django.db import models

from tongban.kernel.models import Docket
from tongban.kernel.privacy import EncryptedTextField


class InstantCheck(models.Model):
    """What a case's decision rules came to when they were last run 预审. `findings` is JSON, personal."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="instant")
    revision = models.IntegerField("案卷版次")
    rules_version = models.CharField("规则版本", max_length=64)
    verdict = models.CharField("结论", max_length=8)
    stopped = models.BooleanField("秒批停用", default=False)
    approved = models.BooleanField("已秒批", default=False)
    findings = EncryptedTextField("逐条结果", default="")
    checked_at = models.DateTimeField()
    sampled = models.BooleanField("抽中", null=True)

    class Meta:
        app_label = "cases"
        indexes = (
            models.Index(
                "checked_at", condition=models.Q(approved=True, sampled=None), name="instant_to_draw"
            ),
        )

    def __str__(self) -> str:
        return f"instant check of case {self.case_id}"


class CaseLicence(models.Model):
    """What a granted case does to one licence: issued, renewed, changed or cancelled, or still to be completed.

    `identifier` is empty until it is done; `given` are entries already known (JSON, personal).
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="licences")
    name = models.CharField("结果名称", max_length=200)
    kind = models.CharField("证照种类", max_length=60)
    act = models.CharField("动作", max_length=8)
    identifier = models.CharField("电子证照标识", max_length=85, blank=True)
    given = EncryptedTextField(default="")
    missing = models.TextField("缺的内容", default="[]")
    reason = models.CharField("为什么没有制成", max_length=300, blank=True)
    making = models.OneToOneField(Docket, models.PROTECT, null=True, related_name="making")
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "cases"
        constraints = (models.UniqueConstraint(fields=("case", "kind", "name"), name="case_licence_once"),)

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"


class Sampling(models.Model):
    """An instant approval drawn for a check by a human 事后抽查."""

    docket = models.OneToOneField(Docket, models.PROTECT, primary_key=True, related_name="sampling")
    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="sampling")
    drawn_for = models.DateField("批准日")
    found_by = models.CharField(max_length=64, blank=True)
    decision = models.TextField("处理决定", default="{}")

    class Meta:
        app_label = "cases"

    def __str__(self) -> str:
        return f"sampling {self.docket_id}"
