"""What crosses the door of insight: indicators as data, and figures that can be opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Measured(models.TextChoices):
    """What the number of an indicator counts."""

    COUNT = "count", _("件")
    SHARE = "share", _("%")
    DAYS = "days", _("天")
    FEN = "fen", _("元")


class Good(models.TextChoices):
    """Which way is better."""

    UP = "up", _("越高越好")
    DOWN = "down", _("越低越好")
    NEITHER = "neither", _("不分好坏")


class Grain(models.TextChoices):
    """The smallest for which a figure is told: below that it would say nothing."""

    UNIT = "unit", _("单位")
    REGION = "region", _("区划")
    CITY = "city", _("全市")


class Theme(models.TextChoices):
    """Heading under which an indicator is shown."""

    HOTLINE = "hotline", _("12345热线")
    CATALOGUE = "catalogue", _("事项与主题")
    CASEWORK = "casework", pgettext_lazy("indicators", "办件")
    EVALUATION = "evaluation", pgettext_lazy("indicators", "评价")
    LICENCES = "licences", pgettext_lazy("indicators", "证照")
    BENEFITS = "benefits", _("惠企惠民")


class InsightError(Exception):
    """An indicator or a question that cannot be; `possible` says what can be."""

    def __init__(self, reason: str, *, possible: str = "") -> None:
        super().__init__(reason)
        self.reason, self.possible = reason, possible

    def __str__(self) -> str:
        return f"{self.reason}{self.possible}"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, in Shanghai."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InsightError(
                f"{self.first.isoformat()}–{self.last.isoformat()}", possible="起始日期不能晚于截止日期。"
            )


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose facts are counted: divisions by the first digits of their code, and units. Empty: the whole city."""

    regions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of one indicator.

    :param value: None where there is nothing to divide by: said as 无, never as 0 %
    :param part: of a share, what is counted; else the number itself
    :param whole: of a share, what it is counted of; else None
    :param unread: facts that were left out, since a word of theirs is none where a number is wanted
    """

    indicator: str
    version: int
    group: tuple[str, ...]
    value: Decimal | None
    part: int | None = None
    whole: int | None = None
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of an indicator by group, with the groups' column names."""

    by: tuple[str, ...]
    figures: Mapping[tuple[str, ...], Figure]


@dataclass(frozen=True, slots=True)
class Closed:
    """A month that was published.

    :param month: its first day
    :param edition: 1 as published first; each correction 更正 is one more
    :param by: who published it, for which `unit`
    :param reason: why it was corrected; empty for the first edition
    :param digest: over the facts it was counted from
    """

    month: date
    edition: int
    at: datetime
    by: str
    unit: str
    reason: str
    digest: str
