"""The operator's page: a call taken, what the caller says, the ticket; beside it what helps while typing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.contracts import HotlineRefused, NewTicket, Taken
from tongban.desks.hotline.telephony import api as telephony
from tongban.desks.hotline.telephony.contracts import CallState, CallView, PresenceState, TelephonyError
from tongban.faces.hotline.assisting import Help, Told, help_for
from tongban.faces.hotline.choosing import units_for
from tongban.faces.hotline.standing import DESK
from tongban.faces.hotline.web.forms import OperatorForm
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, officer_required

PRESENCES = (PresenceState.READY, PresenceState.AWAY, PresenceState.OFF)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@officer_required(*DESK)
def new(request: ActorRequest) -> HttpResponseBase:
    """The page, and a message written down: registered only, sent to a unit, or answered at once."""
    at, call = timezone.now(), _own_call(request)
    if request.method == "GET" or "look" in request.POST:
        return _page(request, call, at)
    form = _form(request, request.POST)
    done = _taken(request, form, call, at) if form.is_valid() else None
    return done or _page(request, call, at, form)


def _page(
    request: ActorRequest, call: CallView | None, at: datetime, refused: OperatorForm | None = None
) -> HttpResponse:
    """The page with what was typed so far; errors only of a form that was refused."""
    form = refused or _form(request, request.POST or None)
    if refused is None and form.is_bound:
        form.full_clean()
        form.errors.clear()
    helped = _help(request, request.POST, call, at) if request.POST else _of_caller(request, call, at)
    context = {"form": form, "help": helped, "call": call, **_line(request, at)}
    return render(request, "operating/new.html", context, status=422 if refused else 200)


def _form(request: ActorRequest, data: QueryDict | None) -> OperatorForm:
    if not _may_dispatch(request.actor):
        return OperatorForm(data)
    said = data or QueryDict()
    region, chosen = said.get("region", "") or request.actor.region, said.get("unit", "")
    return OperatorForm(data, units=units_for(region, first=chosen if actors.live_unit(chosen) else ""))


def _may_dispatch(actor: kernel.Actor) -> bool:
    return bool(actor.units_of(Role.DISPATCHER))


@sensitive_variables("data", "phone")
def _taken(
    request: ActorRequest, form: OperatorForm, call: CallView | None, at: datetime
) -> HttpResponseBase | None:
    """Register and send in one; None when something was refused, which the form then says."""
    data = form.cleaned_data
    phone = data["caller_phone"] or (_number_of(request, call) if call else "")
    told = {name: data[name] for name in (
        "kind", "channel", "text", "place", "region", "caller_name", "confidential", "urgency", "category", "matter",
    )}  # fmt: skip
    asked = NewTicket(
        **told, caller_phone=phone, call=str(call.id) if call else "", line=call.line if call else ""
    )
    unit = data.get("unit", "")
    try:
        with kernel.writing():
            taken = hotline.take(asked, actor=request.actor, at=at, key=request.POST.get("key", "")[:64])
            if call:
                telephony.link_ticket(call=call.id, ticket=taken.number, at=at)
            if unit and "only" not in request.POST and taken.is_new:
                sent = {"unit": unit, "matter": data["matter"], "category": data["category"]}
                kernel.perform(taken.docket, "dispatch", actor=request.actor, at=at, data=sent)
    except HotlineRefused as error:
        for name, words in (error.fields or {"": error.reason}).items():
            form.add_error(name if name in form.fields else None, words)
        return None
    except kernel.MoveRefused as error:
        form.add_error("unit" if unit else None, str(error))
        return None
    return _onwards(request, taken, sent=bool(unit) and "only" not in request.POST)


def _onwards(request: ActorRequest, taken: Taken, *, sent: bool) -> HttpResponseBase:
    if "answer" in request.POST:
        return redirect(f"/work/{taken.number}?move=answer")
    said = _("已登记并派出：%s") if sent else _("已登记：%s")
    banners.success(request, said % taken.number)
    if taken.same_as:
        banners.warning(request, _("同样的诉求已有工单%s，已经连在一起。") % taken.same_as)
    if taken.flood:
        banners.warning(request, _("这个号码短时间内来过很多次，已经标出，照常受理。"))
    return redirect("operating:new")


# What helps while typing --------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters()
@require_POST
@officer_required(*DESK)
def assist(request: ActorRequest) -> HttpResponse:
    """The right side of the page for what is typed so far. A POST: a caller's words are no part of an address."""
    helped = _help(request, request.POST, _own_call(request), timezone.now())
    return render(request, "operating/_assist.html", {"help": helped})


def _help(request: ActorRequest, data: QueryDict, call: CallView | None, at: datetime) -> Help:
    told = Told(
        text=data.get("text", "")[:5000], place=data.get("place", "")[:200], region=data.get("region", ""),
        phone=data.get("caller_phone", "")[:32], unit=data.get("unit", ""),
        kind=_one_of(data.get("kind", ""), hotline.TicketKind), urgency=_one_of(data.get("urgency", ""), hotline.Urgency),
    )  # fmt: skip
    if not told.phone and call:
        told = replace(told, phone=_number_of(request, call))
    return help_for(told, actor=request.actor, at=at)


def _one_of(value: str, among: Any) -> str:
    """A posted value of an enumeration; its first member where it is none."""
    return value if value in among.values else str(among.values[0])


def _of_caller(request: ActorRequest, call: CallView | None, at: datetime) -> Help:
    phone = _number_of(request, call) if call else ""
    return help_for(Told("", phone=phone), actor=request.actor, at=at)


# The call ------------------------------------------------------------------------------------------


def _own_call(request: ActorRequest) -> CallView | None:
    """The call that the words on the page belong to: the form's, else the one that one is in.

    A form that was begun without a call stays without one, whoever rings meanwhile.
    """
    given = request.POST.get("call", "") if "call" in request.POST else request.GET.get("call")
    if given is None:
        found = telephony.current_call(request.actor.id)
        return found if found and found.state == CallState.TALKING else None
    try:
        asked = telephony.call(int(given)) if given.isdecimal() else None
    except TelephonyError:
        return None
    return asked if asked and asked.officer == request.actor.id else None


@sensitive_variables()
def _number_of(request: ActorRequest, call: CallView) -> str:
    try:
        return telephony.caller_of(call=call.id, officer=request.actor.id)
    except TelephonyError:
        return ""


def _line(request: ActorRequest, at: datetime) -> dict[str, Any]:
    """The strip on top: whether one takes calls, what rings, whether the exchange works."""
    current, own = telephony.current_call(request.actor.id), telephony.presence(request.actor.id)
    exchange = telephony.exchange_status(at=at)
    return {
        "exchange": exchange, "presence": own, "current": current,
        "rings": bool(current and current.state != CallState.TALKING),
        "presences": [(one.value, one.label) for one in PRESENCES],
        "seen": f"{current.id if current else ''}.{current.state if current else ''}.{own.state}.{int(exchange.up)}",
    }  # fmt: skip


@never_cache
@require_GET
@officer_required(*DESK)
def line(request: ActorRequest) -> HttpResponse:
    """The strip, when it is not what the page has: what did not change is not read out again, and keeps its focus."""
    context = _line(request, timezone.now())
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "operating/_line.html", context)


@never_cache
@sensitive_post_parameters()
@require_POST
@officer_required(*DESK)
def presence(request: ActorRequest) -> HttpResponseBase:
    """Say whether one takes calls; what was typed stays."""
    at = timezone.now()
    try:
        telephony.set_presence(officer=request.actor.id, state=request.POST.get("state", ""), at=at)
    except TelephonyError as error:
        banners.error(request, f"{error} {error.possible}".strip())
    return _page(request, _own_call(request), at)


@never_cache
@sensitive_post_parameters()
@require_POST
@officer_required(*DESK)
def handle_call(request: ActorRequest, call: int, act: str) -> HttpResponseBase:
    """Answer or end a call; what was typed stays, and stays with the call that it was said in."""
    if act not in {"accept", "end"}:
        raise Http404(_("通话只能接听或结束。"))
    at, typed = timezone.now(), bool(request.POST.get("text", "").strip())
    try:
        held = (telephony.accept if act == "accept" else telephony.end)(
            officer=request.actor.id, call=call, at=at
        )
    except TelephonyError as error:
        banners.error(request, f"{error} {error.possible}".strip())
        return _page(request, _own_call(request), at)
    before = _own_call(request)
    if act == "accept" and typed and (before is None or before.id != held.id):
        banners.warning(request, _("页面上的诉求还没有登记，它不属于这一通；先登记，再记新来电说的。"))
        return _page(request, before, at)
    return _page(request, held if act == "accept" else before, at)
