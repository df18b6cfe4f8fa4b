"""The desk's pages: sessions, planning one, its follow-up list, taking what somebody says in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.contracts import CENTRE, HotlineRefused, TicketState
from tongban.desks.hotline.listening import selectors, services
from tongban.desks.hotline.listening.contracts import (
    FollowUp,
    ListeningRefused,
    NewSession,
    SessionKind,
    SessionView,
)
from tongban.desks.hotline.listening.flow import SESSION
from tongban.desks.hotline.listening.web.forms import KnownForm, PlanForm, TicketForm
from tongban.desks.hotline.listening.web.names import unit_name
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, forbidden, officer_required
from tongban.web.contracts import Page

WORKERS = (Role.DISPATCHER, Role.OPERATOR, Role.HEAD)
READERS = (*WORKERS, Role.CALLBACK, Role.SUPERVISOR, Role.LEADER)


def desk_of(actor: kernel.Actor) -> str:
    """The desk of the hotline at which somebody plans sessions; empty for none."""
    held = {grant.unit for grant in actor.grants if grant.role in {role.value for role in WORKERS}}
    found = [
        unit
        for unit in sorted(held, key=lambda one: one != actor.unit)
        if actors.unit(unit).department == CENTRE
    ]
    return found[0] if found else ""


def cursor(text: str) -> datetime | None:
    """The instant after which a page goes on, or None."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def page_of(found: list[SessionView]) -> tuple[list[SessionView], Page]:
    """The rows to show, and where the next page begins."""
    shown, more = found[: selectors.PAGE], len(found) > selectors.PAGE
    return shown, Page(next=shown[-1].planned_at.isoformat() if more else "")


def state_words(one: SessionView) -> str:
    """The state as officers read it."""
    return str(SESSION.states[one.state].label)


@never_cache
@require_GET
@officer_required(*READERS)
def listed(request: ActorRequest) -> HttpResponse:
    """Sessions to come and those that were held, latest first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in SessionKind.values else ""
    rows, page = page_of(
        selectors.sessions(actor=request.actor, kind=kind, before=cursor(request.GET.get("after", "")))
    )
    context = {
        "rows": [{"one": one, "state": state_words(one)} for one in rows], "page": page, "kind": kind,
        "kinds": SessionKind.choices, "may": bool(desk_of(request.actor)),
    }  # fmt: skip
    return render(request, "listening/sessions.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@officer_required(*WORKERS)
def new(request: ActorRequest) -> HttpResponseBase:
    """Announce a session."""
    desk = desk_of(request.actor)
    if not desk:
        return forbidden(request, _("接听活动由热线中心预告，您不在热线中心任职。"))
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = services.plan(
                NewSession(**form.cleaned_data), unit=desk, region=actors.unit(desk).region, actor=request.actor,
                at=timezone.now(), key=request.POST.get("key", "")[:64],
            )  # fmt: skip
        except ListeningRefused as error:
            _put(form, error.fields)
        else:
            return redirect("listening:session", number)
    return render(request, "listening/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _put(form: forms.Form, fields: Mapping[str, str]) -> None:
    for name, words in fields.items():
        form.add_error(name if name in form.fields else None, words)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@officer_required(*READERS)
def session(request: ActorRequest, number: str) -> HttpResponseBase:
    """One session: what is planned, what was promised, and the form for what somebody says."""
    found = _found(request, number)
    form = TicketForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        promise = {name: given.pop(name) for name in ("said", "promised_by", "withheld")}
        try:
            taken = services.open_ticket(
                found.number, given, **promise, actor=request.actor, at=timezone.now(),
                key=request.POST.get("key", "")[:64],
            )  # fmt: skip
        except (ListeningRefused, HotlineRefused) as error:
            _put(form, error.fields or {"text": error.reason})
        else:
            messages.success(request, _("已登记，工单%s。") % taken.number)
            return redirect("listening:session", found.number)
    return _shown(request, found, form, KnownForm(), status=422 if form.is_bound else 200)


@never_cache
@require_POST
@officer_required(*WORKERS)
def add(request: ActorRequest, number: str) -> HttpResponseBase:
    """Put a ticket that is there already on the list."""
    found = _found(request, number)
    form = KnownForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.add_ticket(found.number, **given, actor=request.actor, at=timezone.now())
        except ListeningRefused as error:
            _put(form, error.fields or {"ticket": error.reason})
        except (kernel.NotFound, ValueError):
            form.add_error("ticket", _("没有这个工单，或者您无权查看。"))
        else:
            return redirect("listening:session", found.number)
    return _shown(request, found, TicketForm(), form, status=422)


def _found(request: ActorRequest, number: str) -> SessionView:
    try:
        return selectors.session(kernel.normalise(number), actor=request.actor)
    except (ValueError, kernel.NotFound) as error:
        raise Http404(str(error)) from None


def _shown(
    request: ActorRequest, found: SessionView, form: TicketForm, known: KnownForm, *, status: int
) -> HttpResponse:
    rows = selectors.follow_ups(found.docket, actor=request.actor)
    context = {
        "one": found, "state": state_words(found), "rows": [row_of(one) for one in rows], "form": form, "known": known,
        "counts": selectors.counts(rows, on=timezone.localdate()), "unit": unit_name(found.unit),
        "may": selectors.may_work(request.actor, found.unit) and found.state in services.OPEN_TO_TICKETS,
        "public": found.state in selectors.PUBLIC,
    }  # fmt: skip
    return render(request, "listening/session.html", context, status=status)


def row_of(one: FollowUp) -> dict[str, Any]:
    """One line of a follow-up list with names."""
    today = timezone.localdate()
    late = not one.done and one.promised_by is not None and one.promised_by < today
    words = str(TicketState(one.state).label)
    return {"one": one, "unit": unit_name(one.unit), "late": late, "state": words}
