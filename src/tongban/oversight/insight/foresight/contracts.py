"""What crosses the door of foresight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

LEAST_MONTHS: Final = 6
"""So many months before are needed to say what is usual."""


class By(models.TextChoices):
    """What an anomaly or a contributor is about."""

    CITY = "city", _("全部")
    TOPIC = "topic", _("诉求类别")
    PLACE = "place", _("地区")
    UNIT = "unit", _("单位")


@dataclass(frozen=True, slots=True)
class Contributor:
    """A part that explains a change: how much of it in its own unit (`change`), and as a share of the whole change.

    A share is above one where other parts went the other way.
    """

    by: By
    key: str
    value: float
    usual: float
    change: float
    share: float


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A figure of a month outside its usual band.

    :param what: id of the indicator; ``tickets`` for requests of the hotline
    :param value: the month's figure: a count, or per cent
    :param usual: median of the months before; `low` and `high` the band around it
    :param distance: how many robust deviations it lies away, above the median positive
    :param contributors: largest first, at most three of each kind
    """

    month: date
    what: str
    by: By
    key: str
    value: float
    usual: float
    low: float
    high: float
    distance: float
    months: int
    contributors: tuple[Contributor, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """A topic at a place in the month to come.

    :param likely: how likely it rises as `rise` says; `expected` the count looked for, `low` and `high` its 80 % span
    :param recent: mean of the last three months; `unit` and `matter` those that had most of it in the last year
    """

    topic: str
    place: str
    likely: float
    expected: float
    low: int
    high: int
    recent: float
    last_year: int | None
    unit: str
    matter: str


@dataclass(frozen=True, slots=True)
class Rate:
    """Hits among the first `k` topics of every month looked at, and the share of them."""

    hits: float
    picked: int

    @property
    def share(self) -> float:
        """Of what was picked; nothing picked is 0."""
        return self.hits / self.picked if self.picked else 0.0


@dataclass(frozen=True, slots=True)
class BackTest:
    """How the forecast would have done: from each past month, with what was known then, against what came.

    :param naive: the same month a year ago comes again; `steady` the mean of the last year comes again
    :param ahead: by how much the model's share of hits is above that of the better of these two: low, middle, high of 90 %
    :param verdict: ``better``, ``no_better``, ``worse`` than the better of the two, or ``too_little`` past to say
    """

    origins: int
    topics: int
    risen: int
    k: int
    model: Rate
    naive: Rate
    steady: Rate
    chance: Rate
    ahead: tuple[float, float, float]
    above_chance: tuple[float, float, float]
    verdict: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of a month, and how far that may be trusted. `used` says which ranking the list has."""

    month: date
    months: int
    expected: tuple[Expected, ...]
    test: BackTest
    used: str
