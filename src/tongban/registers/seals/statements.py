"""Signed statements: facts as JSON with an SM2 and a P-256 signature over their canonical text.

Pure: keys and trust are arguments. What is signed is the canonical JSON (sorted keys, no spaces, Chinese as it is;
`kernel.ledger.rules`) of the statement without `signatures` and `certificates`, in UTF-8.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongban.kernel.ledger.rules import canonical, instant
from tongban.registers.seals import certificates, contracts, p256, sm2
from tongban.registers.seals.contracts import (
    ALGORITHMS,
    ES256,
    SM2,
    Finding,
    Signed,
    Statement,
    Trust,
    Verdict,
)
from tongban.registers.seals.trust import standing

FORMAT = "tongban-statement-1"
MAX_BYTES = 1024 * 1024
_SIGNED = ("format", "payload", "signed_at", "unit")
_KEYS = {*_SIGNED, "signatures", "certificates"}
_VERIFY = {SM2: sm2.verify, ES256: p256.verify}


def signed_text(statement: Mapping[str, Any]) -> bytes:
    """The bytes that both signatures cover."""
    return canonical({key: statement[key] for key in _SIGNED}).encode()


def make(
    payload: Mapping[str, Any],
    *,
    unit: str,
    at: datetime,
    sign: Callable[[str, bytes], bytes],
    certs: Mapping[str, bytes],
) -> Statement:
    """A signed statement.

    :param payload: JSON values; dates become texts. NaN and infinity are refused
    :param sign: gives the raw signature for an algorithm and a message
    :param certs: certificate in DER by algorithm
    :raises ValueError: a number that JSON does not have
    """
    plain = json.loads(canonical(dict(payload)), parse_constant=_refuse)
    made: Statement = {"format": FORMAT, "payload": plain, "unit": unit, "signed_at": instant(at)}
    text = signed_text(made)
    made["signatures"] = [
        {"alg": name, "key": certificates.read(certs[name]).serial, "value": _pack(sign(name, text))}
        for name in ALGORITHMS
    ]
    made["certificates"] = {name: _pack(certs[name]) for name in ALGORITHMS}
    return made


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is not a JSON value")


def _pack(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _unpack(text: Any) -> bytes:
    """Strict: one text for one value, so that no changed letter passes."""
    if not isinstance(text, str):
        raise TypeError("not a text")
    value = base64.b64decode(text, validate=True)
    if _pack(value) != text:
        raise ValueError("not canonical base64")
    return value


def read(given: Mapping[str, Any] | str | bytes) -> Statement:
    """A statement from its JSON text or its value.

    :raises ValueError: not a statement: too large, no JSON, a name twice, members missing or added
    """
    found: Any = given
    if isinstance(given, str | bytes):
        if len(given) > MAX_BYTES:
            raise ValueError("too large")
        try:
            found = json.loads(given, object_pairs_hook=_once, parse_constant=_refuse)
        except RecursionError as fault:
            raise ValueError("nested too deeply") from fault
    if not isinstance(found, Mapping) or set(found) != _KEYS or found["format"] != FORMAT:
        raise ValueError("not a statement")
    if not isinstance(found["payload"], Mapping) or not isinstance(found["unit"], str):
        raise ValueError("not a statement")  # noqa: TRY004 - one error for one fault
    return dict(found)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


@dataclass(frozen=True, slots=True)
class _Asked:
    """One verification of one statement."""

    unit: str
    text: bytes
    signed_at: datetime
    trust: Trust
    at: datetime


def check(given: Mapping[str, Any] | str | bytes, *, trust: Trust, at: datetime) -> Verdict:
    """Verify a statement: both signatures, both certificates, and that they are of the unit it names.

    :param at: now
    """
    try:
        statement = read(given)
        asked = _Asked(statement["unit"], signed_text(statement), _instant(statement["signed_at"]), trust, at)
        signatures = _signatures(statement)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as fault:
        code = contracts.TOO_BIG if str(fault) == "too large" else contracts.UNREADABLE
        return Verdict((Finding(code),))
    findings: list[Finding] = []
    found: list[Signed] = []
    for name in ALGORITHMS:
        if name not in signatures:
            findings.append(Finding(contracts.MISSING_SIGNATURE, name))
            continue
        signed, faults = _one(name, signatures[name], asked)
        findings += faults
        found += [signed] if signed else []
    return Verdict(tuple(findings), tuple(found))


def _instant(text: str) -> datetime:
    """An instant in the one spelling that is signed."""
    found = datetime.fromisoformat(text)
    if instant(found) != text:
        raise ValueError("another spelling of the instant")
    return found


def _signatures(statement: Statement) -> dict[str, dict[str, Any]]:
    given, certs = statement["signatures"], statement["certificates"]
    made = {one["alg"]: {**one, "der": certs[one["alg"]]} for one in given}
    exact = all(set(one) == {"alg", "key", "value"} for one in given)
    if len(made) != len(given) or not exact or set(certs) != set(made) or not set(made) <= set(ALGORITHMS):
        raise ValueError("signatures that are none")
    return made


def _one(name: str, one: dict[str, Any], asked: _Asked) -> tuple[Signed | None, list[Finding]]:
    """Check one of the signatures."""
    try:
        certificate = certificates.read(_unpack(one["der"]))
        value = _unpack(one["value"])
    except (ValueError, TypeError):
        return None, [Finding(contracts.BAD_SIGNATURE, name)]
    findings = standing(certificate, trust=asked.trust, signed_at=asked.signed_at, at=asked.at)
    same = certificate.algorithm == name and certificate.serial == one["key"]
    if not same or certificate.unit != asked.unit:
        findings.append(Finding(contracts.UNKNOWN_SIGNER, name))
    if not _VERIFY[name](certificate.public, value, asked.text):
        findings.append(Finding(contracts.CHANGED, name))
    signed = Signed(certificate.unit, certificate.name, asked.signed_at, name, certificate.serial)
    return signed, list(dict.fromkeys(findings))
