"""Plans of equal answers, made once: on an enrolment morning thousands of families give the same ones.

A plan follows from the theme, the answers, the party's kind and region, the day, the calendar and the matters; `plan`
is pure. What was made is given again as long as each of these is the same: the theme, the calendar and every matter that
was looked up are compared as the objects they are, so a new version of any of them makes the plan anew. No name, no
number and no value of a form enters a plan.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from tongban.desks.themes import planning
from tongban.desks.themes.contracts import Party, Plan
from tongban.desks.themes.days import WorkingDays
from tongban.desks.themes.format import Theme
from tongban.kernel.ledger.rules import canonical
from tongban.registers.catalogue.contracts import MatterSpec

MOST = 512
"""Plans kept by a process; the one made first goes first."""
_Key = tuple[str, int, str, Party, date]
_kept: dict[_Key, _Made] = {}
_turn = threading.Lock()


@dataclass(slots=True)
class _Noting:
    """A catalogue that notes what it was asked and what it said."""

    catalogue: planning.Catalogue
    said: list[tuple[tuple[str, ...], str, Mapping[str, MatterSpec]]] = field(default_factory=list)

    def matters(self, codes: Sequence[str], region: str) -> Mapping[str, MatterSpec]:
        found = self.catalogue.matters(codes, region)
        self.said.append((tuple(codes), region, found))
        return found

    def still(self) -> bool:
        """Whether it would say the same again."""
        return all(_same(found, self.catalogue.matters(codes, region)) for codes, region, found in self.said)


@dataclass(frozen=True, slots=True)
class _Made:
    theme: Theme
    calendar: object
    noted: _Noting
    plan: Plan


def _same(one: Mapping[str, MatterSpec], other: Mapping[str, MatterSpec]) -> bool:
    return one.keys() == other.keys() and all(spec is other[code] for code, spec in one.items())


def plan(
    theme: Theme,
    answers: Mapping[str, Any],
    party: Party,
    *,
    catalogue: planning.Catalogue,
    at: datetime,
    calendar: WorkingDays,
    version: int,
) -> Plan:
    """As `planning.plan`. :raises PlanRefused: likewise; a refusal is not kept"""
    day = at.astimezone(planning.SHANGHAI).date()
    key = (theme.code, version, canonical(dict(answers)), party, day)
    made = _kept.get(key)
    if (
        made is not None
        and made.theme is theme
        and made.calendar is calendar.calendar
        and made.noted.catalogue is catalogue
        and made.noted.still()
    ):
        return replace(made.plan, at=at, answers=dict(made.plan.answers))
    noted = _Noting(catalogue)
    found = planning.plan(theme, answers, party, catalogue=noted, at=at, calendar=calendar, version=version)
    with _turn:
        while len(_kept) >= MOST:
            del _kept[next(iter(_kept))]
        _kept[key] = _Made(theme, calendar.calendar, noted, found)
    return found
