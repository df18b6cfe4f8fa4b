"""Joint handling: other units help, each with a docket of its own under the ticket; the lead answers for all."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline import rows
from tongban.desks.hotline.contracts import ASSIST
from tongban.desks.hotline.flow import ASSISTING, TICKET
from tongban.desks.hotline.limits import limits
from tongban.desks.hotline.models import Turn
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step

OPEN = frozenset({"asked", "helping"})


def ask(step: Step, units: Sequence[str], *, opinion: str) -> None:
    """Ask units to help with the ticket of a step: a child docket and a turn for each.

    :raises MoveRefused: one of them is the lead, is asked already, or is no unit; a confidential ticket
    """
    if step.own.confidential:
        raise step.refuse(
            _("保密工单不能请别的单位协办。"), code="confidential", possible=_("把要知道的人设为知情人。")
        )
    asked, wanted = {row.unit for row in _open_children(step)}, list(dict.fromkeys(units))
    for unit_id in wanted:
        unit = actors.live_unit(unit_id)
        if unit is None or unit.id != unit_id:
            raise step.refuse(
                _("没有“%s”这个单位，或已撤并。") % unit_id, code="no_unit", possible=_("请从通讯录选一个。")
            )
        if unit_id == step.docket.unit or unit_id in asked:
            raise step.refuse(_("%s已经在办这张工单。") % unit.name, code="same_unit")
    for unit_id in wanted:
        span = limits().span(
            "assist", kind=step.own.kind, urgency=step.own.urgency, region=step.docket.region
        )
        step.open_child(kernel.Opening(
            kind=ASSIST, way="ask", title=step.docket.title, unit=unit_id, region=step.docket.region,
            channel=step.docket.channel, subject=step.docket.subject, data={"opinion": opinion}, spans={"assist": span},
        ))  # fmt: skip
        rows.begin_turn(step, unit_id, sender=step.docket.unit, part="helper", opinion=opinion)


def read(steps: Sequence[Step]) -> None:
    """Read at once who helps with all these tickets, for moves that ask for help or end it."""
    found = kernel.children_of([step.docket.id for step in steps], actor=kernel.SYSTEM)
    for step in steps:
        step.own.children = found[step.docket.id]


def _open_children(step: Step) -> list[kernel.DocketRow]:
    if step.own.children is None:
        read([step])
    return [row for row in step.own.children if row.state in OPEN]


def end_all(step: Step) -> None:
    """Whatever is still asked of others is not needed any more."""
    for row in _open_children(step):
        step.then(row.id, "end", actor=kernel.SYSTEM, if_open=True)


@TICKET.effect("ask_help")
def _ask_help(step: Step) -> None:
    given = step.data.model_dump()
    ask(step, given["units"], opinion=given["opinion"])


@ASSISTING.effect("sign")
def _sign(step: Step) -> None:
    _turn(step, signed_at=step.at)
    if step.actor.is_officer:
        step.assign(officer=step.actor.id)


@ASSISTING.effect("finish")
def _finish(step: Step) -> None:
    _turn(step, replied_at=step.at, ended_at=step.at, said=step.data.model_dump()["text"])


@ASSISTING.effect("decline")
def _decline(step: Step) -> None:
    _turn(step, returned_at=step.at, ended_at=step.at, said=step.data.model_dump()["reason"])


@ASSISTING.effect("end")
def _end(step: Step) -> None:
    _turn(step, ended_at=step.at)


@ASSISTING.effect("reroute")
def _reroute(step: Step) -> None:
    to = step.data.model_dump()["unit"]
    unit = actors.live_unit(to)
    if unit is None or unit.id != to or to == step.docket.unit:
        raise step.refuse(
            _("没有“%s”这个单位可以接手。") % to, code="no_unit", possible=_("请从通讯录选一个。")
        )
    before = step.docket.unit
    _turn(step, unit=to)
    for clock in step.clocks:
        if clock.whose == before:
            clock.whose = to
            step.dirty.append(clock)
    step.note(from_unit=before)
    step.assign(unit=to, officer="")


def _turn(step: Step, **columns: object) -> None:
    where = {
        "docket_id": step.docket.parent, "unit": step.read.unit, "part": Turn.Part.HELPER.value, "ended_at": None,
    }  # fmt: skip
    step.change(rows.TURNS, where, **columns)
