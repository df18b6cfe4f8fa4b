"""What a session has proven: whether a second factor was passed, and when somebody last showed to be there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import quote

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tongban.registers.identity.factors.privileged import needs_second

STRONG, PROVED, SIGN_IN, KEY, SEEN = "tb_strong", "tb_proved", "tb_sign_in", "tb_key", "tb_seen"
PROOF_FOR = timedelta(minutes=10)
if TYPE_CHECKING:
    from tongban.registers.identity.models import Account

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def is_weak(request: HttpRequest) -> bool:
    """Whether somebody who must have a second factor is in without one: then they may enrol, and nothing else."""
    account = request.user
    return bool(account.is_authenticated and needs_second(account) and not request.session.get(STRONG))


def prove(request: HttpRequest, *, how: str, strong: bool, at: datetime) -> None:
    """Note in the session that somebody has just shown who they are."""
    request.session[PROVED] = at.timestamp()
    if strong:
        request.session[STRONG] = how


def proved_lately(request: HttpRequest, *, at: datetime) -> bool:
    """Whether that was within the last ten minutes."""
    then = request.session.get(PROVED)
    return isinstance(then, int | float) and at.timestamp() - then <= PROOF_FOR.total_seconds()


def proof_required(view: View) -> View:
    """For what an unlocked screen must not be enough for: asks to show who one is, unless that is ten minutes ago.

    Stands below the mark of access.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if proved_lately(request, at=timezone.now()):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method == "GET" else reverse("identity:security")
        target = f"{reverse('identity:again')}?next={quote(back)}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)

    return cast("View", guarded)


def keep_session(request: HttpRequest, account: Account) -> None:
    """The own session stays open although the password changed."""
    update_session_auth_hash(request, account)
