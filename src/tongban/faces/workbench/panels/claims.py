"""The panels of benefit runs, quick claims and recoveries."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.claims import api as claims
from tongban.faces.workbench.panels.base import Asked, Choosing, Panel, register, register_choosing
from tongban.faces.workbench.panels.papers import by_slot
from tongban.kernel.files.selectors import attachments
from tongban.kernel.privacy import mask_name
from tongban.registers.portraits import api as portraits
from tongban.web import formats

FIRST = 50
LOOKED_AT = ("held", "returned")
REASONS = {
    "listed": gettext_lazy("已在名单或已享受"), "ended": gettext_lazy("已注销或合并"),
    "excluded": gettext_lazy("已享受互斥的措施"), "changed": gettext_lazy("数据已变化"),
}  # fmt: skip
CHOOSES = {
    "exclude": ("listed", "held", "waiting", "aside", "confirmed"), "release": ("held",),
    "succeed": ("held", "waiting", "aside"),
}  # fmt: skip


def _party(party: str, names: dict[str, str]) -> str:
    name = names.get(party, "")
    return mask_name(name) if party.startswith("person:") else name


def _state(state: str, *, drawn: bool = False) -> str:
    """A state as the office says it: what the holder reads as “waiting for you” waits for the holder here, and what is
    only drawn up is not published yet.
    """
    if drawn and state == claims.DueState.LISTED:
        return _("待公示")
    return _("等确认账户") if state == claims.DueState.WAITING else str(claims.DueState(state).label)


def _lines(found: list[claims.DueInfo], *, drawn: bool = False) -> list[dict[str, Any]]:
    names = actors.names([one.payee for one in found])
    return [
        {"due": one, "name": _party(one.payee, names), "state": _state(one.state, drawn=drawn)}
        for one in found
    ]


@register("benefit")
def run_panels(asked: Asked) -> list[Panel]:
    """Numbers by state, what is to be looked at first, then the list with masked accounts; objections."""
    run = claims.run_behind(asked.row.id)
    if run is None:
        return []
    first = claims.lines_of(run.docket, states=LOOKED_AT)
    rest = [one for one in claims.lines_of(run.docket, most=FIRST) if one.state not in LOOKED_AT]
    english, drawn = (get_language() or "").startswith("en"), run.state == "drawn"
    context = {
        "run": run, "says": run.says_en if english and run.says_en else run.says,
        "sums": [(_state(state, drawn=drawn), run.counts[state], fen) for state, fen in sorted(run.sums.items())],
        "skipped": [(REASONS.get(reason, reason), n) for reason, n in sorted(run.skipped.items())],
        "lines": _lines([*first, *rest], drawn=drawn), "more": run.listed > FIRST,
        "batches": sorted({one.batch for one in claims.lines_of(run.docket, most=1000) if one.batch}),
        "objections": claims.objections_of(run.docket),
    }  # fmt: skip
    return [Panel("workbench/panels/benefit.html", context)]


@register_choosing("benefit")
def choose_line(asked: Asked, move: str) -> Choosing:
    """Lines that the move can be made for, by place."""
    states = CHOOSES.get(move)
    if states is None:
        return Choosing()
    lines = _lines(claims.lines_of(asked.row.id, states=states, most=200))
    choices = [
        (
            str(line["due"].place),
            _("第%(place)d位 %(name)s") % {"place": line["due"].place, "name": line["name"]},
        )
        for line in lines
    ]
    return Choosing(choices={"place": choices})


def _files(asked: Asked) -> set[int]:
    return {one.pk for one in attachments(asked.row.id)}


@register("claim", files=_files)
def claim_panels(asked: Asked) -> list[Panel]:
    """Who claims how much into which account, what was proven with which paper, what was said."""
    found = claims.claim_behind(asked.row.id)
    if found is None:
        return []
    files = by_slot(asked.row.id, asked.row.number)
    language, known = get_language() or "", portraits.elements()
    proven = [
        {
            "name": known[key].name_in(language) if key in known else key, "files": files.get(key[:40], []),
            "value": portraits.value_text(known[key], value, language) if key in known else json.dumps(value),
        }
        for key, value in found.proven.items()
    ]  # fmt: skip
    slots = {key[:40] for key in found.proven}
    context = {
        "claim": found, "name": _party(found.due.payee, actors.names([found.due.payee])), "proven": proven,
        "files": [file for slot, held in files.items() if slot not in slots for file in held],
    }  # fmt: skip
    return [Panel("workbench/panels/claim.html", context)]


@register("wish")
def wish_panels(asked: Asked) -> list[Panel]:
    """Which service is wanted, by whom, and whom to call: masked unless revealed."""
    facts = actors.party_facts(asked.row.applicant)
    measure = claims.measure_behind(asked.row.subject)
    english = (get_language() or "").startswith("en")
    context = {
        "measure": measure, "says": ((english and measure.says_en) or measure.says) if measure else "",
        "name": facts.name if asked.clear or facts.kind != "person" else mask_name(facts.name),
        "phone": facts.phone if asked.clear else formats.mask_phone(facts.phone),
        "clear": asked.clear, "hidden": not asked.clear,
    }  # fmt: skip
    return [Panel("workbench/panels/wish.html", context)]


@register("recovery")
def recovery_panels(asked: Asked) -> list[Panel]:
    """What is asked back, why, who proposed it, by which order."""
    found = claims.recovery_behind(asked.row.id)
    if found is None:
        return []
    names = actors.names([found.proposed_by])
    return [Panel("workbench/panels/recovery.html", {"found": found, "by": names.get(found.proposed_by, "")})]
