"""What crosses the kernel's door."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SYSTEM_ID = "system"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in a unit. `unit` is an opaque unit id."""

    role: str
    unit: str


@dataclass(frozen=True, slots=True)
class Authority:
    """Another unit's authority over named matters, delegated to this actor (首席服务员).

    `matters` are codes of matters, empty meaning every matter of the unit; `roles` are the roles
    that may be exercised; `id` names the delegation in the ledger.
    """

    id: str
    unit: str
    roles: frozenset[str]
    matters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and in which capacities: all that a permission check may ask.

    `id` is opaque: ``officer:12``, ``person:7``, ``organisation:3`` or ``system``. `unit` and
    `region` are those for which an officer acts now. `parties` are the ids of the persons and
    organisations in whose name the actor may ask (at least the own id for a citizen). `regions`
    are the divisions whose dockets a supervisor oversees.
    """

    id: str
    unit: str = ""
    region: str = ""
    grants: frozenset[Grant] = frozenset()
    authorities: tuple[Authority, ...] = ()
    parties: frozenset[str] = frozenset()
    name: str = field(default="", repr=False)
    regions: frozenset[str] = frozenset()

    @property
    def is_system(self) -> bool:
        return self.id == SYSTEM_ID

    @property
    def is_officer(self) -> bool:
        return self.id.startswith("officer:")

    def holds(self, role: str, unit: str) -> bool:
        """Whether the actor holds `role` in `unit` by appointment (not by delegation)."""
        return Grant(role, unit) in self.grants

    def units_of(self, role: str) -> frozenset[str]:
        """Units in which the actor holds `role` by appointment."""
        return frozenset(grant.unit for grant in self.grants if grant.role == role)


SYSTEM = Actor(id=SYSTEM_ID, name="系统")


@dataclass(frozen=True, slots=True)
class Capacity:
    """In which capacity a permitted move is made: as which unit, by whose delegation."""

    unit: str = ""
    authority: str = ""


@dataclass(slots=True)
class DocketRow:
    """One docket as the kernel holds it. Instants are aware datetimes."""

    id: int
    number: str
    kind: str
    state: str
    title: str
    unit: str
    officer: str
    applicant: str
    agent: str
    region: str
    channel: str
    subject: str
    parent: int | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str
    revision: int
    flow_version: int
    ledger_head: str


@dataclass(frozen=True, slots=True)
class Request:
    """One move asked for.

    :param docket: id of the docket
    :param key: idempotency key of the caller; the same key again gives the first answer again
    :param seen: the revision the actor was looking at; an older one is a conflict
    :param actor: who makes it, where that is not the one who asks for all of them
    :param at: when it is made, where that is another instant
    """

    docket: int
    move: str
    data: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    seen: int | None = None
    actor: Actor | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a move came to. `number` and `state` are those after the move."""

    docket: int
    number: str
    move: str
    state: str
    revision: int
    outcome: str = ""
    replayed: bool = False


@dataclass(slots=True)
class ClockRow:
    """One clock as the kernel holds it. `spans` are ``[from, to, reason]`` in ISO instants."""

    id: int
    docket: int
    name: str
    label: str
    whose: str
    region: str
    amount: int
    basis: str
    source: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime | None
    provisional: bool
    suspended_at: datetime | None
    suspended_for: str
    spans: list[list[str]]
    stopped_at: datetime | None
    outcome: str
    on_due: str
    next_at: datetime | None
    fired_at: datetime | None

    @property
    def running(self) -> bool:
        """Neither stopped nor suspended."""
        return self.stopped_at is None and self.suspended_at is None


@dataclass(frozen=True, slots=True)
class Opening:
    """One docket to be opened.

    :param way: name of the flow's `Opens`
    :param data: public facts for the ledger; `personal` ones lie beside the chain
    :param derived: public facts that follow from the instant (a promised date): in the ledger, but
        no part of what an idempotency key stands for
    :param children: dockets owned by this one, opened in the same transaction
    :param spans: lengths of the clocks that the way starts, by clock name, where the desk decides them
    :param authority: by whose leave the actor asks in the applicant's name; the ledger keeps it
    """

    kind: str
    way: str
    title: str
    unit: str = ""
    officer: str = ""
    applicant: str = ""
    agent: str = ""
    region: str = ""
    channel: str = ""
    subject: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    derived: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, Any] = field(default_factory=dict)
    children: tuple[Opening, ...] = ()
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One ledger entry as the timeline shows it."""

    sequence: int
    at: datetime
    actor: str
    unit: str
    authority: str
    act: str
    body: dict[str, Any]
    personal: dict[str, Any] | None
    digest: str
