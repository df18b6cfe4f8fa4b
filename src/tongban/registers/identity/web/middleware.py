"""The guard in front of every page: nobody who must have a second factor works without one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.registers.identity.access import access_of
from tongban.registers.identity.factors import sessions
from tongban.registers.identity.web import proof

SEEN_EVERY = 600
"""Seconds between two notes of when a session was last used."""


class SecondFactorFirst:
    """Leads officers and admins without a second factor to enrol one, from every page but the open ones.

    Django's admin is covered too, since whatever carries no mark is closed. A visitor, an open page and a
    call with a bearer token cost nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        access = access_of(view)
        if access is not None and access.audience == "all":
            return None
        _note(request)
        if (access is not None and access.audience == "account") or not proof.is_weak(request):
            return None
        target = reverse("identity:security")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        messages.warning(request, _("工作人员要先启用第二步验证，才能办理。"))
        return HttpResponseRedirect(target)


def _note(request: HttpRequest) -> None:
    """Every ten minutes that a session is used, and its key when it has changed."""
    session = request.session
    sign_in = session.get(proof.SIGN_IN)
    if sign_in is None or not session.session_key:
        return
    key = hashlib.sha256(session.session_key.encode()).hexdigest()
    if session.get(proof.KEY) != key:
        sessions.rekey(sign_in=sign_in, session_key=session.session_key)
        session[proof.KEY] = key
    now = timezone.now()
    if now.timestamp() - session.get(proof.SEEN, 0) > SEEN_EVERY:
        sessions.seen(sign_in=sign_in, at=now)
        session[proof.SEEN] = now.timestamp()
