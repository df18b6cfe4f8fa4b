"""My licences 我的证照: what I hold, how it stands, who looked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.actors import api as actors
from tongban.registers.identity.api import ActorRequest, citizen_required, forbidden, party_of
from tongban.registers.licences import selectors as licences
from tongban.registers.licences import words
from tongban.registers.licences.contracts import PARTLY, LicenceInfo, LicenceUse
from tongban.registers.licences.paper.selectors import masked_number, verified_parts
from tongban.registers.licences.showing import selectors
from tongban.registers.licences.trades.selectors import standing_of
from tongban.web.contracts import TimelineEntry

USES = 50


def whose(request: ActorRequest) -> str:
    """The party whose licences are looked at; empty for who may act in some matters only."""
    party = party_of(request)
    return party if party in request.actor.parties else ""


def not_yours(request: ActorRequest) -> HttpResponse:
    """The page for who may act for the party in some matters, which does not open its licences."""
    return forbidden(
        request, _("受托办某些事项，不能看和出示委托人的证照。请委托人本人登录，或请他全权委托您。")
    )


def own(pk: int, party: str, *, at: datetime) -> LicenceInfo:
    """One licence of the party. :raises Http404: there is none, or it is somebody else's: both say the same"""
    held = licences.held_by(party, on=actors.day_of(at), all_states=True)
    found = next((one for one in held if one.id == pk), None)
    if found is None:
        raise Http404(_("没有这份证照，或者不是您的。"))
    return found


def line(one: LicenceInfo, *, at: datetime) -> dict[str, Any]:
    """One licence as lists show it."""
    state = standing_of(one, on=actors.day_of(at))
    return {
        "one": one,
        "number": masked_number(one),
        "unit": words.unit_name(one.unit, one.unit_name),
        "name": words.kind_name(one.kind_name),
        "standing": words.standing(state),
        "valid": state in ("valid", PARTLY),
    }


@never_cache
@require_safe
@citizen_required
def mine(request: ActorRequest) -> HttpResponseBase:
    """Everything I hold, those that are valid first, by kind."""
    party, at = whose(request), timezone.now()
    if not party:
        return not_yours(request)
    lines = [line(one, at=at) for one in licences.held_by(party, on=actors.day_of(at), all_states=True)]
    lines.sort(key=lambda one: one["one"].kind)
    context = {
        "party": actors.party_name(party), "own": party == request.actor.id, "count": len(lines),
        "valid": [one for one in lines if one["valid"]], "ended": [one for one in lines if not one["valid"]],
        "open": selectors.open_showings(party, at=at),
    }  # fmt: skip
    return render(request, "licences/mine.html", context)


@never_cache
@require_safe
@citizen_required
def one(request: ActorRequest, licence: int) -> HttpResponseBase:
    """One licence: what is on it, its files, who looked."""
    party, at = whose(request), timezone.now()
    if not party:
        return not_yours(request)
    found = own(licence, party, at=at)
    context = {
        **line(found, at=at), "fields": selectors.printed_fields(found), "parts": [
            {"one": part, "name": words.kind_name(part.kind_name), "standing": words.standing(part.standing),
             "unit": words.unit_name(part.unit, part.unit_name)}
            for part in verified_parts(found, at=at)
        ],
        "history": _story(licences.uses_of_licence(found.identifier, limit=USES), own=request.actor.id, named=False),
        "past": licences.past_versions(found.identifier) if found.version > 1 else (),
    }  # fmt: skip
    return render(request, "licences/licence.html", context)


@never_cache
@require_safe
@citizen_required
def uses(request: ActorRequest) -> HttpResponseBase:
    """Who looked at my licences, all of them together."""
    party = whose(request)
    if not party:
        return not_yours(request)
    story = _story(licences.uses_of(party, limit=USES), own=request.actor.id, named=True)
    return render(request, "licences/uses.html", {"history": story, "most": USES})


def _story(found: tuple[LicenceUse, ...], *, own: str, named: bool) -> list[TimelineEntry]:
    told = []
    for one in found:
        what = _("用途：%s") % one.purpose
        if named:
            what = _("%(name)s，用途：%(purpose)s") % {
                "name": words.kind_name(one.kind_name),
                "purpose": one.purpose,
            }
        who = (
            words.unit_name(one.unit)
            if one.unit
            else _("您")
            if one.by == own
            else actors.party_name(one.by, masked=True)
        )
        told.append(TimelineEntry(one.at, what, who, note=_("案卷：%s") % one.docket if one.docket else ""))
    return told
