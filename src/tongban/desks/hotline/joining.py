"""One thing told by many, and many things told at once: merging, gathering, splitting."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongban.desks.hotline import confiding, helping, rows, rules
from tongban.desks.hotline.contracts import KIND, TicketKind
from tongban.desks.hotline.flow import TICKET
from tongban.desks.hotline.limits import limits
from tongban.desks.hotline.models import Confidant, Ticket
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step


def _other(step: Step, number: str) -> kernel.DocketRow:
    """Another ticket that the actor may see. :raises MoveRefused: it is none, or this one"""
    try:
        row = kernel.docket(kernel.normalise(number), actor=step.actor)
    except ValueError as wrong:
        raise step.refuse(_("编号%s不对。") % number, code="bad_number", possible=f"{wrong}。") from None
    if row.kind != KIND or row.id == step.docket.id:
        raise step.refuse(_("请选另一张热线工单。"), code="not_another")
    return row


@TICKET.effect("merge")
def _merge(step: Step) -> None:
    main = _other(step, step.data.model_dump()["into"])
    if TICKET.states[main.state].final:
        raise step.refuse(
            _("%s已经办结，不能并入。") % main.number,
            code="closed",
            possible=_("单独办理，或选一张还在办的。"),
        )
    if rows.owns([main.id])[main.id].confidential != step.own.confidential:
        raise step.refuse(_("保密的和不保密的工单不能并在一起。"), code="confidential")
    step.link(main.id, "merged_into")
    step.note(into=main.number)
    rows.end_turns(step)
    helping.end_all(step)


@TICKET.effect("gather")
def _gather(step: Step) -> None:
    numbers = step.data.model_dump()["numbers"]
    others = {row.id: row for row in (_other(step, number) for number in numbers)}
    for row in sorted(others.values(), key=lambda one: one.id):
        step.then(row.id, "merge", into=step.docket.number)
    step.note(gathered=[row.number for row in others.values()])


@TICKET.effect("split")
def _split(step: Step) -> None:
    parts = step.data.model_dump()["parts"]
    if any(not rules.has_words(part) for part in parts):
        raise step.refuse(_("每一部分都要写清是什么事。"), code="empty_part")
    own = Ticket.objects.get(pk=step.docket.id)
    span = limits().span("dispatch", kind=own.kind, urgency=own.urgency, region=step.docket.region)
    centre = next((leg.sender for leg in reversed(rows.legs(step)) if leg.part == "lead"), step.docket.unit)
    openings = [
        kernel.Opening(
            kind=KIND, way="take", title=step.docket.title if own.confidential else rules.title_of(part), unit=centre,
            applicant=step.docket.applicant, region=step.docket.region, channel=own.channel,
            subject=step.docket.subject if own.confidential else "", spans={"dispatch": span},
            data={"kind": own.kind, "channel": own.channel, "urgency": own.urgency, "split_from": step.docket.number},
        )
        for part in parts
    ]  # fmt: skip
    made, _replayed = kernel.open_dockets(openings, actor=step.actor, at=step.at)
    for row, part in zip(made, parts, strict=True):
        Ticket.objects.create(
            docket_id=row.id, kind=own.kind if own.kind in TicketKind.values else TicketKind.HELP, channel=own.channel,
            urgency=own.urgency, title=rules.title_of(part), text=part, place=own.place, latitude=own.latitude,
            longitude=own.longitude, line=own.line, call=own.call, caller_name=own.caller_name,
            caller_phone=own.caller_phone, phone_index=own.phone_index, confidential=own.confidential,
        )  # fmt: skip
        kernel.link(source=row.id, target=step.docket.id, kind="split_from", at=step.at)
        if own.confidential:
            _same_confidants(step, row.id)
    step.note(parts=[row.number for row in made])


def _same_confidants(step: Step, docket: int) -> None:
    known = Confidant.objects.filter(docket=step.docket.id).values_list("actor", flat=True)
    confiding.name(docket, known, by=step.actor.id, at=step.at)
