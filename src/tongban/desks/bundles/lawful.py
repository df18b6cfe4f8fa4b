"""Where lawful services are looked up. Matters are the catalogue's; faces bring the lookups of other desks.

The desk knows no theme and no policy: a lookup gives a name and an address, which stand on the page as plain links.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tongban.desks.bundles.contracts import Lawful, Lookup, Words
from tongban.desks.bundles.reading import LawfulLine
from tongban.registers.catalogue import api as catalogue

_LOOKUPS: dict[str, Lookup] = {}


def register_lookup(kind: str, lookup: Lookup) -> None:
    """Bring what finds themes or measures; the same kind again replaces it."""
    _LOOKUPS[kind] = lookup


def found(lines: Iterable[LawfulLine], *, region: str, day: date) -> tuple[Lawful, ...]:
    """The services of these lines that there are in a division on a day; others are left out, never guessed."""
    wanted = list(lines)
    matters = catalogue.matters([line.matter for line in wanted if line.matter], region)
    services = []
    for line in wanted:
        if line.matter:
            spec = matters.get(line.matter)
            service = None if spec is None else Lawful(
                "matter", line.matter, Words(spec.name, spec.name_en or spec.name),
                f"/matters/{line.matter}?region={region}", Words("", ""),
            )  # fmt: skip
        else:
            lookup = _LOOKUPS.get(line.kind)
            service = lookup(line.ref, region, day) if lookup else None
        if service is not None:
            services.append(replace(service, why=Words(line.why, line.why_en)))
    return tuple(services)
