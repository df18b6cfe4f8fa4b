"""The admin of a unit helps officers who lost a password or a second factor."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.registers.identity import recovering
from tongban.registers.identity.access import officer_required
from tongban.registers.identity.contracts import ActorRequest, IdentityError
from tongban.registers.identity.factors import recovery
from tongban.registers.identity.web import proof


@never_cache
@require_http_methods(["GET", "POST"])
@officer_required(Role.ADMIN)
@proof.proof_required
def hand_over(request: ActorRequest) -> HttpResponse:
    """The unit's officers; a code for one of them, shown on this answer only."""
    actor, now = request.actor, timezone.now()
    issued = name = error = ""
    if request.method == "POST" and any(
        grant.unit == actor.unit and grant.role == Role.ADMIN for grant in actor.grants
    ):
        chosen = request.POST.get("account", "")
        try:
            account, issued = recovering.hand_over(
                account_id=int(chosen) if chosen.isascii() and chosen.isdecimal() else 0,
                by=actor, unit=actor.unit, at=now,
            )  # fmt: skip
            name = actors.party_name(account.actor_id)
        except IdentityError as refused:
            error = str(refused)
    context = {
        "officers": [
            (row, name) for row, name in recovering.officers_of(unit=actor.unit, at=now) if row.actor_id != actor.id
        ],
        "unit": actors.unit_name(unit_id=actor.unit), "issued": issued, "name": name, "error": error,
        "hours": int(recovery.HANDED_FOR.total_seconds()) // 3600,
    }  # fmt: skip
    return render(request, "identity/resets.html", context, status=422 if error else 200)
