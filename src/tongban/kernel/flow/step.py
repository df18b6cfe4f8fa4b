"""One move while it is being made: what an effect may read and ask for."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

from tongban.kernel import store
from tongban.kernel.clock import reckoning
from tongban.kernel.contracts import Actor, Capacity, ClockRow, DocketRow, Opening
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Span
from tongban.kernel.flow.errors import MoveRefused

_fields_of = attrgetter(*(item.name for item in fields(DocketRow)))


@dataclass(frozen=True, slots=True)
class Nested:
    """A further move that belongs to the same act and the same transaction."""

    docket: int
    move: str
    actor: Actor
    at: datetime
    data: dict[str, Any]
    if_open: bool = False


@dataclass(slots=True)
class RowChange:
    """Columns of the desk's own rows that a move writes; None in `where` finds NULL."""

    table: str
    where: dict[str, Any]
    columns: dict[str, Any]


@dataclass(slots=True)
class Step:
    """A move in the making.

    `docket` already carries the new state; `read` is the row as it was. Changes are collected and
    written together after every effect of the batch has run; so are those of the desk's own rows that
    it asks for with `change` and `add`. An effect that writes by itself must refuse before it does.
    """

    flow: Flow
    move: Move
    docket: DocketRow
    read: DocketRow
    actor: Actor
    capacity: Capacity
    data: BaseModel
    at: datetime
    key: str = ""
    asked: dict[str, Any] = field(default_factory=dict)
    """The input as it came, for the idempotency key."""
    own: Any = None
    """The desk's row of this docket, when the desk prepared it."""
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    nested: list[Nested] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    clock_log: list[dict[str, str]] = field(default_factory=list)
    dirty: list[ClockRow] = field(default_factory=list)
    loaded: list[ClockRow] | None = None
    row_changes: list[RowChange] = field(default_factory=list)
    new_rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def before(self) -> str:
        """The state before the move."""
        return self.read.state

    @property
    def clocks(self) -> list[ClockRow]:
        """The docket's clocks that have not stopped."""
        if self.loaded is None:
            self.loaded = store.clocks_of([self.docket.id])[self.docket.id]
        return [clock for clock in self.loaded if clock.stopped_at is None]

    def clock(self, name: str) -> ClockRow | None:
        """The unstopped clock of that name."""
        return next((clock for clock in self.clocks if clock.name == name), None)

    def refuse(self, reason: str, *, possible: str = "", code: str = "refused") -> MoveRefused:
        """The error to raise when the desk's own rule forbids the move: ``raise step.refuse(…)``."""
        return MoveRefused(code, reason, possible=possible)

    def assign(self, **fields: str) -> None:
        """Change `unit`, `officer`, `title` or `subject` of the docket; the ledger notes the new values."""
        for name, value in fields.items():
            if name not in {"unit", "officer", "title", "subject"}:
                raise AttributeError(f"a move may not change {name}")
            if getattr(self.docket, name) != value:
                setattr(self.docket, name, value)
                self.changes[name] = value

    def goto(self, state: str) -> None:
        """Decide the state in the effect, where the input decides it."""
        if state not in self.flow.states:
            raise ValueError(f"{self.flow.kind}: no state {state!r}")
        self.docket.state = state

    def note(self, **facts: Any) -> None:
        """Add public facts (never personal ones) to the ledger entry of this move."""
        self.facts.update(facts)

    def announce(self, topic: str, **body: Any) -> None:
        """Write a further event to the outbox beside the move's own."""
        self.events.append((topic, body))

    def then(
        self, docket: int, move: str, *, actor: Actor | None = None, if_open: bool = False, **data: Any
    ) -> None:
        """Make a move of another docket in the same transaction, once this one is written.

        :param if_open: leave it out when an earlier nested move has already closed the way
        """
        self.nested.append(Nested(docket, move, actor or self.actor, self.at, data, if_open))

    def open_child(self, opening: Opening) -> None:
        """Open a docket owned by this one in the same transaction."""
        self.openings.append(opening)

    def change(self, table: str, where: dict[str, Any], **columns: Any) -> None:
        """Write columns of the desk's own rows together with those of the whole batch; what is read before is as it was.

        :param where: which rows, by columns that are this docket's alone; None finds NULL
        """
        for known in self.row_changes:
            if known.table == table and known.where == where:
                known.columns |= columns
                return
        self.row_changes.append(RowChange(table, where, columns))

    def add(self, table: str, **columns: Any) -> None:
        """Insert a row of the desk's own, after what `change` changes."""
        self.new_rows.append((table, columns))

    def link(self, other: int, kind: str) -> None:
        """Relate this docket to another one (`DocketLink.Kind`)."""
        self.links.append((other, kind))

    def start(self, limit: Limit, span: Span | None = None) -> ClockRow:
        """Start a clock; one of the same name that still runs is dropped."""
        length = span or (limit.span(self) if callable(limit.span) else limit.span)
        running = self.clock(limit.name)
        if running:
            self._touch(reckoning.drop(running, at=self.at), "drop")
        row = reckoning.begin(
            limit, length, at=self.at, docket=self.docket.id, region=self.docket.region, unit=self.docket.unit
        )
        if self.loaded is None:
            self.loaded = store.clocks_of([self.docket.id])[self.docket.id]
        self.loaded.append(row)
        self._touch(row, "start")
        return row

    def stop(self, name: str) -> None:
        """Stop a clock: kept when in time, missed when late. ``ANY`` stops every one."""
        for clock in self.clocks:
            if name in (ANY, clock.name):
                self._touch(reckoning.stop(clock, at=self.at), "stop")

    def drop(self, name: str) -> None:
        """End a clock that no longer applies: neither kept nor missed unless already late."""
        for clock in self.clocks:
            if name in (ANY, clock.name):
                self._touch(reckoning.drop(clock, at=self.at), "drop")

    def suspend(self, name: str, reason: str) -> None:
        """Let a clock stand still (行政许可法 第四十五条). ``ANY``: every one of the unit's."""
        for clock in self.clocks:
            if clock.running and (name == clock.name or (name == ANY and clock.whose != "applicant")):
                self._touch(reckoning.suspend(clock, at=self.at, reason=reason), "suspend")

    def resume(self, name: str) -> None:
        """Let a suspended clock run on. ``ANY``: every suspended one."""
        for clock in self.clocks:
            if clock.suspended_at and name in (ANY, clock.name):
                self._touch(reckoning.resume(clock, at=self.at), "resume")

    def extend(self, name: str, span: Span, *, asked_at: datetime | None = None) -> None:
        """Give a running clock more time; it must not have been late when it was asked for (default: now)."""
        for clock in self.clocks:
            if clock.name == name:
                self._touch(reckoning.extend(clock, span, at=asked_at or self.at), "extend")

    def _touch(self, clock: ClockRow, act: str) -> None:
        if not any(clock is row for row in self.dirty):
            self.dirty.append(clock)
        entry = {"clock": clock.name, "act": act}
        if act == "start":
            entry = reckoning.said_at_start(clock)
        elif act in {"resume", "extend"}:
            entry["due"] = reckoning.iso(clock.due_at)
        elif act in {"stop", "drop"}:  # one that is already late stays missed
            entry["outcome"] = clock.outcome
        self.clock_log.append(entry)

    def move_clocks(self) -> None:
        """What the declaration says about clocks, then what closing means for them."""
        for name in self.move.stops:
            self.stop(name)
        for name in self.move.suspends:
            self.suspend(name, str(self.move.label))
        for name in self.move.resumes:
            self.resume(name)

    def start_clocks(self) -> None:
        """The clocks that the declaration starts; after the effect, which may set their data."""
        for limit in self.move.starts:
            self.start(limit)

    def settle(self) -> None:
        """Derive what follows: a final state closes the docket and leaves no clock behind."""
        state = self.flow.states[self.docket.state]
        if state.final:
            self.docket.closed_at = self.at
            self.docket.outcome = self.docket.outcome or self.move.outcome
            for clock in self.clocks:
                self._touch(reckoning.drop(clock, at=self.at), "drop")
        if self.dirty or state.final:
            running = [clock.due_at for clock in self.clocks if clock.running]
            self.docket.due_at = min(running) if running and not state.final else None


@dataclass(slots=True)
class Family:
    """A docket and those of its children that one act moved, all written already.

    A parent's hook gets every family of the batch at once, so that it may read what it needs in
    one go, and says with `then` what further moves belong to the act.
    """

    parent: DocketRow
    steps: list[Step]
    nested: list[Nested] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """When the last of them moved: what follows for the parent follows then."""
        return self.steps[-1].at

    def then(
        self, docket: int, move: str, *, actor: Actor | None = None, if_open: bool = False, **data: Any
    ) -> None:
        """Make a further move in the same transaction; see `Step.then`."""
        self.nested.append(Nested(docket, move, actor or self.steps[-1].actor, self.at, data, if_open))


def fresh(row: DocketRow) -> DocketRow:
    """A copy that a step may change while the original stays as read."""
    return DocketRow(*_fields_of(row))
