"""Evaluate one's own application; read what was evaluated."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel import api as kernel
from tongban.oversight.appraisal import orders, selectors, services, tickets
from tongban.oversight.appraisal.contracts import BAD_FROM, Evaluated, EvaluationRefused, Figures
from tongban.oversight.appraisal.web.forms import EvaluationForm
from tongban.registers.identity.api import (
    ANONYMOUS,
    ActorRequest,
    forbidden,
    officer_required,
    open_to_all,
    to_sign_in,
)
from tongban.web.contracts import Page

DAYS = 30


@never_cache
@require_http_methods(["GET", "POST"])
@open_to_all
def evaluate(request: ActorRequest, number: str) -> HttpResponseBase:
    """One application, evaluated by who asked for it: signed in, or with the code they were sent.

    A ticket of the hotline is rated on the page where its answer stands; that page asks for the phone of who is not
    signed in, and says the same of a number that does not exist. An order is rated on its own page likewise.
    """
    try:
        number = kernel.normalise(number)
    except ValueError as error:
        raise Http404(str(error)) from None
    if tickets.is_ticket(number) and not request.actor.is_officer:
        return redirect("portal:hotline-follow", number)
    if orders.is_order(number) and not request.actor.is_officer:
        return redirect("bundles:mine", number)
    code = request.POST.get("code", "") or request.GET.get("code", "")
    by_code = bool(code) and selectors.code_fits(number, code)
    actor = kernel.SYSTEM if by_code else request.actor
    if not by_code:
        if request.actor == ANONYMOUS:
            return to_sign_in(request)
        if request.actor.is_officer:
            return forbidden(request, _("评价由申请人自己做，不在工作人员的设备上做。"))
    try:
        row = kernel.docket(number, actor=actor)
    except kernel.NotFound as error:
        raise Http404(str(error)) from None
    context = {"row": row, "code": code if by_code else "", "mine": not by_code}
    if row.closed_at is None:
        return render(
            request, "appraisal/not_yet.html", context, status=409 if request.method == "POST" else 200
        )
    return _evaluated(request, row, actor, context)


def _evaluated(
    request: ActorRequest, row: kernel.DocketRow, actor: kernel.Actor, context: dict[str, object]
) -> HttpResponse:
    found = selectors.evaluation_of(row.id)
    form = EvaluationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.evaluate(
                number=row.number, actor=actor, at=timezone.now(), level=form.cleaned_data["level"],
                tags=form.cleaned_data["tags"], text=form.cleaned_data["text"],
                channel="sms" if actor.is_system else "web",
            )  # fmt: skip
        except EvaluationRefused as error:
            context["refused"] = error
        found = selectors.evaluation_of(row.id)
    if found is not None:
        return render(
            request,
            "appraisal/thanks.html",
            {**context, "found": found},
            status=409 if "refused" in context else 200,
        )
    status = 422 if form.is_bound else 200
    return render(request, "appraisal/evaluate.html", {**context, "form": form}, status=status)


@never_cache
@require_GET
@officer_required(Role.HEAD, Role.CALLBACK, Role.SUPERVISOR, Role.LEADER)
def evaluations(request: ActorRequest) -> HttpResponse:
    """What was said of the units one answers for, in the last 30 days; each opens its dockets."""
    given = request.GET.get("after", "")
    bad = request.GET.get("bad") == "1"
    since = timezone.now() - timedelta(days=DAYS)
    units = units_of(request.actor)
    rows = selectors.evaluations(
        units=units,
        since=since,
        bad_only=bad,
        before=int(given) if given.isdecimal() and len(given) < 16 else None,
    )
    shown, more = rows[: selectors.PAGE], len(rows) > selectors.PAGE
    return render(
        request,
        "appraisal/evaluations.html",
        {
            "rows": [_line(row) for row in shown], "bad": bad, "days": DAYS, "bad_from": BAD_FROM,
            "page": Page(next=str(shown[-1].id) if more else ""), "counts": _counts(units, since), "market": _market(request.actor, since),
        },
    )  # fmt: skip


def _counts(units: list[str], since: datetime) -> list[tuple[str, Figures]]:
    """Evaluations and callers' words on tickets, each and together: the same levels, the same count of good ones."""
    until = timezone.now()
    done = sum(selectors.figures(units=units, since=since, until=until).values(), Figures())
    told = sum(tickets.figures(units=units, since=since, until=until).values(), Figures())
    return [(_("办件"), done), (_("12345工单"), told), (_("合计"), done + told)]


def _market(actor: kernel.Actor, since: datetime) -> Figures:
    """What companies said of orders of the market: no unit's figure, so it stands by itself."""
    own = {region for region in actor.regions if region} | {
        actors.unit(unit).region for unit in units_of(actor)
    }
    return orders.figures(regions=sorted(own), since=since, until=timezone.now())


def _line(row: Evaluated) -> dict[str, object]:
    return {"row": row, "unit": actors.unit_name(unit_id=row.unit)}


def units_of(actor: kernel.Actor) -> list[str]:
    """Units whose evaluations an officer answers for: the own, and those of the regions overseen."""
    regions = set(actor.regions)
    for unit_id in actor.units_of(Role.CALLBACK):
        regions.add(actors.unit(unit_id).region)
    found = {grant.unit for grant in actor.grants if grant.role == Role.HEAD}
    for region in regions:
        found |= {unit.id for unit in actors.units_in(region=region, below=True, ended=True)}
    return sorted(found)
