"""What the centre's moves do: dispatching, answering at once, judging returns and delays, refusing, putting right."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline import checking, confiding, helping, rows
from tongban.desks.hotline.flow import DISPATCH, HANDLE, SIGN, TICKET
from tongban.desks.hotline.grounds import grounds
from tongban.kernel.flow.declaration import working_days
from tongban.kernel.flow.step import Step

LOOKS_AT_TURNS = frozenset({"reply", "give_back", "uphold", "overrule", "forward"})
REPLIES = frozenset({"answer", "reply"})
ENDS_HELP = frozenset({"give_back", "close", "merge", "withdraw"})


@TICKET.prepares
def _prepare(steps: list[Step]) -> None:
    found = rows.owns([step.docket.id for step in steps])
    for step in steps:
        step.own = found[step.docket.id]
    rows.read_turns([step for step in steps if step.move.name in LOOKS_AT_TURNS])
    checking.read_questions([step for step in steps if step.move.name in REPLIES])
    helping.read([step for step in steps if step.move.name in ENDS_HELP])


def live(step: Step, unit_id: str) -> actors.UnitInfo:
    """The unit to send a ticket to. :raises MoveRefused: there is none of that id, or it has ended"""
    unit = actors.live_unit(unit_id)
    if unit is None or unit.id != unit_id:
        instead = _("它的工作由%s接手。") % unit.name if unit else _("请从通讯录选一个。")
        raise step.refuse(_("没有“%s”这个单位，或已撤并。") % unit_id, possible=instead, code="no_unit")
    return unit


@TICKET.effect("dispatch")
def _dispatch(step: Step) -> None:
    given = step.data.model_dump()
    unit = live(step, given["unit"])
    if unit.id == step.docket.unit:
        raise step.refuse(
            _("这张工单就在%s。") % unit.name, possible=_("直接答复，或选别的单位。"), code="same_unit"
        )
    changed = {name: given[name] for name in ("matter", "category") if given[name]}
    if given["matter"] and not step.own.confidential:
        step.assign(subject=given["matter"])
    if not given["category"] and step.own.category:
        step.note(category=step.own.category)  # who leaves it empty leaves it as it was
    _send(step, unit.id, opinion=given["opinion"])
    rows.change(step, lead=unit.id, dispatched_at=step.own.dispatched_at or step.at, **changed)
    if given["helpers"]:
        helping.ask(step, given["helpers"], opinion=given["opinion"])


def _send(step: Step, unit: str, *, opinion: str = "", part: str = "lead") -> None:
    rows.begin_turn(step, unit, sender=step.docket.unit, part=part, opinion=opinion)
    step.assign(unit=unit, officer="")
    if step.own.confidential:
        confiding.name_heads(step, unit)


@TICKET.effect("answer")
def _answer(step: Step) -> None:
    given = step.data.model_dump(mode="json")
    found = checking.findings_for(step, given["reply"], at_once=True)
    may_override = any(grant.role in {"dispatcher", "head"} for grant in step.actor.grants)
    checking.insist(step, found, override=given["override"] if may_override else "")
    if step.own.category:
        step.note(category=step.own.category)
    rows.change(
        step, reply=given["reply"], replied_at=step.at, replied_by=step.capacity.unit or step.docket.unit,
        satisfaction=given.get("satisfaction") or "", findings="", result="yes",
    )  # fmt: skip


@TICKET.effect("refuse")
def _refuse(step: Step) -> None:
    ground = step.data.model_dump()["ground"]
    known = grounds()
    if ground not in known:
        raise step.refuse(
            _("“%s”不在不予受理的清单里。") % ground, code="no_ground",
            possible=_("可选：%s。") % "、".join(f"{key} {one.words}" for key, one in known.items()),
        )  # fmt: skip
    step.note(words=known[ground].words, law=known[ground].law)


@TICKET.effect("amend")
def _amend(step: Step) -> None:
    given = {name: value for name, value in step.data.model_dump(mode="json").items() if value}
    if not given:
        raise step.refuse(_("没有要更正的内容。"), code="nothing")
    if "matter" in given and not step.own.confidential:
        step.assign(subject=given["matter"])
    if "title" in given and not step.own.confidential:
        step.assign(title=given["title"])
    rows.change(step, **given)
    if "urgency" in given or "kind" in given:
        _reckon_anew(step, given)


def _reckon_anew(step: Step, given: dict[str, Any]) -> None:
    """Another urgency or kind, another limit: it counts from now."""
    step.own.urgency, step.own.kind = given.get("urgency", step.own.urgency), given.get("kind", step.own.kind)
    for limit in (DISPATCH, SIGN, HANDLE):
        if step.clock(limit.name):
            step.start(limit)


# Returns ---------------------------------------------------------------------------------------


def _returned(step: Step) -> rows.Leg:
    found = next((leg for leg in rows.legs(step) if leg.returned_at), None)
    if found is None:
        raise step.refuse(_("没有找到退单的单位。"), code="no_return")
    return found


@TICKET.effect("uphold")
def _uphold(step: Step) -> None:
    given, returned = step.data.model_dump(), _returned(step)
    unit = live(step, given["unit"])
    if unit.id == returned.unit:
        raise step.refuse(
            _("%s刚刚退了这张工单。") % unit.name,
            possible=_("要它办，就用“退单不成立，指定承办”。"),
            code="same_unit",
        )
    rows.change_leg(step, returned.id, upheld=True)
    again = rows.open_leg(step, step.docket.unit)
    changed: dict[str, Any] = {"final_unit": unit.id} if given["final"] else {}
    if unit.id == step.docket.unit and again:  # who passed it down does it after all
        step.assign(officer="")
    else:
        _send(step, unit.id, opinion=given["reason"], part="below" if again else "lead")
    if not again:
        changed["lead"] = unit.id
        step.start(HANDLE)
    if changed:
        rows.change(step, **changed)


@TICKET.effect("overrule")
def _overrule(step: Step) -> None:
    returned = _returned(step)
    unit = live(step, returned.unit)
    rows.change_leg(step, returned.id, upheld=False)
    _send(step, unit.id, opinion=step.data.model_dump()["reason"], part=returned.part)
    rows.change(step, final_unit=unit.id)
    step.note(final_unit=unit.id)


# Delays ----------------------------------------------------------------------------------------


@TICKET.effect("approve_delay")
def _approve_delay(step: Step) -> None:
    if step.clock("handle") is None:
        raise step.refuse(_("办结时限已经停止，没有什么可延期。"), code="no_clock")
    step.extend("handle", working_days(step.own.delay_days), asked_at=step.own.delay_asked_at)
    step.note(days=step.own.delay_days)
    rows.change(step, delays=step.own.delays + 1, delay_days=0, delay_asked_at=None)


@TICKET.effect("refuse_delay")
def _refuse_delay(step: Step) -> None:
    rows.change(step, delay_days=0, delay_asked_at=None)


@TICKET.effect("urge")
def _urge(step: Step) -> None:
    rows.change(step, urged=step.own.urged + 1)


@TICKET.effect("supervise")
def _supervise(step: Step) -> None:
    rows.change(step, supervised_at=step.at)


@TICKET.effect("withdraw")
def _withdraw(step: Step) -> None:
    rows.end_turns(step)
    helping.end_all(step)


@TICKET.effect("reroute")
def _reroute(step: Step) -> None:
    """A unit ended: its work goes to its successor, the time runs on."""
    unit = live(step, step.data.model_dump()["unit"])
    before = step.docket.unit
    if unit.id == before:
        raise step.refuse(_("这张工单就在%s。") % unit.name, code="same_unit")
    for leg in rows.legs(step):
        if leg.unit == before and leg.ended_at is None:
            rows.change_leg(step, leg.id, ended_at=step.at)
            rows.begin_turn(step, unit.id, sender=leg.sender, part=leg.part)
    for clock in step.clocks:
        if clock.whose == before:
            clock.whose = unit.id
            step.dirty.append(clock)
    changed = {
        name: unit.id for name in ("lead", "final_unit", "replied_by") if getattr(step.own, name) == before
    }
    if changed:
        rows.change(step, **changed)
    step.assign(unit=unit.id, officer="")
    step.note(from_unit=before)
    if step.own.confidential:
        confiding.name_heads(step, unit.id)
