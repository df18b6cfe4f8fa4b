"""QR codes of addresses that many pages and papers carry, each different."""

from __future__ import annotations

import segno

PATTERN = 4
"""The mask (ISO/IEC 18004, 8.8). Every mask is read alike; trying all eight to find the least regular picture is four
fifths of the work (4.2 ms of CPU against 0.8 ms). Of addresses such as ours this one comes nearest to the best on the
standard's scale: 4 % on average, and no address has come out above 1,620 where the best of each reach 1,480."""


def qr_code(text: str) -> segno.QRCode:
    """The code of an address, never a Micro QR code, correcting 15 % of its area."""
    return segno.make(text, error="m", mask=PATTERN, micro=False)
