"""The panels of an affair and of a review of repeats: what it is about, and the tickets behind it."""

from __future__ import annotations

from tongban.actors import api as actors
from tongban.desks.hotline.heat import api as heat
from tongban.faces.workbench.panels.base import Asked, Choosing, Panel, register, register_choosing
from tongban.kernel import api as kernel


@register("affair")
def affair_panels(asked: Asked) -> list[Panel]:
    """The group with its figures, and those of its tickets that the reader may see."""
    number = heat.group_of_affair(asked.row.id)
    group = heat.group(number, actor=asked.actor, at=asked.at) if number else None
    if group is None:
        return []
    tickets = heat.tickets(number, actor=asked.actor)
    return [Panel("workbench/panels/affair.html", {"group": group, "tickets": tickets})]


@register("repeat")
def repeat_panels(asked: Asked) -> list[Panel]:
    """The messages that were counted; who sent them is on the tickets."""
    tickets = heat.repeated(asked.row.id, actor=asked.actor)
    return [Panel("workbench/panels/affair.html", {"group": None, "tickets": tickets})]


@register_choosing("affair")
def affair_choices(asked: Asked, move: str) -> Choosing:
    """Units at the place, tickets of the group, other affairs of the place."""
    if move == "assign":
        chain = actors.region_chain(asked.row.region)
        units = [unit for code in chain for unit in actors.units_in(region=code)]
        return Choosing({"unit": [(unit.id, unit.name) for unit in units if unit.ended_on is None]})
    if move in {"take_out", "call_round"}:
        tickets = heat.tickets(heat.group_of_affair(asked.row.id), actor=asked.actor)
        if move == "call_round":
            tickets = [one for one in tickets if one.state == "reviewed"]
        return Choosing({"numbers": [(one.number, f"{one.number} {one.title}") for one in tickets]})
    if move == "join":
        page = kernel.page(asked.actor, kernel.Filters(kind="affair", open_only=True))
        others = [(row.number, row.title) for row in page.rows if row.id != asked.row.id]
        return Choosing({"into": others})
    return Choosing()
