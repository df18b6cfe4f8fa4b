"""What decision rules read beside the form: the applicant, licences held, shared data. Gathered once per application.

A register that is away, a value from the future or one too old makes what it would have told unknown; nothing here
ever guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel.rules.elements import Dated
from tongban.registers.catalogue import api as rules
from tongban.registers.exchange import api as exchange
from tongban.registers.licences import api as licences

STANDARD = ("number", "issued_on", "valid_from", "valid_until", "unit")
"""Fields that every licence has beside its kind's entries."""
SKEW = timedelta(days=1)
"""How far ahead of our clock another register's day may be."""


@dataclass(slots=True)
class Gathered:
    """Facts by key, and of what is not there why (``unavailable``, ``future``, ``ambiguous``).

    :param registers: keys of the shared registers that told something
    :param licences: by kind, the identifier that was read
    :param papers: keys of papers that a valid licence or a shared record stands in for
    """

    record: dict[str, Any] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    registers: set[str] = field(default_factory=set)
    licences: dict[str, str] = field(default_factory=dict)
    papers: set[str] = field(default_factory=set)


def gather(
    specs: Sequence[rules.InstantSpec],
    *,
    party: str,
    papers: Iterable[str],
    at: datetime,
    docket: str = "",
    draft: str = "",
    form: Mapping[str, Any],
) -> Gathered:
    """Everything that the rules of one application read, but for the form: one query for the party, one for licences,
    one for papers, one look into the registers.

    :param papers: keys of the papers that are said to be with the government
    :param docket: number of the application, for the register's own log
    :param draft: before there is one, the key of the draft: the registers are asked once for it
    """
    found, facts, day = Gathered(), actors.party_facts(party), actors.day_of(at)
    reads = {key for spec in specs for key in spec.reads}
    if any(key in rules.GIVEN for key in reads):
        found.record |= _party(facts)
    kinds = {kind for spec in specs for kind in spec.kinds}
    if kinds:
        _licences(found, specs, kinds, party=facts, day=day, form=form)
    asked = sorted(set(papers))
    if asked:
        found.papers |= set(licences.answering(asked, party=facts, on=day))
    left = [key for key in asked if key not in found.papers]
    _shared(found, reads, left, party=facts, at=at, docket=docket, draft=draft)
    return found


def _party(facts: actors.PartyFacts) -> dict[str, Any]:
    said = {
        "party.kind": facts.kind, "party.name": facts.name, "party.number": facts.number,
        "party.birth_date": facts.birth_date, "party.gender": facts.gender, "party.region": facts.region,
        "party.address": facts.address, "party.established_date": facts.established_date,
        "party.representative": facts.representative,
        "party.representative_number": facts.representative_number,
    }  # fmt: skip
    return {key: value for key, value in said.items() if value not in (None, "")}


def _licences(
    found: Gathered,
    specs: Sequence[rules.InstantSpec],
    kinds: set[str],
    *,
    party: actors.PartyFacts,
    day: date,
    form: Mapping[str, Any],
) -> None:
    """The licences held. A valid one is a yes, one that ran out or was stopped a no; none at all is unknown, unless
    the store knows every licence of the kind.
    """
    known = licences.kinds()
    complete = {key for spec in specs for key, fact in spec.facts.items() if fact.complete}
    held: dict[str, list[licences.LicenceInfo]] = {kind: [] for kind in kinds}
    wanted = sorted(kinds & known.keys())
    for one in licences.held_by_number(party.number, on=day, kinds=wanted, all_states=True, holder=party.id):
        held[one.kind].append(one)
    named = {str(value) for value in form.values() if value}
    for kind, having in held.items():
        key = rules.HOLDS + kind
        valid = [one for one in having if one.standing(day) == "valid"]
        if valid:
            found.record[key] = True
        elif having or (key in complete and kind in known):
            found.record[key] = False
        chosen = [one for one in valid if one.number in named] or valid
        if len(chosen) == 1:
            found.licences[kind] = chosen[0].identifier
            found.record |= _entries(chosen[0])
        elif chosen:
            found.why[rules.LICENCE + kind] = "ambiguous"


def _entries(one: licences.LicenceInfo) -> dict[str, Any]:
    """A licence's entries as rules read them; they are as of the day when it was last issued or corrected."""
    prefix = f"{rules.LICENCE}{one.kind}."
    values = {**one.fields, **{name: getattr(one, name) for name in STANDARD}}
    return {
        prefix + key: Dated(plain(value), one.issued_on)
        for key, value in values.items()
        if value not in (None, "")
    }


def _shared(
    found: Gathered,
    reads: Iterable[str],
    papers: Sequence[str],
    *,
    party: actors.PartyFacts,
    at: datetime,
    docket: str,
    draft: str,
) -> None:
    wanted = {key.split(".", 2)[2]: key for key in reads if key.startswith(rules.SHARED)}
    if not wanted and not papers:
        return
    answer = exchange.facts(
        party=party, elements=sorted(wanted), papers=papers, purpose=_("核对是否可以当场批准"), at=at,
        docket=docket, draft=draft,
    )  # fmt: skip
    latest = actors.day_of(at) + SKEW
    for element, fact in answer.facts.items():
        key = wanted.get(element)
        if key is None or key.split(".")[1] != fact.register:
            continue
        if fact.as_of > latest:
            found.why[key] = "future"
            continue
        found.record[key] = Dated(plain(fact.value), fact.as_of)
        found.registers.add(fact.register)
    for paper, fact in answer.papers.items():
        if fact.as_of <= latest:
            found.papers.add(paper)
            found.registers.add(fact.register)
    for key in wanted.values():
        if key.split(".")[1] in answer.unavailable:
            found.why[key] = "unavailable"


def plain(value: Any) -> Any:
    """A value as rules read it: decimals for floats."""
    return Decimal(repr(value)) if isinstance(value, float) else value
