"""Numbers of people in a question that everybody may read: starred before anything is kept. Pure."""

from __future__ import annotations

import re

# Resident ids, mobile and landline numbers of people, bank cards, number plates; 12345, 110 and years stay.
_LONG = re.compile(r"(?<!\d)\d[\d\- ]{8,20}[\dXx](?!\d)")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s]?[A-Z0-9]{5,6}"
)


def without_numbers(text: str) -> str:
    """The text with long numbers and number plates starred."""
    return _PLATE.sub("***", _LONG.sub("***", text))
