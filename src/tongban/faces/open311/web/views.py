"""GeoReport v2 over HTTP: reading is open to everybody and to every origin, sending needs a program's key."""

from __future__ import annotations

import logging
import traceback
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from tongban.faces.open311 import answering, applications, offered, posting, readers, reading, showing
from tongban.faces.open311.contracts import Item, Refused
from tongban.registers.identity.api import open_to_all

logger = logging.getLogger("tongban.faces.open311")
FORMS: Final = {"application/x-www-form-urlencoded", "multipart/form-data"}
READS: Final = ("GET", "HEAD", "OPTIONS")
CHANGESET: Final = "2026-11-22T00:00:00+08:00"
"""When this door last changed its shape."""
STEADY: Final = frozenset({"discovery", "services"})
"""The same for everybody for a while: kept by caches, not counted."""
ROOM: Final = "/open311/v2"
Told = tuple[str, Any, dict[str, str]]
"""Name of the outermost element, what is told, and headers that go with it."""


@csrf_exempt  # a program's own call, with its own key
@open_to_all
def door(request: HttpRequest, what: str, which: str = "") -> HttpResponse:
    """Everything below /open311/v2/: ``what`` or ``what/which``, with or without a suffix."""
    last, dot, suffix = (which or what).partition(".")
    form = answering.form_of(request, suffix)
    name = what if which else last
    try:
        response = _answered(
            request, name, last if which else "", form, strange=bool(dot) and suffix not in answering.TYPES
        )
    except Refused as error:
        response = answering.refusal(error, form=form)
    except RequestDataTooBig:
        response = answering.refusal(Refused(400, _("内容太大。照片请压缩后再传。")), form=form)
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        response = answering.refusal(Refused(400, _("请求没有收完整或写得不对。")), form=form)
    except Exception as error:  # noqa: BLE001 - programs understand errors in this form only; the log has the place
        _note(error)
        response = answering.refusal(
            Refused(500, _("没办成，什么都没有改。请稍后再试，急事请打12345。")), form=form
        )
    return _opened(response, request, name)


def _answered(request: HttpRequest, name: str, which: str, form: str, *, strange: bool) -> HttpResponse:
    if strange:
        raise Refused(404, _("只有.json和.xml两种格式。"))
    allowed = (*READS, "POST") if (name, which) == ("requests", "") else READS
    if (name, bool(which)) not in _READERS:
        raise Refused(404, _("没有这个地址。有discovery、services、requests、tokens。"))
    if request.method not in allowed:
        told = ", ".join(allowed)
        raise Refused(405, _("这个地址只接受：%s。") % told, headers={"Allow": told})
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method == "POST":
        root, told_back, headers = _send(request)
    else:
        if name not in STEADY:
            readers.count(request, at=timezone.now())
        reading.jurisdiction(request.GET.get("jurisdiction_id", ""))
        root, told_back, headers = _READERS[name, bool(which)](request, which)
    response = answering.answer(told_back, root=root, form=form)
    for header, value in headers.items():
        response[header] = value
    return response


def _opened(response: HttpResponse, request: HttpRequest, name: str) -> HttpResponse:
    """Any page may read this from a browser; nobody's session counts here, so nothing private can be read so."""
    if request.method in READS:
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Link, Retry-After"
        if request.method == "OPTIONS":
            response["Access-Control-Allow-Methods"] = ", ".join(READS)
            response["Access-Control-Allow-Headers"] = "Accept, Accept-Language"
            response["Access-Control-Max-Age"] = "86400"
    steady = response.status_code == 200 and name in STEADY
    response.headers.setdefault("Cache-Control", "public, max-age=300" if steady else "no-store")
    patch_vary_headers(response, ("Accept", "Accept-Language"))
    return response


def _note(error: Exception) -> None:
    # What a driver says quotes values: the log gets the kind and the place only.
    frames = traceback.walk_tb(error.__traceback__)
    places = [f"{frame.f_code.co_filename}:{line}" for frame, line in frames]
    logger.error("open311 failed with %s at %s", type(error).__name__, " < ".join(reversed(places)))


# Reading --------------------------------------------------------------------------------------


def _discovery(request: HttpRequest, _which: str) -> Told:
    """Where the door is and which forms it speaks."""
    url = request.build_absolute_uri(ROOM)
    told: Item = {
        "changeset": CHANGESET,
        "contact": _("12345政务服务便民热线：拨打12345，或在门户网站留言。"),
        "key_service": _("发送诉求的程序由12345热线的管理部门登记，密钥是登记账号在“我的账户”里开设的令牌；查看不用密钥。"),
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2", "url": url, "changeset": CHANGESET,
                "type": "production", "formats": ["application/json", "text/xml", "application/xml"],
            }
        ],
    }  # fmt: skip
    return "discovery", told, {}


def _services(_request: HttpRequest, _which: str) -> Told:
    return "services", offered.listed(), {}


def _service(_request: HttpRequest, which: str) -> Told:
    return "service_definition", offered.definition(which), {}


def _requests(request: HttpRequest, _which: str) -> Told:
    asked = reading.narrowed(request.GET.dict(), now=timezone.now())
    items, after = showing.page(asked)
    return "service_requests", items, {"Link": f'<{_next(request, after)}>; rel="next"'} if after else {}


def _next(request: HttpRequest, after: str) -> str:
    kept = {
        name: str(value) for name, value in request.GET.items() if name not in {"page", "after", "api_key"}
    }
    return request.build_absolute_uri(f"{request.path}?{urlencode({**kept, 'after': after})}")


def _request(_request: HttpRequest, which: str) -> Told:
    return "service_requests", [showing.one(which)], {}


def _token(_request: HttpRequest, which: str) -> Told:
    return "service_requests", [showing.of_token(which)], {}


_READERS: Final = {
    ("discovery", False): _discovery, ("services", False): _services, ("services", True): _service,
    ("requests", False): _requests, ("requests", True): _request, ("tokens", True): _token,
}  # fmt: skip


# Sending --------------------------------------------------------------------------------------


def _send(request: HttpRequest) -> Told:
    """A request from a program, as a form; the same sent again gives the first number."""
    if request.content_type not in FORMS:
        raise Refused(400, _("请用表单提交：application/x-www-form-urlencoded或multipart/form-data。"))
    if "api_key" in request.GET:
        raise Refused(400, _("api_key不要写在网址里（会留在日志里），请放在表单里。"))
    at = timezone.now()
    bearer = request.headers.get("Authorization", "")
    key = request.POST.get("api_key", "").strip() or bearer.removeprefix("Bearer ").strip()
    sender = applications.sender_of(request, key, at=at)
    reading.jurisdiction(request.POST.get("jurisdiction_id", "") or request.GET.get("jurisdiction_id", ""))
    asked = reading.request_of(request.POST, request.FILES)
    once = request.headers.get("Idempotency-Key", "").strip()
    if len(once) > 64:
        raise Refused(400, _("Idempotency-Key最多64个字符。"))
    sent = posting.send(asked, sender=sender, key=once, at=at)
    told: Item = {
        "service_request_id": sent.number, "token": sent.token, "service_notice": sent.notice, "account_id": None,
    }  # fmt: skip
    return "service_requests", [told], {}
