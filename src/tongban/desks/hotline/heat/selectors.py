"""Reading groups, and what is often complained of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.contracts import KIND, UNHAPPY, TicketView
from tongban.desks.hotline.heat import contracts
from tongban.desks.hotline.heat.access import groups_of
from tongban.desks.hotline.heat.models import Group, Mention
from tongban.desks.hotline.models import Ticket
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.kernel.models import Docket

WEEKS, MONTHS = 12, 12
MARKED = 12
"""Messages of a group whose places are looked at for its own."""
MOST = 50
LEAST_TICKETS = 3


def groups(
    *, actor: Actor, at: datetime, days: int = 90, region: str = "", warned: bool = False, top: int = MOST
) -> list[contracts.Group]:
    """The hottest groups with a message within `days`, as far as the actor may see them; four queries.

    :param region: only those that lie in this division as a whole
    :param warned: only those with a warning that is not closed
    """
    found = Group.objects.filter(groups_of(actor), last_at__gte=at - timedelta(days=days))
    if region:
        found = found.filter(region=region)
    if warned:
        found = found.filter(docket__isnull=False, docket__closed_at=None)
    return views(found.select_related("docket").order_by("-heat", "-number")[:top], at=at)


def group(number: int, *, actor: Actor, at: datetime) -> contracts.Group | None:
    """One group, if the actor may see it."""
    found = views(Group.objects.filter(groups_of(actor), number=number).select_related("docket"), at=at)
    return found[0] if found else None


def group_of_ticket(docket: int) -> int:
    """The number of the group that a ticket belongs to; 0 when it is alone."""
    number = Mention.objects.filter(docket=docket, out=False).values_list("group", flat=True).first()
    return number if number and Group.objects.filter(number=number).exists() else 0


def group_of_affair(docket: int) -> int:
    """The number of the group that an affair warns of; 0 when it was merged away."""
    return Group.objects.filter(docket=docket).values_list("number", flat=True).first() or 0


def ticket_ids(number: int) -> list[int]:
    """The tickets of a group, newest first."""
    return list(
        Mention.objects.filter(group=number, out=False)
        .order_by("-at", "-pk")
        .values_list("docket", flat=True)
    )


def views(found: Iterable[Group], *, at: datetime) -> list[contracts.Group]:
    """Groups as pages need them, with their weeks and the middle of their places."""
    rows = list(found)
    numbers = [row.number for row in rows]
    weeks, points = _weeks(numbers, at), _points(numbers)
    return [_view(rank, row, weeks[row.number], points.get(row.number)) for rank, row in enumerate(rows, 1)]


def _view(rank: int, row: Group, weeks: Sequence[int], point: tuple[float, float] | None) -> contracts.Group:
    return contracts.Group(
        number=row.number, rank=rank, heat=row.heat, first_at=row.first_at, last_at=row.last_at, place=row.place,
        summary=row.summary, tickets=row.tickets, people=row.people, pace=row.pace, spread=row.spread, angry=row.angry,
        level=row.level, region=row.region, unit=row.unit, docket=row.docket.number if row.docket else "",
        state=row.docket.state if row.docket else "", latitude=point[0] if point else None,
        longitude=point[1] if point else None, trend=tuple(weeks),
    )  # fmt: skip


def _weeks(numbers: list[int], at: datetime) -> dict[int, list[int]]:
    begun = at - timedelta(weeks=WEEKS)
    counted: dict[int, list[int]] = defaultdict(lambda: [0] * WEEKS)
    found = Mention.objects.filter(group__in=numbers, out=False, at__gt=begun, at__lte=at)
    for number, told in found.values_list("group", "at"):
        counted[number][min(WEEKS - 1, (told - begun) // timedelta(weeks=1))] += 1
    return counted


def _points(numbers: list[int]) -> dict[int, tuple[float, float]]:
    """The middle of the places that were marked on the map last."""
    turn = Window(RowNumber(), partition_by="group", order_by="-at")
    told = Mention.objects.filter(group__in=numbers, out=False).annotate(turn=turn).filter(turn__lte=MARKED)
    groups = dict(told.values_list("docket", "group"))
    marked = Ticket.objects.filter(docket__id__among=list(groups), latitude__isnull=False)
    held: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for docket, latitude, longitude in marked.values_list("pk", "latitude", "longitude"):
        if latitude is not None and longitude is not None:
            held[groups[docket]].append((latitude, longitude))
    return {
        number: (sum(one for one, _ in points) / len(points), sum(one for _, one in points) / len(points))
        for number, points in held.items()
    }


# Subjects -------------------------------------------------------------------------------------


def subjects(*, actor: Actor, at: datetime, days: int = 365, top: int = MOST) -> list[contracts.Subject]:
    """What is complained of most: places of the groups, all their matters together; three queries."""
    recent = Group.objects.filter(groups_of(actor), last_at__gte=at - timedelta(days=days)).exclude(place="")
    summed = recent.values("place").annotate(n=Sum("tickets"), last=Max("last_at"), groups=Count("number"))
    rows = [row for row in summed.order_by("-n", "place")[:top] if row["n"] >= LEAST_TICKETS]
    return [
        _subject(row["place"], recent.filter(place=row["place"]), groups=row["groups"], last_at=row["last"])
        for row in rows
    ]


def _subject(name: str, found: QuerySet[Group], *, groups: int, last_at: datetime) -> contracts.Subject:
    mentions = Mention.objects.filter(group__in=found.values("number"), out=False)
    told = mentions.aggregate(
        people=Count("person", distinct=True), open=Count("pk", filter=Q(docket__closed_at=None)),
        closed=Count("pk", filter=Q(docket__closed_at__isnull=False)),
        unsatisfied=Count("pk", filter=Q(docket__ticket__satisfaction__in=[one.value for one in UNHAPPY])),
    )  # fmt: skip
    return contracts.Subject(
        name=name, tickets=told["open"] + told["closed"], people=told["people"], groups=groups, open=told["open"],
        closed=told["closed"], unsatisfied=told["unsatisfied"], last_at=last_at,
    )  # fmt: skip


def portrait(name: str, *, actor: Actor, at: datetime) -> contracts.Portrait | None:
    """A subject's tickets by month, matter, unit and satisfaction; None for one that the actor does not see."""
    found = Group.objects.filter(groups_of(actor), place=name)
    summed = found.aggregate(last=Max("last_at"), groups=Count("number"))
    if not summed["groups"]:
        return None
    dockets = Mention.objects.filter(group__in=found.values("number"), out=False).values("docket_id")
    rows = Ticket.objects.filter(pk__in=dockets).values_list(
        "category", "satisfaction", "docket__unit", "docket__opened_at"
    )
    by = [Counter(values) for values in zip(*rows, strict=True)] if rows else [Counter()] * 4
    return contracts.Portrait(
        subject=_subject(name, found, groups=summed["groups"], last_at=summed["last"]), months=_months(by[3], at), matters=_ranked(by[0]), units=_ranked(by[2]),
        satisfaction=_ranked(by[1]), groups=tuple(views(found.select_related("docket").order_by("-heat"), at=at)),
    )  # fmt: skip


def _ranked(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple((name, count) for name, count in counted.most_common(10) if name)


def _months(times: Counter[datetime], at: datetime) -> tuple[tuple[str, int], ...]:
    counted: Counter[str] = Counter()
    for told, count in times.items():
        counted[f"{timezone.localtime(told):%Y-%m}"] += count
    today = timezone.localtime(at)
    ago = [today.year * 12 + today.month - 1 - back for back in range(MONTHS - 1, -1, -1)]
    names = [f"{month // 12}-{month % 12 + 1:02d}" for month in ago]
    return tuple((name, counted[name]) for name in names)


def tickets(number: int, *, actor: Actor, most: int = 100) -> list[TicketView]:
    """The tickets of a group that an actor may see, newest first; two queries."""
    rows = Docket.objects.filter(kernel.scope(actor, (KIND,)), pk__in=ticket_ids(number))
    return hotline.tickets([kernel.row_of(row) for row in rows.order_by("-opened_at", "-pk")[:most]])


def repeated(review: int, *, actor: Actor) -> list[TicketView]:
    """The tickets that a review of repeated messages is about, as far as the actor may see them."""
    rows = Docket.objects.filter(
        kernel.scope(actor, (KIND,)), links_in__source=review, links_in__kind="grouped"
    )
    return hotline.tickets([kernel.row_of(row) for row in rows.order_by("-opened_at", "-pk")])
