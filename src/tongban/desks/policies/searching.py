"""Finding measures by everyday words: every word must be somewhere, what stands in the title comes first. Pure but for reading."""

from __future__ import annotations

import re
from datetime import date

from django.db.models import Q, QuerySet

from tongban.actors import api as actors
from tongban.desks.policies import selectors
from tongban.desks.policies.contracts import MeasureInfo
from tongban.desks.policies.models import Policy

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


def policies(
    text: str, *, unit: str = "", region: str = "", state: str = "in_force", on: date
) -> QuerySet[Policy]:
    """Published policies that fit, the newest first.

    :param text: words; each must be in the title, the document's number or the summary
    :param state: ``in_force`` on the day, ``ended`` by then (over, or stopped), or ``all``
    """
    rows = selectors.public(on).order_by("-issued_on", "-docket")
    rows = rows.filter(unit=unit) if unit else rows
    rows = rows.filter(region=region) if region else rows
    for word in filter(None, _WORDS.split(text.strip())):
        rows = rows.filter(
            Q(title__icontains=word) | Q(title_en__icontains=word) | Q(document__icontains=word)
            | Q(summary__icontains=word) | Q(summary_en__icontains=word)
        )  # fmt: skip
    over = Q(valid_until__lt=on) | Q(withdrawn_at__isnull=False)
    if state == "ended":
        return rows.filter(over)
    return rows.filter(valid_from__lte=on).exclude(over) if state == "in_force" else rows


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
