"""What officers scan: a code from a citizen's phone, by keyboard wedge or typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, officer_required, open_to_all
from tongban.registers.licences import words
from tongban.registers.licences.showing import selectors, services
from tongban.registers.licences.showing.contracts import Presented, ShowingError
from tongban.registers.licences.showing.web.holder import line

PURPOSES = (
    ("handling", gettext_lazy("办理业务")), ("identity", gettext_lazy("核对身份")), ("inspection", gettext_lazy("现场检查")),
    ("other", gettext_lazy("其他（写明）")),
)  # fmt: skip
SAID = {"handling": "办理业务", "identity": "核对身份", "inspection": "现场检查"}
OTHER_LEAST = 2


@never_cache
@require_safe
@open_to_all
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """Where the code leads when a telephone's own camera reads it: officers to the scan page, others to an explanation."""
    actor = getattr(request, "actor", None)
    if actor is not None and actor.is_officer:
        return scan_page(request, {"code": token})
    return render(request, "licences/for_officers.html", {"token": bool(token)})


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def scan(request: ActorRequest) -> HttpResponseBase:
    """Read a code with a purpose; what was authorised follows on a page of its own."""
    if request.method != "POST":
        return scan_page(request, {})
    given = {
        name: request.POST.get(name, "").strip()[:200] for name in ("code", "purpose", "other", "docket")
    }
    errors, purpose = _wrong(request, given)
    if errors:
        return scan_page(request, {**given, "errors": errors}, status=422)
    try:
        found = services.present(
            typed=given["code"], by=request.actor, purpose=purpose, docket=given["docket"], at=timezone.now()
        )
    except ShowingError as error:
        told = {**given, "code": "", "refused": error}
        return scan_page(request, told, status=429 if error.code == "guessing" else 422)
    return redirect("licences:seen", found.scan)


def _wrong(request: ActorRequest, given: dict[str, str]) -> tuple[dict[str, str], str]:
    """Words for each field that is wrong, and the purpose in words; `given` gets the docket's number as it is kept."""
    errors: dict[str, str] = {}
    purpose = SAID.get(given["purpose"], "")
    if given["purpose"] == "other":
        purpose = given["other"]
        if len(purpose) < OTHER_LEAST:
            errors["other"] = _("请写明用途，持有人会看到。")
    elif not purpose:
        errors["purpose"] = _("请选用途，持有人会看到。")
    if not given["code"]:
        errors["code"] = _("请扫码，或输入8位数字。")
    if given["docket"]:
        try:
            given["docket"] = kernel.normalise(given["docket"])
            kernel.docket(given["docket"], actor=request.actor)
        except ValueError as error:
            errors["docket"] = f"{error}。"
        except kernel.NotFound:
            errors["docket"] = _("没有这个案卷，或者不归您办。不为案卷查的请留空。")
    return errors, purpose


def scan_page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The form, with what was wrong."""
    fresh = {"purposes": PURPOSES, "errors": {}, "purpose": "handling"}
    given = {name: value for name, value in context.items() if value or name != "purpose"}
    return render(request, "licences/scan.html", {**fresh, **given}, status=status)


@never_cache
@require_safe
@officer_required()
def seen(request: ActorRequest, scan: int) -> HttpResponse:
    """What was scanned, for some minutes and for who scanned it."""
    at = timezone.now()
    found = selectors.scanned(scan, by=request.actor, at=at)
    if found is None:
        told = {"gone": True}
        return scan_page(request, told, status=410)
    return render(
        request,
        "licences/seen.html",
        {"found": found, "lines": _lines(found), "unit": words.unit_name(request.actor.unit)},
    )


def _lines(found: Presented) -> list[dict[str, Any]]:
    return [
        {**line(one, at=timezone.now()), "fields": selectors.printed_fields(one)} for one in found.licences
    ]
