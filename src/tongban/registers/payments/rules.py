"""Pure decisions about money: what a statement and our own notes have apart, how a receipt is numbered."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tongban.registers.payments.contracts import MOST_FEN, Gap, Line, Way

CHECK_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Apart:
    """One place where the two do not say the same; an amount is None on the side that has nothing."""

    gap: Gap
    way: Way
    transaction: str
    reference: str
    ours_fen: int | None
    theirs_fen: int | None


def compared(ours: Iterable[Line], theirs: Iterable[Line]) -> Iterator[Apart]:
    """Every difference between two lists of the same day, ours first; lines are the same by way and transaction.

    A transaction that a statement names twice counts twice.
    """
    known = {(one.way, one.transaction): one for one in ours}
    seen: set[tuple[Way, str]] = set()
    for line in theirs:
        place = (line.way, line.transaction)
        own = None if place in seen else known.get(place)
        seen.add(place)
        if own is None:
            yield Apart(Gap.STRAY, line.way, line.transaction, line.reference, None, line.amount_fen)
        elif own.amount_fen != line.amount_fen:
            yield Apart(
                Gap.AMOUNT, line.way, line.transaction, own.reference, own.amount_fen, line.amount_fen
            )
    for place, own in known.items():
        if place not in seen:
            yield Apart(Gap.ABSENT, own.way, own.transaction, own.reference, own.amount_fen, None)


def is_amount(fen: object) -> bool:
    """Whether it is an amount that can be asked for or paid: a whole number of fen above zero."""
    return isinstance(fen, int) and not isinstance(fen, bool) and 0 < fen <= MOST_FEN


def amount_words(fen: int) -> dict[str, str]:
    """12.50元 and CNY 12.50, for messages."""
    yuan, rest = divmod(abs(fen), 100)
    said = f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"
    return {"zh": f"{said}元", "en": f"CNY {said}"}


def receipt_code(region: str, year: int) -> str:
    """Eight digits: division (2), class and kind of receipt (4, 非税收入统一票据), year (2) 财综〔2018〕62号."""
    return f"{region[:2]}0101{year % 100:02}"


def check_code(secret: str, *parts: object) -> str:
    """Six signs that only the issuer can reckon: whoever holds a receipt shows that it is not made up."""
    said = "|".join(str(part) for part in parts)
    made = hmac.new(secret.encode(), said.encode(), hashlib.sha256).digest()
    return base64.b32encode(made).decode()[:CHECK_LENGTH]


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA-256 in hex over timestamp, a full stop and the body as it was sent."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def mask_account(number: str) -> str:
    """6222021234567890 → 6222********7890; a short one keeps its last two digits."""
    if len(number) >= 12:
        return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"
    return "*" * max(len(number) - 2, 0) + number[-2:]


def after_answers(counts: Mapping[str, int]) -> str:
    """The move that a batch makes by how many of its items are in which state; empty while some are on their way."""
    if counts.get("waiting", 0) or counts.get("sending", 0):
        return ""
    return "fall_short" if counts.get("returned", 0) or counts.get("corrected", 0) else "finish"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def capitals(fen: int) -> str:
    """An amount in capital figures as papers of account write it: 壹仟零捌拾元整, 叁元零伍分 (会计基础工作规范 第五十二条)."""
    yuan, rest = divmod(abs(fen), 100)
    words = _whole(yuan) + "元" if yuan else ""
    jiao, cents = divmod(rest, 10)
    if rest == 0:
        words = (words or "零元") + "整"
    else:
        words += f"{_DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
        words += f"{_DIGITS[cents]}分" if cents else "整"
    return ("负" if fen < 0 else "") + words


def _whole(number: int) -> str:
    groups: list[int] = []
    while number:
        number, rest = divmod(number, 10_000)
        groups.append(rest)
    words = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            continue
        if words and (group < 1000 or groups[place + 1] == 0):
            words += "零"
        words += _four(group) + _GROUPS[place]
    return words


def _four(number: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words
