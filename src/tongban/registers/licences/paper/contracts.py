"""What verifying a licence gives. Nothing beyond the paper: the holder's name is masked before it gets here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

OUTDATED: Final = "outdated"
"""The paper shows an earlier version: the licence was renewed or corrected since."""

# How a file compares. The first three are good.
SAME: Final = "same"  # byte for byte what was issued
GENUINE: Final = "genuine"  # sealed by an issuer and unchanged, another making of the same licence
STATEMENT: Final = "statement"  # signed facts, unchanged
CHANGED: Final = "changed"
TRUNCATED: Final = "truncated"
UNSIGNED: Final = "unsigned"
FORGED: Final = "forged"  # signed by somebody who is no issuer, or with a seal that was not to be trusted
ACTIVE: Final = "active"
TOO_BIG: Final = "too_big"
ENCRYPTED: Final = "encrypted"
NO_LICENCE: Final = "no_licence"  # neither a PDF nor a statement of a licence
UNKNOWN: Final = "unknown"  # rightly signed, but in the store there is no such licence
OTHER: Final = "other"  # good, but of another licence than the one it was compared with
GOOD: Final = frozenset({SAME, GENUINE, STATEMENT})

SIGNED, PENDING, BROKEN = "signed", "pending", "broken"


@dataclass(frozen=True, slots=True)
class PaperInfo:
    """A file: `digest` (SHA-256) and `size` in bytes; `token` is that of its verify page."""

    identifier: str
    version: int
    token: str
    digest: str
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """A licence that a combined one (一业一证) is made of."""

    kind_name: tuple[str, str]
    unit: str
    unit_name: str
    number: str
    standing: str
    valid_until: date | None
    token: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What anybody may know of a licence.

    :param standing: `LicenceInfo.standing`, or ``outdated``
    :param holder: masked for persons
    :param number: masked where it is an identity number
    :param signature: ``signed``, ``pending`` (the file is being made) or ``broken``
    """

    standing: str
    kind_name: tuple[str, str]
    holder: str
    number: str
    identifier: str
    unit: str
    unit_name: str
    issued_on: date
    valid_from: date
    valid_until: date | None
    signature: str
    token: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """How a file that was sent in compares.

    :param code: one of this module
    :param found: the licence that it names, as the store has it; None when it names none
    :param signer: name of who signed, as the certificate has it
    """

    code: str
    found: Verified | None = None
    signer: str = ""
    signed_at: datetime | None = None

    @property
    def good(self) -> bool:
        return self.code in GOOD
