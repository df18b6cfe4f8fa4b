"""How far an application is, for whoever holds its number: state, clocks and units, nothing personal."""

from __future__ import annotations

import hmac

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.actors import api as actors
from tongban.faces.portal import asking, things
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, guessed_too_often, note_wrong_guess, open_to_all

TRIES = 5
"""Wrong answers for one number, and ten times as many from one address, within a quarter of an hour."""
LAST = 4


@never_cache
@sensitive_post_parameters("last")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def progress(request: ActorRequest) -> HttpResponseBase:
    """Ask by number; who is not signed in adds the last four signs of the applicant's phone or id number."""
    context: dict[str, object] = {"number": request.GET.get("number", "")[:40], "errors": {}}
    if request.method == "POST":
        number, last = request.POST.get("number", "")[:60], request.POST.get("last", "").strip()[:8]
        if number.strip().upper().startswith("T"):  # a message to 12345, which asks for the phone
            return redirect(
                f"{reverse('portal:hotline-progress')}?{urlencode({'number': number.strip()[:40]})}"
            )
        context |= {"number": number, **_answer(request, number, last)}
    errors = context["errors"]
    context["targets"] = [
        {"text": words, "target": name}
        for name, words in errors.items()  # type: ignore[attr-defined]  # a dict
    ]
    return render(request, "portal/progress.html", context, status=422 if errors else 200)


def _answer(request: ActorRequest, number: str, last: str) -> dict[str, object]:
    at = timezone.now()
    if not number.strip():
        return {"errors": {"number": _("请填编号，在回执上。")}}
    try:
        number = kernel.normalise(number)
    except ValueError as error:
        return {"errors": {"number": f"{error}。"}}
    try:
        row = kernel.docket(number, actor=request.actor) if request.actor.id else None
    except kernel.NotFound:
        row = None
    if row is None:
        refused, row = _by_last(request, number, last)
        if refused:
            return {"errors": refused}
    if row is None or row.kind != "application":
        return {"errors": {"number": _("只能用申请的编号查，编号以A开头。")}}
    found = things.whole(row, actor=kernel.SYSTEM, at=at)
    own = request.actor.parties and row.applicant in request.actor.parties
    return {
        "errors": {},
        "found": found,
        "next": asking.next_step(found, at=at),
        "own": own,
        "number": number,
    }


def _by_last(request: HttpRequest, number: str, last: str) -> tuple[dict[str, str], kernel.DocketRow | None]:
    """The docket for who knows the last four; every refusal says the same, so that nothing can be learned."""
    if not last:
        return {"last": _("请填申请人手机号或证件号码的后4位。")}, None
    address, at = str(request.META.get("REMOTE_ADDR", "")), timezone.now()
    limits = {f"progress-number:{number}": TRIES, f"progress-address:{address}": TRIES * 10}
    if guessed_too_often(limits=limits, at=at):
        return {"last": _("查错太多次，请15分钟后再试，或登录后在“我的”里看。")}, None
    try:
        row = kernel.docket(number, actor=kernel.SYSTEM)
        right = row.kind == "application" and _fits(row.applicant, last)
    except kernel.NotFound:
        right = False
    if right:
        return {}, row
    note_wrong_guess(what=limits, at=at)
    return {"number": _("编号和后4位对不上。请照回执核对，或登录后在“我的”里看。")}, None


def _fits(applicant: str, last: str) -> bool:
    try:
        facts = actors.party_facts(applicant)
    except actors.NotKnownError:
        return False
    known = (facts.phone, facts.number, facts.representative_phone, facts.representative_number)
    given = last.upper().encode()
    # Every one is compared, so that the time tells nothing.
    matches = [hmac.compare_digest(one[-LAST:].upper().encode(), given) for one in known if len(one) >= LAST]
    return len(last) == LAST and any(matches)
