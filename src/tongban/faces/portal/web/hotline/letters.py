"""The mayor's mailbox: what was published, and one letter with its reply."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.desks.hotline.mailbox import api as mailbox
from tongban.faces.portal.things import unit_name
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, open_to_all
from tongban.web.contracts import Page


@require_safe
@open_to_all
def listed(request: ActorRequest) -> HttpResponse:
    """How to write, and what others wrote and agreed to publish."""
    after = request.GET.get("after", "")
    rows, more = mailbox.published(before=int(after) if after.isdecimal() and len(after) < 19 else None)
    context = {"rows": [(one, unit_name(one.unit)) for one in rows], "page": Page(next=more)}
    return render(request, "portal/hotline/mailbox.html", context)


@require_safe
@open_to_all
def one(request: ActorRequest, number: str) -> HttpResponse:
    """One published letter with its reply."""
    try:
        found = mailbox.published_letter(kernel.normalise(number))
    except ValueError:
        found = None
    if found is None:
        raise Http404(_("没有这封公开的信，或者写信人不公开了。"))
    return render(request, "portal/hotline/letter.html", {"one": found, "unit": unit_name(found.unit)})
