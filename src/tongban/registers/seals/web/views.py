"""Public pages of seals: how to check one by oneself."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.registers.seals import certificates, selectors
from tongban.registers.seals import root as root_files
from tongban.registers.seals.contracts import ES256, SM2, SealsError


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The root's fingerprints, how to check a sealed file oneself, and revoked seals."""
    roots = []
    for algorithm, name, address in ((ES256, "P-256", "seals:root"), (SM2, "SM2", "seals:root-sm2")):
        try:
            digest = hashlib.sha256(root_files.certificate(algorithm)).hexdigest()
        except SealsError:
            continue
        roots.append({"name": name, "address": address, "digest": " ".join(_groups(digest))})
    return render(request, "seals/about.html", {"roots": roots, "revoked": selectors.revoked()})


def _groups(digest: str) -> list[str]:
    return [digest[place : place + 8] for place in range(0, len(digest), 8)]


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """The P-256 root certificate."""
    del request
    return _certificate(ES256, "root.pem")


@require_safe
def root_sm2(request: HttpRequest) -> HttpResponse:
    """The SM2 root certificate."""
    del request
    return _certificate(SM2, "root-sm2.pem")


def _certificate(algorithm: str, name: str) -> HttpResponse:
    try:
        text = certificates.pem(root_files.certificate(algorithm))
    except SealsError as fault:
        raise Http404(_("还没有制发电子印章。")) from fault
    answer = HttpResponse(text, content_type="application/x-pem-file")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
