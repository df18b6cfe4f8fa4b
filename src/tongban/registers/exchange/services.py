"""Asking the shared registers: what is kept for the draft first, then the registers; every look is written down."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeGuard

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.prepared import Prepared
from tongban.kernel.privacy import sealed
from tongban.registers.exchange import pack
from tongban.registers.exchange.asking import ask_all
from tongban.registers.exchange.contracts import Answer, Asked, SharedFact, Subject, Told
from tongban.registers.exchange.models import Kept
from tongban.registers.exchange.selectors import stream_of

KEPT_FOR = timedelta(days=1)
"""How long an answer serves the draft it was asked for."""
Want = tuple[frozenset[str], frozenset[str]]
"""Elements and papers that a register is asked about."""
Wanted = dict[str, Want]


def facts(
    *,
    party: str | actors.PartyFacts,
    elements: Collection[str],
    purpose: str,
    at: datetime,
    papers: Collection[str] = (),
    by: kernel.Actor = kernel.SYSTEM,
    docket: str = "",
    draft: str = "",
    max_age: timedelta = KEPT_FOR,
) -> Answer:
    """What the shared registers know of a party.

    Each call that reaches a register is one entry of the ledger stream ``exchange:<party>``: who asked for what,
    for which docket and purpose; never a value. Registers are asked side by side, each for its own seconds.

    :param party: ``person:7`` or ``organisation:3``; or what is known of it, by who has read that already
    :param elements: keys of data elements; those that no register gives are left out
    :param papers: keys of papers for which a record may stand in
    :param purpose: what for, in words that the party may read
    :param docket: number of the docket it is for; empty before there is one
    :param draft: key of the unfinished application; the same draft asks a register for each thing once a day
    :param max_age: what is kept for the draft longer than this is asked for again; it still serves, up to a day,
        while its register is away
    :raises actors.NotKnownError: nobody has this id
    """
    who = party if isinstance(party, str) else party.id
    wanted = pack.concerned(kind=who.partition(":")[0], elements=elements, papers=papers)
    if not wanted:
        return Answer()
    kept = _kept(draft, who, at) if draft else {}
    left = {key: _left(kept.get(key), want, since=at - max_age) for key, want in wanted.items()}
    open_ = {key: want for key, want in left.items() if any(want)}
    if not open_:
        return _answer(wanted, kept, ())
    told = ask_all(_questions(open_, party, purpose), at=at)
    silent = [key for key in open_ if told[key] is None]
    away = tuple(key for key in silent if any(_left(kept.get(key), open_[key], since=at - KEPT_FOR)))
    for key, answer in told.items():
        if answer is not None:
            kept[key] = _beside(kept.get(key), _as_kept(open_[key], answer, at), since=at - max_age)
    with kernel.writing():
        _write_down(open_, silent, party=who, purpose=purpose, docket=docket, by=by, at=at)
        if draft:
            _keep(draft, who, kept, at)
    return _answer(wanted, kept, away)


def _questions(wanted: Wanted, party: str | actors.PartyFacts, purpose: str) -> dict[str, Asked]:
    known = actors.party_facts(party) if isinstance(party, str) else party
    about = Subject(known.id, known.kind, known.number, known.name)
    return {key: Asked(about, elements, papers, purpose) for key, (elements, papers) in wanted.items()}


def _serves(kept: Mapping[str, Any] | None, since: datetime) -> TypeGuard[Mapping[str, Any]]:
    return kept is not None and datetime.fromisoformat(kept["at"]) >= since


def _left(kept: Mapping[str, Any] | None, want: Want, *, since: datetime) -> Want:
    """What of it is still to be asked: not kept, or kept for too long."""
    if not _serves(kept, since):
        return want
    return want[0].difference(kept["elements"]), want[1].difference(kept["papers"])


def _beside(kept: Mapping[str, Any] | None, told: dict[str, Any], *, since: datetime) -> dict[str, Any]:
    """What was told, beside what is kept and still serves; all of it is as old as the oldest of it."""
    if not _serves(kept, since):
        return told
    return {
        "at": kept["at"],
        **{name: sorted({*kept[name], *told[name]}) for name in ("elements", "papers")},
        **{name: kept[name] | told[name] for name in ("facts", "records")},
    }


def _as_kept(want: Want, told: Told, at: datetime) -> dict[str, Any]:
    def plain(held: Mapping[str, Any], only: frozenset[str]) -> dict[str, list[Any]]:
        return {key: [one.value, one.as_of.isoformat()] for key, one in held.items() if key in only}

    return {
        "at": at.isoformat(), "elements": sorted(want[0]), "papers": sorted(want[1]),
        "facts": plain(told.facts, want[0]), "records": plain(told.papers, want[1]),
    }  # fmt: skip


def _answer(wanted: Wanted, kept: Mapping[str, Mapping[str, Any]], away: tuple[str, ...]) -> Answer:
    found: dict[str, SharedFact] = {}
    records: dict[str, SharedFact] = {}
    for register, (elements, papers) in wanted.items():
        held = kept.get(register, {})
        for key in elements & held.get("facts", {}).keys():
            found[key] = _fact(key, register, held["facts"][key])
        for key in papers & held.get("records", {}).keys():
            records[key] = _fact(key, register, held["records"][key])
    return Answer(found, records, away)


def _fact(key: str, register: str, held: list[Any]) -> SharedFact:
    info = pack.register(register)
    return SharedFact(key, held[0], register, info.name, info.name_en, date.fromisoformat(held[1]))


_KEPT = Prepared(
    lambda draft, party: Kept.objects.filter(draft=draft, party=party).values_list("content", flat=True)
)
_COLUMNS = ("draft", "party", "content", "updated_at")


def _kept(draft: str, party: str, at: datetime) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(_KEPT.first(draft=draft, party=party) or "{}")
    return {
        key: one for key, one in content.items() if datetime.fromisoformat(one["at"]) > at - KEPT_FOR
    }  # fmt: skip


def _keep(draft: str, party: str, content: Mapping[str, Any], at: datetime) -> None:
    kept = sealed(Kept, "content", json.dumps(content, ensure_ascii=False))
    kernel.put_rows(Kept._meta.db_table, _COLUMNS, [(draft, party, kept, at)], key=_COLUMNS[:2])


def _write_down(
    wanted: Wanted,
    silent: Collection[str],
    *,
    party: str,
    purpose: str,
    docket: str,
    by: kernel.Actor,
    at: datetime,
) -> None:
    data = {
        "registers": sorted(wanted),
        "elements": sorted(frozenset[str]().union(*(elements for elements, _papers in wanted.values()))),
        "papers": sorted(frozenset[str]().union(*(papers for _elements, papers in wanted.values()))),
        "purpose": purpose[:200],
        "docket": docket,
        "unavailable": sorted(silent),
    }
    kernel.record(stream=stream_of(party), act="look", actor=by, at=at, data=data)


def forget(*, draft: str) -> None:
    """Drop what is kept for a draft: submitted, or no longer wanted."""
    with kernel.writing():
        Kept.objects.filter(draft=draft).delete()


def forget_old(*, at: datetime) -> int:
    """Drop what was kept longer than a day; gives how many."""
    with kernel.writing():
        return Kept.objects.filter(updated_at__lt=at - KEPT_FOR).delete()[0]
