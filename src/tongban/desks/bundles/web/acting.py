"""One order on the screen, for either party: what it says, what one may do now, a move made from its form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.bundles import selectors
from tongban.desks.bundles.contracts import ORDER, OrderInfo, UnknownError
from tongban.desks.bundles.models import Order
from tongban.desks.bundles.web import words
from tongban.desks.bundles.web.forms import MOVES, ChooseForm, MoveForm
from tongban.kernel import api as kernel
from tongban.kernel.web import clocks
from tongban.registers.identity.api import ActorRequest

COMPANY, PROVIDER = "company", "provider"
_MINE = {
    COMPANY: frozenset(
        {"choose", "ask_again", "agree", "redo", "confirm", "paid", "rate", "dispute", "cancel"}
    ),
    PROVIDER: frozenset({"accept", "decline", "quote", "deliver", "paid", "dispute", "give_up"}),
}


def row_of(request: ActorRequest, number: str, side: str, party: str) -> kernel.DocketRow:
    """The docket of an order that `party` is this side of. :raises Http404: there is none"""
    try:
        row = selectors.seen(number, actor=request.actor)
    except UnknownError as error:
        raise Http404(str(error)) from error
    whose = row.applicant if side == COMPANY else row.subject
    if row.kind != ORDER or not party or whose != party:
        raise Http404(_("没有这个编号，或者不是您的。"))
    return row


def show(
    request: ActorRequest,
    row: kernel.DocketRow,
    side: str,
    *,
    bound: dict[str, MoveForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an order."""
    at, told = timezone.now(), side == COMPANY
    info = selectors.order_behind(row.id, for_provider=not told)
    if info is None:
        raise Http404(_("没有这个编号，或者不是您的。"))
    acts = [_act(row, info, item, (bound or {}).get(item.move.name)) for item in _open(request, row, side)]
    running = clocks.nearest(kernel.clocks_of([row.id])[row.id])
    context = {
        "row": row, "side": side, "line": words.order_line(info, told=told), "order": info, "acts": acts,
        "clock": clocks.view_of(running, at=at), "offer": words.offer_line(info.offer),
        "history": words.happened(row, at=at, told=told), "back": "/my/orders" if told else "/provider",
        "base": _address(row, side),
        "confirm_days": selectors.confirm_days(),
    }  # fmt: skip
    return render(request, "bundles/order.html", context, status=status)


def _open(request: ActorRequest, row: kernel.DocketRow, side: str) -> list[kernel.OpenMove]:
    listed = kernel.moves_for(kernel.flow_of(ORDER), row, request.actor)
    return [item for item in listed if item.move.name in _MINE[side]]


def _act(
    row: kernel.DocketRow,
    info: OrderInfo,
    item: kernel.OpenMove,
    bound: MoveForm | None,
) -> dict[str, Any]:
    form = bound or form_for(row, info, item.move.name)
    if form is not None:
        form.auto_id = f"id_{item.move.name}_%s"
    return {
        "name": item.move.name, "label": str(item.move.label), "form": form, "primary": item.move.primary,
        "danger": item.move.danger, "refused": item.reason, "open": bound is not None and bool(bound.errors),
    }  # fmt: skip


def form_for(row: kernel.DocketRow, info: OrderInfo, move: str, data: Any = None) -> MoveForm | None:
    """The form of a move, None for one that asks for nothing."""
    if move == "choose":
        day = actors.day_of(timezone.now())
        among = selectors.shown([info.offer.need], region=row.region, day=day)[info.offer.need]
        return ChooseForm([one for one in among if one.provider.party != row.applicant], data)
    form = MOVES.get(move)
    return form(data) if form else None


def make(request: ActorRequest, row: kernel.DocketRow, side: str, move: str) -> HttpResponseBase:
    """One move from its form; what was written stays where it is refused."""
    info = selectors.order_behind(row.id, for_provider=side == PROVIDER)
    if info is None or move not in _MINE[side]:
        raise Http404(_("没有这一步。"))
    form = form_for(row, info, move, request.POST)
    if form is not None and not form.is_valid():
        return show(request, row, side, bound={move: form}, status=422)
    try:
        kernel.perform(
            row.id, move, actor=request.actor, at=timezone.now(), data=form.given() if form else {},
            key=request.POST.get("key", "")[:100],
        )  # fmt: skip
    except kernel.MoveRefused as error:
        banners.error(request, str(error))
        if form is None:
            return redirect(_address(row, side))
        fresh = row_of(request, row.number, side, row.applicant if side == COMPANY else row.subject)
        return show(request, fresh, side, bound={move: form}, status=422)
    banners.success(request, _("已%(move)s。") % {"move": str(kernel.flow_of(ORDER).moves[move].label)})
    lies_here = Order.objects.filter(pk=row.id, provider__party=row.subject).exists()
    if side == PROVIDER and not lies_here:  # it went on to another one
        return redirect("bundles:home")
    return redirect(_address(row, side))


def _address(row: kernel.DocketRow, side: str) -> str:
    return f"/my/orders/{row.number}" if side == COMPANY else f"/provider/orders/{row.number}"
