"""Whom a policy is for by where they are: what a county or township gives, it gives to its own.

A policy belongs to a division. One of the city's is for everybody here; one of a division below it is for those whose
portrait names that division, and this stands before whatever its measures ask for, as a condition like the others: it is
matched, counted and told with them. Who has moved away fails it; of whom the division is not known, it is open.

Portraits hold a division by its name, as the sources write it. After a division is renamed nobody there meets its policies until
the portraits were refreshed from sources that use the new name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tongban.actors import api as actors
from tongban.actors.contracts import Level
from tongban.registers.portraits import api as portraits

_LEVELS: Mapping[str, str] = {Level.COUNTY.value: "county", Level.TOWNSHIP.value: "township"}
"""By which kind of element (`ElementInfo.division`) a division of a level is told."""


class NoElementError(ValueError):
    """No element of the portraits tells divisions of this level."""


def limits(*, region: str, party: str) -> list[Any]:
    """The conditions that keep a measure to a division, largest first; none for the whole city.

    :param region: twelve-digit code of the policy's division
    :param party: ``organisation`` or ``person``
    :raises NoElementError: the portraits do not know where this kind of party is on that level
    """
    below = [actors.region(code) for code in reversed(actors.region_chain(region))][1:]
    keys = {info.division: key for key, info in portraits.elements(party).items() if info.division}
    found = []
    for one in below:
        key = keys.get(_LEVELS.get(str(one.level), ""))
        if key is None:
            raise NoElementError(one.name)
        found.append({"==": [{"var": key}, one.name]})
    return found


def limited(condition: Any, *, region: str, party: str) -> Any:
    """A condition as it holds for a policy of a division. Where nothing can tell the division, nobody meets it."""
    try:
        before = limits(region=region, party=party)
    except NoElementError:
        return {"and": [False, condition]}
    return {"and": [*before, condition]} if before else condition
