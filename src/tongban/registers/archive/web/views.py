"""The archive's page of one docket: what was archived, archive it, take a package along."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.kernel import api as kernel
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.serving import serve
from tongban.registers.archive import services
from tongban.registers.archive.contracts import ArchiveError
from tongban.registers.archive.selectors import archives_of
from tongban.registers.identity.api import ActorRequest


@never_cache
@require_http_methods(["GET", "POST"])
def packages(request: ActorRequest, number: str) -> HttpResponse:
    """The packages of a docket; POST makes one."""
    row = _row(request, number)
    if request.method == "POST":
        try:
            made = services.make(number, actor=request.actor, at=timezone.now())
        except ArchiveError as fault:
            messages.error(request, str(fault))
        else:
            messages.success(request, _("已归档：第%(version)d版。") % {"version": made.version})
        return redirect("archive:packages", number=number)
    found = archives_of(number, actor=request.actor)
    return render(request, "archive/packages.html", {"row": row, "archives": found})


@never_cache
@require_safe
def package(request: ActorRequest, number: str, version: int) -> HttpResponseBase:
    """One package as a download; noted in the ledger."""
    try:
        found = services.fetch(number, version, actor=request.actor, at=timezone.now())
    except kernel.NotFound as fault:
        raise Http404(str(fault)) from fault
    file = StoredFile.objects.get(digest=found.digest)
    return serve(file=file, name=f"{number}-v{version}.zip", download=True)


def _row(request: ActorRequest, number: str) -> kernel.DocketRow:
    try:
        return kernel.docket(number, actor=request.actor)
    except kernel.NotFound as fault:
        raise Http404(str(fault)) from fault
