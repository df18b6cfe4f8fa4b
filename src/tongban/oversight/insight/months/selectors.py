"""What a month was published with, what the facts say of it now, and which figures rest on altered entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from tongban.oversight.insight.access import prefix, whole_city
from tongban.oversight.insight.contracts import Closed, Figure, Scope
from tongban.oversight.insight.engine import engine, table
from tongban.oversight.insight.months import digests, freezing
from tongban.oversight.insight.months.models import Check, Edition, Published
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.selectors import month as month_of_day

EXAMPLES = 20


def closed(month: date) -> Closed | None:
    """The newest edition of a month that was published; None while it is open.

    :param month: any day of it
    """
    found = newest(month)
    return None if found is None else told(found)


def newest(month: date) -> Edition | None:
    """The newest edition of a month, as its row."""
    return Edition.objects.filter(month=month.replace(day=1)).order_by("-number").first()


def editions(month: date) -> list[Edition]:
    """Every edition of a month, the first one first."""
    return list(Edition.objects.filter(month=month.replace(day=1)).order_by("number"))


def numbers(first: date, last: date) -> list[tuple[date, int]]:
    """The months from `first` to `last` that were published, each with the number of its newest edition."""
    newest = Edition.objects.filter(month__range=(first, last)).values("month").annotate(number=Max("number"))
    return [(row["month"], row["number"]) for row in newest.order_by("month")]


def last_closed() -> date | None:
    """The first day of the newest month that was published; None where none was."""
    return Edition.objects.order_by("-month").values_list("month", flat=True).first()


def told(edition: Edition) -> Closed:
    """An edition as it crosses the door."""
    return Closed(
        edition.month, edition.number, edition.at, edition.by, edition.unit, edition.reason, edition.digest
    )


def published(
    month: date, *, whose: str = "", edition: int | None = None
) -> Mapping[str, Mapping[str, Figure]]:
    """Figures as they were published: by whose (a division's code, a unit's id) and by indicator. Empty while open.

    :param whose: only theirs
    :param edition: another than the newest
    """
    row = (
        newest(month)
        if edition is None
        else next((one for one in editions(month) if one.number == edition), None)
    )
    if row is None:
        return {}
    found: dict[str, dict[str, Figure]] = {}
    rows = Published.objects.filter(edition=row)
    for one in rows.filter(whose=whose) if whose else rows:
        found.setdefault(one.whose, {})[one.indicator] = figure(one)
    return found


def published_each(key: str, *, whose: str, first: date, last: date) -> Mapping[date, Figure]:
    """One figure as it was published newest, by month, for the months from `first` to `last`; none without `whose`."""
    newest = dict(numbers(first, last)) if whose else {}
    rows = Published.objects.filter(indicator=key, whose=whose, edition__month__in=newest).select_related(
        "edition"
    )
    return {row.edition.month: figure(row) for row in rows if row.edition.number == newest[row.edition.month]}


def definitions_of(edition: Edition) -> list[Indicator]:
    """The definitions of an edition, in the order in which they were shown."""
    return freezing.restored(edition.definitions)


def doubtful(edition: Edition) -> set[str]:
    """Indicators of an edition that rested on altered entries when it went out."""
    rows = Published.objects.filter(edition=edition, doubtful=True)
    return set(rows.values_list("indicator", flat=True).distinct())


def figure(row: Published) -> Figure:
    """A published figure as any other."""
    return Figure(row.indicator, row.version, (), row.value, row.part, row.whole)


def whose_of(scope: Scope) -> str:
    """Under which name the figures of a scope are published; empty where they are not published as one."""
    if len(scope.units) == 1 and not scope.regions:
        return scope.units[0]
    if len(scope.regions) != 1 or scope.units:
        return ""
    divisions = freezing.divisions()
    return next((code for code in divisions if prefix(code) == scope.regions[0]), "")


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what it was published as."""

    indicator: Indicator
    whose: str
    published: Figure | None
    now: Figure | None


@dataclass(frozen=True, slots=True)
class Late:
    """What was written into the month after it had been published."""

    rows: int
    dockets: tuple[str, ...]
    days: tuple[tuple[str, date], ...]


def differences(edition: Edition, *, counties: bool = True) -> list[Difference]:
    """What the facts say now where that is not what the edition says, by the definitions of the edition."""
    wanted = freezing.restored(edition.definitions)
    now = {
        (one.whose, one.figure.indicator): one.figure
        for one in freezing.counted(wanted, period=month_of_day(edition.month), counties=counties)
    }
    before = {(row.whose, row.indicator): figure(row) for row in Published.objects.filter(edition=edition)}
    places = sorted(
        {whose for whose, _key in {**before, **now} if counties or whose not in freezing.divisions()[1:]}
    )
    return [
        Difference(one, whose, was, is_now)
        for one in wanted
        for whose in places
        if not freezing.same(was := before.get((whose, one.id)), is_now := now.get((whose, one.id)))
    ]


def late(edition: Edition, *, days: Mapping[str, str]) -> Late:
    """Facts of the month that were written down after the edition went out; the days that are not what they were.

    :param days: digests of the facts as they are now
    """
    rows, dockets = 0, dict[str, None]()
    changed = digests.changed(edition.days, days)
    period = month_of_day(edition.month)
    with engine() as connection:
        for name in ("moves", "clocks"):
            facts = table(connection, name, period)
            if facts is None:
                continue
            after = facts.filter(facts.recorded_at > edition.at).order_by(
                ["recorded_at", "stream", "sequence"]
            )
            rows += int(connection.to_pyarrow(after.count()).as_py())
            picked = after.select("stream").limit(EXAMPLES)
            dockets |= dict.fromkeys(row["stream"] for row in connection.to_pyarrow(picked).to_pylist())
    return Late(rows, tuple(dockets)[:EXAMPLES], tuple(changed))


# --- figures that rest on altered entries ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """Why a figure cannot be relied on: an entry of the ledger (a docket's number, a register's stream) was altered.

    `stream` is empty where the facts of a day are not what the ledger says.
    """

    indicator: str
    unit: str
    region: str
    stream: str


def last_check() -> Check | None:
    """The newest comparison of ledger and facts that is done."""
    return Check.objects.exclude(done_at=None).order_by("-done_at", "-pk").first()


def waiting_check() -> Check | None:
    """A comparison that was asked for and not done yet."""
    return Check.objects.filter(done_at=None).order_by("asked_at").first()


def marked(month: date, *, scope: Scope) -> Mapping[str, Sequence[Mark]]:
    """Figures of a month that rest on entries altered by hand, by indicator; within a scope.

    :param month: any day of it
    """
    check = last_check()
    if check is None:
        return {}
    found: dict[str, list[Mark]] = {}
    for key, places in check.marks.get(f"{month:%Y-%m}", {}).items():
        own = [Mark(key, *place) for place in places]
        inside = [one for one in own if _inside(one, scope)]
        if inside:
            found[key] = inside
    return found


def _inside(one: Mark, scope: Scope) -> bool:
    if not one.stream:
        return True
    if (
        not one.region and one.unit not in scope.units
    ):  # a register's record, which only the whole city counts
        return whole_city(scope)
    return one.unit in scope.units or any(one.region.startswith(code) for code in scope.regions)


def checked_since(day: datetime) -> bool:
    """Whether ledger and facts were compared after an instant."""
    check = last_check()
    return check is not None and check.done_at is not None and check.done_at > day
