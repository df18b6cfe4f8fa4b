"""Who may open which page: every view carries one of these marks, and a test walks all routes.

    @officer_required(Role.HANDLER, Role.HEAD)
    def worklist(request: ActorRequest) -> HttpResponse: ...

Somebody not signed in is led to the sign-in page and back; somebody signed in who may not gets a
403 page that says who grants it. Which *rows* one sees is another question: `access.py` of the desk.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.registers.identity import hats
from tongban.registers.identity.contracts import ANONYMOUS, Access, ActorRequest
from tongban.registers.identity.middleware import lost_party

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def open_to_all(view: View) -> View:
    """Everybody, signed in or not."""
    return _mark(view, Access("all"))


def account_required(view: View) -> View:
    """Everybody with an account, also officers who have yet to enrol a second factor: for that, and to leave."""
    return _mark(view, Access("account"))


def signed_in_required(view: View) -> View:
    """Everybody with an account; officers with a second factor."""
    return _mark(view, Access("signed_in"))


def citizen_required(view: View) -> View:
    """Persons and organisations: who asks for something."""
    return _mark(view, Access("citizen"))


def officer_required(*roles: Role) -> Callable[[View], View]:
    """Officers who hold one of `roles` in any unit, by appointment or delegation; no role: any officer."""

    def decorate(view: View) -> View:
        return _mark(view, Access("officer", tuple(role.value for role in roles)))

    return decorate


def access_of(view: Callable[..., Any]) -> Access | None:
    """The mark of a view, through decorators around it; None when it has none."""
    found = getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)
    if found == "everyone":  # the kernel and the shell lie below and cannot name `Access`
        return Access("all")
    return found if isinstance(found, Access) else None


def refusal(request: HttpRequest, access: Access) -> HttpResponseBase | None:
    """The answer to somebody who may not open a page with this mark; None when they may."""
    if access.audience == "all" or (access.audience == "account" and request.user.is_authenticated):
        return None
    actor = cast("ActorRequest", request).actor
    if actor == ANONYMOUS:
        return to_sign_in(request)
    if access.audience in {"citizen", "officer"} and (acting := _between_hats(request, access)) is not None:
        return acting
    if access.audience == "officer":
        return _refuse_officer(cast("ActorRequest", request), access.roles)
    return _refuse_citizen(cast("ActorRequest", request)) if access.audience == "citizen" else None


def _refuse_citizen(request: ActorRequest) -> HttpResponseBase | None:
    if request.actor.parties:
        return None
    if request.actor.id.startswith("account:") and not request.user.is_staff:  # the name is not checked yet
        return HttpResponseRedirect(reverse("identity:real-name"))
    return forbidden(request, _("这个页面供办事的个人和单位使用。请用个人或法人账号登录。"))


def _between_hats(request: HttpRequest, access: Access) -> HttpResponseBase | None:
    """To the page of hats: whoever asked in a name that no longer holds, and agents who left to work as officers."""
    lost = access.audience == "citizen" and lost_party(request)
    helping = access.audience == "officer" and hats.is_helping(cast("ActorRequest", request).actor)
    if not (lost or helping):
        return None
    target = reverse("identity:act-for")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _refuse_officer(request: ActorRequest, roles: tuple[str, ...]) -> HttpResponseBase | None:
    actor = request.actor
    if not actor.is_officer:
        return forbidden(request, _("这个页面供工作人员使用。办事请回首页。"))
    held = {grant.role for grant in actor.grants}.union(*(one.roles for one in actor.authorities))
    if held and (not roles or held.intersection(roles)):
        return None
    words = _("、").join(str(Role(role).label) for role in roles) or _("任一角色")
    granters = actors.officers_with(role=Role.ADMIN, unit_id=actor.unit, at=timezone.now())
    unit = actors.unit_name(unit_id=actor.unit)
    names = _("、").join(actors.names(granters).values()) or _("单位管理员")
    return forbidden(
        request,
        _("需要的角色：%(roles)s。可由%(unit)s的%(names)s登记任职或授权。")
        % {"roles": words, "unit": unit, "names": names},
    )


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and, for a page that was read, back again afterwards."""
    back = (
        request.get_full_path() if request.method in {"GET", "HEAD"} else request.META.get("HTTP_REFERER", "")
    )
    target = f"{settings.LOGIN_URL}?next={quote(back)}" if back.startswith("/") else settings.LOGIN_URL
    if request.headers.get("HX-Request"):  # a fragment: the whole page has to go there
        return HttpResponse(status=204, headers={"HX-Redirect": settings.LOGIN_URL})
    return HttpResponseRedirect(target)


def forbidden(request: HttpRequest, reason: str) -> HttpResponse:
    """The 403 page with a reason that says who could grant it."""
    return render(request, "identity/forbidden.html", {"reason": reason}, status=403)


def _mark(view: View, access: Access) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = refusal(request, access)
        return view(request, *args, **kwargs) if answer is None else answer

    guarded.access = access  # type: ignore[attr-defined]  # the mark that the route test reads
    return cast("View", guarded)
