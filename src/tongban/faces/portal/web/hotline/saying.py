"""Saying something: by the page, by a code at a place, as a letter to the mayor."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_cookie

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.places import api as places
from tongban.desks.hotline.sorting import api as sorting
from tongban.faces.portal.hotline import following, lines, photos, saying, where
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, open_to_all, party_of
from tongban.registers.knowledge import api as knowledge
from tongban.web import fields, formats

Channel = hotline.Channel
LEAST = 6
"""Characters before a message says anything."""
READ = 500
"""Characters of a message that are looked up while somebody types."""
HITS = 3


@require_safe
@vary_on_cookie
@open_to_all
def home(request: ActorRequest) -> HttpResponse:
    """What one can do; emergencies first."""
    party = party_of(request)
    mine = lines.newest(request.actor, party) if party else []
    return render(request, "portal/hotline/home.html", {"mine": mine})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def say(request: ActorRequest) -> HttpResponseBase:
    """The form."""
    return _form(request, channel=Channel.WEB)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def letter(request: ActorRequest) -> HttpResponseBase:
    """A letter to the mayor."""
    return _form(request, channel=Channel.MAILBOX)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def at_place(request: ActorRequest, code: str) -> HttpResponseBase:
    """The form, opened by the code of a place. One that is retired or unknown says so and takes the message all the same."""
    place = places.any_place(code)
    if place is not None and place.live:
        return _form(request, channel=Channel.QR, place=place)
    if place is None:
        return _form(
            request,
            channel=Channel.WEB,
            notice=_("没有这个二维码，可能印坏了。地点请您自己写一下，其他照常。"),
            status=404,
        )
    said = _("这个二维码停用了（%(name)s）。地点请您看一下对不对，其他照常。") % {"name": place.name}
    return _form(request, channel=Channel.QR, notice=said, was=place, status=410)


@never_cache
@sensitive_post_parameters()
@require_POST
@open_to_all
def answers(request: ActorRequest) -> HttpResponse:
    """What the knowledge base has for what is being typed; a fragment."""
    return render(request, "portal/hotline/_answers.html", _answers(request.POST.get("text", "")))


def _answers(text: str) -> dict[str, Any]:
    said = text.strip()[:READ]
    if len(said) < LEAST:
        return {}
    hits = knowledge.search(said, top=HITS, on=timezone.localdate(), english=formats.english())
    urgency = sorting.suggest(said, region=settings.ROOT_REGION).urgency
    return {"hits": hits, "sudden": urgency == hotline.Urgency.EMERGENCY, "looked": True}


def _form(
    request: ActorRequest,
    *,
    channel: Channel,
    place: places.PlaceView | None = None,
    was: places.PlaceView | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponseBase:
    """The form of a channel, shown or taken. `place` is known and not typed; `was` a retired one, offered as text."""
    who = saying.sender(request.actor, party_of(request))
    initial = {"place": was.where, "region": was.region} if was else {}
    form = saying.SayForm(
        request.POST if request.method == "POST" else None, channel=channel, party=who.party, fixed=place is not None,
        initial=initial,
    )  # fmt: skip
    chosen = photos.Photos()
    context: dict[str, Any] = {"key": request.POST.get("key", "")[:64]}
    if request.method == "POST":
        chosen = photos.gathered(request, at=timezone.now())
        if "look" in request.POST or "remove" in request.POST:
            context |= _answers(request.POST.get("text", "")) if "look" in request.POST else {}
            form.is_valid()
            form.errors.clear()
        else:
            number = _sent(request, form, chosen, channel=channel, who=who, place=place, context=context)
            if number:
                return redirect("portal:hotline-sent", number)
            status = 422
    targets = fields.errors(form) + [{"text": words, "target": "photos"} for words in chosen.errors]
    context |= {
        "form": form, "photos": chosen, "targets": targets, "channel": str(channel), "who": who, "place": place, "notice": notice,
        "region_name": where.full_name(place.region) if place else "",
        **({} if place else {"rows": where.map_rows(), "townships": where.townships()}),
        "region": form["region"].value() or "", "township": form["township"].value() or "", "most": photos.MOST,
    }  # fmt: skip
    return render(request, "portal/hotline/say.html", context, status=status)


def _sent(
    request: ActorRequest,
    form: saying.SayForm,
    chosen: photos.Photos,
    *,
    channel: Channel,
    who: saying.Sender,
    place: places.PlaceView | None,
    context: dict[str, Any],
) -> str:
    """The number of the ticket that the form came to; empty when it has words instead."""
    if not form.is_valid() or chosen.errors:
        return ""
    at = timezone.now()
    new = saying.message(form, chosen, channel=channel, who=who, place=place)
    try:
        taken = saying.send(
            new,
            who=who,
            consent=bool(form.cleaned_data.get("consent")),
            at=at,
            key=request.POST.get("key", "")[:64],
        )
    except hotline.HotlineRefused as refused:
        chosen.errors += form.put(refused)
        return ""
    except kernel.Conflict:
        form.add_error(None, _("这一页已经交过一件了。要另说一件，再点一次提交；要补充，请查进度。"))
        context["key"] = ""
        return ""
    following.remember(request, taken.number, at=at)
    return taken.number
