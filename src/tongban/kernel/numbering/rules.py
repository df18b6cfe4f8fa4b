"""Docket numbers: letter, division, day, serial, check character.

``A421202-261122-00017-K``: A for the kind, six digits of the division, the day of opening, the
serial of that day in base 10 (at least five digits) and an ISO 7064 MOD 37,36 character, which
finds every single wrong character and every swap of neighbours when a number is read out or typed.
"""

from __future__ import annotations

from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36


def compose(*, prefix: str, region: str, day: date, serial: int) -> str:
    """The number of the `serial`-th docket of a kind in a division on a day."""
    body = f"{prefix}{region[:6]}{day:%y%m%d}{serial:05d}"
    return f"{prefix}{region[:6]}-{day:%y%m%d}-{serial:05d}-{mod_37_36.calc_check_digit(body)}"


def normalise(text: str) -> str:
    """What a person typed, as a number: full-width, lower case and missing hyphens are mended.

    :raises ValueError: when the check character does not fit; the message says what to do
    """
    plain = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text if not c.isspace()).upper()
    plain = plain.replace("-", "").replace("—", "").replace("－", "")
    if len(plain) < 19 or not plain.isalnum() or not plain.isascii():
        raise ValueError("编号由字母、区划、日期、序号和一位校验码组成，请照回执上的写")
    try:
        mod_37_36.validate(plain)
    except ValidationError:
        raise ValueError("编号的校验码对不上，请检查有没有写错一位或颠倒两位") from None
    letters = 0
    while letters < len(plain) and plain[letters].isalpha():
        letters += 1
    region, rest = plain[: letters + 6], plain[letters + 6 :]
    return f"{region}-{rest[:6]}-{rest[6:-1]}-{rest[-1]}"
