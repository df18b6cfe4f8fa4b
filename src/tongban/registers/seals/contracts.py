"""What crosses the door of seals. No Django here: the verifier of packages runs without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

SM2: Final = "SM2-SM3"
"""SM2 signature over SM3 (GB/T 32918), signer's identifier ``1234567812345678`` (GM/T 0009)."""
ES256: Final = "ES256"
"""ECDSA on P-256 over SHA-256, deterministic (RFC 6979)."""
ALGORITHMS: Final = (SM2, ES256)

LEVEL: Final = "PAdES B-B"
"""Conformance level of signed PDFs (ETSI EN 319 142-1): the signature itself, without time-stamp or long-term data."""

Statement: TypeAlias = dict[str, Any]


class Place(NamedTuple):
    """Where a seal is put: page from 1 (-1 is the last), and its centre in millimetres from the top left corner."""

    page: int
    x: float
    y: float


# What a verification may find. The first group is grave: with one of them nothing is confirmed.
UNREADABLE: Final = "unreadable"  # no PDF, no statement, or not whole
TOO_BIG: Final = "too_big"  # larger than is looked at, packed or unpacked
ACTIVE: Final = "active"  # carries scripts, programs or other files
ENCRYPTED: Final = "encrypted"
UNSIGNED: Final = "unsigned"
CHANGED: Final = "changed"  # the content is not what was signed
APPENDED: Final = "appended"  # something follows what was signed
BAD_SIGNATURE: Final = "bad_signature"  # the signature does not fit the certificate
MISSING_SIGNATURE: Final = "missing_signature"  # one of the two algorithms is absent
UNKNOWN_SIGNER: Final = "unknown_signer"  # the certificate is not from a trusted root
NOT_YET_VALID: Final = "not_yet_valid"  # signed before the certificate began
EXPIRED: Final = "expired"  # signed after the certificate had ended
REVOKED: Final = "revoked"  # signed when the seal was no longer to be trusted
FUTURE: Final = "future"  # signed later than now
# Told, and no reason to doubt.
LATER_REVOKED: Final = "later_revoked"  # the seal was revoked after it signed this
LATER_EXPIRED: Final = "later_expired"  # the certificate has ended since
REVOCATION_UNKNOWN: Final = "revocation_unknown"  # nothing was at hand to tell revoked seals

HARMLESS: Final = frozenset({LATER_REVOKED, LATER_EXPIRED, REVOCATION_UNKNOWN})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a verification found. `detail` names the algorithm or the place, in no language."""

    code: str
    detail: str = ""

    @property
    def grave(self) -> bool:
        return self.code not in HARMLESS


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature as it was found, trustworthy or not: see the verdict.

    `unit` is the unit's id, `unit_name` its name as the certificate has it, `serial` that of the certificate in hex,
    `signed_at` what the signer says. `whole` tells that it covers the whole document.
    """

    unit: str
    unit_name: str
    signed_at: datetime | None
    algorithm: str
    serial: str
    whole: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification says: `ok` only when there is a signature, every one holds and nothing grave was found."""

    findings: tuple[Finding, ...] = ()
    signatures: tuple[Signed, ...] = ()

    @property
    def ok(self) -> bool:
        return bool(self.signatures) and not any(one.grave for one in self.findings)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(one.code for one in self.findings)

    @property
    def unit(self) -> str:
        """Id of the unit that signed, when all signatures name one unit; else empty."""
        units = {one.unit for one in self.signatures}
        return units.pop() if len(units) == 1 else ""

    @property
    def unit_name(self) -> str:
        names = {one.unit_name for one in self.signatures}
        return names.pop() if len(names) == 1 else ""

    @property
    def signed_at(self) -> datetime | None:
        """When it was signed, as the last signature says."""
        return self.signatures[-1].signed_at if self.signatures else None


@dataclass(frozen=True, slots=True)
class SealInfo:
    """One seal of a unit: a certificate per algorithm (DER) and how long it may be used. `serial` in hex."""

    unit: str
    name: str
    generation: int
    serial: str
    certificate: bytes
    sm2_certificate: bytes
    valid_from: datetime
    valid_until: datetime
    made_at: datetime
    replaced_at: datetime | None = None
    revoked_since: datetime | None = None
    revoked_reason: str = ""

    def usable(self, at: datetime) -> bool:
        """Whether it may still seal at an instant."""
        live = self.replaced_at is None and self.revoked_since is None
        return live and self.valid_from <= at < self.valid_until


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verifier trusts: root certificates (DER), and since when which seal is not to be trusted.

    `revoked` maps serials in hex to instants; None means that nothing is known about revocations.
    """

    roots: tuple[bytes, ...]
    revoked: Mapping[str, datetime] | None = None


class SealsError(Exception):
    """Something cannot be sealed, made or revoked; says what and what is possible."""


class NoSealError(SealsError):
    """The unit has no such seal."""
