"""Limits are looked through: near ones turn yellow, missed ones red, ended ones come to rest.

All kinds of dockets alike, from the kernel's clocks alone. A limit has one mark; looked at again it changes nothing. What is
read are limits that wait and dockets that are late, each by its index: what is neither costs nothing, however much it is.
Limits that applicants have to keep are none of a unit's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.kernel import api as kernel
from tongban.kernel.calendar.selectors import calendar_for
from tongban.kernel.models import Clock, Docket
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
_RUNNING = Q(stopped_at=None, suspended_at=None)
_FOLLOWED = (
    "colour",
    "unit",
    "due_at",
    "red_at",
    "seen_at",
    "stage",
    "next_at",
    "explain_by",
    "over_at",
    "outcome",
)
"""What following changes of a mark. What a unit said to it is not among that: it may be said at the same moment."""


def scan(*, at: datetime) -> int:
    """Mark what is near or missed at an instant, and follow what is marked; gives how many marks are new or changed."""
    changed = _follow(at)
    near = waiting(at).iterator(chunk_size=BATCH)
    for clocks in chain(_batches(near), _batches(_fired(at))):
        changed += _mark(clocks, at)
    return changed + _ended(at)


def waiting(at: datetime) -> QuerySet[Clock, Any]:
    """Running limits that fall due soon, by the clocks' own index of what waits: the rest is not read."""
    ahead = at + horizon(rules().yellow)
    return _unmarked(_RUNNING & Q(next_at__lte=ahead, due_at__lte=ahead)).order_by("next_at", "id")


def late(at: datetime) -> QuerySet[Docket, Any]:
    """Open dockets that are past a limit, by the index of open ones: a clock that fired waits for nothing any more."""
    kinds = sorted(flow.kind for flow in kernel.all_flows())
    return Docket.objects.filter(kind__in=kinds, closed_at=None, due_at__lte=at).order_by(
        "kind", "due_at", "id"
    )


def _fired(at: datetime) -> Iterator[tuple[Any, ...]]:
    dockets = late(at).values_list("pk", flat=True).iterator(chunk_size=BATCH)
    while part := list(islice(dockets, BATCH)):
        yield from _unmarked(_RUNNING & Q(docket__in=part, next_at=None, due_at__lte=at))


def _unmarked(condition: Q) -> QuerySet[Clock, Any]:
    marked = Mark.objects.filter(clock=OuterRef("pk"))
    found = Clock.objects.filter(condition).exclude(whose__in=("applicant", ""))
    return found.filter(~Exists(marked)).values_list(*_COLUMNS)


def _ended(at: datetime) -> int:
    """Limits that ended late since the last look without ever having been seen late."""
    last = Scan.objects.order_by("pk").first()
    since = last.looked_at - OVERLAP if last is not None else at - FIRST_LOOK
    names = sorted({limit.name for flow in kernel.all_flows() for limit in _limits(flow)})
    found = _unmarked(Q(name__in=names, stopped_at__gte=since, stopped_at__lte=at, outcome="missed"))
    found = found.order_by("name", "stopped_at", "id")
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
    """It is late: the line begins anew, and a reason is asked for.

    Nobody is roused where it was over long before it was found, or where the reason was given before its end moved.
    """
    mark.colour, mark.red_at, mark.seen_at, mark.stage = Colour.RED, mark.due_at, at, 0
    stale = at - timedelta(days=rules().stale_days)
    if mark.explained_at is not None or (mark.over_at is not None and mark.over_at < stale):
        mark.next_at = mark.explain_by = None
        return mark
    mark.explain_by = after(rules().explain, at, calendar_for(mark.region))
    _wait(mark)
    return mark


def _rest(mark: Mark) -> None:
    """It is not late, or not any more: its end was moved, or it ended otherwise. Nobody is told, nothing is asked."""
    mark.colour, mark.red_at, mark.next_at, mark.explain_by = Colour.YELLOW, None, None, None


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
        if keys := [mark.pk for mark in _moving(marks, at)]:
            changed += _move(keys, at)
    return changed


def _move(keys: list[int], at: datetime) -> int:
    """Look again at marks that move, now that nobody else can write them; gives how many moved."""
    with kernel.writing():
        marks = Mark.objects.select_for_update().filter(pk__in=keys, over_at=None).order_by("pk")
        moved = _moving(list(marks), at)
        for mark in moved:
            mark.save(update_fields=_FOLLOWED)
    return len(moved)


def _moving(marks: list[Mark], at: datetime) -> list[Mark]:
    rows = Clock.objects.filter(pk__in=[mark.clock for mark in marks]).values_list(*_COLUMNS)
    clocks = {row[0]: Seen(*row) for row in rows}
    return [mark for mark in marks if _moved(mark, clocks[mark.clock], at)]


def _moved(mark: Mark, clock: Seen, at: datetime) -> bool:
    before = (mark.colour, mark.over_at, mark.unit, mark.due_at)
    if mark.colour == Colour.YELLOW or clock.stopped_at is None:
        mark.unit, mark.due_at = clock.whose, clock.due_at
    mark.over_at, mark.outcome = clock.stopped_at, clock.outcome
    if clock.late(at):
        if mark.colour == Colour.YELLOW:
            _redden(mark, at)
    elif clock.stopped_at is not None or (mark.colour == Colour.RED and clock.suspended_at is None):
        mark.due_at = clock.due_at
        _rest(mark)
    return before != (mark.colour, mark.over_at, mark.unit, mark.due_at)
