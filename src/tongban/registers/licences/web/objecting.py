"""Objecting to what one's licence says, and what became of it."""

from __future__ import annotations

from django.contrib import messages as banners
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.web import clocks
from tongban.registers.identity.api import ActorRequest, citizen_required, party_of
from tongban.registers.licences import kinds, objections, selectors
from tongban.registers.licences.contracts import LicenceInfo, LicencesError
from tongban.registers.licences.web.forms import ObjectionForm
from tongban.web.contracts import TimelineEntry


@never_cache
@sensitive_post_parameters("right", "why")
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def raise_one(request: ActorRequest, licence: int) -> HttpResponseBase:
    """One page: which entry of this licence is wrong, and what it should say."""
    party = party_of(request)
    found = _own(request, licence, party)
    form = ObjectionForm(kinds.kind(found.kind), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            docket = objections.raise_objection(
                identifier=found.identifier, party=party, entry=form.cleaned_data["entry"],
                right=form.cleaned_data["right"], why=form.cleaned_data["why"], actor=request.actor,
                at=timezone.now(),
            )  # fmt: skip
        except LicencesError as error:
            form.add_error(None, f"{error.reason}{error.possible}")
        else:
            banners.success(request, _("异议已交给发证机关，5个工作日内答复您。"))
            return redirect("objections:one", docket.number)
    context = {"one": found, "name": found.kind_name[_english()], "form": form}
    return render(request, "licences/objections/raise.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
@citizen_required
def one(request: ActorRequest, number: str) -> HttpResponse:
    """How far an objection is."""
    row = _row(request, number)
    behind = objections.objection_behind(row.id)
    if behind is None:
        raise Http404
    at = timezone.now()
    story = [
        TimelineEntry(
            entry.happening.at, entry.told, who=_who(entry.happening, row, request.actor), note=entry.state
        )
        for entry in kernel.timeline(row, at=at, for_applicant=True)
    ]
    running = kernel.clocks_of([row.id])[row.id]
    context = {
        "row": row, "behind": behind, "entry": behind.entry_name[_english()], "story": story,
        "name": behind.licence.kind_name[_english()], "unit": actors.unit_name(unit_id=row.unit),
        "clock": clocks.view_of(clocks.nearest(running), at=at),
    }  # fmt: skip
    return render(request, "licences/objections/one.html", context)


@never_cache
@require_POST
@citizen_required
def withdraw(request: ActorRequest, number: str) -> HttpResponse:
    """Take an objection back."""
    row = _row(request, number)
    try:
        kernel.perform(row.id, "withdraw", actor=request.actor, at=timezone.now())
    except (kernel.MoveRefused, kernel.NotPermitted) as error:
        banners.error(request, str(error))
    return redirect("objections:one", row.number)


def _own(request: ActorRequest, pk: int, party: str) -> LicenceInfo:
    """:raises Http404: there is none, or it is somebody else's: both say the same"""
    if party in request.actor.parties:
        for found in selectors.held_by(party, on=actors.day_of(timezone.now()), all_states=True):
            if found.id == pk:
                return found
    raise Http404(_("没有这份证照，或者不是您的。"))


def _row(request: ActorRequest, number: str) -> kernel.DocketRow:
    try:
        row = kernel.docket(kernel.normalise(number), actor=request.actor)
    except (ValueError, kernel.NotFound) as error:
        raise Http404(str(error)) from None
    if row.kind != "objection":
        raise Http404
    return row


def _who(happening: kernel.Happening, row: kernel.DocketRow, actor: kernel.Actor) -> str:
    if happening.actor in {actor.id, row.applicant}:
        return _("您")
    return (
        actors.unit_name(unit_id=happening.unit or row.unit) if happening.actor.startswith("officer:") else ""
    )


def _english() -> int:
    """Which of two names the reader's language has: 1 is English."""
    return int((get_language() or "").startswith("en"))
