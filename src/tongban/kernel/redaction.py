"""Log lines without identity numbers and phones, whatever words an exception or an address brings with it.

Code of the house logs no personal data. This is the net below: a driver's error quotes the row it refused, a visitor types an
identity number into the address bar, and both end in a log that more people read than may.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import unquote

# A resident id (GB 11643), a mobile number, a long digit string around them is left alone: numbers of dockets have hyphens.
_ID = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{5})(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[0-9Xx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])")
_HAN_IN_ADDRESS = re.compile(r"(?:%[0-9A-Fa-f]{2}){3,}")


def redacted(text: str) -> str:
    """The text with resident ids and mobile numbers starred, and what was typed in Chinese into an address left out."""
    text = _HAN_IN_ADDRESS.sub(_words, text)
    return _PHONE.sub(r"\1****\2", _ID.sub(r"\1************", text))


def _words(found: re.Match[str]) -> str:
    plain = unquote(found[0])
    return "…" if any("\u4e00" <= char <= "\u9fff" for char in plain) else found[0]


class Redacting(logging.Formatter):
    """A formatter whose whole line, traceback included, is redacted."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))
