"""Papers to take home, as PDF, for those who see the docket."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.faces.portal import papers, things
from tongban.faces.portal.web.mine import application_row
from tongban.registers.identity.api import ActorRequest, citizen_required


@never_cache
@require_safe
@citizen_required
def receipt(request: ActorRequest, number: str) -> HttpResponse:
    """The receipt of an application, for those who see it."""
    row, at = application_row(request, number), timezone.now()
    found = things.whole(row, actor=request.actor, at=at)
    address = request.build_absolute_uri(reverse("portal:progress") + f"?number={row.number}")
    return _pdf(papers.receipt(found, address=address, at=at), row.number)


@never_cache
@require_safe
@citizen_required
def decision(request: ActorRequest, number: str, case: str) -> HttpResponse:
    """The decision on one matter of an application, for those who see the application."""
    row, at = application_row(request, number), timezone.now()
    found = things.whole(row, actor=request.actor, at=at)
    line = next((one for one in found.cases if one.row.number == case), None)
    if line is None or not line.decided:
        raise Http404(_("还没有决定，或者没有这个案卷。"))
    return _pdf(papers.decision(found, line, at=at), line.row.number)


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
