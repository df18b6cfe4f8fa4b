"""The monthly ranking of units 月度排名: pure, so that anybody can work it out again from the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from tongban.desks.hotline.figures.contracts import Share, UnitLine

WEIGHTS: Final = (("signed", 20), ("handled", 30), ("solved", 25), ("satisfied", 25))
"""Points of a hundred for each rate, as cities' assessment rules spread them; a city's own figures."""
LEAST: Final = 3
"""Units with fewer ended handling limits are listed without a rank: one caller must not decide a place."""


def score(line: UnitLine) -> float | None:
    """Points of a hundred; a rate without a denominator leaves its weight to the others. None below the least number."""
    if line.handled.whole < LEAST:
        return None
    parts: list[tuple[Share, int]] = [(getattr(line, name), weight) for name, weight in WEIGHTS]
    counted = [(share, weight) for share, weight in parts if share.whole]
    weights = sum(weight for _share, weight in counted)
    return sum(share.part / share.whole * weight for share, weight in counted) / weights * 100


def ranked(lines: Iterable[UnitLine]) -> list[UnitLine]:
    """Highest score first; equal scores by how much was handled; units without a score last."""
    scored = [replace(line, score=score(line)) for line in lines]
    return sorted(
        scored, key=lambda line: (line.score is None, -(line.score or 0), -line.handled.whole, line.unit)
    )


def places(lines: Iterable[UnitLine]) -> list[tuple[int | None, UnitLine]]:
    """The ranked lines with their places; equal scores share one."""
    found: list[tuple[int | None, UnitLine]] = []
    for line in lines:
        before = found[-1] if found else None
        if line.score is None:
            place = None
        elif (
            before is not None
            and before[1].score is not None
            and round(before[1].score, 6) == round(line.score, 6)
        ):
            place = before[0]
        else:
            place = len(found) + 1
        found.append((place, line))
    return found
