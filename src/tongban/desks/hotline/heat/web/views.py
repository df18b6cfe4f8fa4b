"""What many people tell of: the list, one group with its tickets, and the portraits of what is often complained of."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.contracts import Satisfaction
from tongban.desks.hotline.heat import contracts, selectors
from tongban.desks.hotline.heat.counting import levels
from tongban.desks.hotline.heat.flow import AFFAIR_FLOW
from tongban.registers.identity.api import ActorRequest, officer_required

READERS = (
    Role.OPERATOR, Role.DISPATCHER, Role.CALLBACK, Role.SUPERVISOR, Role.LEADER, Role.HEAD, Role.HANDLER, Role.APPROVER,
)  # fmt: skip
SPANS = (30, 90, 365)
SPARK = (96, 20)


@never_cache
@require_GET
@officer_required(*READERS)
def listed(request: ActorRequest) -> HttpResponse:
    """The hottest groups first."""
    days, warned = _days(request), request.GET.get("warned") == "1"
    found = selectors.groups(actor=request.actor, at=timezone.now(), days=days, warned=warned)
    context = {
        "rows": [_row(one) for one in found], "days": days, "spans": SPANS, "warned": warned, "levels": _levels(),
    }  # fmt: skip
    return render(request, "heat/groups.html", context)


@never_cache
@require_GET
@officer_required(*READERS)
def group(request: ActorRequest, number: int) -> HttpResponse:
    """One group: what it is about, its warning, and those of its tickets that the officer may see."""
    one = selectors.group(number, actor=request.actor, at=timezone.now())
    if one is None:
        raise Http404
    tickets = selectors.tickets(number, actor=request.actor)
    context = {
        **_row(one), "hidden": one.tickets - len(tickets),
        "tickets": [{"one": ticket, "unit": _unit(ticket.unit)} for ticket in tickets],
        "place": one.place, "region": actors.region(one.region).name,
    }  # fmt: skip
    return render(request, "heat/group.html", context)


@never_cache
@require_GET
@officer_required(*READERS)
def subjects(request: ActorRequest) -> HttpResponse:
    """Estates, companies, roads that are often complained of."""
    found = selectors.subjects(actor=request.actor, at=timezone.now())
    return render(request, "heat/subjects.html", {"rows": found})


@never_cache
@require_GET
@officer_required(*READERS)
def subject(request: ActorRequest, name: str) -> HttpResponse:
    """One of them in figures."""
    found = selectors.portrait(name, actor=request.actor, at=timezone.now())
    if found is None:
        raise Http404
    labels = {value: str(label) for value, label in Satisfaction.choices}
    context = {
        "portrait": found, "rows": [_row(one) for one in found.groups],
        "units": [(_unit(unit), count) for unit, count in found.units],
        "satisfaction": [(labels.get(value, value), count) for value, count in found.satisfaction],
        "most": max((count for _month, count in found.months), default=1) or 1,
    }  # fmt: skip
    return render(request, "heat/subject.html", context)


def _days(request: ActorRequest) -> int:
    given = request.GET.get("days", "")
    return int(given) if given.isdecimal() and int(given) in SPANS else SPANS[1]


def _row(one: contracts.Group) -> dict[str, Any]:
    state = AFFAIR_FLOW.states.get(one.state)
    return {
        "one": one, "unit": _unit(one.unit), "level": _level(one.level), "state": str(state.label) if state else "",
        "running": state is not None and not state.final, "spark": spark(one.trend), "weeks": "、".join(map(str, one.trend)),
    }  # fmt: skip


def spark(counts: tuple[int, ...]) -> str:
    """The points of a small line of the weeks, for an SVG polyline."""
    width, height = SPARK
    most, steps = max((*counts, 1)), max(1, len(counts) - 1)
    return " ".join(
        f"{n * width / steps:.0f},{height - 1 - count * (height - 2) / most:.1f}"
        for n, count in enumerate(counts)
    )


def _levels() -> list[dict[str, Any]]:
    return [{"name": _level(one.number), "people": one.people, "days": one.days} for one in levels()]


def _level(number: int) -> str:
    if not 1 <= number <= len(levels()):
        return ""
    rule = levels()[number - 1]
    return rule.name_en if get_language() == "en" and rule.name_en else rule.name


def _unit(unit: str) -> str:
    return actors.unit_name(unit_id=unit) if unit else ""
