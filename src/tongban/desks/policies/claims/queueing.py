"""Who waits for a place of a quick claim, in the published order, and moves up when one comes free."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.claims import dues, pools, sources
from tongban.desks.policies.claims.contracts import DueState
from tongban.desks.policies.claims.flow import CLAIM_FLOW
from tongban.desks.policies.claims.models import Due
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.models import Docket


def queue(measure: str, period: str) -> list[int]:
    """Dockets of the claims that wait: in the order of claiming, to the instant and then to the number."""
    rows = Due.objects.filter(measure=measure, period=period, state=DueState.QUEUED)
    dockets = [docket for docket in rows.values_list("claim", flat=True) if docket]
    waiting = Docket.objects.filter(pk__in=dockets, state="queued")
    return list(waiting.order_by("opened_at", "pk").values_list("pk", flat=True))


def fill(measure: str, period: str, *, at: datetime) -> int:
    """Let claims move up as far as there are places and money; gives how many did. May be repeated at any time."""
    moved = 0
    for docket in queue(measure, period):
        try:
            kernel.perform(docket, "move_up", actor=kernel.SYSTEM, at=at)
        except kernel.MoveRefused:
            break  # nobody overtakes: the first that does not fit ends it
        moved += 1
    return moved


def fill_all(*, at: datetime) -> int:
    """The same for every measure that somebody waits for: mends what an event missed."""
    rows = Due.objects.filter(state=DueState.QUEUED).values_list("measure", "period").distinct()
    return sum(fill(measure, period, at=at) for measure, period in sorted(set(rows)))


@CLAIM_FLOW.effect("move_up")
def _move_up(step: Step) -> None:
    pk = Due.objects.values_list("pk", flat=True).get(claim=step.docket.id)
    one = dues.locked(pk=pk)
    measure = sources.measure(one.measure, on=actors.day_of(step.at))
    if measure is None:
        raise step.refuse(_("这项措施已经停止。"), code="stopped")
    pool = pools.lock(measure, one.period, periods=sources.excluding(measure, on=actors.day_of(step.at)))
    refusal = pools.left(pool).why_not(one.amount_fen)
    if refusal:
        raise step.refuse(refusal, code="full")
    dues.change(one, DueState.CLAIMED, act="move_up", actor=kernel.SYSTEM, at=step.at)
