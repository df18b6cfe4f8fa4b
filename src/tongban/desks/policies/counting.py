"""What a draft means for everybody: how many match, which condition excludes most, what gaps in the data leave open.

Counts over the portraits' census, nobody by name. One rule over a quarter of a million companies takes some hundredths
of a second once their columns are loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.checking import STOP, WARN, Finding
from tongban.desks.policies.trying import Loaded
from tongban.desks.policies.wording import Wording
from tongban.kernel.rules.columns.matching import Match, Measure, Plan
from tongban.kernel.rules.columns.narrowing import narrowing
from tongban.kernel.rules.columns.population import View
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits.contracts import Census

EVERYBODY_FROM = 50
"""A rule that matches all of so many is no condition; in a smaller town it may be chance."""


@dataclass(frozen=True, slots=True)
class ConditionCount:
    """One condition by itself, in words.

    :param alone: of the excluded, those that fail nothing else
    """

    words: str
    met: int
    unknown: int
    excluded: int
    alone: int
    most: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """An element that leaves it open of so many."""

    key: str
    name: str
    parties: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one rule comes to over everybody of a kind of party. Money in fen; None where nothing is paid.

    :param unpaid: entitled parties whose amount cannot be told (a division by zero, an overflow, a gap)
    """

    size: int
    entitled: int
    unknown: int
    nearest: int
    total_fen: int | None
    most_fen: int | None
    least_fen: int | None
    unpaid: int
    conditions: tuple[ConditionCount, ...]
    gaps: tuple[Gap, ...]
    at: datetime

    @property
    def average_fen(self) -> int | None:
        paid = self.entitled - self.unpaid
        return None if self.total_fen is None or not paid else self.total_fen // paid


def numbers(ready: Loaded, *, party: str, at: datetime) -> Numbers:
    """Count a rule and its amount over everybody."""
    census = portraits.census(party, at=at)
    infos = portraits.elements(party)
    elements = portraits.rule_elements(party)
    on = actors.day_of(at)
    [match] = Plan([Measure("", ready.rule, ready.amount)], elements=elements).matches(
        census.population, as_of=on
    )
    counted = narrowing(ready.rule, census.population, elements=elements, as_of=on)
    worst = max((one.excluded for one in counted), default=0)
    wording = Wording(infos)
    conditions = tuple(
        ConditionCount(
            wording.say(one.condition), one.met, one.unknown, one.excluded, one.alone,
            most=bool(worst) and len(counted) > 1 and one.excluded == worst,
        )
        for one in counted
    )  # fmt: skip
    sums = match.sums
    paid = sums is not None and len(sums.rows) > 0
    return Numbers(
        size=census.population.size, entitled=len(match.entitled), unknown=len(match.unknown),
        nearest=len(match.nearest), total_fen=None if sums is None else sums.total if paid else 0,
        most_fen=int(sums.fen.max()) if sums is not None and paid else None,
        least_fen=int(sums.fen.min()) if sums is not None and paid else None,
        unpaid=0 if sums is None else len(sums.unknown), conditions=conditions,
        gaps=tuple(_gaps(ready, match, census, on, wording)), at=census.at,
    )  # fmt: skip


def _gaps(ready: Loaded, match: Match, census: Census, on: object, wording: Wording) -> Iterator[Gap]:
    """Of whom it cannot be told, which elements are not known or too old; the most frequent first."""
    rows = match.unknown.indices()
    if not rows.size:
        return
    view = View(census.population, elements=ready.rule.elements, as_of=on)  # type: ignore[arg-type]  # a day
    found = []
    for key in ready.rule.reads:
        fresh = view.fresh(key)
        lacking = 0 if fresh is None else int((~fresh[rows]).sum())
        if lacking:
            found.append(Gap(key, wording.name(key), lacking))
    yield from sorted(found, key=lambda gap: -gap.parties)


def findings(counted: Numbers, *, pays_by_itself: bool) -> list[Finding]:
    """What only the numbers show.

    :param pays_by_itself: money goes out without anybody asking for it
    """
    found = []
    if counted.size and counted.entitled == counted.size:
        stops = counted.size >= EVERYBODY_FROM and pays_by_itself
        found.append(
            Finding(
                STOP if stops else WARN, "everybody", ("condition",),
                _("全部%d户都符合，没有把任何人排除在外。") % counted.size,
            )
        )  # fmt: skip
    if counted.size and not counted.entitled and not counted.unknown:
        found.append(Finding(WARN, "nobody", ("condition",), _("现在没有一户符合。")))
    if counted.unpaid:
        found.append(
            Finding(
                WARN, "unpaid", ("amount",),
                _("有%d户符合条件却算不出金额（除数是0、金额太大或缺数据），他们不会被付款。") % counted.unpaid,
            )
        )  # fmt: skip
    if counted.least_fen is not None and counted.least_fen <= 0:
        found.append(Finding(WARN, "negative", ("amount",), _("有的户算出来是0元或负数，请加条件或下限。")))
    return found
