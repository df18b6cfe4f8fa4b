"""How a desk declares the flow of its own kind of docket.

A `Flow` is data: it can be drawn, versioned, turned into buttons, REST actions and statistics.
What a move does beyond changing the state is attached in the desk's `services.py`::

    CASE = Flow(
        "case", "办件", version=1, states=(…), moves=(
            Move("accept", "受理", frm=SUBMITTED, to=REVIEWING, by=handler, stops=("notice",),
                 starts=(Limit("decide", "作出决定", promised, source="行政许可法 第四十二条"),)),
        ),
    )

    @CASE.effect("accept")
    def _accept(step: Step) -> None: ...
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from tongban.kernel.clock.limits import (
    Basis,
    Limit,
    Span,
    Words,
    minutes,
    natural_days,
    working_days,
    working_hours,
)
from tongban.kernel.contracts import Actor, Capacity, DocketRow

if TYPE_CHECKING:
    from django.db.models import Q

    from tongban.kernel.flow.step import Family, Step

__all__ = [
    "ANY",
    "Basis",
    "ChildrenMoved",
    "Flow",
    "FlowError",
    "Limit",
    "Mapping",
    "Move",
    "Nothing",
    "Opens",
    "Span",
    "State",
    "Words",
    "apart",
    "is_apart",
    "is_personal",
    "minutes",
    "natural_days",
    "personal",
    "working_days",
    "working_hours",
]

Permission = Callable[[Actor, DocketRow], Capacity | None]
Effect = Callable[["Step"], None]
Guard = Callable[[DocketRow, "Actor"], "str | None"]
Prepare = Callable[["list[Step]"], None]
ChildrenMoved = Callable[["list[Family]"], None]


class GuardOfMany:
    """A guard that looks at many dockets in one go: of those that it stops, the reasons by id."""

    def __init__(self, look: Callable[[Sequence[DocketRow]], dict[int, str]]) -> None:
        self.look, self.__doc__ = look, look.__doc__

    def __call__(self, row: DocketRow, _actor: Actor) -> str | None:
        return self.look([row]).get(row.id)


class FlowError(ValueError):
    """A flow that contradicts itself; the message names the place."""


class Nothing(BaseModel):
    """The input of a move that asks for nothing."""

    model_config = ConfigDict(extra="forbid")


ANY = "*"


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may be done with a docket.

    :param frm: states from which it may be made; ``ANY`` is every open state
    :param to: the state it leads to; None keeps the state
    :param by: who may make it; gives the capacity, or None for nobody
    :param asks: the input, validated before anything is touched
    :param starts: clocks it starts
    :param stops: clocks it stops: kept when in time, missed when late; ``ANY`` stops every clock
    :param suspends: clocks it suspends; ``ANY`` is every running one of the unit
    :param resumes: clocks it resumes; ``ANY`` is every suspended one
    :param outcome: set when the docket closes
    :param guard: a reason why the move is not open although the state allows it, or None
    :param tells: what the applicant reads in the timeline; empty keeps it inside the house
    :param inverse: the move that undoes this one, where the regulation knows one
    :param danger: a move that refuses or destroys; shown last and outlined
    :param confirms: it leaves the house: a page names clocks and recipients first
    :param primary: the expected next step
    """

    name: str
    label: Words
    frm: str | tuple[str, ...]
    to: str | None
    by: Permission
    asks: type[BaseModel] = Nothing
    starts: tuple[Limit, ...] = ()
    stops: tuple[str, ...] = ()
    suspends: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    outcome: str = ""
    guard: Guard | None = None
    tells: Words = ""
    inverse: str = ""
    danger: bool = False
    confirms: bool = False
    primary: bool = False
    source: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The states it may be made from; ``(ANY,)`` for every open one."""
        return (self.frm,) if isinstance(self.frm, str) else self.frm

    @property
    def touches_clocks(self) -> bool:
        return bool(self.starts or self.stops or self.suspends or self.resumes)


@dataclass(frozen=True, slots=True)
class Opens:
    """One way in which a docket comes into being: its first state and first clocks."""

    name: str
    label: Words
    to: str
    starts: tuple[Limit, ...] = ()
    tells: Words = ""


@dataclass(frozen=True, slots=True)
class State:
    """A state of the flow; a final one closes the docket and all its clocks.

    :param label: what officers read; `told` is what the applicant reads where that differs
    :param waits: waiting for the applicant
    """

    name: str
    label: Words
    final: bool = False
    waits: bool = False
    told: Words = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How dockets of an earlier version of the flow go on in this one.

    Every state that the earlier version had and this one lacks must be named in `states`.
    """

    states: dict[str, str] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)


_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


class Flow:
    """The regulation of one kind of docket.

    :param kind: stored on the docket; a short lower-case word
    :param prefix: the letter that its numbers begin with
    :param scope: which dockets of this kind an actor sees, as a condition on `Docket` rows
    :param sees: the same question for one row, answered without the database
    :param hides: dockets of this kind that an actor does not see although `scope` or the unit shows them (confidential
        ones); `sees` says the same for one row
    :param mappings: for every earlier version, how its dockets go on
    :param fast: moves a person of the house makes many times a day (bulk on the worklist)
    :raises FlowError: when the declaration contradicts itself
    """

    def __init__(
        self,
        kind: str,
        label: Words,
        *,
        prefix: str,
        version: int,
        states: Iterable[State],
        opens: Iterable[Opens],
        moves: Iterable[Move],
        scope: Callable[[Actor], Q],
        sees: Callable[[Actor, DocketRow], bool],
        mappings: dict[int, Mapping] | None = None,
        bulk: Iterable[str] = (),
        hides: Callable[[Actor], Q] | None = None,
    ) -> None:
        self.kind, self.label, self.prefix, self.version = kind, label, prefix, version
        self.states = {state.name: state for state in states}
        self.opens = {way.name: way for way in opens}
        self.moves = {move.name: move for move in moves}
        self.scope, self.sees, self.hides = scope, sees, hides
        self.mappings = mappings or {}
        self.bulk = tuple(bulk)
        self.effects: dict[str, Effect] = {}
        self.children_moved: ChildrenMoved | None = None
        self.prepare: Prepare | None = None
        self._check(len(tuple(self.moves)))

    def effect(self, *names: str) -> Callable[[Effect], Effect]:
        """Attach what the named moves do beyond the state: runs inside the transaction."""
        for name in names:
            if name not in self.moves:
                raise FlowError(f"{self.kind}: no move {name!r} to attach an effect to")

        def attach(function: Effect) -> Effect:
            for name in names:
                if name in self.effects:
                    raise FlowError(f"{self.kind}: move {name!r} has an effect already")
                self.effects[name] = function
            return function

        return attach

    def prepares(self, function: Prepare) -> Prepare:
        """Register what loads the desk's own rows (`step.own`) for a whole batch at once."""
        self.prepare = function
        return function

    def when_children_move(self, function: ChildrenMoved) -> ChildrenMoved:
        """Register the hook run in the same transaction after children of such dockets moved."""
        self.children_moved = function
        return function

    def from_state(self, state: str) -> list[Move]:
        """Moves that the state allows, in the order of the declaration."""
        if state not in self.states or self.states[state].final:
            return []
        return [move for move in self.moves.values() if state in move.sources or ANY in move.sources]

    def allows(self, move: Move, state: str) -> bool:
        """Whether `move` may be made from `state`."""
        return state in move.sources or (ANY in move.sources and not self.states[state].final)

    def _check(self, count: int) -> None:
        names = [self.kind, *self.states, *self.moves, *self.opens]
        for name in names:
            if not _NAME.fullmatch(name):
                raise FlowError(f"{self.kind}: {name!r} is no name (lower case, digits, _; at most 32)")
        if count != len(self.moves) or not self.opens:
            raise FlowError(f"{self.kind}: needs moves with distinct names and at least one way to open")
        for way in self.opens.values():
            self._known_state(way.name, way.to)
            self._known_due(way.name, way.starts)
        for move in self.moves.values():
            for state in (*move.sources, *([move.to] if move.to else [])):
                if state != ANY:
                    self._known_state(move.name, state)
            self._known_due(move.name, move.starts)
            if move.inverse and move.inverse not in self.moves:
                raise FlowError(f"{self.kind}.{move.name}: inverse {move.inverse!r} is no move")
            closes = bool(move.to) and self.states[move.to].final if move.to else False
            if closes and not move.outcome:
                raise FlowError(f"{self.kind}.{move.name}: closes the docket and names no outcome")
        self._reachable()

    def _known_state(self, where: str, state: str) -> None:
        if state not in self.states:
            raise FlowError(f"{self.kind}.{where}: {state!r} is no state; possible: {', '.join(self.states)}")

    def _known_due(self, where: str, limits: tuple[Limit, ...]) -> None:
        for limit in limits:
            if limit.on_due and limit.on_due not in self.moves:
                raise FlowError(f"{self.kind}.{where}: on_due {limit.on_due!r} is no move")

    def _reachable(self) -> None:
        reached = {way.to for way in self.opens.values()}
        while True:
            further = {
                move.to
                for state in reached
                for move in self.from_state(state)
                if move.to and move.to not in reached
            }
            if not further:
                break
            reached |= further
        lost = [name for name in self.states if name not in reached]
        if lost:
            raise FlowError(f"{self.kind}: no move leads to {', '.join(lost)}")
        stuck = [name for name, state in self.states.items() if not state.final and not self.from_state(name)]
        if stuck:
            raise FlowError(f"{self.kind}: nothing leads out of {', '.join(stuck)}")


def is_personal(info: FieldInfo) -> bool:
    """Whether a field of a move's input is declared personal (``json_schema_extra``)."""
    extra = info.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("personal"))


def is_apart(info: FieldInfo) -> bool:
    """Whether a field is kept by the desk alone: the ledger has only its digest."""
    extra = info.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("apart"))


def apart(**extra: Any) -> Any:
    """``json_schema_extra`` of a text that the desk keeps in its own table: the ledger proves it by a keyed digest."""
    return {"apart": True, **extra}


def personal(**extra: Any) -> Any:
    """``json_schema_extra`` of a personal field: kept beside the ledger's chain, erasable."""
    return {"personal": True, **extra}
