"""What may be chosen in the forms of a ticket's moves: units by place, grounds by the list, tickets of the same caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tongban.actors import api as actors
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.sorting import api as sorting
from tongban.faces.workbench.api import Asked, Choosing, register_choosing


def units_for(region: str, *, first: str = "") -> list[tuple[str, str]]:
    """The units that may be in charge at a place: the proposed one, then from the place upwards, each once."""
    found = [unit for code in actors.region_chain(region) for unit in actors.units_in(region=code)]
    return _listed(([actors.unit(first)] if first else []) + found)


def units_below(unit: str, region: str) -> list[tuple[str, str]]:
    """The units under one's own division that a ticket can be passed down to, those at its place first."""
    own = actors.unit(unit).region
    near = [
        one for code in actors.region_chain(region) if code != own for one in actors.units_in(region=code)
    ]
    others = [one for below in actors.regions_below(own) for one in actors.units_in(region=below.code)]
    inside = set(actors.regions_within(own)) - {own}
    return _listed([one for one in (*near, *others) if one.region in inside])


def _listed(units: Iterable[actors.UnitInfo]) -> list[tuple[str, str]]:
    return list({one.id: one.name for one in units if one.ended_on is None}.items())


@register_choosing(hotline.KIND)
def ticket_choices(asked: Asked, move: str) -> Choosing:
    """What the form of a ticket's move offers."""
    maker = _OFFERS.get(move)
    return maker(asked) if maker else Choosing()


def _dispatching(asked: Asked) -> Choosing:
    row = asked.row
    own = hotline.ticket(row.number, actor=asked.actor)
    found = sorting.suggest(own.text, region=row.region, place=own.place, title=own.title)
    likely = {
        "unit": found.unit,
        "matter": own.matter or found.matter,
        "category": own.category or found.path,
    }
    units = units_for(row.region, first=found.unit)
    return Choosing({"unit": units, "helpers": units}, likely)


def _others(asked: Asked) -> list[tuple[str, str]]:
    return [one for one in units_for(asked.row.region) if one[0] != asked.row.unit]


def _same_thing(asked: Asked) -> list[tuple[str, str]]:
    own = hotline.ticket(asked.row.number, actor=asked.actor)
    tied = hotline.related(asked.row, actor=asked.actor).get("same", [])
    page = hotline.page(
        asked.actor, hotline.Asked(region=asked.row.region, category=own.category, open_only=True), size=20
    )
    found = {
        one.number: f"{one.number} {one.title}" for one in (*tied, *page.items)
        if one.open and one.docket != asked.row.id
    }  # fmt: skip
    return list(found.items())


_OFFERS: dict[str, Callable[[Asked], Choosing]] = {
    "dispatch": _dispatching,
    "uphold": lambda asked: Choosing({"unit": _others(asked)}),
    "pass_down": lambda asked: Choosing({"unit": units_below(asked.row.unit, asked.row.region)}),
    "ask_help": lambda asked: Choosing({"units": _others(asked)}),
    "refuse": lambda _asked: Choosing(
        {"ground": [(one.key, one.words) for one in hotline.grounds().values()]}
    ),
    "merge": lambda asked: Choosing({"into": _same_thing(asked)}),
}
