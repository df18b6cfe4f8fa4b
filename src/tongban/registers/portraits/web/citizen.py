"""My portrait 我的画像: every fact with its source, day and consent; tags with why; who looked; what is not known."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as banners
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.kernel import api as kernel
from tongban.registers.exchange import api as exchange
from tongban.registers.identity.api import ActorRequest, citizen_required, forbidden, party_of
from tongban.registers.portraits import agreeing, corrections, filing, looking, packs, selectors, services
from tongban.registers.portraits.contracts import PERSON, Consent, CorrectionInfo, PortraitsError
from tongban.registers.portraits.flow import CORRECTION
from tongban.registers.portraits.web.words import elements_by_group, grouped, language, tag_lines


def whose(request: ActorRequest) -> str:
    """The party whose portrait it is; empty for who may act in some matters only."""
    party = party_of(request)
    return party if party in request.actor.parties else ""


def refused(request: ActorRequest) -> HttpResponseBase:
    """The answer to who may not see the principal's portrait."""
    return forbidden(request, _("受托办某些事项，不能看委托人的画像。请委托人本人登录，或请他全权委托您。"))


@never_cache
@require_safe
@citizen_required
def mine(request: ActorRequest) -> HttpResponseBase:
    """What the government knows of me and decides by."""
    party, at = whose(request), timezone.now()
    if not party:
        return refused(request)
    found = selectors.portrait(party, at=at)
    there = {one.element for one in found.facts}
    absent = [one for key, one in packs.elements(found.kind).items() if key not in there]
    switches = _switches(party)
    asked = [one for group in switches for one in group["elements"]]
    context = {
        "portrait": found, "consent_count": len(asked), "given_count": sum(one["given"] for one in asked), "person": found.kind == PERSON, "own": party == request.actor.id,
        "groups": grouped(found), "switches": switches, **tag_lines(found),
        "absent": elements_by_group(absent), "absent_count": len(absent), "looks": looking.looks(party, at=at),
        "corrections": [_correction_line(one) for one in corrections.corrections_of(party)],
    }  # fmt: skip
    return render(request, "portraits/mine.html", context)


def _switches(party: str) -> list[dict[str, Any]]:
    """Elements that need consent, by group, with whether it stands."""
    file = filing.read(party)
    asked = [one for one in packs.elements(party.partition(":")[0]).values() if one.consent]
    given = {one.key for one in asked if file is not None and file.consent(one) is Consent.GIVEN}
    groups = elements_by_group(asked)
    for group in groups:
        for one in group["elements"]:
            one["given"] = one["key"] in given
    return groups


def _correction_line(one: CorrectionInfo) -> dict[str, str]:
    docket = kernel.docket_by_id(one.docket, actor=kernel.SYSTEM)
    state = CORRECTION.states[docket.state]
    name = one.info.name_in(language()) if one.info else one.element
    return {"number": one.number, "name": name, "state": str(state.told or state.label)}


@never_cache
@require_POST
@citizen_required
def consents(request: ActorRequest) -> HttpResponseBase:
    """The switches as they were left: what is ticked is agreed to, everything else is not."""
    party = whose(request)
    if not party:
        return refused(request)
    asked = {key for key, one in packs.elements(party.partition(":")[0]).items() if one.consent}
    given = asked & set(request.POST.getlist("given"))
    agreeing.consent(
        party=party, given=given, withdrawn=asked - given, actor=request.actor, at=timezone.now()
    )
    banners.success(request, _("已保存。没有勾选的，不会拿来算您能享受什么。"))
    return redirect("portraits:mine")


@never_cache
@require_POST
@citizen_required
def refresh(request: ActorRequest) -> HttpResponseBase:
    """Look everything up anew."""
    party = whose(request)
    if not party:
        return refused(request)
    done = services.refresh(party, actor=request.actor, purpose=_("本人更新画像"), at=timezone.now())
    banners.success(request, _("已向各部门核对，更新了%(n)d项。") % {"n": done.changed})
    if done.unavailable:
        names = "、".join(exchange.register(key).text(language()) for key in done.unavailable)
        banners.warning(request, _("%(names)s这会儿没有回应，过些时候再试。") % {"names": names})
    return redirect("portraits:mine")


def not_found(request: ActorRequest, error: PortraitsError) -> HttpResponse:
    """Back to the portrait with why."""
    banners.error(request, f"{error.reason}{error.possible}")
    return redirect("portraits:mine")
