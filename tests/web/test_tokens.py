"""Contrast of every pair of ui.md §1, computed from the sheet that is delivered."""

import re
from pathlib import Path

import pytest

import tongban.web

SHEET = (Path(tongban.web.__file__).parent / "static/tongban/tongban.css").read_text(encoding="utf-8")


def tokens(start: str) -> dict[str, str]:
    """Colours of the blocks that begin with `start`; the first word counts, printing comes last."""
    found: dict[str, str] = {}
    for block in re.findall(re.escape(start) + r"\{([^{}]*)\}", SHEET):
        for name, colour in re.findall(r"--tb-([a-z0-9-]+):\s*(#[0-9A-Fa-f]{3,6})", block):
            found.setdefault(name, colour)
    return found


LIGHT = tokens(":root")
DARK = tokens(":root[data-theme=dark]")


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(one * 2 for one in digits)
    channels = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


CLOCKS = ("ontime", "near", "overdue", "suspended", "provisional")
TEXT = [
    *(
        (ink, ground)
        for ink in ("ink", "muted", "link", "danger")
        for ground in ("surface", "page", "note-tint")
    ),
    *(
        (ink, ground)
        for ink in ("ink", "link")
        for ground in ("info-tint", "danger-tint", "near-tint", "ontime-tint")
    ),
    *((clock, f"{clock}-tint") for clock in CLOCKS),
    ("danger", "danger-tint"),
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
]
GRAPHIC = [
    *(("edge", ground) for ground in ("surface", "page", "info-tint", "note-tint")),
    *(("focus", ground) for ground in ("surface", "page", "info-tint")),
    *((f"chart-{n}", "surface") for n in range(1, 7)),
    ("primary", "note-tint"),
]
# What ui.md promises, to one decimal.
PROMISED = {
    "light": {
        ("ink", "surface"): 16.0, ("muted", "surface"): 7.6, ("edge", "surface"): 4.6, ("link", "surface"): 7.3,
        ("danger", "surface"): 7.5, ("ontime", "ontime-tint"): 6.6, ("near", "near-tint"): 7.3,
        ("overdue", "overdue-tint"): 7.0, ("suspended", "suspended-tint"): 7.7,
        ("provisional", "provisional-tint"): 7.7,
    },
    "dark": {
        ("ink", "surface"): 13.5, ("muted", "surface"): 7.8, ("edge", "surface"): 4.7, ("link", "surface"): 7.9,
        ("danger", "surface"): 7.1, ("ontime", "ontime-tint"): 8.1, ("near", "near-tint"): 9.6,
        ("overdue", "overdue-tint"): 7.1, ("suspended", "suspended-tint"): 7.4,
        ("provisional", "provisional-tint"): 8.6,
    },
}  # fmt: skip
THEMES = {"light": LIGHT, "dark": DARK}


def test_both_themes_name_the_same_colours():
    assert LIGHT.keys() == DARK.keys()
    assert len(LIGHT) > 30


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_at_least_4_5(theme):
    low = {pair: contrast(THEMES[theme][pair[0]], THEMES[theme][pair[1]]) for pair in TEXT}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_focus_and_charts_have_at_least_3(theme):
    low = {pair: contrast(THEMES[theme][pair[0]], THEMES[theme][pair[1]]) for pair in GRAPHIC}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 3} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_the_published_ratios_hold(theme):
    wrong = {
        pair: contrast(THEMES[theme][pair[0]], THEMES[theme][pair[1]])
        for pair, promised in PROMISED[theme].items()
        if contrast(THEMES[theme][pair[0]], THEMES[theme][pair[1]]) < promised - 0.1
    }
    assert wrong == {}


def test_charts_keep_the_ratio_of_small_text():
    assert min(contrast(LIGHT[f"chart-{n}"], "#FFFFFF") for n in range(1, 7)) >= 4.8
    assert min(contrast(DARK[f"chart-{n}"], DARK["surface"]) for n in range(1, 7)) >= 6.9


def test_the_device_theme_and_the_chosen_one_are_the_same():
    device = tokens(":root:not([data-theme=light])")
    assert device == DARK
