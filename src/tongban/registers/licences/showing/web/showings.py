"""Showing a licence on the phone, and the city code 香城码."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.kernel.qr import qr_code
from tongban.registers.identity.api import ActorRequest, citizen_required
from tongban.registers.licences import selectors as licences
from tongban.registers.licences.showing import selectors, services
from tongban.registers.licences.showing.contracts import (
    CITY_MINUTES,
    STEP,
    CodeNow,
    ShowingError,
    ShowingInfo,
)
from tongban.registers.licences.showing.web.holder import line, not_yours, own, whose
from tongban.web.formats import english


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def show(request: ActorRequest, licence: int) -> HttpResponseBase:
    """Hold out one licence; the page with its code follows."""
    party, at = whose(request), timezone.now()
    if not party:
        return not_yours(request)
    if request.method != "POST":
        return redirect("licences:licence", licence)
    found = own(licence, party, at=at)
    try:
        made = services.show(licence=licence, holder=party, actor=request.actor, at=at)
    except ShowingError as error:
        return render(request, "licences/refused.html", {"error": error, **line(found, at=at)}, status=422)
    return redirect("licences:showing", made)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def city(request: ActorRequest) -> HttpResponseBase:
    """Choose licences, a unit and how long: one code for all of it."""
    party, at = whose(request), timezone.now()
    if not party:
        return not_yours(request)
    error = ""
    given = request.POST if request.method == "POST" else request.GET
    chosen = {int(one) for one in given.getlist("licence") if one.isdecimal() and len(one) < 16}
    minutes = given.get("minutes", "")
    if request.method == "POST":
        try:
            made = services.authorise(
                chosen=chosen, holder=party, unit=given.get("unit", "")[:64], actor=request.actor, at=at,
                minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 4 else 0,
            )  # fmt: skip
        except ShowingError as refused:
            error = f"{refused.reason}{refused.possible}"
        else:
            return redirect("licences:showing", made)
    context = {
        "lines": [line(one, at=at) for one in licences.held_by(party, on=actors.day_of(at))], "chosen": chosen,
        "units": _units(), "unit": given.get("unit", ""), "minutes": CITY_MINUTES, "chosen_minutes": minutes or "15",
        "error": error, "party": actors.party_name(party), "own": party == request.actor.id,
    }  # fmt: skip
    return render(request, "licences/city_code.html", context, status=422 if error else 200)


def _units() -> list[tuple[str, list[tuple[str, str]]]]:
    """Units to which a code may be given, by region: city, counties, then townships."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for found in actors.units_in(region=settings.ROOT_REGION, below=True):
        place = actors.region(found.region)
        name = place.name_en if english() and place.name_en else place.name
        groups.setdefault(name, []).append(
            (found.id, found.name_en if english() and found.name_en else found.name)
        )
    return list(groups.items())


def _showing(request: ActorRequest, pk: int) -> ShowingInfo:
    found = selectors.showing(pk, actor=request.actor, at=timezone.now())
    if found is None:
        raise Http404(_("没有这次出示，或者不是您的。"))
    return found


@never_cache
@require_safe
@citizen_required
def page(request: ActorRequest, showing: int) -> HttpResponse:
    """The code on the phone, who has seen it, and the way to take it back."""
    found = _showing(request, showing)
    return render(request, "licences/showing.html", _context(request, found))


@never_cache
@require_safe
@citizen_required
def code(request: ActorRequest, showing: int) -> HttpResponse:
    """The part of the page that changes, polled."""
    return render(request, "licences/_code.html", _context(request, _showing(request, showing)))


def _context(request: ActorRequest, found: ShowingInfo) -> dict[str, Any]:
    at = timezone.now()
    now = selectors.code_now(found.id, actor=request.actor, at=at) if found.open else None
    return {
        "found": found, "now": now, "qr": _qr(now) if now else "", "step": int(STEP.total_seconds()),
        "digits": f"{now.digits[:4]} {now.digits[4:]}" if now else "", "lines": [line(one, at=at) for one in found.licences],
        "at": at,
    }  # fmt: skip


def _qr(now: CodeNow) -> SafeString:
    drawn = io.BytesIO()
    words = _("亮证的二维码")
    qr_code(f"{settings.SITE_ADDRESS}/s/{now.token}").save(
        drawn, kind="svg", xmldecl=False, svgns=False, border=3, dark="#000", light="#fff", svgclass="lc-qr", omitsize=True,
        title=words, lineclass=None,
    )  # fmt: skip
    return SafeString(drawn.getvalue().decode())  # drawn from our own letters and digits


@never_cache
@require_POST
@citizen_required
def end(request: ActorRequest, showing: int) -> HttpResponse:
    """Take it back."""
    try:
        services.revoke(showing=showing, actor=request.actor, at=timezone.now())
    except ShowingError as error:
        raise Http404(error.reason) from error
    return redirect("licences:showing", showing)
