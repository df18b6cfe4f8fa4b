"""The two times of telling: everybody every morning, one party when its portrait has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tongban.actors import api as actors
from tongban.desks.policies import api as policies
from tongban.desks.policies.matching import aside
from tongban.desks.policies.matching.telling import candidates, pack, sending, topics
from tongban.desks.policies.matching.telling.candidates import Today
from tongban.desks.policies.matching.telling.easing import eased_measure
from tongban.desks.policies.matching.telling.rules import Offer
from tongban.kernel.rules.columns.single import Outcome
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits.contracts import KINDS


def tell_everybody(at: datetime, *, apart: bool = False) -> int:
    """Tell all companies, then all persons, what is news to them; gives how many messages.

    :param apart: reckon in a child process
    """
    return sum(_tell_all(kind, at, apart=apart) for kind in KINDS)


def _tell_all(kind: str, at: datetime, *, apart: bool) -> int:
    _number(kind, at)
    today = Today.of(kind, at=at)
    if not apart:
        return sending.tell(candidates.offers(kind, at=at), today=today, at=at)
    with aside.file(f"news-{kind}") as path:
        aside.run("news", "--kind", kind, "--at", at.isoformat(), "--into", str(path))
        return sending.tell(candidates.read(path), today=today, at=at)


def tell_parties(found: Iterable[tuple[str, list[Outcome]]], *, at: datetime) -> int:
    """Tell parties that were matched just now; gives how many messages. What may not be told yet waits for a morning."""
    sent = 0
    days: dict[str, Today] = {}
    for party, outcomes in found:
        kind = party.partition(":")[0]
        if kind not in days:
            _number(kind, at)
            days[kind] = Today.of(kind, at=at)
        offer = _offer(party, outcomes, days[kind], at)
        sent += sending.tell([(party, offer)], today=days[kind], at=at)
    return sent


def _number(kind: str, at: datetime) -> None:
    day = actors.day_of(at)
    topics.number([one for one in policies.measures(on=day, party_kind=kind) if one.open_on(day)], day=day)


def _offer(party: str, outcomes: list[Outcome], today: Today, at: datetime) -> Offer:
    open_ones = [one for one in outcomes if one.measure.key in today.measures]
    entitled = tuple(one.measure.key for one in open_ones if one.entitled)
    record = portraits.record(party, at=at) if any(one.nearest for one in open_ones) else {}
    limits = pack.limits()
    near = []
    for one in open_ones:
        moved = (
            eased_measure(one.measure, percent=limits.percent, days=limits.near_days) if one.nearest else None
        )
        if moved is not None and moved.rule.decide(record=record, as_of=today.day).value:
            near.append(one.measure.key)
    return Offer(entitled, tuple(key for key in entitled if key in today.soon), tuple(near))
