"""Who waits for a place of a quick claim, in the published order, and moves up when one comes free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.claims import dues, pools, rules, sources
from tongban.desks.policies.claims.contracts import DueState
from tongban.desks.policies.claims.flow import CLAIM_FLOW
from tongban.desks.policies.claims.models import Due
from tongban.desks.policies.contracts import MeasureInfo, Order
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.models import Docket


def queue(measure: str, period: str) -> list[int]:
    """Dockets of the claims that wait, in the published order of their measure."""
    rows = Due.objects.filter(measure=measure, period=period, state=DueState.QUEUED, claim__isnull=False)
    dues_ = {one.claim: one for one in rows}
    opened = Docket.objects.filter(pk__in=list(dues_), state="queued").values_list("pk", "opened_at")
    waiting = [
        rules.Waiting(pk, dues_[pk].party, dues_[pk].amount_fen, dues_[pk].weight, at) for pk, at in opened
    ]
    order = _order(list(dues_.values()))
    in_order = rules.queue_order(
        waiting, by=order.by, descending=order.descending, measure=measure, period=period
    )
    return [one.docket for one in in_order]


def _order(waiting: Sequence[Due]) -> Order:
    """As it was published to who waits: by the newest version that somebody claimed, or the one in force on its last day."""
    if not waiting:
        return Order()
    last = max(waiting, key=lambda one: one.version)
    claimed = sources.measure(last.measure, version=last.version)
    if claimed is None or claimed.closes_on is None:
        return claimed.order if claimed is not None else Order()
    return (sources.measure(last.measure, on=claimed.closes_on) or claimed).order


def gathers(measure: MeasureInfo, *, on: date) -> bool:
    """Whether claims of a measure are only collected on a day, and put in order when its last day is over."""
    limited = measure.quota is not None or measure.budget_fen is not None
    return rules.gathered(by=measure.order.by, limited=limited, closes_on=measure.closes_on, day=on)


def gathers_until(key: str, *, at: datetime) -> date | None:
    """The last day on which claims of a measure are only collected; None where they are decided as they come."""
    day = actors.day_of(at)
    known = sources.measure(key, on=day)
    return known.closes_on if known is not None and gathers(known, on=day) else None


def _deciding(one: Due, *, on: date) -> MeasureInfo | None:
    """The measure by which a waiting claim moves up: as it is in force, or was when the last day of claiming ended."""
    known = sources.measure(one.measure, on=on)
    if known is not None:
        return known
    claimed = sources.measure(one.measure, version=one.version)
    if claimed is None or claimed.closes_on is None or claimed.closes_on >= on:
        return None
    return sources.measure(one.measure, on=claimed.closes_on)


def fill(measure: str, period: str, *, at: datetime) -> int:
    """Let claims move up as far as there are places and money; gives how many did. May be repeated at any time."""
    moved = 0
    if gathers_until(measure, at=at) is not None:
        return moved  # who comes later may come before
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
    measure = _deciding(one, on=actors.day_of(step.at))
    if measure is None:
        raise step.refuse(_("这项措施已经停止。"), code="stopped")
    pool = pools.lock(measure, one.period, periods=sources.excluding(measure, on=actors.day_of(step.at)))
    refusal = pools.left(pool).why_not(one.amount_fen)
    if refusal:
        raise step.refuse(refusal, code="full")
    dues.change(one, DueState.CLAIMED, act="move_up", actor=kernel.SYSTEM, at=step.at)
