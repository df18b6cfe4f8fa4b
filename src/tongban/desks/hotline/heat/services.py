"""A ticket is placed; a group that reaches a threshold raises its warning, once per level."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from tongban.actors import api as actors
from tongban.desks.hotline.contracts import KIND
from tongban.desks.hotline.heat import counting, memory
from tongban.desks.hotline.heat.contracts import AFFAIR, Level
from tongban.desks.hotline.heat.counting import WRITTEN, levels
from tongban.desks.hotline.heat.grouping.stream import Message, Placed
from tongban.desks.hotline.heat.models import Group, Mention, Waiting, Warned
from tongban.desks.hotline.heat.pack import pack
from tongban.desks.hotline.heat.scoring import angry
from tongban.desks.hotline.models import Ticket
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket

_log = logging.getLogger(__name__)
AT_ONCE, FEW = 2_000, 50
"""Tickets of one transaction: by themselves, and where people wait for the database meanwhile."""
LATER = timedelta(hours=1)
_READ = (
    "docket_id", "title", "text", "place", "phone_index", "docket__region", "docket__opened_at", "docket__applicant",
)  # fmt: skip
COUNTED_EXACTLY = 200  # larger groups are counted anew with every fiftieth part of themselves


def wait(tickets: Mapping[int, datetime]) -> None:
    """Note that tickets are to be placed, each as of an instant."""
    rows = [Waiting(docket_id=docket, at=at) for docket, at in tickets.items()]
    Waiting.objects.bulk_create(rows, ignore_conflicts=True)


def place_waiting(*, at: datetime, at_once: int = AT_ONCE) -> int:
    """Place what waits, the oldest first; gives how many. One that cannot be placed is left for later, the others go on.

    :param at_once: tickets of one transaction: few where people wait for the database meanwhile
    """
    due = Waiting.objects.filter(Q(retry_at=None) | Q(retry_at__lte=at)).order_by("docket_id")
    done = 0
    while rows := dict(due.values_list("docket_id", "at")[:at_once]):
        try:
            note_many(rows)
        except Exception:  # noqa: BLE001 - one of them holds up the others: they go one by one
            for docket, told_at in rows.items():
                done += _noted(docket, told_at, now=at)
        else:
            done += len(rows)
    return done


def _noted(docket: int, told_at: datetime, *, now: datetime) -> bool:
    try:
        note_many({docket: told_at})
    except Exception:  # noqa: BLE001 - whatever it is, the others go on
        _log.exception("ticket %d cannot be placed", docket)
        with kernel.writing():
            Waiting.objects.filter(pk=docket).update(retry_at=now + LATER)
        return False
    return True


def note(docket: int, *, at: datetime) -> int:
    """Place a ticket among what others told; see `note_many`. Gives the number of its group; 0 for one that stays out."""
    return note_many({docket: at}).get(docket, 0)


def note_many(tickets: Mapping[int, datetime]) -> dict[int, int]:
    """Place tickets among what others told, and warn where that reaches a threshold.

    Confidential tickets stay out: a group is seen by more people than they may be. A ticket is placed once. Likeness is
    reckoned before anything is locked; where another process stored something meanwhile, it is reckoned again.

    :param tickets: dockets with the instant as of which each is placed
    :returns: number of the group of each that does not stay out
    """
    with memory.alone():
        while True:
            groups, new = _standing(tickets)
            placed = memory.place([_message(row) for row in new], at=tickets[new[0].docket]) if new else []
            unnamed: dict[int, list[int]] = {}
            with kernel.writing():
                current = not new or memory.is_current()
                if current:
                    groups |= _stored(new, placed, tickets, unnamed) if new else {}
                    Waiting.objects.filter(docket__id__among=list(tickets)).delete()
            if current:
                counting.name(unnamed)
                return groups
            memory.forget()


def _standing(tickets: Mapping[int, datetime]) -> tuple[dict[int, int], list[_Told]]:
    """The groups of those that were placed before, and what the others tell."""
    rows = Ticket.objects.filter(docket__id__among=list(tickets), confidential=False).order_by("docket_id")
    found = [_Told(*row) for row in rows.values_list(*_READ)]
    known = Mention.objects.filter(docket__id__among=[row.docket for row in found])
    groups = dict(known.values_list("docket", "group"))
    return groups, [row for row in found if row.docket not in groups]


class _Told(NamedTuple):
    """What a ticket tells, as it is placed."""

    docket: int
    title: str
    text: str
    place: str
    phone_index: str
    region: str
    opened_at: datetime
    applicant: str


def _stored(
    new: Sequence[_Told],
    placed: Sequence[Placed],
    tickets: Mapping[int, datetime],
    unnamed: dict[int, list[int]],
) -> dict[int, int]:
    """Store where tickets were placed, and what that makes of their groups. :param unnamed: is given who is to be named"""
    went = {other: one.group for one in placed for other in one.merged}
    groups = {row.docket: _stands(one.group, went) for row, one in zip(new, placed, strict=True)}
    _mention(new, groups)
    grown: dict[int, list[int]] = {}
    for row, one in zip(new, placed, strict=True):
        if one.merged:
            _merge(one.group, one.merged, at=tickets[row.docket])
        if one.alike:
            grown.setdefault(groups[row.docket], []).append(row.docket)
    _grow(grown, tickets, unnamed)
    return groups


def _mention(new: Sequence[_Told], groups: Mapping[int, int]) -> None:
    """Store where tickets were placed."""
    words = pack()["anger"]
    rows = [
        (
            row.docket, groups[row.docket], row.opened_at, _person(row.phone_index, row.applicant, row.docket),
            angry(row.title + row.text, words), False,
        )
        for row in new
    ]  # fmt: skip
    columns = ("docket_id", '"group"', "at", "person", "angry", "out")
    kernel.insert_rows(Mention._meta.db_table, columns, rows)


def _stands(group: int, went: Mapping[int, int]) -> int:
    while group in went:
        group = went[group]
    return group


def _message(row: _Told) -> Message:
    text = memory.told(row.text, row.place)
    return Message(row.docket, row.title, text, _districts(row.region), memory.township_of(row.region))


def person_of(ticket: Ticket) -> str:
    """Who told: the blind index of the phone, else the party, else nobody known (each message counts)."""
    return _person(ticket.phone_index, ticket.docket.applicant, ticket.pk)


def _person(phone_index: str, applicant: str, docket: int) -> str:
    return phone_index or applicant or f"docket:{docket}"


def leave_out(docket: int) -> None:
    """A ticket leaves its group: it became confidential."""
    Mention.objects.filter(docket=docket).update(out=True)


def _districts(region: str) -> tuple[str, ...]:
    """The county that a ticket's division lies in, by name; none for one of the whole city."""
    chain = actors.region_chain(region)
    return (actors.region(chain[-2]).name,) if len(chain) > 1 else ()


def _merge(into: int, others: tuple[int, ...], *, at: datetime) -> None:
    Mention.objects.filter(group__in=others).update(group=into)
    docketed = list(Group.objects.filter(number__in=others, docket__isnull=False).select_related("docket"))
    kept = Group.objects.filter(number=into).select_related("docket").first()
    Group.objects.filter(number__in=others).delete()
    for other in docketed:
        if kept is None or kept.docket is None:
            numbers = {"docket": other.docket, "level": other.level}
            Group.objects.update_or_create(
                number=into, defaults=numbers, create_defaults={**_copied(other), **numbers}
            )
            kept = Group.objects.select_related("docket").get(number=into)
        elif other.docket is not None and other.docket.closed_at is None and kept.docket.closed_at is None:
            kernel.perform(
                other.docket.pk, "join", actor=kernel.SYSTEM, at=at, data={"into": kept.docket.number}
            )


def _copied(group: Group) -> dict[str, object]:
    return {name: getattr(group, name) for name in WRITTEN}


def _grow(
    grown: Mapping[int, list[int]], tickets: Mapping[int, datetime], unnamed: dict[int, list[int]]
) -> None:
    """Groups have so many more tickets: their figures, their warnings."""
    groups = Group.objects.select_related("docket").in_bulk(grown)
    counted = counting.recount(
        [number for number in grown if _counted_now(number, groups.get(number), grown[number])],
        groups,
        unnamed,
    )
    for number, dockets in grown.items():
        group, at = counted.get(number) or groups.get(number), tickets[dockets[-1]]
        if group is None:  # it has one ticket: the others were taken out
            continue
        if group.docket is not None and group.docket.closed_at is None:
            for docket in dockets:
                kernel.link(source=docket, target=group.docket.pk, kind="grouped", at=at)
        if number not in counted or group.people >= levels()[0].people:
            _warn(group, at=at)


def _counted_now(number: int, group: Group | None, dockets: Sequence[int]) -> bool:
    """Whether a group that grew by these is counted: a small one always, a large one with every fiftieth part of itself."""
    if group is None or group.tickets < COUNTED_EXACTLY:
        return True
    size = Mention.objects.filter(group=number, out=False).count()
    return any(one % max(1, one // 50) == 0 for one in range(size - len(dockets) + 1, size + 1))


def _warn(group: Group, *, at: datetime) -> None:
    """Raise the affair, or let it rise; each level once."""
    ended = group.docket.closed_at if group.docket is not None else None
    level = _reached(group.number, at=at, after=ended)
    if level is None:
        return
    if group.docket is None or ended is not None:
        _raise(group, level, at=at)
    elif level.number > group.level:
        told = {"level": level.number, "people": group.people}
        kernel.perform(group.docket.pk, "rise", actor=kernel.SYSTEM, at=at, data=told)
        _warned(group, level, at=at)


def _raise(group: Group, level: Level, *, at: datetime) -> None:
    before = group.docket
    opening = kernel.Opening(
        kind=AFFAIR, way="raise", title=_title(group),
        unit=group.unit, region=group.region, subject=f"group:{group.number}",
        data={"level": level.number, "people": group.people, "tickets": group.tickets},
    )  # fmt: skip
    (row,), _replayed = kernel.open_dockets([opening], actor=kernel.SYSTEM, at=at)
    group.docket = Docket.objects.get(pk=row.id)
    waiting = Docket.objects.filter(
        mention__group=group.number, mention__out=False, kind=KIND, closed_at=None
    )
    for ticket in waiting.values_list("pk", flat=True):
        kernel.link(source=ticket, target=row.id, kind="grouped", at=at)
    if before is not None:
        kernel.link(source=row.id, target=before.pk, kind="grouped", at=at)
    _warned(group, level, at=at)


def _title(group: Group) -> str:
    """What it is about, with its place before it where the words do not name that anyway."""
    named = not group.place or group.place in group.summary
    return group.summary if named else f"{group.place}：{group.summary}"[:120]


def _warned(group: Group, level: Level, *, at: datetime) -> None:
    assert group.docket is not None
    group.level = level.number
    Group.objects.filter(pk=group.pk).update(docket=group.docket, level=group.level)
    Warned.objects.get_or_create(
        docket=group.docket, level=level.number, defaults={"at": at, "people": group.people}
    )


def _reached(number: int, *, at: datetime, after: datetime | None) -> Level | None:
    """The highest threshold that a group is beyond. :param after: who told before an earlier warning ended counts no more"""
    for level in reversed(levels()):
        since = at - timedelta(days=level.days)
        found = Mention.objects.filter(group=number, out=False, at__gte=max(since, after or since))
        if found.values("person").distinct().count() >= level.people:
            return level
    return None
