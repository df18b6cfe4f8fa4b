"""What crosses the door of portraits: elements, facts with where they come from, tags with why, and everybody in columns.

Money is integer fen; days are days in China; instants are aware. Values are what `kernel.rules` reads: a rule names an
element by its dotted key, and a record of facts is flat (``{"tax.sales": Dated(120_000_00, 2026-10-31)}``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.elements import Dated, Element, Type

ORGANISATION, PERSON, EITHER = "organisation", "person", "either"
KINDS = (ORGANISATION, PERSON)


class Via(models.TextChoices):
    """By which way a fact came into the portrait."""

    REGISTER = "register", _("共享库")
    EVENT = "event", _("办事记录")
    IMPORT = "import", _("部门报送")
    CORRECTION = "correction", _("更正")


class Consent(StrEnum):
    """Whether a fact may be used for deciding about its holder."""

    FREE = "free"
    """The element needs no consent: a duty of the organs of state (个人信息保护法 第十三条)."""
    GIVEN = "given"
    NEVER = "never"
    WITHDRAWN = "withdrawn"

    @property
    def allows(self) -> bool:
        return self in {Consent.FREE, Consent.GIVEN}


@dataclass(frozen=True, slots=True)
class ElementInfo:
    """A data element of the portraits, as the pack describes it.

    :param party: of whom it is known: ``organisation``, ``person`` or ``either``
    :param words: the words a text may be, if they are closed; `words_en` in the same order
    :param source: slug of the department that keeps it, and decides on corrections
    :param max_age: how old a value may be when it decides; None: it does not age
    :param consent: used for deciding only with its holder's consent
    :param personal: about a natural person: encrypted at rest and masked for officers
    :param asks: key of the data element by which the shared registers know it; empty: no register is asked
    :param profile: what of the party's own entry it is (`packs.PROFILE`); empty: nothing
    :param division: the level whose division of the party it names (`packs.DIVISIONS`); empty: none
    """

    key: str
    name: str
    name_en: str
    party: str
    type: Type
    source: str
    group: str
    group_en: str
    words: tuple[str, ...] = ()
    words_en: tuple[str, ...] = ()
    max_age: timedelta | None = None
    consent: bool = False
    personal: bool = False
    asks: str = ""
    profile: str = ""
    division: str = ""

    @property
    def rule(self) -> Element:
        """The element as a rule reads it. Where a party is counts as fixed: nobody moves for a measure's sake."""
        return Element(self.key, self.type, self.max_age, fixed=bool(self.division))

    def known_of(self, kind: str) -> bool:
        """Whether parties of a kind have it."""
        return self.party in {kind, EITHER}

    def name_in(self, language: str) -> str:
        """Its name for a Django language code."""
        return self.name_en if language.startswith("en") else self.name

    def group_in(self, language: str) -> str:
        """Its group for a Django language code."""
        return self.group_en if language.startswith("en") else self.group

    def word_in(self, word: str, language: str) -> str:
        """One of its words for a Django language code; a word that is not closed stands for itself."""
        if language.startswith("en") and word in self.words:
            return self.words_en[self.words.index(word)]
        return word


@dataclass(frozen=True, slots=True)
class NewFact:
    """What a source says of a party.

    :param value: of the element's type; None: the source no longer knows it, and what it said before does not hold
    :param source: slug of the department that says so
    :param as_of: the day on which it was true
    """

    party: str
    element: str
    value: Any = field(repr=False)
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class FactInfo:
    """One fact of a portrait.

    :param source: slug of the department that said so, `source_name` its name
    :param consent: whether it may be used for deciding; `standing` says why not
    :param stale: too old to decide by at the instant that was asked about
    """

    element: str
    value: Any = field(repr=False)
    source: str
    source_name: str
    as_of: date
    via: str
    consent: bool
    standing: Consent
    stale: bool


@dataclass(frozen=True, slots=True)
class TagInfo:
    """A tag derived by a rule, in the words of the rule.

    :param standing: ``true``, or ``unknown`` where facts are missing or stale; a tag that is false is not there
    :param reason: the rule in words and the facts it stands on, by language ``zh`` and ``en``
    :param missing: keys of the elements for which it cannot be told
    """

    key: str
    name: str
    name_en: str
    standing: str
    reason: Mapping[str, str]
    missing: tuple[str, ...] = ()

    def name_in(self, language: str) -> str:
        """Its name for a Django language code."""
        return self.name_en if language.startswith("en") else self.name


@dataclass(frozen=True, slots=True)
class PortraitInfo:
    """One file. Facts are in the order of the pack; `revision` counts the changes."""

    party: str
    kind: str
    name: str
    region: str
    facts: tuple[FactInfo, ...]
    tags: tuple[TagInfo, ...]
    revision: int


@dataclass(frozen=True, slots=True, repr=False)
class KnownInfo:
    """Some elements of one file: `facts` as they are shown, `record` what of them rules may read; by element."""

    facts: Mapping[str, FactInfo]
    record: Mapping[str, Dated]


@dataclass(frozen=True, eq=False)
class Census:
    """Everybody of one kind in columns: what their records hold, row by row.

    :param parties: ids by row. The same party keeps its place as long as nobody before it leaves
    :param stamp: changes with any portrait, with who is in it, and with the elements of the pack
    :param at: the instant for which it was asked; who has ended by then is not in it
    """

    party_kind: str
    parties: tuple[str, ...]
    population: Population
    stamp: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CorrectionInfo:
    """What a correction's docket is about.

    :param info: the element; None when the pack has dropped it since
    :param said: what the file said when it was asked for; None: nothing
    :param right: what its holder says it should be
    """

    docket: int
    number: str
    party: str
    element: str
    info: ElementInfo | None
    said: Any = field(repr=False)
    right: Any = field(repr=False)
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What asking the shared registers came to: how many facts changed, and the registers that did not answer."""

    changed: int
    unavailable: tuple[str, ...] = ()


class PortraitsError(Exception):
    """Something about a portrait cannot be done; says why, and what is possible."""

    code = "refused"

    def __init__(self, reason: str, *, possible: str = "", code: str = "") -> None:
        super().__init__(reason)
        self.reason, self.possible = reason, possible
        self.code = code or self.code


class FactsRefusedError(PortraitsError):
    """Facts that cannot be taken. Nothing of what was given with them was written.

    :param faults: by place in what was given (from 0), what is wrong with it
    """

    code = "facts"

    def __init__(self, faults: Mapping[int, str], *, possible: str = "") -> None:
        super().__init__("\n".join(faults.values()), possible=possible)
        self.faults = dict(faults)


class PackError(PortraitsError):
    """A pack that cannot be taken; `faults` has one line each, with file and line."""

    code = "pack"

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
