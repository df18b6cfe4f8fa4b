"""Lists of tickets: by desk, by what waits, by any field; keyset pages that cost the same at any number of tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline.access import desk_regions
from tongban.desks.hotline.contracts import AT_WORK, AWAITING_SIGN, KIND, TicketView
from tongban.desks.hotline.models import Confidant, Ticket, Turn
from tongban.desks.hotline.selectors import tickets
from tongban.desks.hotline.taking import phone_index
from tongban.kernel import api as kernel
from tongban.kernel.models import Clock, Docket

SIZE, MOST = 50, 200
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # a cursor of this order needs the id alone
MOST_COUNT = 1000
BY_FIELD = (
    "kind",
    "channel",
    "urgency",
    "category",
    "matter",
    "line",
    "lead",
    "satisfaction",
    "solved",
    "reference",
)


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """What a list is narrowed by; every field is optional.

    :param waiting: ``sign``, ``work``, ``dispatch``, ``returns``, ``delays``, ``review``, ``call_back``, ``close``: what waits
        at `unit`; `near` and `late` keep what is near its limit at an instant, or past it
    :param region: a division with all below it; `phone` of the caller, any spelling
    """

    waiting: str = ""
    state: str = ""
    unit: str = ""
    officer: str = ""
    region: str = ""
    kind: str = ""
    channel: str = ""
    urgency: str = ""
    category: str = ""
    matter: str = ""
    line: str = ""
    lead: str = ""
    satisfaction: str = ""
    solved: str = ""
    reference: str = ""
    phone: str = ""
    flood: bool = False
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    open_only: bool = False
    near_at: datetime | None = None
    late_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page; `after` is the cursor of the next, empty on the last."""

    items: list[TicketView]
    after: str = ""


WAITING: dict[str, tuple[str, ...]] = {
    "dispatch": ("taken",),
    "sign": tuple(state.value for state in AWAITING_SIGN),
    "work": tuple(state.value for state in AT_WORK),
    "returns": ("returning",),
    "delays": ("delaying",),
    "review": ("replied",),
    "call_back": ("reviewed",),
    "close": ("called_back",),
}


def page(actor: kernel.Actor, asked: Asked, *, after: str = "", size: int = SIZE) -> Listed:
    """A page of tickets the actor sees, newest first; what waits at a unit is oldest limit first.

    :raises kernel.InvalidInput: a cursor that this did not give, a list that there is not
    """
    if asked.waiting and asked.waiting not in WAITING:
        raise kernel.InvalidInput(
            "no_list",
            _("没有这个列表。"),
            fields={"waiting": "、".join(WAITING)},
            possible="、".join(WAITING),
        )
    size = max(1, min(size, MOST))
    by_limit = bool(asked.waiting or asked.near_at or asked.late_at)
    return (_by_limit if by_limit else _newest)(actor, asked, after, size)


# What waits, nearest limit first -----------------------------------------------------------------


def _by_limit(actor: kernel.Actor, asked: Asked, after: str, size: int) -> Listed:
    due, last = _due_cursor(after)
    wanted = Docket.objects.filter(_of_docket(asked) & _scope(actor, asked), kind=KIND, closed_at=None)
    fields = _of_ticket(asked)
    if fields:
        wanted = wanted.filter(**{f"ticket__{name}": value for name, value in fields.items()})
    if asked.near_at:
        warned = Clock.objects.filter(stopped_at=None, suspended_at=None, warn_at__lte=asked.near_at)
        wanted = wanted.filter(due_at__gt=asked.near_at, pk__in=warned.values("docket"))
    if asked.late_at:
        wanted = wanted.filter(due_at__lte=asked.late_at)
    if due is not None:
        wanted = wanted.filter(Q(due_at__gt=due) | Q(due_at=due, pk__gt=last))
    rows = [
        kernel.row_of(row) for row in wanted.filter(due_at__isnull=False).order_by("due_at", "pk")[: size + 1]
    ]
    shown = rows[:size]
    end = shown[-1] if len(rows) > size else None
    cursor = f"{end.due_at.isoformat()}~{end.id}" if end and end.due_at else ""
    return Listed(_shown(shown), cursor)


def _due_cursor(text: str) -> tuple[datetime | None, int]:
    if not text:
        return None, 0
    try:
        due, _mark, last = text.partition("~")
        return datetime.fromisoformat(due), int(last)
    except ValueError:
        raise _bad_cursor() from None


def _bad_cursor() -> kernel.InvalidInput:
    return kernel.InvalidInput("bad_cursor", _("翻页位置不对。"), fields={"after": _("请从第一页开始。")})


def _shown(rows: list[kernel.DocketRow]) -> list[TicketView]:
    return tickets(rows, kernel.clocks_of([row.id for row in rows]) if rows else {})


# Any field, newest first ---------------------------------------------------------------------------


def _newest(actor: kernel.Actor, asked: Asked, after: str, size: int) -> Listed:
    if asked == Asked() and actor.grants and not desk_regions(actor) and not actor.regions:
        return _of_units(actor, after, size)
    fields = _of_ticket(asked)
    order: tuple[str, ...] = ("-ticket__docket",)
    place = _place(after)
    if fields:
        wanted = Docket.objects.filter(**{f"ticket__{name}": value for name, value in fields.items()})
        # By the ticket's own index: its key is the docket's id, which rises with the opening.
        if place:
            wanted = wanted.filter(ticket__docket__lt=place[1])
    else:
        wanted, order = Docket.objects.all(), ("-opened_at", "-pk")
        if place:
            wanted = wanted.filter(Q(opened_at__lt=place[0]) | Q(opened_at=place[0], pk__lt=place[1]))
    wanted = wanted.filter(_of_docket(asked) & _scope(actor, asked), kind=KIND).order_by(*order)
    rows = [kernel.row_of(row) for row in wanted[: size + 1]]
    shown = rows[:size]
    end = shown[-1] if len(rows) > size else None
    return Listed(_shown(shown), f"{end.opened_at.isoformat()}~{end.id}" if end else "")


def _of_units(actor: kernel.Actor, after: str, size: int) -> Listed:
    """What the actor's units have or had a turn with: read along their turns' own index, however few they are."""
    place, units = _place(after), sorted({grant.unit for grant in actor.grants})
    turns = Turn.objects.filter(unit__in=units, **({"docket__lt": place[1]} if place else {}))
    found = turns.order_by("-docket_id").values_list("docket_id", flat=True).distinct()
    ids = list(found[: size + 1])
    wanted = Docket.objects.filter(_scope(actor, Asked(unit=units[0])), pk__in=ids[:size], kind=KIND)
    rows = [kernel.row_of(row) for row in wanted.order_by("-pk")]
    return Listed(_shown(rows), f"{_LONG_AGO.isoformat()}~{ids[size - 1]}" if len(ids) > size else "")


def _place(after: str) -> tuple[datetime, int] | None:
    opened, last = _due_cursor(after)
    return (opened, last) if opened else None


def _of_ticket(asked: Asked) -> dict[str, object]:
    found: dict[str, object] = {name: value for name in BY_FIELD if (value := getattr(asked, name))}
    if asked.phone:
        try:
            found["phone_index"] = phone_index(actors.phone_number(asked.phone))
        except ValidationError:
            found["phone_index"] = "-"
    if asked.flood:
        found["flood"] = True
    return found


def _of_docket(asked: Asked) -> Q:
    found = Q()
    if asked.waiting:
        found &= Q(state__in=WAITING[asked.waiting])
    for name in ("state", "unit", "officer"):
        if value := getattr(asked, name):
            found &= Q(**{name: value})
    if asked.region:
        within = actors.regions_within(asked.region)
        found &= Q(region__in=sorted(within)) if len(within) <= 30 else _region(asked.region)
    if asked.opened_from:
        found &= Q(opened_at__gte=asked.opened_from)
    if asked.opened_before:
        found &= Q(opened_at__lt=asked.opened_before)
    if asked.open_only:
        found &= Q(closed_at=None)
    return found


def _region(code: str) -> Q:
    """A division by the beginning of its code, as one range."""
    digits = {"3": 4, "4": 6, "5": 9}.get(actors.region(code).level, 12)
    return Q(region__gte=code[:digits].ljust(12, "0"), region__lte=code[:digits].ljust(12, "9"))


def _scope(actor: kernel.Actor, asked: Asked) -> Q:
    """What the actor sees, as a condition that the asked order's index can bear."""
    if actor.is_system:
        return Q()
    named = Confidant.objects.filter(actor=actor.id).values("docket_id")
    hidden = (
        ~Q(subject="confidential") | Q(pk__in=named) | Q(applicant__in=sorted({actor.id, *actor.parties}))
    )
    if asked.unit and any(grant.unit == asked.unit for grant in actor.grants):
        return hidden
    seen = desk_regions(actor).keys() | actor.regions
    if any(actors.region(code).parent == "" for code in seen):
        return hidden
    found = Q(pk__in=named)
    for code in sorted(seen):
        found |= _region(code)
    units = sorted({grant.unit for grant in actor.grants})
    if units:
        # Looked up ticket by ticket: a unit may have had very many.
        found |= Q(unit__in=units) | Q(Exists(Turn.objects.filter(docket=OuterRef("pk"), unit__in=units)))
    if actor.parties or not actor.is_officer:
        found |= Q(applicant__in=sorted({actor.id, *actor.parties}))
    return found & hidden


# Counts ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits at a unit."""

    dispatch: int = 0
    sign: int = 0
    work: int = 0
    returns: int = 0
    delays: int = 0
    review: int = 0
    call_back: int = 0
    close: int = 0
    near: int = 0
    late: int = 0

    @property
    def any(self) -> bool:
        return bool(self.sign or self.near or self.late or self.call_back)


def counts(unit: str, *, at: datetime) -> Counts:
    """How much waits at a unit, confidential ones with it; reads the unit's open tickets only."""
    return _counted(Docket.objects.filter(unit=unit, kind=KIND, closed_at=None), at).get(unit, Counts())


def waiting_by_unit(*, at: datetime) -> dict[str, Counts]:
    """How much waits, for every unit that has open tickets."""
    return _counted(Docket.objects.filter(kind=KIND, closed_at=None), at)


def _counted(open_ones: QuerySet[Docket], at: datetime) -> dict[str, Counts]:
    # In the order of their limits, which leads SQLite to the indexes of open work: counted in groups it reads all tickets ever.
    states: dict[str, dict[str, int]] = {}
    late: dict[str, int] = {}
    rows = open_ones.order_by("due_at", "id").values_list("unit", "state", "due_at")
    for unit, state, due_at in rows.iterator():
        of = states.setdefault(unit, {})
        of[state] = of.get(state, 0) + 1
        if due_at is not None and due_at <= at:
            late[unit] = late.get(unit, 0) + 1
    warned = Clock.objects.filter(stopped_at=None, suspended_at=None, warn_at__lte=at, due_at__gt=at)
    near = dict(
        open_ones.order_by()
        .filter(due_at__gt=at, pk__in=warned.values("docket"))
        .values_list("unit")
        .annotate(n=Count("id"))
    )
    return {
        unit: Counts(
            **{name: sum(of.get(state, 0) for state in among) for name, among in WAITING.items()},
            near=near.get(unit, 0), late=late.get(unit, 0),
        )
        for unit, of in states.items()
    }  # fmt: skip


def ticket_count(actor: kernel.Actor, asked: Asked) -> int:
    """How many tickets a list has, counted up to a thousand only."""
    wanted = Docket.objects.filter(_of_docket(asked) & _scope(actor, asked), kind=KIND)
    fields = _of_ticket(asked)
    if fields:
        wanted = wanted.filter(**{f"ticket__{name}": value for name, value in fields.items()})
    return wanted.order_by()[:MOST_COUNT].count()


def nearby(
    *,
    actor: kernel.Actor,
    latitude: float,
    longitude: float,
    category: str = "",
    degrees: float = 0.005,
    most: int = 10,
) -> list[TicketView]:
    """Open tickets near a place (about 500 m), the newest first: what an operator sees while typing."""
    found = Ticket.objects.filter(
        latitude__range=(latitude - degrees, latitude + degrees), longitude__range=(longitude - degrees, longitude + degrees),
        docket__closed_at=None,
    ).filter(docket__in=Docket.objects.filter(_scope(actor, Asked())))  # fmt: skip
    if category:
        found = found.filter(category__startswith=category)
    ids = list(found.order_by("-docket_id").values_list("docket_id", flat=True)[:most])
    rows = {row.pk: kernel.row_of(row) for row in Docket.objects.filter(pk__in=ids)}
    return tickets([rows[key] for key in ids])
