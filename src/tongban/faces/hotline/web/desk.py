"""The desk: what waits, step by step, nearest limit first; every other list newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors.api import Role
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.contracts import TicketView
from tongban.faces.hotline.standing import WORKERS, at_desk
from tongban.faces.workbench import words
from tongban.kernel import api as kernel
from tongban.kernel.web import clocks
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web.contracts import ClockView, Page

FIRST = 5  # emergencies shown above the list
STEPS = {
    "dispatch": _("待派单"), "sign": _("待签收"), "work": _("办理中"), "returns": _("退单待审"), "delays": _("延期待批"),
    "review": _("待审核"), "call_back": _("待回访"), "close": _("待办结"),
}  # fmt: skip
LIMITS = {"near": _("临期"), "late": _("超期")}
NARROWED = {"kind": hotline.TicketKind, "urgency": hotline.Urgency, "channel": hotline.Channel}
SIZE = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    one: TicketView
    unit: str
    clock: ClockView | None


@never_cache
@require_GET
@officer_required(*WORKERS)
def desk(request: ActorRequest) -> HttpResponse:
    """Lists of tickets that the officer sees. Without a wish: the first that has something waiting at the own unit."""
    at, unit = timezone.now(), request.actor.unit
    waiting = hotline.counts(unit, at=at)
    tabs = [(name, label, getattr(waiting, name)) for name, label in {**STEPS, **LIMITS}.items()]
    chosen = request.GET.get("list", "")
    if chosen not in {name for name, _label, _n in tabs} | {"all"}:
        chosen = next((name for name, _label, n in tabs if n), "all")
    asked = _asked(request, chosen, unit, at)
    try:
        found = hotline.page(request.actor, asked, after=request.GET.get("after", ""), size=SIZE)
    except kernel.InvalidInput:
        found = hotline.page(request.actor, asked, size=SIZE)
    context: dict[str, Any] = {
        "rows": [_row(one, at) for one in found.items], "page": Page(next=found.after), "tabs": _tabs(request, tabs),
        "chosen": chosen, "narrowed": _narrowed(request), "unit": words.unit_name(unit),
        "whole": _address(request, list="all", after=None), "may_take": at_desk(request.actor),
        "may_sort": bool(hotline.desk_regions(request.actor, (Role.DISPATCHER.value, Role.HEAD.value))),
        "emergencies": _emergencies(request, at),
    }  # fmt: skip
    return render(request, "operating/desk.html", context)


def _emergencies(request: ActorRequest, at: Any) -> list[Row]:
    """What is urgent beyond all else is in sight whatever list is open, with the clock that runs."""
    found = hotline.emergencies(actor=request.actor, most=FIRST)
    if not found:
        return []
    return [_row(one, at) for one in hotline.tickets(found, kernel.clocks_of([row.id for row in found]))]


def _running(found: Any, at: Any) -> ClockView | None:
    running = sorted((c for c in found if c.stopped_at is None), key=lambda c: c.due_at)
    return clocks.view_of(running[0], at=at) if running else None


def _asked(request: ActorRequest, chosen: str, unit: str, at: Any) -> hotline.Asked:
    narrowed: dict[str, Any] = {
        name: value
        for name, among in NARROWED.items()
        if (value := request.GET.get(name, "")) in among.values
    }
    if chosen == "all":
        return hotline.Asked(**narrowed)
    if chosen in LIMITS:
        return hotline.Asked(unit=unit, **{f"{chosen}_at": at, **narrowed})
    return hotline.Asked(waiting=chosen, unit=unit, **narrowed)


def _row(one: TicketView, at: Any) -> Row:
    return Row(one, words.unit_name(one.unit), _running(one.clocks, at))


def _tabs(request: ActorRequest, tabs: list[tuple[str, Any, int]]) -> list[tuple[str, Any, int, str]]:
    return [(name, label, n, _address(request, list=name, after=None)) for name, label, n in tabs]


def _narrowed(request: ActorRequest) -> list[tuple[str, Any, list[tuple[str, Any, bool]]]]:
    labels = {"kind": _("诉求类型"), "urgency": _("紧急程度"), "channel": _("来源")}
    return [
        (
            name,
            labels[name],
            [(value, label, request.GET.get(name) == value) for value, label in among.choices],
        )
        for name, among in NARROWED.items()
    ]


def _address(request: ActorRequest, **changed: str | None) -> str:
    kept = {name: value for name, value in request.GET.items() if name in {*NARROWED, "list", "after"}}
    return "?" + urlencode({name: value for name, value in {**kept, **changed}.items() if value})
