"""The docket page, its ledger, its print, and the reveal of personal data."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages as banners
from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongban.faces.workbench import checking, history, page, revealing
from tongban.faces.workbench.panels.base import Asked, panels_of
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, officer_required


def row_or_404(request: ActorRequest, number: str) -> kernel.DocketRow:
    """The docket; one that the officer may not see is as absent as one that is not there."""
    try:
        return kernel.docket(number, actor=request.actor)
    except kernel.NotFound as error:
        raise Http404(str(error)) from None


def session_of(request: ActorRequest) -> SessionBase:
    """The session that the middleware put on the request."""
    return request.session


def asking_of(request: ActorRequest) -> page.Asking:
    """What the address asks the page to show."""
    return page.Asking(
        move=request.GET.get("move", ""),
        origin=request.GET.get("from", ""),
        place=request.GET.get("place", ""),
    )


@never_cache
@require_GET
@officer_required()
def docket(request: ActorRequest, number: str) -> HttpResponse:
    """One docket with everything one may know and do."""
    row = row_or_404(request, number)
    context = page.context(
        row, actor=request.actor, at=timezone.now(), session=session_of(request), asking=asking_of(request)
    )
    return render(request, "workbench/docket.html", context)


@never_cache
@require_GET
@officer_required()
def ledger(request: ActorRequest, number: str) -> HttpResponse:
    """Every entry with its digest, recomputed now."""
    row = row_or_404(request, number)
    context = {
        "row": row,
        "lines": history.lines(row, at=timezone.now()),
        "checked": checking.check_stream(row),
    }
    return render(request, "workbench/ledger.html", context)


@never_cache
@require_GET
@officer_required()
def paper(request: ActorRequest, number: str) -> HttpResponse:
    """Black on white, always masked."""
    row, at = row_or_404(request, number), timezone.now()
    context = page.context(row, actor=request.actor, at=at, session=session_of(request), asking=page.Asking())
    context["panels"] = panels_of(Asked(row, request.actor, at, clear=False))
    context["at"] = at
    return render(request, "workbench/print.html", context)


@never_cache
@require_POST
@officer_required()
def reveal(request: ActorRequest, number: str) -> HttpResponseBase:
    """Show the personal data of one docket for a minute."""
    row = row_or_404(request, number)
    try:
        revealing.reveal(
            row, actor=request.actor, purpose=request.POST.get("purpose", ""), reason=request.POST.get("reason", ""),
            at=timezone.now(), session=session_of(request),
        )  # fmt: skip
    except revealing.RevealRefused as error:
        banners.error(request, str(error))
    else:
        banners.info(request, _("完整信息显示60秒，查看已记入台账。"))
    origin = {"from": request.POST.get("from", ""), "place": request.POST.get("place", "")}
    query = f"?{urlencode(origin)}" if origin["from"] else ""
    return HttpResponseRedirect(f"/work/{row.number}{query}#form-data")
