"""Units and divisions by name, in the reader's language."""

from __future__ import annotations

from tongban.actors import api as actors
from tongban.kernel.contracts import Actor
from tongban.web import formats


def unit(key: str) -> str:
    """A unit's name, of one that was merged too; its id where nobody knows it."""
    name = actors.unit_name(unit_id=key)
    return actors.english_unit_name(name) if formats.english() else name


def division(code: str) -> str:
    """A division's name; its code where nobody knows it."""
    try:
        found = actors.region(code)
    except actors.NotKnownError:
        return code
    return (found.name_en if formats.english() else "") or found.name


def below(actor: Actor) -> list[tuple[str, str]]:
    """The divisions that somebody oversees and those one level below, each with its name."""
    codes = [
        code
        for one in sorted(actor.regions)
        for code in (one, *(row.code for row in actors.regions_below(one)))
    ]
    return [(code, division(code)) for code in dict.fromkeys(codes)]
