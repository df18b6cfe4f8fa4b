"""What was handed in here for a place outside the city: its page (the receipt too), mending it, giving it up."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.faces.portal import handovers, things
from tongban.faces.portal.web.acts import hand_in
from tongban.faces.portal.web.mine import own_row
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, citizen_required
from tongban.web.contracts import TimelineEntry


def _row(request: ActorRequest, number: str) -> kernel.DocketRow:
    """:raises Http404: none, somebody else's, or something else"""
    row = own_row(request, number)
    if row.kind != "handover":
        raise Http404(_("没有这个案卷，或者您无权查看。"))
    return row


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def one(request: ActorRequest, number: str) -> HttpResponse:
    """Where it is, what comes next, the result; a POST gives it up."""
    row, at = _row(request, number), timezone.now()
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()[:500] or _("申请人不办了")
        try:
            kernel.perform(
                row.id,
                "give_up",
                actor=request.actor,
                at=at,
                data={"reason": reason},
                key=request.POST.get("key", ""),
            )
        except kernel.MoveRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("已终止，也会告诉办理地。要办的时候可以重新申请。"))
        return redirect("portal:handover", row.number)
    moves = {found.move.name for found in kernel.moves_for(kernel.flow_of(row.kind), row, request.actor)}
    told = kernel.timeline(row, at=at, for_applicant=True)
    words = _words(row, at=at)
    context = {
        "row": row, "found": handovers.one(row, at=at), "moves": moves,
        "timeline": [
            TimelineEntry(entry.happening.at, _with_words(entry, words), things.who(entry.happening, row, request.actor.id))
            for entry in told
        ],
    }  # fmt: skip
    return render(request, "portal/handover.html", context)


def _words(row: kernel.DocketRow, *, at: datetime) -> dict[int, str]:
    """What the other place said, by place in the ledger."""
    entries = kernel.history(row.number, at=at, with_personal=True)
    return {one.sequence: str((one.personal or {}).get("said", "")) for one in entries}


def _with_words(entry: kernel.TimelineEntry, words: dict[int, str]) -> str:
    """What the timeline tells, with the other place's own words."""
    said = words.get(entry.happening.sequence, "")
    return _("%(told)s：%(said)s") % {"told": entry.told, "said": said} if said else entry.told


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def mend(request: ActorRequest, number: str) -> HttpResponse:
    """Hand in better files for what was sent back."""
    row = _row(request, number)
    back = reverse("portal:handover", args=(row.number,))
    slots = handovers.wanted(row) if row.state == "returned" else []
    if not slots:
        if row.state == "returned":
            messages.info(request, _("没有要换的文件，请到收件窗口补正，或打12345。"))
        else:
            messages.info(request, _("现在没有要补的材料。"))
        return redirect(back)
    return hand_in(request, row, row, "mend", slots, back=back)
