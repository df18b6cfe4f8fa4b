"""Numbers, dates and masks as ui.md §1 wants them, in the reader's language. Pure: no request, no clock."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import get_language

WEEKDAYS = "一二三四五六日"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def english() -> bool:
    """Whether the reader's language is English."""
    return (get_language() or "").startswith("en")


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def long_date(value: date | datetime | None, *, time: bool = True) -> str:
    """``2026年11月22日（周日） 14:05`` or ``22 November 2026, 14:05``; a date has no time; None is empty."""
    if value is None:
        return ""
    local = _local(value)
    clock = f"{local:%H:%M}" if time and isinstance(local, datetime) else ""
    if english():
        words = f"{local.day} {MONTHS[local.month - 1]} {local.year}"
        return f"{words}, {clock}" if clock else words
    words = f"{local.year}年{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）"
    return f"{words} {clock}" if clock else words


def short_date(value: date | datetime, *, year: bool = False) -> str:
    """``12月1日（周二）`` or ``Tue 1 December``."""
    local = _local(value)
    if english():
        words = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"
        return f"{words} {local.year}" if year else words
    words = f"{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）"
    return f"{local.year}年{words}" if year else words


def iso(value: date | datetime | None) -> str:
    """``2026-11-22``, for tables; the day in Shanghai."""
    if value is None:
        return ""
    local = _local(value)
    return (local.date() if isinstance(local, datetime) else local).isoformat()


def count(value: float | Decimal | None) -> str:
    """``318,679``."""
    return "" if value is None else f"{value:,}"


def headline(value: float | Decimal | None) -> str:
    """``31.9万``, ``1.2亿``; ``318.7K``, ``1.2M`` in English; below ten thousand exact."""
    if value is None:
        return ""
    number = Decimal(str(value))
    steps = ((10**9, "B"), (10**6, "M"), (10**4, "K")) if english() else ((10**8, "亿"), (10**4, "万"))
    for least, sign in steps:
        if abs(number) >= least:
            unit = 1000 if sign == "K" else least
            short = (number / unit).quantize(Decimal("0.1"), ROUND_HALF_UP)
            return f"{short:,}{sign}"
    return count(value)


def rate(part: float | Decimal | Fraction | None, whole: float | Decimal | None = None) -> str:
    """A share in percent: one decimal, two from 99 %, never rounded up to 100 %.

    :param part: of `whole`; without `whole` the share itself, 0 to 1
    :returns: ``94.7%``; ``无`` (``none``) when there is nothing to divide by
    """
    if part is None or (whole is not None and not whole):
        return "none" if english() else "无"
    share = Fraction(str(part)) if not isinstance(part, Fraction) else part
    if whole is not None:
        share /= Fraction(str(whole))
    percent = Decimal(share.numerator * 100) / Decimal(share.denominator)
    digits = Decimal("0.01") if percent >= 99 else Decimal("0.1")
    shown = percent.quantize(digits, ROUND_HALF_UP)
    if percent < 100 <= shown:
        shown = percent.quantize(digits, ROUND_DOWN)
    if shown == 100:
        return "100%"
    return f"{shown}%"


def money(fen: int | None) -> str:
    """Integer fen as ``12.50元`` (``CNY 12.50``); whole yuan without decimals."""
    if fen is None:
        return ""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    amount = f"{sign}{yuan:,}" + (f".{rest:02d}" if rest else "")
    return f"CNY {amount}" if english() else f"{amount}元"


def size(octets: int) -> str:
    """``1.4 MB``."""
    if octets < 1024 * 1024:
        return f"{max(1, round(octets / 1024))} KB"
    return f"{octets / 1024 / 1024:.1f} MB"


def mask_name(name: str | None) -> str:
    """``张*明``; a name of two keeps the first; ``·`` stays so that the shape of the name does."""
    text = (name or "").strip()
    if len(text) <= 1:
        return "*" * len(text)
    last = text[-1] if len(text) > 2 else ""
    middle = text[1 : len(text) - len(last)]
    return text[0] + "".join("·" if sign == "·" else "*" for sign in middle) + last


def mask_id(number: str | None) -> str:
    """``4212************1X``: the first four and the last two signs of an identity number."""
    text = (number or "").strip()
    if len(text) < 10:
        return "*" * len(text)
    return f"{text[:4]}{'*' * (len(text) - 6)}{text[-2:]}"


def mask_phone(number: str | None) -> str:
    """``138****5678``; a number of fewer than eight digits is hidden whole."""
    text = (number or "").strip()
    if len(text) < 8:
        return "*" * len(text)
    return f"{text[: len(text) - 8]}****{text[-4:]}"
