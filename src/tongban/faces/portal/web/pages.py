"""Pages that every page links to: help, accessibility, how to tell us of a mistake."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.actors import api as actors
from tongban.faces.portal.things import unit_name
from tongban.registers.identity.api import ActorRequest, open_to_all


@require_safe
@open_to_all
def helping(request: ActorRequest) -> HttpResponse:
    """请人帮办: whom to ask, by phone or in person."""
    centres = [
        (unit_name(one.id), one.phone, one.address)
        for county in actors.regions_below(settings.ROOT_REGION)
        for one in actors.units_in(region=county.code, department="dsj")
    ]
    return render(request, "portal/help.html", {"centres": centres})


@require_safe
@open_to_all
def accessibility(request: ActorRequest) -> HttpResponse:
    """What was done so that everybody can use the pages, and whom to tell where they cannot."""
    return render(request, "portal/accessibility.html")


@require_safe
@open_to_all
def feedback(request: ActorRequest) -> HttpResponse:
    """How to tell us of a mistake on a page."""
    page = request.GET.get("page", "")
    return render(request, "portal/feedback.html", {"page": page[:200] if page.startswith("/") else ""})
