"""Bring in open work from elsewhere, with its clocks, as of an instant.

A row enters at the state in which it stands; its ledger begins with an entry ``import``. All rows or none. A desk
that lets its kind be brought in registers an `Importer`, which checks what only the desk knows and writes the
desk's own rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tongban.kernel import store
from tongban.kernel.clock import reckoning
from tongban.kernel.contracts import Actor, ClockRow, DocketRow
from tongban.kernel.flow import registry
from tongban.kernel.flow.declaration import Flow, Limit, Move, Opens, Span
from tongban.kernel.flow.opening import SHANGHAI
from tongban.kernel.flow.writing import append, chain, event, first_words, stream_of
from tongban.kernel.ledger.rules import START, canonical
from tongban.kernel.numbering.rules import compose

ACT = "import"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One docket to be brought in. `line` tells where in the file it stood.

    :param ref: its number where it comes from; kept in the ledger
    :param parent: `ref` of the docket that owns it, earlier in the same file
    :param clocks: due instants by name of the clocks that run
    """

    line: int
    ref: str
    kind: str
    state: str
    title: str
    unit: str
    applicant: str
    region: str
    subject: str
    opened_at: datetime
    clocks: dict[str, datetime] = field(default_factory=dict)
    officer: str = ""
    parent: str = ""
    channel: str = "import"


class Importer(Protocol):
    """What a desk adds for its kind."""

    def check(self, row: Incoming) -> list[str]:
        """What is wrong with a row, in words; empty when it can be brought in."""
        ...

    def write(self, rows: Sequence[tuple[Incoming, DocketRow]]) -> None:
        """Write the desk's own rows, inside the transaction; parents come before their children."""
        ...


_IMPORTERS: dict[str, Importer] = {}


def importer(kind: str, found: Importer) -> None:
    """Let a kind be brought in; called by its desk."""
    _IMPORTERS[kind] = found


def faults(rows: Sequence[Incoming], *, at: datetime) -> list[tuple[int, str]]:
    """What is wrong, by line: everything at once, so that a file is mended in one go."""
    found: list[tuple[int, str]] = []
    before: dict[str, str] = {}
    for row in rows:
        words = _wrong(row, before, at)
        if not words:
            words = _IMPORTERS[row.kind].check(row)
        found += [(row.line, word) for word in words]
        before[row.ref] = row.kind
    return found


def _wrong(row: Incoming, before: dict[str, str], at: datetime) -> list[str]:
    if row.kind not in _IMPORTERS:
        return [f"kind：没有“{row.kind}”，可以是 {'、'.join(sorted(_IMPORTERS))}"]
    flow = registry.flow_of(row.kind)
    words = []
    open_states = [name for name, state in flow.states.items() if not state.final]
    if row.state not in open_states:
        words.append(f"state：不能是“{row.state}”，可以是 {'、'.join(open_states)}")
    if not row.ref or row.ref in before:
        words.append(f"ref：{'重复' if row.ref else '必须填'}")
    if not row.title or len(row.title) > 200:
        words.append("title：1到200个字")
    if len(row.region) != 12 or not row.region.isdigit():
        words.append("region：12位区划代码")
    if row.opened_at > at:
        words.append("opened_at：不能在将来")
    if row.parent and row.parent not in before:
        words.append(f"parent：前面没有 ref 为“{row.parent}”的行")
    known = limits(flow)
    words += [f"clocks：没有“{name}”，可以是 {'、'.join(known)}" for name in row.clocks if name not in known]
    words += [f"clocks：{name} 早于开立" for name, due in row.clocks.items() if due <= row.opened_at]
    return words


def limits(flow: Flow) -> dict[str, Limit]:
    """The clocks that a flow knows, by name."""
    steps: list[Opens | Move] = [*flow.opens.values(), *flow.moves.values()]
    return {limit.name: limit for step in steps for limit in step.starts}


def bring_in(rows: Sequence[Incoming], *, actor: Actor, at: datetime) -> list[DocketRow]:
    """Write rows that have no `faults`, all or none; gives the dockets in the same order.

    :param at: the instant as of which the work is taken over
    """
    with store.writing():
        by_ref: dict[str, DocketRow] = {}
        for depth in _levels(rows):
            made = [_row(row, by_ref, at=at) for row in depth]
            clocks = [_clocks(row) for row in depth]
            entries = [
                _entry(row, docket, own, actor, at)
                for row, docket, own in zip(depth, made, clocks, strict=True)
            ]
            store.insert_dockets(made)
            for docket, own in zip(made, clocks, strict=True):
                for clock in own:
                    clock.docket = docket.id
            running = [clock for own in clocks for clock in own]
            if running:
                store.save_clocks(running)
            append(entries, {})
            store.insert_events([event(docket, topic=f"{docket.kind}.imported", at=at) for docket in made])
            by_ref |= {row.ref: docket for row, docket in zip(depth, made, strict=True)}
        for kind in dict.fromkeys(row.kind for row in sorted(rows, key=lambda row: bool(row.parent))):
            _IMPORTERS[kind].write([(row, by_ref[row.ref]) for row in rows if row.kind == kind])
    return [by_ref[row.ref] for row in rows]


def _levels(rows: Sequence[Incoming]) -> list[list[Incoming]]:
    depth: dict[str, int] = {}
    levels: list[list[Incoming]] = []
    for row in rows:
        depth[row.ref] = depth[row.parent] + 1 if row.parent else 0
        while len(levels) <= depth[row.ref]:
            levels.append([])
        levels[depth[row.ref]].append(row)
    return levels


def _row(row: Incoming, by_ref: dict[str, DocketRow], *, at: datetime) -> DocketRow:
    flow, day = registry.flow_of(row.kind), at.astimezone(SHANGHAI).date()
    serial = store.take_serials(f"{flow.prefix}{row.region[:6]}{day:%y%m%d}", 1)
    return DocketRow(
        id=0, number=compose(prefix=flow.prefix, region=row.region, day=day, serial=serial), kind=row.kind,
        state=row.state, title=row.title, unit=row.unit, officer=row.officer, applicant=row.applicant, agent="",
        region=row.region, channel=row.channel, subject=row.subject,
        parent=by_ref[row.parent].id if row.parent else None, opened_at=row.opened_at,
        due_at=min(row.clocks.values(), default=None), closed_at=None, outcome="", revision=1,
        flow_version=flow.version, ledger_head="",
    )  # fmt: skip


def _clocks(row: Incoming) -> list[ClockRow]:
    known = limits(registry.flow_of(row.kind))
    made = []
    for name, due in row.clocks.items():
        clock = reckoning.begin(
            known[name], Span(0, "natural_days"), at=row.opened_at, docket=0, region=row.region, unit=row.unit
        )
        clock.due_at, clock.warn_at, clock.next_at, clock.provisional = due, None, due, False
        made.append(clock)
    return made


def _entry(
    row: Incoming, docket: DocketRow, clocks: Sequence[ClockRow], actor: Actor, at: datetime
) -> dict[str, object]:
    body = {
        **first_words(docket),
        "data": {"ref": row.ref, "opened_at": reckoning.iso(row.opened_at)},
        "clocks": [reckoning.said_at_start(one) for one in clocks],
    }  # fmt: skip
    entry: dict[str, object] = {
        "stream": stream_of(docket), "sequence": 1, "actor": actor.id, "unit": actor.unit, "authority": "",
        "act": ACT, "body": canonical(body), "personal_digest": "", "at": at, "previous": START,
    }  # fmt: skip
    docket.ledger_head = chain(entry)
    entry["digest"] = docket.ledger_head
    return entry
