"""What a browser that is a kiosk may open, for how long, and that it keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.faces.kiosk.stay import begin, device, stay_of, wipe

OPEN = (
    "/kiosk", "/themes", "/apply/", "/matters", "/search", "/suggest", "/my", "/receipts/", "/licences", "/verify",
    "/progress", "/nearby", "/help", "/accessibility", "/preferences", "/evaluate/", "/static/", "/csp-report", "/offline",
    "/manifest", "/service-worker",
)  # fmt: skip
CLOSED = ("/my/authorities", "/my/privacy", "/my/kiosk")
LEAVES_FILES = (".pdf", ".json", "/download")
SIGN_IN = ("/signin", "/register", "/recover")


class Kiosk:
    """Every other browser costs one look at a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not device(request) or request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        shown: Any = request
        shown.preferences = replace(shown.preferences, mode="elder")
        stay, now = stay_of(request), timezone.now()
        if stay is not None and now >= stay.until:
            logout(request)
            return wipe(redirect(reverse("kiosk:cleared") + "?why=time"))
        response = elsewhere(request) or self.get_response(request)
        if stay_of(request) is None and not request.session.is_empty():
            begin(request, at=now)
        response["Cache-Control"] = "no-store"
        return response


def elsewhere(request: HttpRequest) -> HttpResponse | None:
    """Where a kiosk leads instead; None for what it may open."""
    path = request.path
    if path.startswith(SIGN_IN):
        onward = request.GET.get("next", "")
        return redirect(reverse("kiosk:enter") + (f"?next={quote(onward)}" if onward else ""))
    if path == "/signout":
        return redirect("kiosk:end")
    if path.endswith(LEAVES_FILES) or path.startswith("/files/"):
        messages.info(request, _("自助机上不留文件。要纸的请按“打印本页”，要文件的请在自己的手机上下载。"))
        return redirect("kiosk:mine")
    if path != "/" and path.startswith(OPEN) and not path.startswith(CLOSED):
        return None
    if path != "/":
        messages.info(request, _("这一页自助机上打不开，请在自己的手机上办，或到窗口。"))
    return redirect("kiosk:home")
