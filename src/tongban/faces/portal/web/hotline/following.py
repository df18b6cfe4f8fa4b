"""Following a message: by number and phone, or signed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.heat import api as heat
from tongban.desks.hotline.mailbox import api as mailbox
from tongban.faces.portal.hotline import following, lines
from tongban.kernel import api as kernel
from tongban.registers.identity.api import (
    ActorRequest,
    citizen_required,
    guessed_too_often,
    note_wrong_guess,
    open_to_all,
    party_of,
)

TRIES = 5
"""Wrong phones for one number, and ten times as many from one address, within a quarter of an hour."""
ACTS = ("rate", "urge", "add", "withdraw", "unpublish", "appeal")


@never_cache
@sensitive_post_parameters("phone")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def ask(request: ActorRequest) -> HttpResponseBase:
    """Number and phone; every refusal says the same, so that nothing can be learned."""
    number = request.GET.get("number", "")[:40]
    targets: list[dict[str, str]] = []
    if request.method == "POST":
        number = request.POST.get("number", "").strip()[:60]
        found, targets = _looked_up(request, number, request.POST.get("phone", "").strip()[:32])
        if found:
            following.remember(request, found, at=timezone.now())
            return redirect("portal:hotline-follow", found)
    context = {
        "number": number,
        "targets": targets,
        "errors": {one["target"]: one["text"] for one in targets},
    }
    return render(request, "portal/hotline/progress.html", context, status=422 if targets else 200)


def _looked_up(request: ActorRequest, number: str, phone: str) -> tuple[str, list[dict[str, str]]]:
    """The number of the ticket that both belong to, or what is wrong."""
    missing = [
        {"target": target, "text": words}
        for target, given, words in (
            ("number", number, _("请填编号，以T开头。")), ("phone", phone, _("请填提交时留的电话。")),
        )
        if not given
    ]  # fmt: skip
    if missing:
        return "", missing
    at, address = timezone.now(), str(request.META.get("REMOTE_ADDR", ""))
    limits = {f"hotline-number:{number.upper()}": TRIES, f"hotline-address:{address}": TRIES * 10}
    if guessed_too_often(limits=limits, at=at):
        return "", [{"target": "number", "text": _("查错太多次，请15分钟后再试，或者打12345查。")}]
    try:
        return hotline.progress(number, phone=phone, at=at).number, []
    except kernel.NotFound:
        note_wrong_guess(what=limits, at=at)
        return "", [{"target": "number", "text": _("编号和电话对不上。请核对，或者打12345查。")}]


def _reached(request: ActorRequest, number: str) -> tuple[kernel.DocketRow, kernel.Actor] | None:
    """The ticket for who may follow it in this browser, and as whom they act; None for everybody else."""
    at = timezone.now()
    try:
        row = kernel.docket(kernel.normalise(number), actor=kernel.SYSTEM)
    except (ValueError, kernel.NotFound):
        return None
    if row.kind != hotline.KIND:
        return None
    if following.own(request.actor, row):
        return row, request.actor
    return (row, kernel.SYSTEM) if following.may_follow(request, row.number, at=at) else None


def _to_ask(number: str) -> HttpResponseBase:
    return redirect(f"{reverse('portal:hotline-progress')}?{urlencode({'number': number[:40]})}")


@never_cache
@require_safe
@open_to_all
def sent(request: ActorRequest, number: str) -> HttpResponseBase:
    """What was sent: its number, what happens next by when, how to follow it."""
    reached = _reached(request, number)
    if reached is None:
        return _to_ask(number)
    row, _actor = reached
    found = hotline.progress_of(row, at=timezone.now())
    view = hotline.ticket(row.number, actor=kernel.SYSTEM)
    span = hotline.limits().span("handle", kind=view.kind, urgency=view.urgency, region=row.region)
    context = {
        "found": found, "next": following.next_step(found), "phone": view.caller_phone, "sudden": view.urgency == "emergency",
        "own": following.own(request.actor, row), "days": span.amount if span.basis == "working_days" else 0,
        "letter": view.channel == hotline.Channel.MAILBOX, "consent": mailbox.letter_of(row.id) is not None,
    }  # fmt: skip
    return render(request, "portal/hotline/sent.html", context)


@never_cache
@require_safe
@open_to_all
def follow(request: ActorRequest, number: str) -> HttpResponseBase:
    """One message: how far it is, the answer, and what one may do."""
    reached = _reached(request, number)
    if reached is None:
        return _to_ask(number)
    return _shown(request, reached[0])


def _shown(
    request: ActorRequest,
    row: kernel.DocketRow,
    *,
    trouble: following.Refused | None = None,
    at_act: str = "",
) -> HttpResponse:
    found = hotline.progress_of(row, at=timezone.now())
    letter = mailbox.letter_of(row.id)
    context = {
        "found": found, "next": following.next_step(found), "levels": following.levels(), "answers": following.answers(),
        "said": hotline.additions(row.id), "mark": heat.mark_of(row.id), "letter": letter, "may_unpublish": letter in {"waiting", "published", "kept", "taken_down"},
        "published": letter == mailbox.LetterState.PUBLISHED, "own": following.own(request.actor, row),
        "trouble": trouble, "targets": [{"text": trouble.words, "target": trouble.field}] if trouble else [],
        "typed": request.POST.get("text", "")[:3000] if trouble else "", "at_act": at_act,
        "picked": (request.POST.get("satisfaction", ""), request.POST.get("solved", "")) if trouble else ("", ""),
    }  # fmt: skip
    return render(request, "portal/hotline/follow.html", context, status=422 if trouble else 200)


@never_cache
@sensitive_post_parameters("text")
@require_POST
@open_to_all
def act(request: ActorRequest, number: str, name: str) -> HttpResponseBase:
    """Rate, urge, add, withdraw, object to a mark, take the consent back."""
    if name not in ACTS:
        raise Http404(_("没有这个操作。"))
    reached = _reached(request, number)
    if reached is None:
        return _to_ask(number)
    row, actor = reached
    at = timezone.now()
    try:
        found = hotline.progress_of(row, at=at)
        caller = following.Caller(found, actor, at, request.POST.get("key", "")[:64])
        said = following.act(name, request.POST, caller)
    except following.Refused as refused:
        return _shown(request, row, trouble=refused, at_act=name)
    except kernel.InvalidInput as error:
        words = " ".join(error.fields.values()) or str(error)
        return _shown(request, row, trouble=following.Refused(f"{name}-text", words), at_act=name)
    except (kernel.MoveRefused, heat.HeatRefused) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("portal:hotline-follow", row.number)


@never_cache
@require_safe
@citizen_required
def mine(request: ActorRequest) -> HttpResponseBase:
    """Everything I told the hotline while signed in."""
    try:
        rows, page = lines.page(
            request.actor,
            party_of(request),
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )
    except kernel.InvalidInput:
        return redirect("portal:hotline-mine")
    context: dict[str, Any] = {"rows": rows, "page": page}
    return render(request, "portal/hotline/mine.html", context)
