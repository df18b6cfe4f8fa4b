"""Finding measures by everyday words: every word must be somewhere, what stands in the title comes first. Pure but for reading."""

from __future__ import annotations

import re
from datetime import date

from tongban.actors import api as actors
from tongban.desks.policies import selectors
from tongban.desks.policies.contracts import MeasureInfo

_WORDS = re.compile(r"[\s,，、。；;]+")


def search(text: str, *, party: str = "", gives: str = "", on: date) -> list[MeasureInfo]:
    """Measures in force that fit, best first; without words all, by department and key."""
    held = [
        one for one in selectors.measures(on=on, party_kind=party or None) if not gives or one.gives == gives
    ]
    words = [word.lower() for word in _WORDS.split(text) if word]
    if not words:
        return sorted(held, key=lambda one: (one.unit, one.key))
    scored = [(score(one, words), one) for one in held]
    return [one for points, one in sorted(scored, key=lambda pair: (-pair[0], pair[1].key)) if points]


def score(one: MeasureInfo, words: list[str]) -> int:
    """0 where a word is nowhere; a word of the title counts most, a part of one (two characters and more) a little."""
    title = f"{one.title} {one.title_en}".lower()
    body = f"{one.says} {one.says_en} {one.policy_title} {one.policy_title_en} {one.document}".lower()
    unit = actors.unit_name(unit_id=one.unit)
    points = 0
    for word in words:
        if word in title:
            points += 100
        elif word in body or word in unit:
            points += 40
        else:
            pairs = [word[place : place + 2] for place in range(len(word) - 1)]
            part = sum(4 if pair in title else 1 for pair in pairs if pair in title or pair in body)
            if len(pairs) < 2 or part < len(pairs):
                return 0
            points += part
    return points
