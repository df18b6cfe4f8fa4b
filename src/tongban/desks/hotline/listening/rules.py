"""What must not stand in a public report: no Django, no clock, no I/O."""

from __future__ import annotations

import re
from typing import Final

_ID: Final = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[0-9Xx](?![0-9A-Za-z])"
)
_PHONE: Final = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")


def personal_in(text: str) -> bool:
    """Whether a text has an identity number or a mobile phone's number. A city's own service numbers may stand in it."""
    return bool(_ID.search(text) or _PHONE.search(text))
