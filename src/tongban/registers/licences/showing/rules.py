"""How codes are made and read. Pure: the secret and the instants are arguments."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Final

from tongban.registers.licences.showing.contracts import DIGITS, SKEW, STEP

SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH: Final = 20
_TOKEN = re.compile(rf"(?:.*/s/)?([{SIGNS}]{{{TOKEN_LENGTH}}})/?", re.DOTALL)
_FULL = {0xFF10 + n: str(n) for n in range(10)} | {0x3000: " ", 0xFF0F: "/", 0xFF1A: ":", 0xFF0E: "."}


def digits_of(secret: str, step: int) -> str:
    """The eight digits of one minute of a showing."""
    return f"{int.from_bytes(_mac(secret, 'digits', step)[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def token_of(secret: str, step: int) -> str:
    """What the QR code of one minute carries: 100 bits."""
    number = int.from_bytes(_mac(secret, "token", step)[:13], "big")
    return "".join(SIGNS[(number >> (5 * place)) & 31] for place in range(TOKEN_LENGTH))


def _mac(secret: str, what: str, step: int) -> bytes:
    return hmac.new(secret.encode(), f"{what}:{step}".encode(), hashlib.sha256).digest()


def step_at(opened_at: datetime, at: datetime) -> int:
    """Which minute of a showing an instant lies in, from 0."""
    return max(int((at - opened_at) / STEP), 0)


def steps(opened_at: datetime, ends_at: datetime) -> list[tuple[int, datetime, datetime]]:
    """Every minute of a showing: number, begin and end; the last one ends with the showing."""
    found: list[tuple[int, datetime, datetime]] = []
    begin = opened_at
    while begin < ends_at:
        found.append((len(found), begin, min(begin + STEP, ends_at)))
        begin += STEP
    return found


def taken(from_at: datetime, until_at: datetime, at: datetime) -> bool:
    """Whether a code of this span is taken at an instant by a clock that may differ by `SKEW`."""
    return from_at - SKEW <= at < until_at + SKEW


def seconds_left(until: datetime, at: datetime) -> int:
    """Whole seconds, at least 0."""
    return max(int((until - at + timedelta(milliseconds=999)) / timedelta(seconds=1)), 0)


def read(typed: str) -> tuple[str, str]:
    """Digits or token, from what was typed or came from a scanner (which types the address in the code).

    :returns: eight digits and "", or "" and a token; both empty when it is neither
    """
    plain = typed.translate(_FULL).strip()
    digits = "".join(sign for sign in plain if not sign.isspace() and sign != "-")
    if len(digits) == DIGITS and digits.isascii() and digits.isdigit():
        return digits, ""
    found = _TOKEN.fullmatch(plain) or _TOKEN.fullmatch(plain.upper().replace("/S/", "/s/"))
    return "", found[1] if found else ""
