"""What the things that a register holds are called: a matter by its name, not by its code."""

from __future__ import annotations

from collections.abc import Iterable

from tongban.oversight.insight.selectors import Behind
from tongban.registers.catalogue import api as catalogue
from tongban.web import formats


def names(rows: Iterable[Behind]) -> dict[str, str]:
    """By key, of those that have a name; a place asks the catalogue once."""
    codes: dict[str, list[str]] = {}
    for row in rows:
        place, _slash, code = row.key.partition("/")
        if row.kind == "matter" and code:
            codes.setdefault(place, []).append(code)
    return {
        f"{place}/{code}": matter.name_en if formats.english() and matter.name_en else matter.name
        for place, wanted in codes.items()
        for code, matter in catalogue.matters(wanted, place).items()
    }
