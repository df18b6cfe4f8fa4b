"""Reading one portrait: for its holder and officers with every fact, for rules with what they may use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from tongban.actors import api as actors
from tongban.kernel.rules.elements import Dated, is_stale
from tongban.registers.catalogue import api as catalogue
from tongban.registers.portraits import filing, packs, tags
from tongban.registers.portraits.contracts import ElementInfo, FactInfo, KnownInfo, PortraitInfo
from tongban.registers.portraits.filing import File
from tongban.registers.portraits.rules import Fact


def record(party: str, *, at: datetime) -> dict[str, Dated]:
    """What rules may read of a party, flat, each value with its day; one query.

    What needs consent and has none is absent, as what is not known is. Who has ended by `at` still has a record: the
    census has not.
    """
    del at  # a record's ages are measured by whoever decides, as of their own day
    file = filing.read(party)
    if file is None:
        return {}
    return dict(filing.known(file.facts, file.row.agreed, file.row.kind))


def known(party: str, *, elements: Collection[str], at: datetime) -> KnownInfo:
    """Some elements of a party's file, as they are shown and as rules may read them, without tags; one query."""
    file = filing.read(party)
    if file is None:
        return KnownInfo({}, {})
    laid = {key: file.facts[key] for key in elements if key in file.facts}
    facts = {one.element: one for one in _facts(File(file.row, laid), at=at)}
    return KnownInfo(facts, dict(filing.known(laid, file.row.agreed, file.row.kind)))


def portrait(party: str, *, at: datetime) -> PortraitInfo:
    """A party's whole file with its tags. For the holder, and for officers whose purpose is recorded (`looking`).

    :raises actors.NotKnownError: nobody has this id
    """
    known = actors.party(party)
    file = filing.read(party)
    facts = tuple(_facts(file, at=at)) if file else ()
    usable = dict(filing.known(file.facts, file.row.agreed, file.row.kind)) if file else {}
    return PortraitInfo(
        party=party, kind=known.kind, name=known.name, region=known.region, facts=facts,
        tags=tags.derived(known.kind, usable, at=at), revision=file.row.revision if file else 0,
    )  # fmt: skip


def _facts(file: File, *, at: datetime) -> Iterator[FactInfo]:
    for info in packs.elements(file.row.kind).values():
        fact = file.fact(info)
        if fact is not None:
            yield fact_info(info, fact, file, at=at)


def fact_info(info: ElementInfo, fact: Fact, file: File, *, at: datetime) -> FactInfo:
    """A fact as it is shown."""
    standing = file.consent(info)
    today = actors.day_of(at)
    stale = info.max_age is not None and is_stale(known_at=fact.as_of, max_age=info.max_age, as_of=today)
    return FactInfo(
        element=info.key, value=fact.value, source=fact.source, source_name=catalogue.department_name(fact.source),
        as_of=fact.as_of, via=fact.via, consent=standing.allows, standing=standing, stale=stale,
    )  # fmt: skip
