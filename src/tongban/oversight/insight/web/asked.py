"""Which month an address asks for: one answer for every page of figures."""

from __future__ import annotations

import re
from datetime import date

EARLIEST = 2000
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def month_of(text: str, *, today: date) -> date | None:
    """The first day of a month such as ``2026-10``; None for what is no month, before the year 2000 or still to come."""
    if not _MONTH.fullmatch(text):
        return None
    found = date.fromisoformat(f"{text}-01")
    return found if found.year >= EARLIEST and found <= today else None
