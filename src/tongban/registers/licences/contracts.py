"""What crosses the door of licences 电子证照."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class LicenceState(models.TextChoices):
    """What was decided of a licence. That its time has run out is no state: see `LicenceInfo.standing`."""

    VALID = "valid", _("有效")
    SUSPENDED = "suspended", _("暂扣")
    REVOKED = "revoked", _("已撤销或吊销")
    REPLACED = "replaced", _("已换发")
    CANCELLED = "cancelled", _("已注销")


# Standings that are no states: `LicenceInfo.standing` gives them by the day.
EXPIRED, NOT_YET = "expired", "not_yet"
# Of a combined licence 一业一证 whose parts do not all hold: `api.standing_of` gives them.
PARTLY, LAPSED = "partly", "lapsed"


@dataclass(frozen=True, slots=True)
class KindField:
    """One entry on a licence.

    :param type: text, date, number, choice, yesno, id, uscc, phone, address, money (fen), licences (identifiers)
    :param element: the data element of `packs/elements` that it is filled from and that it feeds; may be empty
    :param sources: where else it may be filled from, in this order: other elements, facts of the holder
        (``party.name``) and of the issue (``issue.date``)
    :param feeds: other elements that it is a fact for
    """

    key: str
    name: str
    name_en: str
    type: str
    element: str = ""
    required: bool = True
    personal: bool = False
    shown: bool = True
    sources: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coded:
    """Digits of a licence's number that tell an entry: `codes` by what the entry holds, `other` for anything else."""

    field: str
    codes: Mapping[str, str]
    other: str


@dataclass(frozen=True, slots=True)
class KindInfo:
    """A kind of licence.

    :param code: the setter's 18-character credit code and 3 digits (GB/T 36904 证照类型代码)
    :param issuer_levels: levels of the units that issue it (行使层级 of GB/T 39046)
    :param months: how long it is valid; None: no end
    :param holder: person, organisation or either
    :param replaces: keys of the materials (`packs/materials`) that it stands for
    :param whose: for those of `replaces` that are somebody else's paper: the roles who have to hold it, as data
        elements name them (``seller`` of ``seller.id``)
    :param trade: a licence per trade 一业一证, whose parts are other licences
    :param parts: kinds that a licence per trade is made of
    :param needs: those of `parts` without which there is no such licence; the others are in it where the holder has them
    :param themes: themes 一件事 in which it is issued with the last of its parts
    :param number: how its printed number is made, see packs/licences/README.md
    :param coded: what {code} in `number` is made of
    """

    slug: str
    code: str
    name: str
    name_en: str
    department: str
    issuer_levels: tuple[str, ...]
    months: int | None
    holder: str
    template: str
    fields: tuple[KindField, ...]
    replaces: tuple[str, ...] = ()
    trade: bool = False
    number: str = ""
    whose: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    coded: Coded | None = None

    def entry(self, key: str) -> KindField | None:
        """The entry of a key, if it has one."""
        return next((one for one in self.fields if one.key == key), None)


@dataclass(frozen=True, slots=True, repr=False)
class LicenceInfo:
    """One licence as it stands. The repr tells the identifier only, so that no name gets into a log.

    :param identifier: GB/T 36904, of the current version; earlier ones still find the licence
    :param number: the number printed on it
    :param holder: party id; empty when the holder is in no register of ours yet
    :param docket: number of the case it came from, empty if it was imported
    """

    id: int
    identifier: str
    number: str
    kind: str
    kind_name: tuple[str, str]
    holder: str
    holder_name: str
    unit: str
    unit_name: str
    issued_on: date
    valid_from: date
    valid_until: date | None
    state: str
    version: int
    fields: Mapping[str, Any]
    docket: str = ""
    holder_number: str = ""
    region: str = ""
    replaced_by: str = ""
    imported: bool = False

    def standing(self, on: date) -> str:
        """``valid``, ``expired``, ``not_yet`` or the state that stops it, on a day (the last one included)."""
        if self.state != LicenceState.VALID:
            return self.state
        if on < self.valid_from:
            return NOT_YET
        if self.valid_until is not None and on > self.valid_until:
            return EXPIRED
        return LicenceState.VALID.value

    def __repr__(self) -> str:
        return f"LicenceInfo({self.identifier})"


@dataclass(frozen=True, slots=True, repr=False)
class LicenceFact:
    """A value that a valid licence vouches for. `as_of` is the day on which it was last issued or corrected."""

    element: str
    value: Any
    identifier: str
    kind_name: tuple[str, str]
    unit_name: str
    as_of: date


@dataclass(frozen=True, slots=True)
class LicenceUse:
    """Somebody looked at or used a licence: what its holder sees."""

    identifier: str
    kind_name: tuple[str, str]
    by: str
    unit: str
    purpose: str
    docket: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A version that is no longer the current one, and the act that ended it."""

    version: int
    identifier: str
    act: str
    reason: str
    at: datetime
    fields: Mapping[str, Any] = field(repr=False)
    valid_from: date
    valid_until: date | None


class LicencesError(Exception):
    """Something about licences cannot be done; tells why and what is possible."""

    def __init__(self, reason: str, *, possible: str = "") -> None:
        super().__init__(reason)
        self.reason, self.possible = reason, possible


class UnknownKindError(LicencesError):
    """No such kind of licence."""


class UnknownLicenceError(LicencesError):
    """No such licence."""


class FieldsMissingError(LicencesError):
    """Required entries are missing. `missing` holds their keys."""

    def __init__(self, reason: str, *, missing: tuple[str, ...], possible: str = "") -> None:
        super().__init__(reason, possible=possible)
        self.missing = missing


class NotOpenError(LicencesError):
    """The licence is in no state for this act. `state` is the one it is in."""

    def __init__(self, reason: str, *, state: str, possible: str = "") -> None:
        super().__init__(reason, possible=possible)
        self.state = state


class IdentifierError(LicencesError):
    """Not an identifier of GB/T 36904; tells which part is wrong."""


class KindPackError(LicencesError):
    """The packs of kinds have faults, each with its file and line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, repr=False)
class ObjectionInfo:
    """What a holder's objection is about: the licence says `says`, it should say `right`.

    :param identifier: of the version that was objected to
    :param personal: whether the values are personal data, to be masked
    """

    licence: LicenceInfo
    entry: str
    entry_name: tuple[str, str]
    says: str
    right: str
    why: str
    identifier: str
    personal: bool
