"""What crosses the door of exchange: registers, the facts they share, and what a provider must do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class RegisterInfo:
    """A shared register 共享库, as the pack describes it.

    :param keeper: slug of the department that keeps it
    :param about: whom it knows: ``person``, ``organisation``
    :param seconds: how long an answer is waited for
    :param gives: keys of the data elements it can tell
    :param replaces: keys of the papers that a record of it stands in for
    """

    key: str
    name: str
    name_en: str
    keeper: str
    about: tuple[str, ...]
    seconds: float
    gives: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()

    def text(self, language: str) -> str:
        """Its name for a Django language code."""
        return self.name_en if language.startswith("en") else self.name


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a register is asked about. `number` is the resident id or the credit code."""

    id: str
    kind: str
    number: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """One fact as a provider gives it: plain JSON (money in fen, days as ISO text), true on `as_of`."""

    value: Any = field(repr=False)
    as_of: date


@dataclass(frozen=True, slots=True)
class Told:
    """A provider's whole answer: facts by data element, and by paper the record that stands in for it."""

    facts: Mapping[str, Held] = field(default_factory=dict)
    papers: Mapping[str, Held] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a provider is asked: about whom, which elements and papers, and what for."""

    about: Subject
    elements: frozenset[str]
    papers: frozenset[str]
    purpose: str


class Provider(Protocol):
    """A plugin that asks one register. It runs in a thread of its own and must not use the database."""

    def ask(self, register: str, asked: Asked, *, at: datetime) -> Told:
        """Tell what is known; what is not known is left out.

        :raises RegisterDownError: the register cannot answer now
        """
        ...


class RegisterDownError(Exception):
    """The register is away or refuses for now; nothing follows from it about the fact."""


class UnknownRegisterError(LookupError):
    """No register of this key in the pack."""


@dataclass(frozen=True, slots=True)
class SharedFact:
    """A fact, or the record that stands in for a paper, with where it comes from and as of when.

    `element` is the key of the data element; for a record the key of the paper, and `value` names the record.
    """

    element: str
    value: Any = field(repr=False)
    register: str
    source_zh: str
    source_en: str
    as_of: date

    def source(self, language: str) -> str:
        """The register's name for a Django language code."""
        return self.source_en if language.startswith("en") else self.source_zh


@dataclass(frozen=True, slots=True)
class Answer:
    """What the registers told. `unavailable` are the keys of those that did not answer in time."""

    facts: Mapping[str, SharedFact] = field(default_factory=dict)
    papers: Mapping[str, SharedFact] = field(default_factory=dict)
    unavailable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """One look into the registers, as its subject may read it: who, when, what for; no values."""

    at: datetime
    by: str
    unit: str
    purpose: str
    docket: str
    registers: tuple[str, ...]
    elements: tuple[str, ...]
    papers: tuple[str, ...]
    unavailable: tuple[str, ...]
