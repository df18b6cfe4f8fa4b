"""Money that was paid wrongly comes back: proposed by one, ordered by another, repaid as an order of registers/payments."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.desks.policies.claims import access, dues
from tongban.desks.policies.claims.contracts import RECOVERY, ClaimsError, DueState
from tongban.desks.policies.claims.flow import BACK, RECOVERY_FLOW
from tongban.desks.policies.claims.models import Due, Recovery
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.registers.payments import api as payments

DAYS = 30


@kernel.writing()
def propose(*, number: str, reason: str, actor: kernel.Actor, at: datetime) -> str:
    """Propose that a paid benefit is asked back; gives the number of the recovery.

    :raises UnknownError: no such due
    :raises kernel.NotPermitted: not an officer of the unit that gave it
    :raises ClaimsError: it was not paid, no reason, or it is being asked back
    """
    one = dues.locked(number=number)
    if not any(actor.holds(role, one.unit) for role in access.DESK):
        raise kernel.NotPermitted("not_permitted", _("追回由发钱的单位提出。"))
    said = " ".join(reason.split())
    if one.state != DueState.PAID:
        raise ClaimsError(_("只有已到账的才能追回。"), possible=_("还没发的，可以不再享受。"), code="state")
    if not 4 <= len(said) <= 400:
        raise ClaimsError(_("请写理由和依据。"), code="reason", fields={"reason": _("4到400个字。")})
    opening = kernel.Opening(
        kind=RECOVERY, way="propose", title=one.title, unit=one.unit, applicant=one.payee, region=one.region,
        channel="web", subject=one.measure, data={"due": one.number, "amount_fen": one.amount_fen, "reason": said},
    )  # fmt: skip
    try:
        with transaction.atomic():
            (docket,), _again = kernel.open_dockets([opening], actor=actor, at=at)
            Recovery.objects.create(
                docket=docket.id, due=one, amount_fen=one.amount_fen, reason=said, proposed_by=actor.id
            )
    except IntegrityError as error:
        raise ClaimsError(_("这一笔正在追回。"), code="twice") from error
    return docket.number


def _own(step: Step) -> Recovery:
    return Recovery.objects.select_related("due").get(docket=step.docket.id)


def _asked(own: Recovery, step: Step, *, again: int) -> None:
    """An order to pay it back, under a key of its own for each time it is opened."""
    one = own.due
    fee = payments.ask_fee(
        payments.NewFee(
            payer=one.payee, unit=one.unit, region=one.region, amount_fen=own.amount_fen, what=_("退回：%s") % one.title,
            what_en=f"Repayment: {one.title_en or one.title}", basis=BACK, about=step.docket.number, subject=one.measure,
            days=DAYS, key=f"recovery:{own.docket}:{again}",
        ),
        actor=kernel.SYSTEM, at=step.at,
    )  # fmt: skip
    Recovery.objects.filter(pk=own.pk).update(fee=fee.number)
    step.note(fee=fee.number, amount_fen=own.amount_fen)


@RECOVERY_FLOW.effect("order")
def _order(step: Step) -> None:
    _asked(_own(step), step, again=0)


@RECOVERY_FLOW.effect("renew")
def _renew(step: Step) -> None:
    own = _own(step)
    if own.fee and payments.fee(own.fee).state == "due":
        raise step.refuse(_("缴费单还开着，不用重开。"), code="open")
    _asked(own, step, again=step.docket.revision)


@RECOVERY_FLOW.effect("repaid")
def _repaid(step: Step) -> None:
    own = _own(step)
    one = dues.locked(pk=own.due_id)
    dues.change(one, DueState.RECOVERED, act="recover", actor=kernel.SYSTEM, at=step.at)
    Recovery.objects.filter(pk=own.pk).update(open=False)


@RECOVERY_FLOW.effect("waive")
def _waive(step: Step) -> None:
    own = _own(step)
    if own.fee and payments.fee(own.fee).state == "due":
        payments.cancel(number=own.fee, actor=kernel.SYSTEM, reason=_("不追回"), at=step.at)
    Recovery.objects.filter(pk=own.pk).update(open=False)


def repaid(fee: str, *, at: datetime) -> bool:
    """The order of a recovery was paid; whether it was one of ours and news."""
    docket = Recovery.objects.filter(fee=fee, open=True).values_list("docket", flat=True).first()
    if docket is None:
        return False
    kernel.perform(docket, "repaid", actor=kernel.SYSTEM, at=at, data={"fee": fee})
    return True


def expired(fee: str, *, at: datetime) -> bool:
    """Not paid in time: the order is opened again, the recovery's own clock says how late it is."""
    docket = Recovery.objects.filter(fee=fee, open=True).values_list("docket", flat=True).first()
    if docket is None:
        return False
    kernel.perform(docket, "renew", actor=kernel.SYSTEM, at=at)
    return True


def of_due(one: Due) -> list[Recovery]:
    """What was or is asked back of a due."""
    return list(one.recoveries.order_by("pk"))
