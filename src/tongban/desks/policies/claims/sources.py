"""What this room asks of others: measures of policies, who is entitled of matching, records of portraits. The only place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tongban.actors import api as actors
from tongban.desks.policies import api as policies
from tongban.desks.policies.claims import rules
from tongban.desks.policies.claims.contracts import Fact, Finding
from tongban.desks.policies.contracts import Claimway, Gives, MeasureInfo, PoliciesError, Standing
from tongban.desks.policies.matching import api as matching
from tongban.kernel.rules.columns.matching import Measure
from tongban.kernel.rules.elements import Dated
from tongban.registers.portraits import api as portraits


def measures(*, on: date, way: str) -> tuple[MeasureInfo, ...]:
    """The measures in force on a day that are enjoyed this way."""
    return tuple(one for one in policies.measures(on=on) if one.way == way)


def measure(key: str, *, on: date | None = None, version: int | None = None) -> MeasureInfo | None:
    """The measure in force on a day, or a version of it; None where there is none."""
    try:
        return policies.measure(key, on=on, version=version)
    except PoliciesError:
        return None


def periods(keys: Collection[str], *, on: date) -> dict[str, str]:
    """The period in which each of these measures would be enjoyed on a day; one that is not in force is left out."""
    return {one.key: rules.period_of(one.period, on) for one in policies.measures(on=on, keys=keys)}


def given_by(*, on: date) -> tuple[MeasureInfo, ...]:
    """Measures in force that come without application and are not paid by us, by key."""
    return tuple(one for one in policies.measures(on=on) if gives_itself(one))


def gives_itself(one: MeasureInfo) -> bool:
    """Whether a measure comes without application and without a payment of ours."""
    return one.way == Claimway.NONE and (one.amount is None or one.gives in (Gives.RELIEF, Gives.SERVICE))


def excluding(one: MeasureInfo, *, on: date) -> dict[str, str]:
    """The measures that may not be enjoyed together with this one, whichever of the two says so: period by key."""
    found = {}
    for other in policies.measures(on=on, party_kind=one.party):
        if other.key != one.key and (other.key in one.excludes or one.key in other.excludes):
            found[other.key] = rules.period_of(other.period, on)
    return found


def entitled(one: MeasureInfo, *, at: datetime) -> list[tuple[str, int]]:
    """Who is entitled to an amount, as the last matching of this version found. Whether it still holds is asked anew."""
    try:
        found = matching.entitled(one.key, at=at)
    except matching.MatchingError:
        return []  # never matched
    if found.version != one.version:
        return []
    return [(party, fen) for party, fen in found.fen.items() if fen]


def values(element: str, parties: Sequence[str], *, kind: str, at: datetime) -> dict[str, Any]:
    """What is known of one element of many, for the published order; who has none is left out."""
    census = portraits.census(kind, at=at)
    rows = {party: row for row, party in enumerate(census.parties)}
    found = {}
    for party in parties:
        if party in rows:
            known = census.population.record(rows[party], keys=[element]).get(element)
            value = known.value if isinstance(known, Dated) else known
            if value is not None:
                found[party] = value
    return found


def value(element: str, party: str, *, at: datetime) -> Any:
    """What is known of one element of one party; None where it is not."""
    known = portraits.record(party, at=at).get(element)
    return known.value if known is not None else None


def finding(
    one: MeasureInfo, party: str, *, at: datetime, proven: Mapping[str, Any] | None = None
) -> Finding:
    """The measure's rule for one party now, with every datum that it read.

    :param proven: values that the party shows by evidence, for what is not known
    """
    day, rule = actors.day_of(at), _compiled(one)
    record: dict[str, Any] = dict(portraits.record(party, at=at))
    record.update({key: Dated(value, day) for key, value in (proven or {}).items()})
    decision = rule.rule.decide(record=record, as_of=day)
    facts = _facts(one, record, proven or {}, rule)
    if not decision.value:
        standing = Standing.UNKNOWN if decision.value is None else Standing.NOT
        return Finding(standing.value, None, facts, decision.unknown)
    if rule.amount is None:
        return Finding(Standing.ENTITLED.value, None, facts)
    amount = rule.amount.compute(record=record, as_of=day)
    return Finding(Standing.ENTITLED.value, amount.fen, facts, amount.unknown)


_kept: dict[tuple[str, int, str], tuple[object, Measure]] = {}


def _compiled(one: MeasureInfo) -> Measure:
    """The measure ready to run; kept as long as the elements of the pack are the same."""
    sign, place = portraits.rule_elements(one.party), (one.key, one.version, one.region)
    if place not in _kept or _kept[place][0] is not sign:
        _kept[place] = (sign, policies.compiled(one))
    return _kept[place][1]


def _facts(
    one: MeasureInfo, record: Mapping[str, Any], proven: Mapping[str, Any], rule: Measure
) -> tuple[Fact, ...]:
    known = portraits.elements(one.party)
    amount = rule.amount.reads if rule.amount is not None else ()
    found = []
    for key in dict.fromkeys((*rule.rule.reads, *amount)):
        held = record.get(key)
        if isinstance(held, Dated):
            day = held.known_at.date() if isinstance(held.known_at, datetime) else held.known_at
            via = "proven" if key in proven else "register"
            source = "" if key in proven or key not in known else known[key].source
            found.append(Fact(key, held.value, source, day, via))
    return tuple(found)


def standings(party: str, *, at: datetime) -> tuple[matching.PairInfo, ...]:
    """What every measure is for one party."""
    return matching.standing(party, at=at)


def may_claim(standing: str) -> bool:
    """Whether a quick claim can be opened: the data say yes, or leave it open and the party can prove it."""
    return standing in (Standing.ENTITLED, Standing.UNKNOWN)


def ended(party: str, *, at: datetime) -> date | None:
    """The day from which a party no longer exists (dissolved, merged, died), when it has come."""
    day = actors.party(party).ended_on
    return day if day is not None and day <= actors.day_of(at) else None
