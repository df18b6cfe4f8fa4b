"""Limits are looked through: near ones turn yellow, missed ones red, ended ones come to rest.

All kinds of dockets alike, from the kernel's clocks alone. A limit has one mark; looked at again it changes nothing.
Limits that applicants have to keep are none of a unit's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.kernel import api as kernel
from tongban.kernel.calendar.selectors import calendar_for
from tongban.kernel.models import Clock
from tongban.oversight.supervision.contracts import Colour
from tongban.oversight.supervision.models import Mark, Scan
from tongban.oversight.supervision.pack import rules
from tongban.oversight.supervision.rules import after, horizon, yellow_from

BATCH = 500
FIRST_LOOK = timedelta(days=40)
"""Where nothing was looked through yet, limits that ended so long ago are marked: a month, and the days to appeal."""
OVERLAP = timedelta(days=3)
"""A limit may end with an instant that lies behind: a move by the system is dated to the due instant."""


class Seen(NamedTuple):
    """A limit as it is looked at."""

    id: int
    docket: int
    name: str
    label: str
    whose: str
    started_at: datetime
    due_at: datetime
    suspended_at: datetime | None
    stopped_at: datetime | None
    outcome: str
    warned: datetime | None
    kind: str
    region: str

    def late(self, at: datetime) -> bool:
        """Whether it was missed, or is past its due instant and runs."""
        if self.stopped_at is not None:
            return self.outcome == "missed"
        return self.suspended_at is None and self.due_at <= at


_COLUMNS = (
    "id", "docket_id", "name", "label", "whose", "started_at", "due_at", "suspended_at", "stopped_at", "outcome", "warn_at",
    "docket__kind", "docket__region",
)  # fmt: skip


def scan(*, at: datetime) -> int:
    """Mark what is near or missed at an instant, and follow what is marked; gives how many marks are new or changed."""
    changed = _follow(at)
    for clocks in _batches(_unmarked(_near(at)).iterator(chunk_size=BATCH)):
        changed += _mark(clocks, at)
    return changed + _ended(at)


def _near(at: datetime) -> Q:
    """Running limits that fall due soon, or are past it. `next_at` is the clocks' own index; it is gone once they fired."""
    ahead = at + horizon(rules().yellow)
    waiting = Q(next_at__isnull=False, next_at__lte=ahead, due_at__lte=ahead)
    fired = Q(next_at=None, due_at__lte=at, docket__closed_at=None, docket__due_at__lte=at)
    return (waiting | fired) & Q(stopped_at=None, suspended_at=None)


def _unmarked(condition: Q) -> QuerySet[Clock, Any]:
    marked = Mark.objects.filter(clock=OuterRef("pk"))
    found = Clock.objects.filter(condition).exclude(whose__in=("applicant", ""))
    return found.filter(~Exists(marked)).order_by("id").values_list(*_COLUMNS)


def _ended(at: datetime) -> int:
    """Limits that ended late since the last look without ever having been seen late."""
    last = Scan.objects.order_by("pk").first()
    since = last.looked_at - OVERLAP if last is not None else at - FIRST_LOOK
    names = sorted({limit.name for flow in kernel.all_flows() for limit in _limits(flow)})
    found = _unmarked(Q(name__in=names, stopped_at__gte=since, stopped_at__lte=at, outcome="missed"))
    changed = sum(_mark(clocks, at) for clocks in _batches(found.iterator(chunk_size=BATCH)))
    with kernel.writing():
        Scan.objects.update_or_create(pk=1, defaults={"looked_at": at})
    return changed


def _limits(flow: Any) -> Iterator[Any]:
    for way in (*flow.opens.values(), *flow.moves.values()):
        yield from way.starts


def _batches(rows: Iterable[Any]) -> Iterator[list[Seen]]:
    rest = iter(rows)
    while part := [Seen(*row) for row in islice(rest, BATCH)]:
        yield part


def _mark(clocks: list[Seen], at: datetime) -> int:
    made = [mark for mark in (_made(clock, at) for clock in clocks) if mark is not None]
    made.sort(key=lambda mark: mark.due_at)  # lists are read by number, the newest first
    if made:
        with kernel.writing():
            Mark.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _made(clock: Seen, at: datetime) -> Mark | None:
    """The mark of a limit; None while it is not near yet."""
    mark = Mark(
        clock=clock.id, docket_id=clock.docket, kind=clock.kind, limit=clock.name, label=clock.label, unit=clock.whose,
        region=clock.region, started_at=clock.started_at, due_at=clock.due_at, seen_at=at, over_at=clock.stopped_at,
        outcome=clock.outcome,
    )  # fmt: skip
    if (clock.kind, clock.name) in rules().waits:
        return None
    if clock.late(at):
        return _redden(mark, at)
    near = yellow_from(
        rules().threshold(clock.kind, clock.name), started_at=clock.started_at, due_at=clock.due_at,
        calendar=calendar_for(clock.region),
    )  # fmt: skip
    if near > at:
        return None
    mark.colour = Colour.YELLOW
    # Who has it is told by the desk itself where the kernel warns of the limit: the line begins one rung higher.
    mark.stage = 1 if clock.warned is not None and _begins_with_handler() else 0
    _wait(mark)
    return mark


def _begins_with_handler() -> bool:
    line = rules().line[Colour.YELLOW]
    return bool(line) and line[0].to == "handler"


def _redden(mark: Mark, at: datetime) -> Mark:
    """It is late: the line begins anew, and a reason is asked for."""
    calendar = calendar_for(mark.region)
    mark.colour, mark.red_at, mark.seen_at, mark.stage = Colour.RED, mark.due_at, at, 0
    mark.explain_by = after(rules().explain, at, calendar)
    _wait(mark)
    stale = at - timedelta(days=rules().stale_days)
    if mark.over_at is not None and mark.over_at < stale:
        mark.next_at = mark.explain_by = (
            None  # found long after it was over: written down, and nobody is roused
        )
    return mark


def _wait(mark: Mark) -> None:
    """When the next rung of the line is told; None when there is none."""
    line = rules().line[mark.colour]
    mark.next_at = (
        after(line[mark.stage].after, mark.seen_at, calendar_for(mark.region))
        if mark.stage < len(line)
        else None
    )


def climb(mark: Mark) -> None:
    """One rung was told: the next one waits."""
    mark.stage += 1
    _wait(mark)


def _follow(at: datetime) -> int:
    """Marks whose limit runs on: some have turned red, some have ended, some went to another unit."""
    changed, last = 0, 0
    while marks := list(Mark.objects.filter(over_at=None, pk__gt=last).order_by("pk")[:BATCH]):
        last = marks[-1].pk
        rows = Clock.objects.filter(pk__in=[mark.clock for mark in marks]).values_list(*_COLUMNS)
        clocks = {row[0]: Seen(*row) for row in rows}
        moved = [mark for mark in marks if _moved(mark, clocks[mark.clock], at)]
        if moved:
            with kernel.writing():
                for mark in moved:
                    mark.save()
        changed += len(moved)
    return changed


def _moved(mark: Mark, clock: Seen, at: datetime) -> bool:
    before = (mark.colour, mark.over_at, mark.unit, mark.due_at)
    if mark.colour == Colour.YELLOW or clock.stopped_at is None:
        mark.unit, mark.due_at = clock.whose, clock.due_at
    mark.over_at, mark.outcome = clock.stopped_at, clock.outcome
    if mark.colour == Colour.YELLOW:
        if clock.late(at):
            _redden(mark, at)
        elif clock.stopped_at is not None:
            mark.next_at = None
    return before != (mark.colour, mark.over_at, mark.unit, mark.due_at)
