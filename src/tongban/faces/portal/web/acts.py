"""What an applicant may do to an application: hand in papers, withdraw, confirm that it arrived."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongban.faces.portal import asking, handing_in, things
from tongban.faces.portal.web.mine import application_row, own_row
from tongban.kernel import api as kernel
from tongban.kernel.web import clocks
from tongban.registers.identity.api import ActorRequest, citizen_required

MOST_WORDS = 1000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def supply(request: ActorRequest, number: str) -> HttpResponse:
    """Hand in everything that the one notice named, together."""
    row = application_row(request, number)
    slots = asking.wanted(row.id, things.names_of(row.id)) if row.state == "supplement" else []
    if not slots:
        messages.info(request, _("现在没有要补的材料。"))
        return redirect("portal:application", row.number)
    return hand_in(request, row, row, "supply", slots)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def follow_up(request: ActorRequest, number: str, own: str) -> HttpResponse:
    """Hand in a paper that was to follow (容缺)."""
    row, debt = application_row(request, number), own_row(request, own)
    if debt.kind != "undertaking" or debt.parent != row.id:
        raise Http404(_("没有这个承诺，或者您无权查看。"))
    if debt.state != "owed":
        messages.info(request, _("这份材料已经补过，或者不用补了。"))
        return redirect("portal:application", row.number)
    found = things.whole(row, actor=request.actor, at=timezone.now())
    promise = next(one for one in found.undertakings if one.row.id == debt.id)
    return hand_in(request, row, debt, "follow_up", [asking.Wanted(promise.own.material, promise.name)])


def hand_in(
    request: ActorRequest,
    row: kernel.DocketRow,
    docket: kernel.DocketRow,
    move: str,
    slots: list[asking.Wanted],
    *,
    back: str = "",
) -> HttpResponse:
    """One page that takes files for a move.

    :param back: where it leads back to; by default the application
    """
    at = timezone.now()
    back = back or reverse("portal:application", args=(row.number,))
    basket = handing_in.basket(owner=request.actor.id, row=docket)
    text, reason = request.POST.get("text", "").strip()[:MOST_WORDS], ""
    if request.method == "POST":
        handing_in.put(basket, request, [slot.slot for slot in slots], at=at)
        if "remove" in request.POST and not basket.errors:
            return redirect(request.path)
        if not basket.errors:
            basket.errors = {
                slot.slot: _("请上传%s。") % slot.name for slot in slots if not basket.files.get(slot.slot)
            }
        if not basket.errors:
            try:
                handing_in.send(
                    basket, docket=docket.id, move=move, application=row.id, text=text, actor=request.actor, at=at,
                    key=request.POST.get("key", ""),
                )  # fmt: skip
            except kernel.MoveRefused as refused:
                reason = str(refused)
            else:
                messages.success(request, _("已交上，部门接着办。"))
                return redirect(back)
    clock = clocks.nearest(kernel.clocks_of([docket.id])[docket.id], whose="applicant")
    context = {
        "row": row, "docket": docket, "move": move, "back": back, "text": text, "reason": reason,
        "clock": clocks.view_of(clock, at=at), "key": request.POST.get("key", ""),
        "slots": [(slot, basket.files.get(slot.slot, []), basket.errors.get(slot.slot, "")) for slot in slots],
        "targets": [
            {"text": basket.errors[slot.slot], "target": f"file-{slot.slot}"} for slot in slots if slot.slot in basket.errors
        ] + ([{"text": reason, "target": ""}] if reason else []),
    }  # fmt: skip
    return render(request, "portal/hand_in.html", context, status=422 if basket.errors or reason else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def withdraw(request: ActorRequest, number: str) -> HttpResponse:
    """Withdraw an application: asked once more, with everything that stops."""
    row, at = application_row(request, number), timezone.now()
    if request.method == "POST":
        return _move(
            request, row, "withdraw", {"reason": request.POST.get("reason", "").strip()[:500]},
            _("已撤回。要办的时候可以重新申请。"),
        )  # fmt: skip
    if row.state not in {"handling", "supplement"}:
        messages.info(request, _("这件现在不能撤回。"))
        return redirect("portal:application", row.number)
    return render(
        request, "portal/withdraw.html", {"row": row, "found": things.whole(row, actor=request.actor, at=at)}
    )


@never_cache
@require_POST
@citizen_required
def arrived(request: ActorRequest, number: str) -> HttpResponse:
    """The papers came by courier."""
    row = application_row(request, number)
    return _move(request, row, "arrived", {}, _("已确认收到。"))


def _move(
    request: ActorRequest, row: kernel.DocketRow, move: str, data: dict[str, str], said: str
) -> HttpResponse:
    try:
        kernel.perform(
            row.id, move, actor=request.actor, at=timezone.now(), data=data, key=request.POST.get("key", "")
        )  # fmt: skip
    except kernel.MoveRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("portal:application", row.number)
