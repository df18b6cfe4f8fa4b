"""What the units' moves do: signing, returning within the limit, passing down, delays, the answer."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline import checking, helping, rows
from tongban.desks.hotline.contracts import CENTRE
from tongban.desks.hotline.flow import TICKET
from tongban.desks.hotline.limits import limits
from tongban.desks.hotline.services import live
from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import Limit
from tongban.kernel.flow.step import Step


@TICKET.effect("sign")
def _sign(step: Step) -> None:
    _signed(step)
    if step.actor.is_officer:
        step.assign(officer=step.actor.id)


def _signed(step: Step) -> None:
    """The unit's turn is signed for; the first signature of all is the ticket's."""
    rows.sign_turn(step)
    if step.own.signed_at is None:
        rows.change(step, signed_at=step.at)


@TICKET.effect("give_back")
def _give_back(step: Step) -> None:
    given, leg = step.data.model_dump(), rows.open_leg(step, step.docket.unit)
    if leg is None:
        raise step.refuse(_("这张工单不是派给本单位的。"), code="no_turn")
    if len(given["reason"]) < 2:
        raise kernel.InvalidInput(
            "no_reason", _("退单要写明理由。"), fields={"reason": _("请写为什么不属于本单位职责，依据是什么。")},
            possible=_("写明理由再退，或者请求协办、申请延期。"),
        )  # fmt: skip
    _in_time(step, leg)
    rows.change_leg(step, leg.id, returned_at=step.at, ended_at=step.at, said=given["reason"])
    rows.change(step, returns=step.own.returns + 1)
    helping.end_all(step)
    step.note(returned_by=leg.unit)
    step.assign(unit=leg.sender, officer="")


def _in_time(step: Step, leg: rows.Leg) -> None:
    rule = limits().span(
        "return_within", kind=step.own.kind, urgency=step.own.urgency, region=step.docket.region
    )
    clock = kernel.begin_clock(
        Limit("return", "", rule),
        rule,
        at=leg.sent_at,
        docket=step.docket.id,
        region=step.docket.region,
        unit=leg.unit,
    )
    if step.at >= clock.due_at:
        until = timezone.localtime(clock.due_at)
        raise step.refuse(
            _("退单期限已过（%(rule)s，到%(until)s为止）。") % {"rule": rule.source, "until": f"{until:%m-%d %H:%M}"},
            possible=_("请继续办理；可以请求协办、申请延期。"), code="too_late",
        )  # fmt: skip


@TICKET.effect("pass_down")
def _pass_down(step: Step) -> None:
    given = step.data.model_dump()
    unit, here = live(step, given["unit"]), actors.unit(step.docket.unit)
    if not _is_below(unit, here):
        raise step.refuse(
            _("%(unit)s不是%(here)s的下级。") % {"unit": unit.name, "here": here.name}, code="not_below",
            possible=_("只能交给本地区的下级单位；不属于本单位职责的，写明理由退单。"),
        )  # fmt: skip
    _signed(step)
    rows.begin_turn(step, unit.id, sender=here.id, part="below", opinion=given["opinion"])
    step.assign(unit=unit.id, officer="")


def _is_below(unit: actors.UnitInfo, here: actors.UnitInfo) -> bool:
    """In a division below, or a unit that belongs to this one; a desk of the hotline has all units of its division."""
    within = unit.region in actors.regions_within(here.region)
    lower = within and (unit.region != here.region or here.department == CENTRE)
    return (lower or unit.parent == here.id) and unit.id != here.id


@TICKET.effect("ask_delay")
def _ask_delay(step: Step) -> None:
    days, rule, clock = step.data.model_dump()["days"], limits(), step.clock("handle")
    if clock is None or clock.basis != "working_days":
        raise step.refuse(
            _("这张工单的时限按小时计，不能延期。"), code="no_delay", possible=_("请求协办，或报上级协调。")
        )
    if step.own.delays >= rule.most_delays:
        raise step.refuse(
            _("已经延期%d次，不能再延。") % step.own.delays,
            code="no_delay",
            possible=_("先答复办到哪一步、还要多久。"),
        )
    if days > rule.delay_days:
        raise kernel.InvalidInput(
            "too_long",
            _("一次最多延期%d个工作日。") % rule.delay_days,
            fields={"days": _("最多%d。") % rule.delay_days},
        )
    if kernel.late(clock, step.at):
        raise step.refuse(
            _("已经超期，不能再申请延期。"), code="too_late", possible=_("尽快办理并答复，说明原因。")
        )
    rows.change(step, delay_days=days, delay_asked_at=step.at)


@TICKET.effect("reply")
def _reply(step: Step) -> None:
    given = step.data.model_dump(mode="json")
    legs = rows.legs(step)
    waiting = [
        actors.unit_name(unit_id=one.unit) for one in legs if one.part == "helper" and one.ended_at is None
    ]
    if waiting:
        raise step.refuse(
            _("还有%d个协办单位没有回复。") % len(waiting), code="helpers",
            possible=_("等%s回复，或者请热线结束协办。") % "、".join(waiting),
        )  # fmt: skip
    found = checking.findings_for(step, given["reply"])
    checking.insist(step, [one for one in found if one.hard])
    leg = next((one for one in legs if one.unit == step.docket.unit and one.ended_at is None), None)
    changes: dict[str, Any] = {
        "reply": given["reply"], "replied_at": step.at, "replied_by": step.docket.unit,
        "findings": ",".join(one.rule for one in found), "result": given.get("result") or "",
    }  # fmt: skip
    if step.own.signed_at is None:
        changes["signed_at"] = step.at
    rows.change(step, **changes)
    if step.own.delay_asked_at:
        rows.change(step, delay_days=0, delay_asked_at=None)
    if leg:
        finish_turn(step, leg)


def finish_turn(step: Step, leg: rows.Leg) -> None:
    """A unit's answer goes to who sent it the ticket."""
    rows.change_leg(
        step,
        leg.id,
        replied_at=step.at,
        ended_at=step.at,
        signed_at=leg.signed_at or step.at,
        late=_missed(step),
    )
    step.assign(unit=leg.sender, officer="")


def _missed(step: Step) -> bool:
    return any(entry["clock"] == "handle" and entry.get("outcome") == "missed" for entry in step.clock_log)
