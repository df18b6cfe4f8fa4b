"""What happens to an answer: passed up, reviewed, sent back, called back, rated, done again, closed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongban.desks.hotline import caller_moves, checking, helping, rows
from tongban.desks.hotline.contracts import UNHAPPY, Solved
from tongban.desks.hotline.flow import DECIDE, TICKET
from tongban.desks.hotline.limits import limits
from tongban.desks.hotline.unit_moves import finish_turn
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step


@TICKET.effect("forward")
def _forward(step: Step) -> None:
    leg = rows.open_leg(step, step.docket.unit)
    if leg is None:
        raise step.refuse(_("这张工单由热线直接审核。"), code="no_turn")
    finish_turn(step, leg)


@TICKET.effect("review")
def _review(step: Step) -> None:
    left = [checking.finding(rule) for rule in step.own.findings.split(",") if rule]
    checking.insist(step, left, override=step.data.model_dump()["override"])
    if left:
        rows.change(step, findings="")


@TICKET.effect("send_back")
def _send_back(step: Step) -> None:
    _to_unit(step, step.own.replied_by or step.own.lead)


def _to_unit(step: Step, unit: str) -> None:
    """The unit has it once more: a further turn, sent by who holds it now."""
    signed = step.at if step.move.name == "send_back" else None  # it signed for it before
    rows.begin_turn(
        step, unit, sender=step.docket.unit, part="lead" if unit == step.own.lead else "below",
        opinion=step.data.model_dump().get("reason", ""), signed_at=signed,
    )  # fmt: skip
    step.assign(unit=unit, officer="")


@TICKET.effect("call_back")
def _call_back(step: Step) -> None:
    given = step.data.model_dump(mode="json")
    rows.change(
        step, called_back_at=step.at, attempts=step.own.attempts + 1, satisfaction=given["satisfaction"],
        operator_satisfaction=given.get("operator") or "", solved=given["solved"],
    )  # fmt: skip
    _heard_of(step)
    _close_or_decide(step, content=given["close"] and not _unhappy(given["satisfaction"], given["solved"]))


@TICKET.effect("rate")
def _rate(step: Step) -> None:
    given = step.data.model_dump(mode="json")
    rows.change(step, called_back_at=step.at, satisfaction=given["satisfaction"], solved=given["solved"])
    caller_moves.keep(step, "answer", given["said"])
    _heard_of(step)
    _close_or_decide(step, content=not _unhappy(given["satisfaction"], given["solved"]))


def _heard_of(step: Step) -> None:
    """Whose answer it is that a caller speaks of: the ticket lies with the desk that asks."""
    if step.own.replied_by:
        step.note(unit=step.own.replied_by)


def _unhappy(satisfaction: str, solved: str) -> bool:
    return satisfaction in UNHAPPY or solved == Solved.NO


def _close_or_decide(step: Step, *, content: bool) -> None:
    """Who is content has the ticket closed; whatever else was heard is decided on within a limit of its own."""
    if content:
        step.then(step.docket.id, "close", actor=kernel.SYSTEM)
    else:
        step.start(DECIDE)


@TICKET.effect("settle")
def _settle(step: Step) -> None:
    """Nobody decided in time: who is unhappy has it done again, everybody else has it closed."""
    if _unhappy(step.own.satisfaction, step.own.solved):
        reason = _("来电人不满意，到期没有处理，按规范退回重新办理。")
        step.then(step.docket.id, "reopen", actor=kernel.SYSTEM, reason=reason)
    else:
        step.then(step.docket.id, "close", actor=kernel.SYSTEM)


@TICKET.effect("no_answer")
def _no_answer(step: Step) -> None:
    """Nobody picks up: tried as often as the rule says, then it waits to be closed as not rated."""
    tries = step.own.attempts + 1
    rows.change(step, attempts=tries)
    step.note(tries=tries)
    if tries >= limits().attempts:
        step.stop("call_back")
        step.goto("called_back")
        rows.change(step, called_back_at=step.at, satisfaction="no_answer", solved=Solved.UNKNOWN.value)
        step.start(DECIDE)


@TICKET.effect("reopen")
def _reopen(step: Step) -> None:
    if not step.own.lead:
        raise step.refuse(_("这张工单没有派给过单位。"), code="no_turn", possible=_("办结后请另登记一张。"))
    rows.change(
        step,
        reopened=step.own.reopened + 1,
        called_back_at=None,
        satisfaction="",
        solved="",
        attempts=0,
    )
    _to_unit(step, step.own.lead)


@TICKET.effect("close")
def _close(step: Step) -> None:
    if step.own.satisfaction in UNHAPPY and not step.data.model_dump()["note"]:
        raise kernel.InvalidInput(
            "unhappy", _("来电人不满意，办结要写明理由。"), fields={"note": _("请写为什么不再办理，怎样向来电人说明的。")},
            possible=_("写明理由，或者重新办理。"),
        )  # fmt: skip
    rows.end_turns(step)
    helping.end_all(step)
