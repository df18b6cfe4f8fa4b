"""Reading and writing rows of portraits: what lies in them, opened and laid back. Everything else goes through here."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tongban.kernel import api as kernel
from tongban.kernel.privacy import sealed
from tongban.kernel.rules.elements import Dated
from tongban.registers.portraits import packs, rules
from tongban.registers.portraits.contracts import PERSON, Consent, ElementInfo
from tongban.registers.portraits.models import Portrait
from tongban.registers.portraits.rules import Fact, Plain

_MARK_BITS = 62
Laid = dict[str, Plain]
_ROWS = 1000
_COLUMNS = ("party", "kind", "open", "closed", "agreed", "turn", "mark", "revision", "gone", "changed_at")


@dataclass(slots=True)
class File:
    """One party's file in memory. `facts` lie as in the row; elements that the pack has dropped stay in them."""

    row: Portrait
    facts: Laid
    changed: set[str] = field(default_factory=set)

    @property
    def party(self) -> str:
        return self.row.party

    def fact(self, info: ElementInfo) -> Fact | None:
        """What is known of an element; None also where its source no longer knows it."""
        plain = self.facts.get(info.key)
        fact = None if plain is None else rules.opened(info.type, plain)
        return None if fact is None or fact.value is None else fact

    def put(self, info: ElementInfo, fact: Fact) -> bool:
        """Take a fact if it holds over the one before; gives whether it does."""
        before = self.facts.get(info.key)
        if before is not None and not rules.holds_over(fact, rules.opened(info.type, before)):
            return False
        self.facts[info.key] = rules.laid(fact)
        self.changed.add(info.key)
        return True

    def consent(self, info: ElementInfo) -> Consent:
        """Whether an element may be used for deciding about this party."""
        return consent_of(info, self.row.agreed)


def consent_of(info: ElementInfo, agreed: Mapping[str, Mapping[str, str]]) -> Consent:
    """Whether an element may be used for deciding, by what a party has agreed to."""
    if not info.consent:
        return Consent.FREE
    said = agreed.get(info.key)
    if said is None:
        return Consent.NEVER
    return Consent.WITHDRAWN if said.get("withdrawn") else Consent.GIVEN


def facts_of(row: Portrait) -> Laid:
    """The facts of a row, personal ones too."""
    found: Laid = json.loads(row.open)
    if row.closed:
        found |= json.loads(row.closed)
    return found


def known(laid: Laid, agreed: Mapping[str, Mapping[str, str]], kind: str) -> Iterator[tuple[str, Dated]]:
    """What rules may read of a file: facts that consent allows, each with its day, in the order of the pack."""
    for key, info in packs.elements(kind).items():
        plain = laid.get(key)
        if plain is None or plain[0] is None or not consent_of(info, agreed).allows:
            continue
        fact = rules.opened(info.type, plain)
        yield key, Dated(fact.value, fact.as_of)


def read(party: str) -> File | None:
    """A party's file; None where nothing is known of it, or it was erased. One query."""
    row = Portrait.objects.filter(party=party, gone=False).first()
    return None if row is None else File(row, facts_of(row))


def open_files(parties: Collection[str], *, at: datetime) -> dict[str, File]:
    """Files to write in, inside `writing`: those that are there locked, new ones for the others.

    Whoever writes takes a turn first: of two writers the second waits, and turns rise in the order of commits.
    """
    kinds = sorted({party.partition(":")[0] for party in parties})
    turns = {kind: kernel.take_serials(f"portraits:{kind}", 1) for kind in kinds}
    rows = Portrait.objects.select_for_update().filter(party__in=list(parties)).order_by("pk")
    found = {row.party: File(row, facts_of(row)) for row in rows}
    for party in parties:
        kind = party.partition(":")[0]
        if party not in found:
            found[party] = File(Portrait(party=party, kind=kind, changed_at=at), {})
        found[party].row.turn = turns[kind]
        found[party].row.gone = False
    return found


def save(files: Iterable[File], *, at: datetime) -> None:
    """Write changed files back, inside `writing`: one statement for a thousand of them."""
    changed = list(files)
    for one in changed:
        _lay(one)
        one.row.revision += 1
        one.row.changed_at = at
        one.row.mark = secrets.randbits(_MARK_BITS)
    for start in range(0, len(changed), _ROWS):
        kernel.put_rows(
            Portrait._meta.db_table,
            _COLUMNS,
            [_values(one.row) for one in changed[start : start + _ROWS]],
            key=("party",),
        )


def _values(row: Portrait) -> tuple[object, ...]:
    """What a row holds, in the order of the columns, as statements take it."""
    return (
        row.party, row.kind, row.open, sealed(Portrait, "closed", row.closed), json.dumps(row.agreed), row.turn, row.mark,
        row.revision, row.gone, row.changed_at,
    )  # fmt: skip


def _lay(one: File) -> None:
    known_elements = packs.elements()
    closed = {
        key: plain
        for key, plain in one.facts.items()
        if one.row.kind == PERSON or key not in known_elements or known_elements[key].personal
    }
    one.row.open = _text({key: plain for key, plain in one.facts.items() if key not in closed})
    one.row.closed = _text(closed) if closed else ""


def _text(laid: Laid) -> str:
    return json.dumps(laid, ensure_ascii=False, separators=(",", ":"))
