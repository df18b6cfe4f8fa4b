"""A licence to take away: the sealed PDF, the signed facts."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.registers.identity.api import ActorRequest, citizen_required
from tongban.registers.licences.contracts import LicenceInfo
from tongban.registers.licences.life import note_use
from tongban.registers.licences.paper import services as papers
from tongban.registers.licences.showing.web.holder import not_yours, own, whose


@never_cache
@require_safe
@citizen_required
def pdf(request: ActorRequest, licence: int) -> HttpResponseBase:
    """The sealed PDF."""
    return _file(request, licence, "pdf")


@never_cache
@require_safe
@citizen_required
def statement(request: ActorRequest, licence: int) -> HttpResponseBase:
    """The same facts as signed JSON."""
    return _file(request, licence, "json")


def _file(request: ActorRequest, licence: int, kind: str) -> HttpResponseBase:
    party, at = whose(request), timezone.now()
    if not party:
        return not_yours(request)
    found = own(licence, party, at=at)
    try:
        if kind == "pdf":
            content, media = papers.paper(found.identifier, at=at), "application/pdf"
        else:
            said = papers.statement(found.identifier, at=at)
            content, media = json.dumps(said, ensure_ascii=False, indent=1).encode(), "application/json"
    except papers.NotMadeError as error:
        answer = render(request, "licences/not_made.html", {"error": error, "one": found}, status=503)
        answer["Retry-After"] = "30"
        return answer
    _note(request, found, kind, party)
    return _sent(content, media, f"{found.kind_name[0]}-{found.issued_on:%Y%m%d}.{kind}")


def _note(request: ActorRequest, found: LicenceInfo, kind: str, party: str) -> None:
    """Who takes a file in another's name leaves a line that the holder sees."""
    if request.actor.id != party:
        note_use(
            identifier=found.identifier, by=request.actor, purpose=f"下载{kind.upper()}", at=timezone.now()
        )


def _sent(content: bytes, media: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media, headers={"X-Content-Type-Options": "nosniff"})
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return answer
