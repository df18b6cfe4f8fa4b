"""`/work/benefits/given`: a unit puts on record what it waived or did for somebody, and reads what it put there."""

from __future__ import annotations

from django.contrib import messages as banners
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.actors import api as actors
from tongban.desks.policies.claims import access, giving, sources
from tongban.desks.policies.claims.contracts import ClaimsError
from tongban.desks.policies.claims.web.forms import GivenForm
from tongban.desks.policies.claims.web.words import english, given_line
from tongban.kernel.privacy import mask_name
from tongban.registers.identity.api import ActorRequest, officer_required


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*access.DESK)
def index(request: ActorRequest) -> HttpResponseBase:
    """What was given without payment by this officer's units, and a form for one more."""
    at = timezone.now()
    units = sorted({grant.unit for grant in request.actor.grants if grant.role in set(map(str, access.DESK))})
    measures = [one for one in sources.given_by(on=actors.day_of(at)) if one.unit in units]
    choices = [(one.key, one.title_en if english() and one.title_en else one.title) for one in measures]
    form = GivenForm(choices, request.POST or None, initial={"given_on": actors.day_of(at)})
    if form.is_bound and form.is_valid():
        try:
            before = giving.already(form.new(), giving.note(form.new(), actor=request.actor, at=at))
        except ClaimsError as error:
            for name, words in (error.fields or {"": str(error)}).items():
                form.add_error(name if name in form.fields else None, words if name else str(error))
        else:
            if before:
                form.add_error(None, before)
                return _page(request, form, units, may=bool(choices))
            banners.success(request, _("已记下，对方在“政策资金”里看得到。"))
            return redirect("claims:given")
    return _page(request, form, units, may=bool(choices))


def _page(request: ActorRequest, form: GivenForm, units: list[str], *, may: bool) -> HttpResponse:
    found = giving.given_by(units)
    names = actors.names([one.party for one in found])
    lines = [
        {
            **given_line(one),
            "name": mask_name(names[one.party]) if one.party.startswith("person:") else names[one.party],
        }
        for one in found
    ]
    context = {"form": form, "lines": lines, "may": may}
    return render(request, "claims/given.html", context, status=422 if form.is_bound else 200)
