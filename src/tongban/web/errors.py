"""Error pages: what is wrong, what is possible. Wired in config/urls.py."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tongban.web.context import frame

logger = logging.getLogger("tongban.web.errors")

TEMPLATES = {
    400: "400.html",
    403: "403.html",
    404: "404.html",
    409: "409.html",
    413: "413.html",
    500: "500.html",
}


def problem(
    request: HttpRequest, *, status: int, title: str = "", possible: Sequence[str] = (), kept: str = ""
) -> HttpResponse:
    """An error page in the reader's language.

    :param status: 400, 403, 404, 409, 413 or 500
    :param title: what is wrong, one sentence; the status has a general one
    :param possible: what the reader can do, sentences; likewise
    :param kept: the reader's own text to show again (a conflict loses nobody's words)
    """
    context = {
        "shell": frame(request, anonymous=True),
        "request": request,
        "title": title,
        "possible": list(possible),
        "kept": kept,
    }
    # Without the context processors: an error page must not need the database or the session.
    return HttpResponse(render_to_string(TEMPLATES[status], context), status=status)


def conflict(request: HttpRequest, *, who_changed_what: str, kept: str = "") -> HttpResponse:
    """409: somebody else was first; names who changed what and keeps the reader's text."""
    return problem(request, status=409, title=who_changed_what, kept=kept)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400; a body that is too big is told as such (413)."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return problem(request, status=413)
    return problem(request, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403; words given to `PermissionDenied` are shown."""
    return problem(request, status=403, title=_own_words(exception, PermissionDenied))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404; words given to `Http404` are shown, Django's own resolver's are not."""
    return problem(request, status=404, title=_own_words(exception, Http404))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500; when even the page fails, plain words remain."""
    try:
        return problem(request, status=500)
    except Exception:
        logger.exception("the error page itself failed")
        words = "没提交成功，填的都在。再点一次，或打12345。 Not sent; please try again or call 12345."
        return HttpResponse(words, status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: mostly a page that stood open past the end of the session."""
    logger.info("form refused: %s", reason)
    return problem(
        request,
        status=403,
        title=_("这一页开得太久了，没有提交。"),
        possible=[_("返回上一页，刷新后再提交，填的内容还在。"), _("浏览器要允许本站的Cookie。")],
    )


def _own_words(exception: Exception, kind: type[Exception]) -> str:
    words = exception.args[0] if exception.args else ""
    return str(words) if isinstance(exception, kind) and words and not isinstance(words, dict) else ""
