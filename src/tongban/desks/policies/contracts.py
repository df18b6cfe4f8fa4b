"""What crosses the door of policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

KIND: Final = "policy"
"""Kind of the docket of a policy."""


class Party(models.TextChoices):
    """Whom a measure is for."""

    ORGANISATION = "organisation", _("企业和组织")
    PERSON = "person", _("个人")


class Gives(models.TextChoices):
    """What a measure gives."""

    SUBSIDY = "subsidy", _("补贴")
    AWARD = "award", _("奖励")
    RELIEF = "relief", _("减免缓")
    INTEREST = "interest", _("贴息")
    INSURANCE = "insurance", _("保险补助")
    HOUSING = "housing", _("住房")
    TRAINING = "training", _("培训")
    SERVICE = "service", _("服务")


class Claimway(models.TextChoices):
    """How one comes to what a measure gives."""

    NONE = "none", _("免申即享")
    QUICK = "quick", _("快申快享")
    MATTER = "matter", _("按事项办理")


class Period(models.TextChoices):
    """How often the same party enjoys a measure."""

    YEAR = "year", _("每年一次")
    QUARTER = "quarter", _("每季度一次")
    MONTH = "month", _("每月一次")
    ONCE = "once", _("只享受一次")


class Standing(models.TextChoices):
    """What a measure is for one party."""

    ENTITLED = "entitled", _("可以享受")
    NOT_YET = "not_yet", _("还差一点")
    NOT = "not", _("不符合")
    UNKNOWN = "unknown", _("数据不全")


class Medium(models.TextChoices):
    """In which form a policy is explained."""

    TEXT = "text", _("文字")
    PICTURE = "picture", _("图解")
    AUDIO = "audio", _("音频")
    VIDEO = "video", _("视频")


class VersionState(models.TextChoices):
    """State of one version of a measure."""

    DRAFT = "draft", _("草稿")
    PROPOSED = "proposed", _("待复核")
    PUBLISHED = "published", _("已公布")
    WITHDRAWN = "withdrawn", _("已停止")


@dataclass(frozen=True, slots=True)
class Order:
    """The fair published order when a quota or a budget does not reach.

    :param by: ``amount`` (the largest first), ``first`` (who came first) or ``element``
    :param element: key of the portrait's element, where it decides; the largest first if `descending`
    """

    by: str = "first"
    element: str = ""
    descending: bool = True


@dataclass(frozen=True, slots=True)
class MeasureInfo:
    """One version of a measure. Money is integer fen; both days of a span belong to it.

    :param policy: number of the policy's docket; `policy_key` the key in its pack
    :param region: the division whose companies or persons it is for; `unit` answers for it
    :param condition: JSONLogic over the portrait's elements, for decision mode
    :param amount: JSONLogic that comes to money; None: nothing is paid
    :param matter: basic code of the matter through which it is given, where `way` says so
    :param opens_on: first day on which it is given or claimed; None: as long as the version is in force
    :param quota: how many parties at most in a period; `budget_fen` how much money
    :param publicity_days: working days; 0: no publicity
    :param evidence: keys of materials asked for where data are not enough
    :param excludes: keys of measures that may not be enjoyed together with it
    """

    key: str
    version: int
    policy: str
    policy_key: str
    policy_title: str
    policy_title_en: str
    document: str
    unit: str
    region: str
    valid_from: date
    valid_until: date | None
    title: str
    title_en: str
    party: str
    gives: str
    article: str
    says: str
    says_en: str
    condition: Any
    amount: Any
    way: str
    matter: str = ""
    period: str = Period.YEAR.value
    opens_on: date | None = None
    closes_on: date | None = None
    quota: int | None = None
    budget_fen: int | None = None
    order: Order = Order()
    publicity_days: int = 0
    evidence: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    examples: tuple[Any, ...] = ()

    def open_on(self, day: date) -> bool:
        """Whether it is given or may be claimed on a day on which the version is in force."""
        return (self.opens_on is None or self.opens_on <= day) and (
            self.closes_on is None or day <= self.closes_on
        )


@dataclass(frozen=True, slots=True)
class PolicyInfo:
    """A policy as everybody may read it."""

    number: str
    key: str
    title: str
    title_en: str
    document: str
    unit: str
    region: str
    issued_on: date
    valid_from: date
    valid_until: date | None
    summary: str
    summary_en: str
    medium: str
    explained: str
    explained_en: str
    file: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    reason: str
    measures: tuple[MeasureInfo, ...] = ()


class PoliciesError(Exception):
    """Something asked of policies is not possible; `possible` says what is. `code` is for programs."""

    def __init__(self, reason: str, *, possible: str = "", code: str = "refused") -> None:
        self.reason, self.possible, self.code = reason, possible, code
        super().__init__(f"{reason}{possible}")


class UnknownMeasureError(PoliciesError, LookupError):
    """No such measure, version or policy for this reader."""

    def __init__(self, reason: str, *, possible: str = "") -> None:
        super().__init__(reason, possible=possible, code="unknown")
