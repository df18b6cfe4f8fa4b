"""A signer of another place, with a root of its own: what the demo partners and the tests sign with.

Its keys lie in a folder, in the clear; a real partner keeps its own and gives away its root certificates only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from tongban.registers.seals import certificates, p256, root, sm2, statements
from tongban.registers.seals.contracts import ES256, SM2, Statement

_MAKE = {ES256: (p256, certificates.p256_certificate), SM2: (sm2, certificates.sm2_certificate)}


@dataclass(frozen=True, slots=True)
class Outside:
    """A unit of another place that signs.

    :param folder: where its root is kept; made on first use
    :param city: name of the place, as its root has it
    """

    folder: Path
    city: str
    unit: str
    name: str

    def roots(self, *, at: datetime) -> str:
        """The root certificates as PEM, to be entered in our register."""
        made = root.at_folder(self.folder, at=at, city=self.city)
        return "".join(certificates.pem(one) for one in made.certificates.values())

    def sign(self, payload: Mapping[str, Any], *, at: datetime) -> Statement:
        """A statement of that unit; see `seals.sign_statement`."""
        keys, certs = _unit(self, self.folder.stat().st_mtime_ns if self.folder.exists() else 0, _hour(at))
        return statements.make(
            payload,
            unit=self.unit,
            at=at,
            certs=certs,
            sign=lambda name, text: _MAKE[name][0].sign(keys[name], text),
        )


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


@lru_cache(maxsize=16)
def _unit(who: Outside, _changed: int, at: datetime) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Fresh keys of the unit and their certificates, for as long as the process lives."""
    above = root.at_folder(who.folder, at=at, city=who.city)
    span = certificates.Span(at - timedelta(days=1), at + timedelta(days=30))
    keys, certs = {}, {}
    for algorithm, (engine, issue) in _MAKE.items():
        keys[algorithm], public = engine.generate()
        certs[algorithm] = issue(
            subject=certificates.Subject(who.name, who.city, who.unit), public=public, span=span,
            serial=certificates.serial_number(), issuer=above.certificates[algorithm],
            issuer_key=above.keys[algorithm],
        )  # fmt: skip
    return keys, certs
