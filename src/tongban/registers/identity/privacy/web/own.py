"""我的个人信息: who looked, what I agreed to, a copy, erasure."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.web import clocks
from tongban.registers.identity.api import ActorRequest, citizen_required, forbidden, is_helping, party_of
from tongban.registers.identity.privacy import consents as consenting
from tongban.registers.identity.privacy import erasing as erasures
from tongban.registers.identity.privacy import exporting as exports
from tongban.registers.identity.privacy import unmasking
from tongban.registers.identity.privacy.contracts import PrivacyRefused
from tongban.registers.identity.privacy.models import Erasure, Export


def _own(request: ActorRequest) -> str:
    """Whose data these pages show: one's own, or those of the company that one represents by law; never a principal's."""
    party = party_of(request)
    by_law = any(one.id == f"representative:{party}" for one in request.actor.authorities)
    return party if by_law else request.actor.id


def _not_for_agents(request: ActorRequest) -> HttpResponse | None:
    if is_helping(request.actor):
        return forbidden(request, _("个人信息只给本人看。请结束帮办，或请对方本人登录。"))
    return None


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


@never_cache
@require_safe
@citizen_required
def overview(request: ActorRequest) -> HttpResponse:
    """The four rights, each with its page."""
    if refused := _not_for_agents(request):
        return refused
    party = _own(request)
    asked = Erasure.objects.filter(party=party, docket__closed_at=None).select_related("docket").first()
    context = {
        "seen": len(unmasking.seen(party)), "consents": sum(1 for one in consenting.given_by(party) if not one.withdrawn_at),
        "name": actors.party_name(party), "erasure": asked.docket.number if asked else "", "person": party.startswith("person:"),
    }  # fmt: skip
    return render(request, "privacy/overview.html", context)


@never_cache
@require_safe
@citizen_required
def seen(request: ActorRequest) -> HttpResponse:
    """Who unmasked my data, when, what for."""
    if refused := _not_for_agents(request):
        return refused
    return render(request, "privacy/seen.html", {"rows": unmasking.seen(_own(request))})


@never_cache
@require_safe
@citizen_required
def consents(request: ActorRequest) -> HttpResponse:
    """What I agreed to, for whom, since when."""
    if refused := _not_for_agents(request):
        return refused
    language = _language()
    rows = [
        {"one": one, "receiver": one.receiver[language], "what": one.what[language], "why": one.why[language]}
        for one in consenting.given_by(_own(request))
    ]
    return render(request, "privacy/consents.html", {"rows": rows})


@never_cache
@require_POST
@citizen_required
def withdraw(request: ActorRequest, consent: int) -> HttpResponse:
    """Withdraw a consent (第十五条)."""
    if refused := _not_for_agents(request):
        return refused
    try:
        consenting.withdraw(consent=consent, party=_own(request), actor=request.actor, at=timezone.now())
    except PrivacyRefused as error:
        messages.error(request, error.reason)
    else:
        messages.success(request, _("已撤回同意，今后不再提供；之前已经提供的照同意时说的用途处理。"))
    return redirect("privacy:consents")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def export(request: ActorRequest) -> HttpResponse:
    """Ask for a copy; the earlier ones."""
    if refused := _not_for_agents(request):
        return refused
    at, party = timezone.now(), _own(request)
    if request.method == "POST":
        try:
            made = exports.ask(party=party, actor=request.actor, at=at)
        except PrivacyRefused as error:
            return forbidden(request, f"{error.reason}{error.possible}")
        return redirect("privacy:exporting", made)
    rows = Export.objects.filter(party=party).order_by("-pk")[:5]
    return render(request, "privacy/export.html", {"rows": [_shown(row, at) for row in rows]})


def _shown(row: Export, at: datetime) -> dict[str, object]:
    ready = (
        row.state == Export.State.READY
        and row.expires_at is not None
        and row.expires_at > at
        and bool(row.package)
    )
    return {
        "row": row, "ready": ready, "state": Export.State(row.state).label, "over": row.state == Export.State.GONE or (row.state == Export.State.READY and not ready),
        "running": row.state in {Export.State.WAITING, Export.State.WORKING}, "failed": row.state == Export.State.FAILED,
    }  # fmt: skip


@never_cache
@require_safe
@citizen_required
def exporting(request: ActorRequest, export: int) -> HttpResponse:
    """Long work: how far it is; safe to leave and come back."""
    if refused := _not_for_agents(request):
        return refused
    row = exports.export_of(export, party=_own(request))
    if row is None:
        raise Http404(_("没有这份副本，或者您无权查看。"))
    return render(request, "privacy/exporting.html", _shown(row, timezone.now()))


@never_cache
@require_safe
@citizen_required
def package(request: ActorRequest, export: int) -> HttpResponse:
    """The package itself."""
    if refused := _not_for_agents(request):
        return refused
    row = exports.export_of(export, party=_own(request))
    content = exports.content_of(row, at=timezone.now()) if row else None
    if row is None or content is None:
        raise Http404(_("没有这份副本，或者已经到期删除。可以再要一份。"))
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="tongban-data-{row.pk}.zip"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def erase(request: ActorRequest) -> HttpResponse:
    """Before asking: what goes, what stays and why; then asked once more."""
    if refused := _not_for_agents(request):
        return refused
    party, reason = request.actor.id, ""
    if request.method == "POST":
        if request.POST.get("understood") != "on":
            reason = _("请先看完哪些会删、哪些依法保留，再勾选。")
        else:
            try:
                number = erasures.ask(
                    party=party, actor=request.actor, at=timezone.now(), key=request.POST.get("key", "")
                )
            except PrivacyRefused as error:
                reason = f"{error.reason}{error.possible}"
            else:
                messages.success(request, _("已收下您的删除请求，15个工作日内答复。"))
                return redirect("privacy:erasing", number)
    context = {
        "kept": erasures.kept_of(party), "open": erasures.open_dockets(party), "reason": reason,
        "key": request.POST.get("key", ""), "targets": [{"text": reason, "target": "understood"}] if reason else [],
    }  # fmt: skip
    return render(request, "privacy/erase.html", context, status=422 if reason else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def erasing(request: ActorRequest, number: str) -> HttpResponse:
    """One's request: until when it is answered; it can be taken back."""
    if refused := _not_for_agents(request):
        return refused
    at = timezone.now()
    try:
        row = kernel.docket(number, actor=request.actor)
    except kernel.NotFound as error:
        raise Http404(str(error)) from error
    if row.kind != "erasure":
        raise Http404(_("没有这个案卷，或者您无权查看。"))
    if request.method == "POST":
        try:
            kernel.perform(row.id, "withdraw", actor=request.actor, at=at, key=request.POST.get("key", ""))
        except kernel.MoveRefused as refused_move:
            messages.error(request, str(refused_move))
        else:
            messages.success(request, _("已撤回删除请求，账号照常使用。"))
        return redirect("privacy:erasing", row.number)
    state = kernel.flow_of(row.kind).states[row.state]
    said: dict[str, object] = next(
        (
            one.body.get("data", {})
            for one in reversed(kernel.history(row.number, at=at))
            if one.act == "refuse"
        ),
        {},
    )
    clock = clocks.nearest(kernel.clocks_of([row.id])[row.id])
    context = {
        "row": row,
        "state": str(state.told or state.label),
        "clock": clocks.view_of(clock, at=at),
        "said": said,
    }
    return render(request, "privacy/erasing.html", context)
