"""What a party may still have: to claim now, coming by itself, by its matter, and what it just misses."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from tongban.desks.policies.claims import giving, rules, sources
from tongban.desks.policies.claims.web.words import english, unit_name
from tongban.desks.policies.contracts import Claimway, Standing
from tongban.desks.policies.matching import api as matching

MOST_NEAR = 8


def offers(
    standings: Iterable[matching.PairInfo],
    *,
    enjoyed: Collection[tuple[str, str]],
    asked: Collection[str],
    day: date,
) -> dict[str, list[dict[str, Any]]]:
    """Measures by what can be done about them.

    :param enjoyed: what the party has already, as (measure, period); left out in that period, offered again in the next
    :param asked: measures that it has asked for and that are not done yet; left out
    """
    found: dict[str, list[dict[str, Any]]] = {
        "claim": [],
        "prove": [],
        "coming": [],
        "relief": [],
        "service": [],
        "matter": [],
        "near": [],
    }
    for pair in standings:
        if pair.key in asked or not pair.measure.open_on(day):
            continue
        if (pair.key, rules.period_of(pair.measure.period, day)) in enjoyed:
            continue
        place = _place(pair)
        if place:
            found[place].append(_line(pair))
    for lines in found.values():
        lines.sort(key=lambda line: (-(line["fen"] or 0), line["key"]))
    found["near"] = sorted(found["near"], key=lambda line: (not line["little"], not line["threshold"]))[
        :MOST_NEAR
    ]
    return found


def _place(pair: matching.PairInfo) -> str:
    way = pair.measure.way
    if pair.standing is Standing.NOT_YET:
        # A company may become what it is not; a person is told of what is within reach, not of an age decades away.
        return "near" if pair.little or pair.measure.party == "organisation" else ""
    if pair.standing is Standing.ENTITLED and sources.gives_itself(pair.measure):
        return "service" if giving.is_service(pair.measure) else "relief"
    if pair.standing is Standing.ENTITLED:
        if way == Claimway.QUICK and pair.measure.amount is not None:
            return "prove" if pair.missing else "claim"
        return {Claimway.NONE: "coming", Claimway.MATTER: "matter"}.get(Claimway(way), "")
    if pair.standing is Standing.UNKNOWN and way == Claimway.QUICK and sources.may_claim(pair.standing):
        return "prove"
    return ""


def _line(pair: matching.PairInfo) -> dict[str, Any]:
    one = pair.measure
    return {
        "key": one.key, "title": one.title_en if english() and one.title_en else one.title,
        "says": one.says_en if english() and one.says_en else one.says, "fen": pair.amount_fen,
        "unit": unit_name(one.unit), "matter": one.matter, "region": one.region, "until": pair.until,
        "nearest": [str(words) for words in pair.nearest], "missing": len(pair.missing), "threshold": pair.threshold,
        "little": pair.little,
    }  # fmt: skip
