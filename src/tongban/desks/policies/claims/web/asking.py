"""Claiming 快申快享: everything known is filled in, only what is not known is asked, with a paper; supplying, withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongban.actors import api as actors
from tongban.desks.policies.claims import accounts, claiming, selectors, sources
from tongban.desks.policies.claims.contracts import ClaimsError, Finding
from tongban.desks.policies.claims.web.citizen import no_mandate, own_due, page, whose
from tongban.desks.policies.claims.web.forms import AccountForm, ProofForm, SupplyForm
from tongban.desks.policies.claims.web.words import english, fact_line, unit_name
from tongban.desks.policies.contracts import Claimway, MeasureInfo
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.services import attach, store
from tongban.registers.identity.api import ActorRequest, citizen_required
from tongban.registers.portraits import api as portraits


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def claim(request: ActorRequest, measure: str) -> HttpResponseBase:
    """One page: what is known, what is asked, where the money goes, one button."""
    party, at = whose(request), timezone.now()
    if not party:
        return no_mandate(request)
    one = sources.measure(measure, on=actors.day_of(at))
    if one is None or one.way != Claimway.QUICK or not party.startswith(f"{one.party}:"):
        raise Http404(_("没有这项措施，或者它现在不能申领。"))
    finding = sources.finding(one, party, at=at)
    missing = [portraits.elements(one.party)[key] for key in finding.missing]
    if request.method != "POST":
        return _form(request, one, finding, ProofForm(missing=missing), AccountForm())
    proof, account = ProofForm(request.POST, request.FILES, missing=missing), AccountForm(request.POST)
    other = accounts.known(party) is None or bool(request.POST.get("other"))
    if not proof.is_valid() or (other and not account.is_valid()):
        return _form(request, one, finding, proof, account if other else AccountForm(), status=422)
    try:
        made = claiming.claim(
            claiming.NewClaim(
                measure=one.key, party=party, key=request.POST.get("key", "")[:60] or one.key, proven=proof.proven(),
                evidence=_stored(proof, at=at), account=account.new() if other else None, said=proof.cleaned_data["said"],
            ),
            actor=request.actor, at=at,
        )  # fmt: skip
    except (ClaimsError, UploadError) as error:
        _at_fields(error, proof, account)
        return _form(request, one, finding, proof, account if other else AccountForm(), status=422)
    banners.success(request, _("已收下（%s）。") % made.number)
    return redirect("claims:one", made.number)


def _stored(proof: ProofForm, *, at: Any) -> list[tuple[str, str, str]]:
    found = []
    for key, upload in proof.papers().items():
        kept = store(content=upload, name=upload.name or "", at=at)
        found.append((key[:40], kept.digest, upload.name or _("证明材料")))
    return found


def _at_fields(error: ClaimsError | UploadError, proof: ProofForm, account: AccountForm) -> None:
    if isinstance(error, ClaimsError) and account.is_bound and error.code == "account" and error.fields:
        for name, words in error.fields.items():
            account.add_error(name, words)
    else:
        proof.add_error(None, str(error))


def _form(
    request: ActorRequest,
    one: MeasureInfo,
    finding: Finding,
    proof: ProofForm,
    account: AccountForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "one": one, "title": one.title_en if english() and one.title_en else one.title,
        "says": one.says_en if english() and one.says_en else one.says, "unit": unit_name(one.unit), "finding": finding,
        "facts": [fact_line(fact, one.party) for fact in finding.facts], "proof": proof, "form": account,
        "account": accounts.known(whose(request)), "open": sources.may_claim(finding.standing),
        "pairs": [(proof[f"value{place}"], proof[f"paper{place}"]) for place in range(len(proof.missing))],
    }  # fmt: skip
    return render(request, "claims/claim.html", context, status=status)


@never_cache
@require_POST
@citizen_required
def supply(request: ActorRequest, number: str) -> HttpResponseBase:
    """Send what was asked for."""
    due, form, at = own_due(request, number), SupplyForm(request.POST, request.FILES), timezone.now()
    if due.way != "quick":
        raise Http404
    if not form.is_valid():
        return page(request, due, AccountForm(), supply=form, status=422)
    known = selectors.claim(due.number)
    try:
        upload = form.cleaned_data["paper"]
        kept = store(content=upload, name=upload.name or "", at=at) if upload else None
        with kernel.writing():
            kernel.perform(
                known.docket, "supply", actor=request.actor, at=at, data={"text": form.cleaned_data["text"]}
            )
            if kept is not None:
                attach(
                    docket_id=known.docket,
                    slot="supply",
                    file=kept,
                    name=upload.name or "",
                    by=request.actor.id,
                    at=at,
                )
    except (kernel.MoveRefused, UploadError) as error:
        form.add_error(None, str(error))
        return page(request, due, AccountForm(), supply=form, status=422)
    banners.success(request, _("补充的材料已收到，接着核定。"))
    return redirect("claims:one", due.number)


@never_cache
@require_POST
@citizen_required
def withdraw(request: ActorRequest, number: str) -> HttpResponseBase:
    """Take a claim back; it may be made again."""
    due = own_due(request, number)
    if due.way != "quick":
        raise Http404
    try:
        kernel.perform(selectors.claim(due.number).docket, "withdraw", actor=request.actor, at=timezone.now())
    except kernel.MoveRefused as error:
        banners.error(request, str(error))
    else:
        banners.success(request, _("申领已撤回，随时可以再申领。"))
    return redirect("claims:one", due.number)
