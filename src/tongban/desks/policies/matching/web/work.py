"""Figures of matching for leaders and editors: measures over everybody, data that is missing most, runs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.actors import api as actors
from tongban.desks.policies import api as policies
from tongban.desks.policies.contracts import Party
from tongban.desks.policies.matching import running, selectors
from tongban.desks.policies.matching.access import READERS, STARTERS
from tongban.desks.policies.matching.contracts import Cause, Counts, MatchingError
from tongban.desks.policies.matching.web.words import counts_line, run_line
from tongban.registers.identity.api import ActorRequest, officer_required

PAGE = 50
RUNS = 8
ORDERS = {
    "entitled": lambda one: (-one.entitled, one.key), "unknown": lambda one: (-one.unknown, one.key),
    "nearest": lambda one: (-one.nearest, one.key), "fen": lambda one: (-one.fen, one.key),
}  # fmt: skip


@never_cache
@require_safe
@officer_required(*READERS)
def index(request: ActorRequest) -> HttpResponse:
    """One kind of party: sums of the last run, what is missing most, measures, the last runs."""
    kind = request.GET.get("party", Party.ORGANISATION.value)
    if kind not in Party.values:
        raise Http404
    order = request.GET.get("order", "entitled")
    order = order if order in ORDERS else "entitled"
    last = selectors.last_complete(kind)
    found = sorted(selectors.counts(party_kind=kind), key=ORDERS[order])
    page, before, after = _page(found, request.GET.get("after", ""))
    day = actors.day_of(timezone.now())
    measures = {one.key: one for one in policies.measures(on=day, keys=[one.key for one in page])}
    context = {
        "kind": kind, "kinds": Party.choices, "order": order, "last": run_line(last) if last else None,
        "rows": [counts_line(one, measures.get(one.key)) for one in page], "all": len(found),
        "odd": [counts_line(one, None) for one in found if one.everybody or one.nobody][:PAGE],
        "page": {"previous": before, "next": after, "size": PAGE},
        "runs": [run_line(one) for one in selectors.latest_runs(limit=RUNS)], "starts": _starts(request),
    }  # fmt: skip
    return render(request, "matching/work.html", context)


def _page(found: list[Counts], after: str) -> tuple[list[Counts], str, str]:
    """The rows that follow a place. What a city has of measures fits into memory many times over."""
    start = int(after) if after.isdecimal() and len(after) < 7 else 0
    rows = found[start : start + PAGE]
    before = str(max(start - PAGE, 0)) if start else ""
    return rows, before, str(start + PAGE) if start + PAGE < len(found) else ""


def _starts(request: ActorRequest) -> bool:
    return any(request.actor.units_of(role) for role in STARTERS)


@never_cache
@require_POST
@officer_required(*STARTERS)
def start(request: ActorRequest) -> HttpResponseBase:
    """Ask for a run over everything; asked twice it is one run."""
    kind = request.POST.get("party", "")
    if kind not in Party.values:
        banners.error(request, _("请选企业和组织，或者个人。"))
        return redirect("matching:work")
    run_ = running.ask(kind, cause=Cause.ASKED, at=timezone.now(), actor=request.actor)
    return redirect("matching:run", run_.number)


@never_cache
@require_safe
@officer_required(*READERS)
def run(request: ActorRequest, number: int) -> HttpResponse:
    """How far one run is; safe to leave."""
    try:
        found = run_line(selectors.run(number))
    except MatchingError as error:
        raise Http404(error.reason) from error
    context: dict[str, Any] = {"line": found, "run": found["run"]}
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "matching/_run.html" if fragment else "matching/run.html", context)
