"""To an outside provider and back; and the page of the one that is only a demonstration."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tongban.actors import api as actors
from tongban.registers.identity import selectors
from tongban.registers.identity.access import open_to_all
from tongban.registers.identity.contracts import AccountKind, IdentityError
from tongban.registers.identity.models import Account
from tongban.registers.identity.outside import services
from tongban.registers.identity.outside.providers import DemoProvider, providers
from tongban.registers.identity.web import entering
from tongban.registers.identity.web.views import sign_in_page
from tongban.web.views import safe_next

ASKED = "tb_outside"


def _return_to(request: HttpRequest, slug: str) -> str:
    return request.build_absolute_uri(reverse("identity:outside-back", args=[slug]))


@never_cache
@require_GET
@open_to_all
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """To the provider. A link, not a form: the policy of forms would stop the way to another host."""
    if slug not in providers():
        raise Http404
    try:
        target, kept = services.begin(slug=slug, return_to=_return_to(request, slug))
    except IdentityError as error:
        return sign_in_page(request, status=503, error=str(error))
    given = request.GET.get("next", "")
    request.session[ASKED] = {**kept, "onward": safe_next(request, given) if given else ""}
    return HttpResponseRedirect(target)


@never_cache
@require_GET
@open_to_all
def back(request: HttpRequest, slug: str) -> HttpResponse:
    """Back from the provider, signed in when it vouches for somebody."""
    kept = request.session.pop(ASKED, {})
    answer = {key: request.GET[key] for key in request.GET}
    try:
        account = services.finish(
            slug=slug, answer=answer, kept=kept, return_to=_return_to(request, slug), at=timezone.now()
        )
    except IdentityError as error:
        return sign_in_page(request, status=422, error=str(error))
    return entering.begin(request, account, how=f"outside-{slug}", onward=kept.get("onward", ""))


@never_cache
@require_http_methods(["GET", "POST"])
@open_to_all
def demo(request: HttpRequest) -> HttpResponse:
    """The demonstration of a province's sign-in: choose who you are there."""
    if not (settings.DEMO and any(isinstance(one, DemoProvider) for one in providers().values())):
        raise Http404
    given = {key: request.GET.get(key, "") for key in ("state", "nonce", "return_to")}
    if request.method == "POST":
        person = request.POST.get("person", "")
        code = (
            DemoProvider.answer(
                person=int(person), nonce=given["nonce"], verified=not request.POST.get("unverified")
            )
            if person.isascii() and person.isdecimal() and len(person) < 12
            else ""
        )
        onward = safe_next(
            request, given["return_to"].removeprefix(f"{request.scheme}://{request.get_host()}")
        )
        return redirect(f"{onward}?{urlencode({'state': given['state'], 'code': code})}")
    shown = [one.username for one in selectors.demo_accounts() if one.kind != AccountKind.OFFICER]
    rows = Account.objects.filter(username__in=shown).order_by("pk")
    names = actors.names(row.actor_id for row in rows)
    people = [
        (row.actor_id.partition(":")[2], names[row.actor_id])
        for row in rows
        if row.actor_id.startswith("person:")
    ]
    return render(request, "identity/outside_demo.html", {"people": people})
