"""Verify: public, no sign-in, nothing beyond the paper (ui.md §2)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.registers.identity.api import open_to_all
from tongban.registers.licences import words
from tongban.registers.licences.contracts import IdentifierError
from tongban.registers.licences.paper import selectors, verifying
from tongban.registers.licences.paper.contracts import FileVerdict, Verified
from tongban.registers.licences.paper.services import address_of
from tongban.registers.licences.paper.web.limits import RETRY_SECONDS, asked_too_often
from tongban.registers.licences.paper.words import SAID

LONGEST = 120


@never_cache
@sensitive_post_parameters("number")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def start(request: HttpRequest) -> HttpResponse:
    """Verify by number or by file."""
    if request.method != "POST":
        return _page(request, {})
    if "number" in request.POST:
        return _by_number(request)
    return _compared(request, "")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def by_token(request: HttpRequest, token: str) -> HttpResponse:
    """Where the code of a paper leads; a file may be compared with it."""
    at = timezone.now()
    found = selectors.by_token(token, at=at)
    if found is None:
        if asked_too_often(request, "token", at=at):
            return _busy(request)
        return _page(request, {"missing": True}, status=404)
    if request.method == "POST":
        return _compared(request, found.token, found)
    return _page(request, {"found": [_shown(found)], "token": found.token})


def _by_number(request: HttpRequest) -> HttpResponse:
    number, at = request.POST.get("number", "").strip()[:LONGEST], timezone.now()
    if not number:
        return _wrong(request, "number", _("请填证照编号，在证照上。"))
    if asked_too_often(request, "number", at=at):
        return _busy(request)
    try:
        found = selectors.by_text(number, at=at)
    except IdentifierError as error:
        return _wrong(request, "number", f"{error.reason}{error.possible}", number)
    if not found:
        words_ = _("本市证照库里没有这个编号。请照证照上的写；外地颁发的证照请到当地核验。")
        return _wrong(request, "number", words_, number)
    return _page(request, {"found": [_shown(one) for one in found], "number": number})


def _compared(request: HttpRequest, token: str, expected: Verified | None = None) -> HttpResponse:
    """The answer to a file: how it compares, and the licence that it names."""
    given, at = request.FILES.get("file"), timezone.now()
    beside = {"found": [_shown(expected)], "token": token} if expected else {}
    if given is None:
        return _wrong(request, "file", _("请选要核对的文件。"), more=beside)
    if asked_too_often(request, "file", at=at):
        return _busy(request)
    verdict = verifying.by_file(given.read(verifying.MOST_BYTES + 1), at=at, expected=token)
    shown = [verdict.found] if verdict.found else []
    if expected and not verdict.found:
        shown = [expected]
    context = {"verdict": _told(verdict), "found": [_shown(one) for one in shown], "token": token}
    return _page(request, context, status=200 if verdict.good else 422)


def _told(verdict: FileVerdict) -> dict[str, Any]:
    return {
        "code": verdict.code, "good": verdict.good, "said": SAID[verdict.code], "signer": verdict.signer if verdict.good else "",
        "signed_at": verdict.signed_at if verdict.good else None,
    }  # fmt: skip


def _shown(one: Verified) -> dict[str, Any]:
    return {
        "one": one, "name": words.kind_name(one.kind_name), "standing": words.standing(one.standing),
        "unit": words.unit_name(one.unit, one.unit_name), "address": address_of(one.token),
        "parts": [
            {"one": part, "name": words.kind_name(part.kind_name), "standing": words.standing(part.standing),
             "unit": words.unit_name(part.unit, part.unit_name)}
            for part in one.parts
        ],
    }  # fmt: skip


def _wrong(
    request: HttpRequest, field: str, told: str, number: str = "", more: dict[str, Any] | None = None
) -> HttpResponse:
    return _page(request, {**(more or {}), "errors": {field: told}, "number": number}, status=422)


def _busy(request: HttpRequest) -> HttpResponse:
    answer = _page(request, {"busy": True}, status=429)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    site = {"at": timezone.now(), "site_address": settings.SITE_ADDRESS, "errors": {}}
    return render(request, "licences/verify.html", {**site, **context}, status=status)
