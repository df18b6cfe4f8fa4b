"""企业服务 in the workbench: providers to admit, offers to check, disputes; one company's orders and lawful cases together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.bundles import reading, selectors
from tongban.desks.bundles.contracts import ORDER, PROVIDER, Words
from tongban.desks.bundles.web import words
from tongban.kernel import api as kernel
from tongban.kernel.web import clocks
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web import formats

FIRST = 50
STANDING = ("admitted", "suspended", "expired")


@never_cache
@require_safe
@officer_required(Role.SPECIALIST, Role.HEAD)
def index(request: ActorRequest) -> HttpResponse:
    """What waits for the desk, and who is admitted."""
    units = {grant.unit for grant in request.actor.grants}
    found = [one for state in STANDING for one in selectors.providers(state=state)]
    figures = selectors.figures([one.docket for one in found])
    context = {
        "applying": _dockets(request, PROVIDER, "applied"), "disputes": _dockets(request, ORDER, "disputed"),
        "offers": [words.offer_line(one) for one in selectors.waiting_offers(units)],
        "providers": [words.provider_line(one, figures[one.docket]) for one in found],
        "running": _dockets(request, ORDER, ""),
    }  # fmt: skip
    return render(request, "bundles/work.html", context)


def _dockets(request: ActorRequest, kind: str, state: str) -> list[dict[str, Any]]:
    at = timezone.now()
    page = kernel.page(request.actor, kernel.Filters(kind=kind, state=state), size=FIRST)
    names = actors.names({row.applicant for row in page.rows})
    titles = selectors.titles([row.id for row in page.rows])
    return [
        {
            "row": row, "title": words.said(titles[row.id]) if row.id in titles else str(kernel.flow_of(kind).label), "company": names.get(row.applicant, ""), "state": words.state_of(kind, row.state, told=False),
            "clock": clocks.view_of(clocks.nearest(page.clocks.get(row.id, [])), at=at),
        }
        for row in page.rows
    ]  # fmt: skip


@never_cache
@require_safe
@officer_required(Role.SPECIALIST, Role.HEAD)
def company(request: ActorRequest, party: str) -> HttpResponse:
    """One company: its orders, and of its lawful cases those of the same bundles that the officer may see."""
    orders = [row for closed in (False, True) for row in _seen(request, party, kind=ORDER, closed=closed)]
    if not orders:
        raise Http404(_("没有这家企业的订单，或者您无权查看。"))
    bundles = {one.bundle for one in selectors.orders_of(party)}
    wanted = {
        line.ref
        for slug, ready in reading.shelf().bundles.items()
        if slug in bundles
        for line in ready.bundle.lawful
    }
    cases = [
        row
        for closed in (False, True)
        for row in _seen(request, party, closed=closed)
        if row.subject in wanted
    ]
    titles = selectors.titles([row.id for row in orders])
    context = {
        "name": actors.party_name(party), "bundles": [_name(slug) for slug in sorted(bundles)],
        "orders": [_line(row, titles) for row in orders], "cases": [_line(row, {}) for row in cases],
    }  # fmt: skip
    return render(request, "bundles/company.html", context)


def _seen(request: ActorRequest, party: str, *, kind: str = "", closed: bool) -> list[kernel.DocketRow]:
    filters = kernel.Filters(applicant=party, kind=kind, open_only=not closed, closed_only=closed)
    return kernel.page(request.actor, filters, size=FIRST).rows


def _line(row: kernel.DocketRow, titles: Mapping[int, Words]) -> dict[str, Any]:
    flow = kernel.flow_of(row.kind)
    unit = actors.unit_name(unit_id=row.unit)
    unit = actors.english_unit_name(unit) if formats.english() else unit
    title = words.said(titles[row.id]) if row.id in titles else row.title
    state = str(flow.states[row.state].label)
    return {"row": row, "title": title, "kind": str(flow.label), "state": state, "unit": unit}


def _name(slug: str) -> str:
    known = reading.shelf().bundles.get(slug)
    return words.said(Words(known.bundle.name, known.bundle.name_en)) if known else slug
