"""The licences that came of what somebody asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tongban.desks.cases import api as cases
from tongban.registers.licences import api as licences


@dataclass(frozen=True, slots=True)
class MadeLine:
    """A licence that a case gave; `key` is that of its page and file, None while an entry is still to be added."""

    name: str
    key: int | None


def made(application: int) -> dict[int, list[MadeLine]]:
    """The licences that each case gave, or that still wait for an entry, by case."""
    rows = [one for one in cases.licences_of(application) if one.act != "cancel"]
    keys = licences.ids_of({one.identifier for one in rows if one.identifier})
    found: dict[int, list[MadeLine]] = {}
    for one in rows:
        waits = one.making is not None and one.making.closed_at is None
        if waits or one.identifier in keys:
            found.setdefault(one.case_id, []).append(MadeLine(one.name, keys.get(one.identifier)))
    return found


def by_case(party: str, *, on: date) -> dict[str, int]:
    """Ids of a party's licences that hold on a day, by number of the case that they came of; two queries."""
    return {one.docket: one.id for one in licences.held_by(party, on=on) if one.docket}
