"""The door of seals: put a unit's seal on a PDF, sign facts for a unit, and tell what such seals are worth."""

from __future__ import annotations

from tongban.registers.seals import drawing as _drawing
from tongban.registers.seals import pades as _pades
from tongban.registers.seals.certificates import der, pem
from tongban.registers.seals.checking import check as check_pdf
from tongban.registers.seals.contracts import (
    ALGORITHMS,
    ES256,
    LEVEL,
    SM2,
    Finding,
    NoSealError,
    Place,
    SealInfo,
    SealsError,
    Signed,
    Statement,
    Trust,
    Verdict,
)
from tongban.registers.seals.outside import Outside
from tongban.registers.seals.root import certificate as root_certificate
from tongban.registers.seals.selectors import papers, seals_of, trust
from tongban.registers.seals.selectors import picture as _picture
from tongban.registers.seals.services import ensure as certificate_of
from tongban.registers.seals.services import (
    revoke,
    rotate,
    seal_pdf,
    sealed_once,
    sign_statement,
    verify_pdf,
    verify_statement,
)
from tongban.registers.seals.statements import check as check_statement
from tongban.registers.seals.words import words_of

__all__ = [
    "ALGORITHMS",
    "ES256",
    "LEVEL",
    "SM2",
    "Finding",
    "NoSealError",
    "Outside",
    "Place",
    "SealInfo",
    "SealsError",
    "Signed",
    "Statement",
    "Trust",
    "Verdict",
    "certificate_of",
    "check_pdf",
    "check_statement",
    "der",
    "papers",
    "pem",
    "picture",
    "revoke",
    "root_certificate",
    "rotate",
    "seal_pdf",
    "sealed_once",
    "seals_of",
    "sign_statement",
    "trust",
    "verify_pdf",
    "verify_statement",
    "warm",
    "words_of",
]


def warm() -> None:
    """Load what the first seal of a process would have to wait for; over a second of CPU."""
    _pades.writing()


def picture(unit: str, *, title: str = "") -> str:
    """A unit's seal as an SVG picture.

    :param title: what a screen reader says; by default the seal's name
    :raises NoSealError: the unit never sealed anything
    """
    name, path = _picture(unit)
    return _drawing.svg(path, title=title or name)
