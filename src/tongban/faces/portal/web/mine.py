"""My things: what waits for me first; one application; its receipt."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.actors import api as actors
from tongban.faces.portal import asking, filled, handovers, retaking, things
from tongban.faces.portal.hotline import lines
from tongban.kernel import api as kernel
from tongban.kernel.qr import qr_code
from tongban.oversight.appraisal import api as appraisal
from tongban.registers.identity.api import ActorRequest, citizen_required, party_of


def own_row(request: ActorRequest, number: str) -> kernel.DocketRow:
    """The docket of a number for who may see it.

    :raises Http404: there is none, or it is somebody else's: both say the same
    """
    try:
        return kernel.docket(number, actor=request.actor)
    except kernel.NotFound as error:
        raise Http404(str(error)) from error


def application_row(request: ActorRequest, number: str) -> kernel.DocketRow:
    """Likewise, of an application. :raises Http404:"""
    row = own_row(request, number)
    if row.kind != "application":
        raise Http404(_("没有这个案卷，或者您无权查看。"))
    return row


@never_cache
@require_safe
@citizen_required
def things_page(request: ActorRequest) -> HttpResponse:
    """Everything I asked for; what is asked of me comes first."""
    try:
        found = things.mine(
            request.actor, at=timezone.now(),
            after=request.GET.get("after", ""), before=request.GET.get("before", ""),
        )  # fmt: skip
    except kernel.InvalidInput:
        return redirect("portal:my")
    handed = handovers.lines(request.actor)
    found.waiting += handovers.waiting(handed, at=timezone.now())
    found.waiting += retaking.waiting(request.actor, at=timezone.now())
    said = lines.newest(request.actor, party_of(request))
    return render(request, "portal/my.html", {"mine": found, "handed": handed, "said": said})


@never_cache
@require_safe
@citizen_required
def application(request: ActorRequest, number: str) -> HttpResponseBase:
    """One application: next step, cases, what is asked, papers, timeline."""
    row, at = own_row(request, number), timezone.now()
    if row.kind != "application":
        if row.parent is None:
            raise Http404(_("没有这个案卷，或者您无权查看。"))
        parent = kernel.docket_by_id(row.parent, actor=request.actor)
        return redirect("portal:application", parent.number)
    found = things.whole(row, actor=request.actor, at=at)
    moves = {
        one.move.name for one in kernel.moves_for(kernel.flow_of(row.kind), row, request.actor) if one.is_open
    }
    context = {
        "found": found, "row": row, "moves": moves, "next": asking.next_step(found, at=at),
        "wanted": asking.wanted(row.id, found.names) if row.state == "supplement" else [],
        "papers": things.papers(row.id, found.names), "form": filled.rows(found.own),
        "timeline": things.story(found, at=at, reader=request.actor.id),
        "applicant": actors.party_name(row.applicant),
        "rate": row.closed_at is not None and row.outcome not in {"withdrawn", "lapsed"}
        and appraisal.evaluation_of(row.id) is None,
    }  # fmt: skip
    return render(request, "portal/application.html", context)


@never_cache
@require_safe
@citizen_required
def receipt(request: ActorRequest, number: str) -> HttpResponse:
    """The receipt 回执 of an application: number, code, who acts next and by when. Made to be printed."""
    row, at = application_row(request, number), timezone.now()
    found = things.whole(row, actor=request.actor, at=at)
    context = {
        "found": found, "row": row, "next": asking.next_step(found, at=at),
        "applicant": actors.party_name(row.applicant, masked=True),
        "unit": actors.unit(row.unit), "unit_name": things.unit_name(row.unit), "papers": things.papers(row.id, found.names),
        "code": qr(request.build_absolute_uri(reverse("portal:progress") + f"?number={row.number}")),
    }  # fmt: skip
    return render(request, "portal/receipt.html", context)


def qr(text: str) -> SafeString:
    """A QR code as inline SVG without a style attribute."""
    drawn = qr_code(text).svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass="tb-qr", lineclass=None, omitsize=False
    )
    return SafeString(drawn)  # drawn by us from an address of ours
