"""通办伙伴: the places outside the city, what is agreed with each, and what waits for it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.desks.cases.partners import api as partners
from tongban.registers.identity.api import ActorRequest, officer_required


@never_cache
@require_GET
@officer_required()
def listed(request: ActorRequest) -> HttpResponse:
    """Every partner in force. No names of people: every officer may see it."""
    language = get_language() or ""
    rows = [
        {
            "line": line, "name": line.partner.text(language),
            "modes": [str(partners.Mode(mode).label) for mode in line.partner.modes],
            "matters": len(line.partner.matters) if partners.matters_of(line.partner) else 0,
        }
        for line in partners.lines()
    ]  # fmt: skip
    return render(request, "workbench/partners.html", {"rows": rows})
