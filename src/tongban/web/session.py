"""When a signed-in session ends, so that the page can warn two minutes ahead (ui.md §3)."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

ENDS_AT = "tb_ends_at"


def extend(request: HttpRequest) -> int:
    """Let the session end a full span from now.

    :returns: that span in seconds
    """
    ends_at = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    request.session[ENDS_AT] = ends_at.isoformat()
    return settings.SESSION_COOKIE_AGE


def _on_sign_in(*, request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None and hasattr(request, "session"):
        extend(request)


user_logged_in.connect(_on_sign_in, dispatch_uid="tongban.web.session")
