"""What the moves of a claim do: ask for more, supply, approve by the rule, refuse, withdraw."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.claims import drawing, dues, pools, sources
from tongban.desks.policies.claims.contracts import DueState
from tongban.desks.policies.claims.flow import CLAIM_FLOW
from tongban.desks.policies.claims.models import Claim, Due
from tongban.kernel.flow.step import Step


def _claim(step: Step) -> tuple[Claim, Due]:
    own = Claim.objects.get(docket=step.docket.id)
    return own, dues.locked(pk=own.due_id)


@CLAIM_FLOW.effect("ask")
def _ask(step: Step) -> None:
    Claim.objects.filter(docket=step.docket.id).update(asked=step.data.reason)  # type: ignore[attr-defined]  # the input of `ask`


@CLAIM_FLOW.effect("supply")
def _supply(step: Step) -> None:
    own = Claim.objects.get(docket=step.docket.id)
    own.said = "\n".join(text for text in (own.said, step.data.text) if text)  # type: ignore[attr-defined]  # the input of `supply`
    own.asked = ""
    own.save(update_fields=["said", "asked"])


@CLAIM_FLOW.effect("approve")
def _approve(step: Step) -> None:
    """The rule is decided once more, with what was proven; what it comes to is what is paid."""
    own, due = _claim(step)
    measure = sources.measure(due.measure, on=actors.day_of(step.docket.opened_at), version=due.version)
    if measure is None:
        raise step.refuse(_("找不到申领时的措施版本。"), code="stopped")
    if sources.ended(due.payee, at=step.at):
        raise step.refuse(_("登记显示已注销或合并。"), possible=_("可以不予兑现，写明理由。"), code="ended")
    finding = sources.finding(measure, due.party, at=step.at, proven=json.loads(own.proven or "{}"))
    if not finding.pays:
        raise step.refuse(
            _("按现在的数据不再符合条件。"), possible=_("可以要求补充，或者不予兑现。"), code="changed"
        )
    assert finding.amount_fen is not None
    if finding.amount_fen != due.amount_fen:
        _reckon(step, due, finding.amount_fen)
    dues.change(
        due, DueState.CONFIRMED, act="approve", actor=step.actor, at=step.at, facts=drawing.written(finding.facts),
        confirmed_by=step.actor.id,
    )  # fmt: skip
    Claim.objects.filter(pk=own.pk).update(decided_by=step.actor.id)
    step.note(amount_fen=due.amount_fen)


def _reckon(step: Step, due: Due, fen: int) -> None:
    """Another amount than when it was claimed: it must fit into what is left."""
    pool = pools.lock_known(due.measure, due.period)
    left = pools.left(pool).fen
    if left is not None and fen - due.amount_fen > left:
        raise step.refuse(_("本期预算不够按新数据算的金额。"), code="budget")
    pools.take(pool, places=0, fen=fen - due.amount_fen)
    due.amount_fen = fen
    due.save(update_fields=["amount_fen"])


@CLAIM_FLOW.effect("release")
def _release(step: Step) -> None:
    _own, due = _claim(step)
    dues.change(due, DueState.CONFIRMED, act="release", actor=step.actor, at=step.at)


@CLAIM_FLOW.effect("refuse")
def _refuse(step: Step) -> None:
    own, due = _claim(step)
    if due.state == DueState.PAYING:
        raise step.refuse(_("已经送财政部门发放，不能不予兑现。"), code="state")
    reason = step.data.reason  # type: ignore[attr-defined]  # the input of `refuse`
    Claim.objects.filter(pk=own.pk).update(reason=reason, decided_by=step.actor.id)
    dues.change(due, DueState.LEFT, act="refuse", actor=step.actor, at=step.at, words=reason)


@CLAIM_FLOW.effect("withdraw", "lapse")
def _close(step: Step) -> None:
    _own, due = _claim(step)
    dues.change(due, DueState.LEFT, act=step.move.name, actor=step.actor, at=step.at)
