"""The grid worker's phone: report what was found in three taps, see what became of it, do what was passed to the village."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages as banners
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.contracts import KIND, HotlineRefused, Solved, TicketView
from tongban.faces.hotline.web.forms import GridForm, GridReplyForm
from tongban.faces.workbench import words
from tongban.kernel import api as kernel
from tongban.kernel.files.selectors import attachments
from tongban.kernel.web import clocks
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web.contracts import ClockView, Page

ROUNDS = (Role.GRID, Role.HANDLER, Role.AGENT, Role.WINDOW, Role.HEAD, Role.DISPATCHER)
MOST = 30
ACTS = ("sign", "reply", "urge")


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket as a phone shows it."""

    one: TicketView
    unit: str
    clock: ClockView | None = None
    waits: bool = False


@never_cache
@require_GET
@officer_required(*ROUNDS)
def rounds(request: ActorRequest) -> HttpResponse:
    """What waits for one's unit, nearest limit first; below it what one reported."""
    at, unit = timezone.now(), request.actor.unit
    waiting = [
        _card(one, at, waits=name == "sign")
        for name in ("sign", "work")
        for one in hotline.page(request.actor, hotline.Asked(waiting=name, unit=unit), size=MOST).items
    ]
    after = request.GET.get("after", "")
    before = int(after) if after.isdecimal() and len(after) < 18 else 0
    rows = hotline.reported(actor=request.actor, before=before, most=MOST + 1)
    own = [_card(one, at) for one in hotline.tickets(rows[:MOST])]
    page = Page(next=str(rows[MOST - 1].id) if len(rows) > MOST else "")
    context = {
        "waiting": waiting,
        "own": own,
        "page": page,
        "unit": words.unit_name(unit),
    }
    return render(request, "operating/grid.html", context)


def _card(one: TicketView, at: datetime, *, waits: bool = False) -> Card:
    running = sorted(
        (c for c in kernel.clocks_of([one.docket])[one.docket] if c.stopped_at is None), key=lambda c: c.due_at
    ) if one.open else []  # fmt: skip
    clock = clocks.view_of(running[0], at=at) if running else None
    return Card(one, words.unit_name(one.unit), clock, waits)


# Reporting -------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
@officer_required(*ROUNDS)
def new(request: ActorRequest) -> HttpResponseBase:
    """Photo, place, what it is: one page, one button. What was typed stays when something does not fit."""
    english = (get_language() or "").startswith("en")
    kinds = [(one.key, one.name_en if english else one.name) for one in hotline.findings().values()]
    form = GridForm(kinds, _places(request.actor), request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = hotline.report(
                _found(form), actor=request.actor, at=timezone.now(), key=request.POST.get("key", "")[:64]
            )
        except HotlineRefused as error:
            _spread(form, error)
        except kernel.Conflict as error:
            form.add_error(None, str(error))
        else:
            banners.success(request, _("已上报：%s。办到哪一步在“我上报的”里看。") % made.number)
            return redirect("operating:grid")
    context = {"form": form, "unit": words.unit_name(request.actor.unit)}
    return render(request, "operating/grid_new.html", context, status=422 if form.is_bound else 200)


def _places(actor: kernel.Actor) -> list[tuple[str, str]]:
    """Where it may be: one's own division, those below it, and those above it up to the county."""
    own = actor.region or actors.unit(actor.unit).region
    below = [one.code for one in actors.regions_below(own)]
    chain = list(actors.region_chain(own))[:-1] or [own]
    return [(code, actors.region(code).name) for code in dict.fromkeys([*chain[:1], *below, *chain[1:]])]


def _found(form: GridForm) -> hotline.Found:
    given = form.cleaned_data
    photos = tuple((one.name or "photo", one.read()) for one in given["photos"])
    return hotline.Found(
        finding=given["finding"], place=given["place"], text=given["text"], region=given["region"],
        latitude=given["latitude"], longitude=given["longitude"], photos=photos,
    )  # fmt: skip


def _spread(form: forms.Form, error: HotlineRefused) -> None:
    names = {"files": "photos", "latitude": "place", "unit": "region"}
    for name, said in error.fields.items():
        at = names.get(name, name)
        form.add_error(at if at in form.fields else None, said)
    if not error.fields:
        form.add_error(None, error.reason)


# One ticket ------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
@officer_required(*ROUNDS)
def one(request: ActorRequest, number: str) -> HttpResponseBase:
    """One ticket: what was said, how long there is; sign for it, answer it, urge what one reported."""
    try:
        row = kernel.docket(kernel.normalise(number), actor=request.actor)
    except (ValueError, kernel.NotFound):
        raise Http404(_("没有这张工单，或者您无权查看。")) from None
    if row.kind != KIND:
        raise Http404(_("这个编号不是热线工单。"))
    act = request.POST.get("act", "")
    form = GridReplyForm(request.POST if act == "reply" else None)
    refused = ""
    if request.method == "POST" and act in ACTS and (act != "reply" or form.is_valid()):
        try:
            kernel.perform(
                row.id, act, actor=request.actor, at=timezone.now(), data=_data(act, form),
                key=request.POST.get("key", "")[:64],
            )  # fmt: skip
        except kernel.MoveRefused as error:
            refused = _refused(form if act == "reply" else None, error)
        else:
            banners.success(request, DONE[act]())
            return redirect("operating:grid-one", row.number) if act == "sign" else redirect("operating:grid")
    return render(
        request, "operating/grid_one.html", _shown(request, row, form) | {"refused": refused},
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


DONE = {
    "sign": lambda: _("已签收。"),
    "reply": lambda: _("已答复，等派来的单位审核。"),
    "urge": lambda: _("已催办。"),
}


def _data(act: str, form: GridReplyForm) -> dict[str, Any]:
    if act != "reply":
        return {}
    return {"reply": form.cleaned_data["reply"], "result": form.cleaned_data["result"] or None}


def _refused(form: GridReplyForm | None, error: kernel.MoveRefused) -> str:
    words = f"{error.reason}{error.possible}"
    if form is not None:
        form.add_error("reply", next(iter(error.fields.values()), "") or words)
    return words


def _shown(request: ActorRequest, row: kernel.DocketRow, form: GridReplyForm) -> dict[str, Any]:
    fresh = kernel.docket_by_id(row.id, actor=request.actor)
    own = hotline.ticket(fresh.number, actor=request.actor)
    flow = kernel.flow_of(KIND)
    may = {item.move.name for item in kernel.moves_for(flow, fresh, request.actor) if item.is_open}
    mine = fresh.applicant == request.actor.id
    return {
        "card": _card(own, timezone.now()), "form": form, "may": may, "mine": mine,
        "told": hotline.progress_of(fresh, at=timezone.now()) if mine else None,
        "files": attachments(fresh.id), "solved": Solved.choices, "turns": hotline.turns(fresh.id)[-1:],
    }  # fmt: skip
