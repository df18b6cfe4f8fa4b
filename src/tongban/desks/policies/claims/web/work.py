"""For auditors: one payment from the article to the bank; and asking back what was paid wrongly."""

from __future__ import annotations

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.actors import api as actors
from tongban.desks.policies.claims import access, recovering, tracing
from tongban.desks.policies.claims.contracts import ClaimsError, UnknownError
from tongban.desks.policies.claims.web.acts import ACTS
from tongban.desks.policies.claims.web.forms import ReasonForm
from tongban.desks.policies.claims.web.words import due_line, english, fact_line, period_words, unit_name, who
from tongban.kernel import api as kernel
from tongban.kernel.privacy import mask_name
from tongban.registers.identity.api import ActorRequest, officer_required


@never_cache
@require_safe
@officer_required(*access.READERS)
def trace(request: ActorRequest, number: str) -> HttpResponse:
    """Article → version of the rule → data with source and date → people → ledger. Reading it is written down."""
    return _page(request, number, ReasonForm())


def _page(request: ActorRequest, number: str, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    try:
        found = tracing.trace(number.upper(), actor=request.actor, at=timezone.now())
    except UnknownError as error:
        raise Http404(error.reason) from error
    kind = found.due.party.partition(":")[0]
    names = actors.names([act.actor for act in found.acts])
    holder = actors.party_name(found.due.party)
    context = {
        "found": found, "line": due_line(found.due), "holder": mask_name(holder) if kind == "person" else holder,
        "facts": [fact_line(fact, kind) for fact in found.facts], "form": form,
        "acts": [
            {
                "act": act, "who": who(act.actor, names), "unit": unit_name(act.unit) if act.unit else "",
                "label": str(ACTS.get(act.act, act.act)),
            }
            for act in found.acts
        ],
        "period": period_words(found.due.period),
        "policy": found.measure and ((english() and found.measure.policy_title_en) or found.measure.policy_title),
        "says": found.measure and (found.measure.says_en if english() else found.measure.says),
        "may_recover": found.due.state == "paid"
        and any(request.actor.holds(role, found.due.unit) for role in access.DESK),
    }  # fmt: skip
    return render(request, "claims/trace.html", context, status=status)


@never_cache
@require_POST
@officer_required(*access.DESK)
def recover(request: ActorRequest, number: str) -> HttpResponseBase:
    """Propose that it is asked back; another officer decides."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, number, form, status=422)
    try:
        made = recovering.propose(
            number=number.upper(), reason=form.cleaned_data["reason"], actor=request.actor, at=timezone.now()
        )
    except UnknownError as error:
        raise Http404(error.reason) from error
    except (ClaimsError, kernel.NotPermitted) as error:
        form.add_error(None, str(error))
        return _page(request, number, form, status=422)
    banners.success(request, _("已提出追回，由另一位负责人决定。"))
    return redirect(f"/work/{made}")
