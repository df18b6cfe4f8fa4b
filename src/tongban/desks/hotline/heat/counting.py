"""What a group comes to: how many people, how hot, whose it is, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from tongban.actors import api as actors
from tongban.desks.hotline.contracts import CENTRE
from tongban.desks.hotline.heat import memory
from tongban.desks.hotline.heat.contracts import Level
from tongban.desks.hotline.heat.grouping.batch import weigh
from tongban.desks.hotline.heat.grouping.telling import best_of, place_of, summary_of
from tongban.desks.hotline.heat.models import Group, Mention
from tongban.desks.hotline.heat.pack import pack
from tongban.desks.hotline.heat.scoring import Measured, Weights, heat_of, pace_of
from tongban.desks.hotline.models import Ticket
from tongban.kernel import api as kernel

MOST_READ: Final = 40
RENAMED_AT: Final = frozenset({2, 3, 5, 8, 13, 21, 34, 55, 89, 144})
_COUNTED = ("at", "person", "angry", "docket__region", "docket__unit", "docket")
WRITTEN = (
    "place", "summary", "region", "unit", "first_at", "last_at", "tickets", "people", "pace", "spread", "angry", "heat",
)  # fmt: skip


@cache
def levels() -> tuple[Level, ...]:
    """The thresholds of the pack, lowest first."""
    return tuple(Level(number, **given) for number, given in enumerate(pack()["levels"], 1))


def recount(
    numbers: Sequence[int], groups: Mapping[int, Group], unnamed: dict[int, list[int]]
) -> dict[int, Group]:
    """The figures of groups from their tickets, and the names of those that may warn somebody now.

    :param groups: those that are there
    :param unnamed: is given which others are new or have grown to be named anew, each with tickets that tell of it
    :returns: by number; none for one ticket alone
    """
    rows: dict[int, list[_Row]] = {}
    mentions = Mention.objects.filter(group__in=numbers, out=False).order_by("group", "at", "pk")
    for number, *row in mentions.values_list("group", *_COUNTED):
        rows.setdefault(number, []).append(_Row(*row))
    told: dict[int, list[int]] = {}
    counted = {}
    for number, own in rows.items():
        if len(own) > 1:
            group = counted[number] = groups.get(number) or Group(number=number)
            anew = not group.summary or any(group.tickets < size <= len(own) for size in RENAMED_AT)
            for name, value in _figures(own).items():
                setattr(group, name, value)
            if anew:
                asked = told if group.people >= levels()[0].people else unnamed
                asked[number] = _sampled([row.docket for row in own])
    for number, (place, summary) in _told(told).items():
        counted[number].place, counted[number].summary = place, summary
    Group.objects.bulk_create(
        counted.values(), update_conflicts=True, unique_fields=["number"], update_fields=WRITTEN
    )
    return counted


def name(unnamed: Mapping[int, Sequence[int]]) -> None:
    """Name groups, after what is locked was let go of. :param unnamed: tickets that tell of each"""
    named = [
        Group(number=number, place=place, summary=said) for number, (place, said) in _told(unnamed).items()
    ]
    if named:
        with kernel.writing():
            Group.objects.bulk_update(named, ["place", "summary"])


class _Row(NamedTuple):
    """A ticket as its group counts it."""

    at: datetime
    person: str
    angry: bool
    region: str
    unit: str
    docket: int


def _figures(rows: Sequence[_Row]) -> dict[str, object]:
    measured = Measured(
        messages=len(rows), people=len({row.person for row in rows}), pace=pace_of([row.at for row in rows]),
        spread=len({row.region for row in rows}), angry=sum(row.angry for row in rows), agreement=0,
    )  # fmt: skip
    return {
        "first_at": rows[0].at, "last_at": rows[-1].at, "tickets": measured.messages, "people": measured.people,
        "pace": measured.pace, "spread": measured.spread, "angry": measured.angry,
        "heat": heat_of(measured, Weights.of(pack()["heat"])), "region": _common([row.region for row in rows]),
        "unit": _in_charge([row.unit for row in rows]),
    }  # fmt: skip


def _common(regions: list[str]) -> str:
    """The smallest division that has them all."""
    chains = [actors.region_chain(region) for region in dict.fromkeys(regions)]
    return next(code for code in chains[0] if all(code in chain for chain in chains))


def _in_charge(units: list[str]) -> str:
    """The unit that most tickets are at, those of the hotline itself left out where there is another."""
    at_work = [unit for unit in units if not is_desk(unit)] or units
    return max(dict.fromkeys(at_work), key=at_work.count)


def is_desk(unit: str) -> bool:
    """Whether a unit is one of the hotline's own desks."""
    found = actors.live_unit(unit)
    return found is not None and found.department == CENTRE


def _sampled(dockets: Sequence[int]) -> list[int]:
    return list(dockets[:: max(1, len(dockets) // MOST_READ)][:MOST_READ])


def _told(samples: Mapping[int, Sequence[int]]) -> dict[int, tuple[str, str]]:
    """Place and summary of groups, by what some of their tickets tell."""
    wanted = {docket for sample in samples.values() for docket in sample}
    found = Ticket.objects.filter(docket__id__among=list(wanted)).values_list("pk", "title", "text")
    texts = {docket: (title, text) for docket, title, text in found}
    return {
        number: _named([texts[docket] for docket in sorted(sample)]) for number, sample in samples.items()
    }


def _named(texts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    words, plain = memory.words()
    rows = weigh(texts, words, plain)
    members = np.arange(len(texts))
    place = place_of(members, rows, texts, words)
    return place[:60], summary_of(best_of(members, rows), place, texts)[:60]
