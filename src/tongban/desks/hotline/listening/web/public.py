"""What everybody may read: which sessions come, what was promised in those that were held, and whether it was done."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.desks.hotline.listening import selectors
from tongban.desks.hotline.listening.contracts import SessionKind
from tongban.desks.hotline.listening.web.names import unit_name
from tongban.desks.hotline.listening.web.officer import cursor, page_of, row_of
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, open_to_all


@require_safe
@open_to_all
def listed(request: ActorRequest) -> HttpResponse:
    """Sessions to come first, then those that were held, latest first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in SessionKind.values else ""
    rows, page = page_of(selectors.public_sessions(kind=kind, before=cursor(request.GET.get("after", ""))))
    context = {
        "coming": [one for one in reversed(rows) if one.state == "planned"], "page": page, "kind": kind,
        "held": [one for one in rows if one.state != "planned"], "kinds": SessionKind.choices,
    }  # fmt: skip
    return render(request, "listening/public_sessions.html", context)


@require_safe
@open_to_all
def session(request: ActorRequest, number: str) -> HttpResponse:
    """One session: its announcement, or its report with the follow-up list; no person, no withheld ticket."""
    try:
        found = selectors.public_session(kernel.normalise(number))
    except ValueError:
        found = None
    if found is None:
        raise Http404(_("没有这场接听活动，或者已取消。"))
    told = bool(found.report)
    rows = selectors.public_follow_ups(found.docket) if told else []
    context = {
        "one": found, "unit": unit_name(found.unit), "told": told, "rows": [row_of(one) for one in rows],
        "counts": selectors.counts(rows, on=timezone.localdate()),
    }  # fmt: skip
    return render(request, "listening/public_session.html", context)
