"""What a ticket adds to the one docket page: what was said, the proposal, the units' turns, tied tickets, calls."""

from __future__ import annotations

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.contracts import TicketState, TicketView
from tongban.desks.hotline.sorting import api as sorting
from tongban.desks.hotline.telephony import api as telephony
from tongban.faces.hotline.assisting import matter_of
from tongban.faces.workbench import words
from tongban.faces.workbench.api import Asked, Panel, register
from tongban.kernel import api as kernel
from tongban.kernel.files.selectors import attachments

TIES = ("into", "merged", "whole", "parts", "same")
TO_DISPATCH = (TicketState.TAKEN, TicketState.RETURNING)


def _files(asked: Asked) -> set[int]:
    return {one.id for one in attachments(asked.row.id)}


@register(hotline.KIND, files=_files)
def ticket_panels(asked: Asked) -> list[Panel]:
    """The panels of a ticket, as far as the reader may see."""
    own = hotline.ticket(asked.row.number, actor=asked.actor)
    name, phone = _caller(own, clear=asked.clear)
    said = {
        "own": own, "name": name, "phone": phone, "clear": asked.clear, "hidden": own.has_phone, "matter": matter_of(own.matter, asked.row.region), "files": attachments(asked.row.id),
        "number": asked.row.number,
    }  # fmt: skip
    panels = [Panel("operating/panels/said.html", said)]
    added = hotline.additions(asked.row.id)
    if added:
        panels.append(Panel("operating/panels/added.html", {"added": added}))
    if own.state in TO_DISPATCH:
        panels.append(_proposal(own, asked))
    elif made := sorting.proposal_of(own.docket):
        panels.append(Panel("operating/panels/sorted.html", {"one": made, "unit": _name(made.unit)}))
    if own.reply:
        panels.append(_reply(own))
    turns = hotline.turns(asked.row.id)
    if turns:
        panels.append(Panel("operating/panels/turns.html", {"turns": turns}))
    tied = hotline.related(asked.row, actor=asked.actor)
    history = _history(own, asked.actor)
    if any(tied.values()) or history:
        groups = [(name, tied[name]) for name in TIES if tied.get(name)]
        panels.append(Panel("operating/panels/tied.html", {"groups": groups, "history": history}))
    calls = telephony.calls_of_ticket(asked.row.number)
    if calls:
        panels.append(Panel("operating/panels/calls.html", {"calls": calls}))
    return panels


def _caller(own: TicketView, *, clear: bool) -> tuple[str, str]:
    """Masked, or for the minute in which the workbench's reveal shows them: in full."""
    if not clear:
        return own.caller_name, own.caller_phone
    return hotline.caller_in_full(own.docket)


def _proposal(own: TicketView, asked: Asked) -> Panel:
    """What to send where; with one key where the reader may dispatch it and a unit is proposed."""
    found = sorting.suggest(own.text, region=own.region, place=own.place, title=own.title)
    flow = kernel.flow_of(asked.row.kind)
    may = any(
        one.is_open and one.move.name == "dispatch" for one in kernel.moves_for(flow, asked.row, asked.actor)
    )
    made = sorting.proposal_of(own.docket)
    accept = (
        {"unit": found.unit, "matter": found.matter, "category": found.path} if may and found.unit else {}
    )
    return Panel(
        "operating/panels/proposal.html",
        {
            "found": found, "sure": sorting.hundredths(found.confidence), "number": own.number, "state": own.state, "may": may,
            "unit": _name(found.unit), "accept": accept, "revision": asked.row.revision, "why": made.why if made else "",
        },
    )  # fmt: skip


def _name(unit: str) -> str:
    return words.unit_name(unit)


def _reply(own: TicketView) -> Panel:
    findings = hotline.check_reply(own.reply, question=own.text, kind=own.kind) if own.open else ()
    return Panel("operating/panels/reply.html", {"own": own, "findings": findings})


def _history(own: TicketView, actor: kernel.Actor) -> list[TicketView]:
    if not own.caller:
        return []
    return hotline.history_of_caller(actor=actor, party=own.caller, exclude=own.docket, most=5)


@register(hotline.ASSIST)
def assist_panels(asked: Asked) -> list[Panel]:
    """What another unit is asked to help with."""
    try:
        whole = kernel.docket_by_id(asked.row.parent or 0, actor=asked.actor)
    except kernel.NotFound:
        return []
    own = hotline.ticket(whole.number, actor=asked.actor)
    matter = matter_of(own.matter, whole.region)
    said = {"own": own, "name": own.caller_name, "matter": matter, "number": whole.number, "link": True}
    return [Panel("operating/panels/said.html", said)]
