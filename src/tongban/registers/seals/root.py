"""The city's root: a P-256 and an SM2 key that certify the units' seals. Made once and kept outside the database.

`settings.SEAL_ROOT` is a folder with ``p256.key``, ``p256.pem``, ``sm2.key``, ``sm2.pem`` (keys PKCS #8 in PEM, readable by
their owner only). A city that has its keys certified by a licensed authority (电子签名法 第十六条) puts those files there;
otherwise the platform makes its own. Further roots that verification trusts, for example a former one, lie in
``trusted/*.pem``.
"""

from __future__ import annotations

import os
import shutil
import ssl
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tongban.registers.seals import certificates, p256, sm2
from tongban.registers.seals.contracts import ES256, SM2, SealsError

YEARS = 30
_FILES = {ES256: "p256", SM2: "sm2"}
_ENGINES = {ES256: p256, SM2: sm2}
_MADE_BEFORE = timedelta(days=366)
"""A new root is valid from a year ago: papers of days before the first seal was made may still be sealed."""


@dataclass(frozen=True, slots=True, repr=False)
class Root:
    """Certificates (DER) and private keys (PKCS #8, DER) by algorithm. The repr tells nothing."""

    certificates: dict[str, bytes]
    keys: dict[str, bytes]

    def __repr__(self) -> str:
        return "Root()"


def folder() -> Path:
    """Where the root is kept."""
    return Path(settings.SEAL_ROOT)


def ensure(*, at: datetime, city: str) -> Root:
    """The root, made on first use.

    :param at: when it is made, if it is
    :param city: name of the city, as the certificate has it
    :raises SealsError: the folder holds something else, or cannot be read
    """
    return at_folder(folder(), at=at, city=city)


def at_folder(place: Path, *, at: datetime, city: str) -> Root:
    """The root that a folder holds, made on first use; see `ensure`."""
    if not place.exists():
        _make(place, at=at, city=city)
    return _load(str(place), place.stat().st_mtime_ns)


def certificate(algorithm: str = ES256) -> bytes:
    """Certificate of the root in DER.

    :raises SealsError: there is no root yet
    """
    path = folder() / f"{_FILES[algorithm]}.pem"
    if not path.exists():
        raise SealsError("there is no root yet: make the first seal, or run: tongban seals root")
    return _der(path)


def trusted() -> tuple[bytes, ...]:
    """Every root certificate that verification trusts, in DER; reads no key."""
    place = folder()
    own = [place / f"{name}.pem" for name in _FILES.values()]
    more = sorted((place / "trusted").glob("*.pem"))
    return tuple(_der(path) for path in (*own, *more) if path.exists())


def _der(path: Path) -> bytes:
    return _read_pem(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read_pem(path: str, _changed: int) -> bytes:
    try:
        return ssl.PEM_cert_to_DER_cert(Path(path).read_text(encoding="ascii").strip())
    except (ValueError, OSError) as fault:
        raise SealsError(f"{Path(path).name} is no certificate in PEM") from fault


@lru_cache(maxsize=8)
def _load(place: str, _changed: int) -> Root:
    base = Path(place)
    made = Root({}, {})
    for algorithm, name in _FILES.items():
        made.certificates[algorithm] = _der(base / f"{name}.pem")
        made.keys[algorithm] = _private(base / f"{name}.key")
    return made


def _private(path: Path) -> bytes:
    try:
        if path.stat().st_mode & 0o077:
            raise SealsError(f"{path.name} can be read by others; run: chmod 600 on it")
        return _unarmour(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as fault:
        raise SealsError(f"{path.name} is no readable private key") from fault


def _armour(der: bytes) -> str:
    return ssl.DER_cert_to_PEM_cert(der).replace("CERTIFICATE", "PRIVATE KEY")


def _unarmour(pem: str) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem.strip().replace("PRIVATE KEY", "CERTIFICATE"))


def _make(place: Path, *, at: datetime, city: str) -> None:
    """Make it beside and move it there in one step, so that of two processes one wins and none sees half."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = Path(tempfile.mkdtemp(prefix=".root-", dir=place.parent))
    try:
        span = certificates.Span(at - _MADE_BEFORE, at + timedelta(days=365 * YEARS))
        subject = certificates.Subject(f"{city}电子印章根证书", city)
        issue = {ES256: certificates.p256_certificate, SM2: certificates.sm2_certificate}
        for algorithm, name in _FILES.items():
            private, public = _ENGINES[algorithm].generate()
            der = issue[algorithm](
                subject=subject, public=public, span=span, serial=certificates.serial_number(), issuer=b"",
                issuer_key=private,
            )  # fmt: skip
            _write(beside / f"{name}.key", _armour(private))
            _write(beside / f"{name}.pem", certificates.pem(der))
        try:
            beside.rename(place)
        except OSError:
            if not place.exists():
                raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
