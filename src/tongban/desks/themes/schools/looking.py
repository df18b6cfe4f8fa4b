"""What a program can say of a photo: readable, large and sharp enough, not empty, not handed in twice.

Whether it is the right paper and the right person's, a human says: no photo is accepted without one.
"""

from __future__ import annotations

import io
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFilter, ImageStat

SHORTEST: Final = 600
"""Pixels of the shorter side from which a page of print can be read."""
DARK, BRIGHT = 45, 250
EMPTY: Final = 6.0
"""Standard deviation of grey (of 255) below which there is nothing on it."""
BLURRED: Final = 4.0
"""Standard deviation of the edges below which print cannot be read."""
_WIDTH = 800

UNREADABLE, PDF, SMALL, EMPTY_PAGE, TOO_DARK, TOO_BRIGHT, BLUR, TWICE, OTHERS = (
    "unreadable", "pdf", "small", "empty", "dark", "bright", "blurred", "twice", "others",
)  # fmt: skip
SAID: Final[dict[str, str | Promise]] = {
    UNREADABLE: _("打不开"),
    PDF: _("不是照片，要人看"),
    SMALL: _("太小，看不清字"),
    EMPTY_PAGE: _("几乎是空白"),
    TOO_DARK: _("太暗"),
    TOO_BRIGHT: _("太亮"),
    BLUR: _("可能模糊"),
    TWICE: _("同一张交了两种材料"),
    OTHERS: _("和别的孩子交的一模一样"),
}


def findings(content: bytes, media_type: str) -> list[str]:
    """Codes of what is doubtful about one file, seen by itself; empty when nothing is."""
    if not media_type.startswith("image/"):
        return [PDF]
    try:
        with Image.open(io.BytesIO(content)) as opened:
            short = min(opened.size)
            opened.draft("L", (_WIDTH, _WIDTH))
            grey = opened.convert("L")
    except (OSError, ValueError, Image.DecompressionBombError):
        return [UNREADABLE]
    grey.thumbnail((_WIDTH, _WIDTH))
    found = [SMALL] if short < SHORTEST else []
    stat = ImageStat.Stat(grey)
    mean, spread = stat.mean[0], stat.stddev[0]
    if mean < DARK:
        found.append(TOO_DARK)
    elif mean > BRIGHT:
        found.append(TOO_BRIGHT)
    if spread < EMPTY:
        return [*found, EMPTY_PAGE]
    edges = grey.filter(ImageFilter.FIND_EDGES).crop((1, 1, grey.width - 1, grey.height - 1))
    if ImageStat.Stat(edges).stddev[0] < BLURRED:
        found.append(BLUR)
    return found
