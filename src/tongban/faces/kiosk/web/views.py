"""A kiosk from the first touch to “已清除”."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.faces.kiosk import services, stay
from tongban.kernel import api as kernel
from tongban.registers.catalogue import api as catalogue
from tongban.registers.identity.api import (
    ActorRequest,
    citizen_required,
    enter_vouched,
    forbidden,
    open_to_all,
    party_of,
)
from tongban.registers.licences import api as licences
from tongban.web.views import safe_next

TOP = 8
"""Large buttons on one page: more would not be found."""
RECEIPTS = 8
AWAY_AFTER = 20
"""Seconds until the page of the end makes room for the next person."""


def region_of(request: ActorRequest) -> str:
    """Region of this kiosk: its own, else the first county."""
    counties = actors.regions_below(settings.ROOT_REGION)
    return stay.device(request) or (counties[0].code if counties else settings.ROOT_REGION)


@never_cache
@require_safe
@open_to_all
def home(request: ActorRequest) -> HttpResponse:
    """The first page. ``?region=`` makes this browser a kiosk of a region, ``?leave=1`` an ordinary one again."""
    if "leave" in request.GET:
        logout(request)
        response = stay.wipe(redirect("/"))
        response.delete_cookie(stay.DEVICE)
        return response
    wanted = request.GET.get("region", "")
    if stay.device(request) and not wanted:
        return render(request, "kiosk/home.html", {"home": True})
    region = wanted if actors.region_chain(wanted) else region_of(request)
    begun = redirect("kiosk:home")
    begun.set_cookie(
        stay.DEVICE, region, max_age=365 * 24 * 3600, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
    return begun


@never_cache
@require_safe
@open_to_all
def matters(request: ActorRequest) -> HttpResponse:
    """What can be done at a kiosk: the catalogue's list 自助办, page by page."""
    region, after = region_of(request), request.GET.get("after", "")[:80]
    found = catalogue.on_list("self_service", region, top=TOP + 1, after=after)
    context = {
        "found": found[:TOP], "region": region, "after": after, "more": found[TOP - 1].code if len(found) > TOP else "",
    }  # fmt: skip
    return render(request, "kiosk/matters.html", context)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def enter(request: ActorRequest) -> HttpResponse:
    """Sign in with a code from the own phone; no name and no password is typed here."""
    at, error = timezone.now(), ""
    onward = safe_next(request, request.POST.get("next", "") or request.GET.get("next", ""))
    onward = "/kiosk/mine" if onward in {"", "/"} else onward
    if not stay.device(request):  # an ordinary browser signs in as ever
        return redirect("kiosk:home")
    if request.method == "POST":
        try:
            owner = services.use_code(request.POST.get("code", ""), place=region_of(request), at=at)
            entered = enter_vouched(
                request, account=owner.account, how="kiosk", party=owner.party, onward=onward
            )
        except services.KioskRefused as refused:
            error = str(refused)
        else:
            if entered is not None:
                stay.begin(request, at=at)
                return redirect(
                    entered["Location"]
                )  # without the account's habits: they would stay in cookies
            error = _("这个账号不能在自助机上用。")
    context = {
        "next": onward,
        "error": error,
        "targets": [{"text": error, "target": "code"}] if error else [],
    }
    return render(request, "kiosk/enter.html", context, status=422 if error else 200)


@never_cache
@require_safe
@citizen_required
def mine(request: ActorRequest) -> HttpResponse:
    """What may be printed: receipts and licences."""
    party, at = party_of(request), timezone.now()
    rows = kernel.page(request.actor, kernel.Filters(kind="application", applicant=party), size=RECEIPTS).rows
    whole = party in request.actor.parties
    context = {
        "rows": rows, "name": actors.party_name(party, masked=True),
        "held": licences.held_by(party, on=actors.day_of(at))[:RECEIPTS] if whole else (),
    }  # fmt: skip
    return render(request, "kiosk/mine.html", context)


@never_cache
@require_POST
@open_to_all
def longer(request: ActorRequest) -> HttpResponse:
    """Some minutes more, and back to where one was."""
    stay.prolong(request, at=timezone.now())
    return redirect(safe_next(request, request.POST.get("next", "")) or "/kiosk")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def end(request: ActorRequest) -> HttpResponse:
    """End, and forget everything of this person on this machine."""
    if request.method != "POST":
        return render(request, "kiosk/end.html")
    logout(request)
    return stay.wipe(redirect("kiosk:cleared"))


@never_cache
@require_safe
@open_to_all
def cleared(request: ActorRequest) -> HttpResponse:
    """“已清除”: nothing is left; after a while the first page comes by itself."""
    if stay.device(request):
        logout(request)
    response = render(request, "kiosk/cleared.html", {"late": request.GET.get("why") == "time", "home": True})
    if stay.device(request):
        response["Refresh"] = f"{AWAY_AFTER}; url=/kiosk"
        stay.wipe(response)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def code(request: ActorRequest) -> HttpResponse:
    """On the own phone: a code for a kiosk."""
    if request.actor.is_officer:
        return forbidden(request, _("代办的请用自己的工作台。自助机的验证码由本人在自己的手机上取。"))
    made = None
    if request.method == "POST":
        account, party = int(request.user.pk or 0), party_of(request)
        made = services.make_code(account=account, party=party, actor=request.actor, at=timezone.now())
    return render(request, "kiosk/code.html", {"made": made, "minutes": services.CODE_FOR.seconds // 60})
