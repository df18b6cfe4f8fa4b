"""Charts as SVG: drawn once on the server, the same in the page, on paper and in the document.

Presentation attributes carry the colours of light paper (ui.md §1), classes let the page's own style sheet put those
of the dark. A series is told by its dashes and its marks as well as by its colour. Bars begin at nought.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from math import ceil, floor, log10

from tongban.kernel.drawing import text_width

COLOURS = ("#0B55A8", "#B8560B", "#0E7568", "#9A2A6B", "#5C6675", "#7A6A00")
DASHES = ("", "8 4", "2 4", "8 4 2 4", "12 3", "4 2")
INK, MUTED, GRID, PAPER = "#1A2230", "#4A5565", "#C9D0DA", "#FFFFFF"
FACE = "Noto Sans CJK TC, sans-serif"
WIDTH, LINE_HEIGHT, SIZE = 720, 300, 13
LEFT, RIGHT, TOP, BOTTOM = 72, 24, 44, 34
BAR, GAP = 20, 10
MOST_SERIES = len(COLOURS)
Scale = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Line:
    """A series: a name and a value for each label; None is a gap."""

    name: str
    values: tuple[Decimal | None, ...]


def lines(labels: Sequence[str], series: Sequence[Line], *, title: str, unit: str = "") -> str:
    """Series over time. Counts begin at nought; shares begin below the least, which the axis says.

    :param unit: what the axis counts, ``%`` for shares
    """
    found = [value for one in series for value in one.values if value is not None]
    low, high, step = _axis(found, share=unit == "%")
    x, y = _across(len(labels)), _upright(low, high)
    parts = [_frame(title, LINE_HEIGHT), *_grid(low, high, step, unit, y)]
    every = max(1, ceil(len(labels) * 58 / (WIDTH - LEFT - RIGHT)))
    last = len(labels) - 1
    for place, label in enumerate(labels):
        if (last - place) % every == 0:
            parts.append(_text(x(place), LINE_HEIGHT - 10, label, anchor="middle"))
    for place, one in enumerate(series[:MOST_SERIES]):
        parts += _drawn(place, one, x, y)
    parts += _legend(series[:MOST_SERIES]) if len(series) > 1 else []
    return "\n".join([*parts, "</svg>"])


def bars(rows: Sequence[tuple[str, Decimal, str]], *, title: str) -> str:
    """Groups beneath each other, each with its value written at its end.

    :param rows: name, value, and the value in words
    """
    room = min(280.0, max((text_width(name, SIZE) for name, _v, _s in rows), default=0) + 12)
    end = max((text_width(said, SIZE) for _n, _v, said in rows), default=0) + 12
    most = max((value for _n, value, _s in rows), default=Decimal(0)) or Decimal(1)
    height = 2 * GAP + len(rows) * (BAR + GAP)
    parts = [_frame(title, height)]
    for place, (name, value, said) in enumerate(rows):
        top = GAP + place * (BAR + GAP)
        width = float(max(value, Decimal(0)) / most) * (WIDTH - room - end)
        parts += [
            _text(room - 8, top + 15, _short(name, room - 12), anchor="end"),
            f'<rect class="rp-b" x="{room:.1f}" y="{top}" width="{width:.1f}" height="{BAR}" fill="{COLOURS[0]}"/>',
            _text(room + width + 6, top + 15, said),
        ]
    parts.append(
        f'<line class="rp-g" x1="{room:.1f}" y1="{GAP / 2}" x2="{room:.1f}" y2="{height - GAP / 2}" stroke="{MUTED}"/>'
    )
    return "\n".join([*parts, "</svg>"])


def _frame(title: str, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="rp-chart" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" font-family="{FACE}" font-size="{SIZE}"><title>{escape(title)}</title>'
    )


def _axis(values: Sequence[Decimal], *, share: bool) -> tuple[float, float, float]:
    high = float(max(values, default=Decimal(0)))
    low = float(min(values, default=Decimal(0)))
    if not share:
        low = min(0.0, low)
    step = _step(max(high - low, 1.0 if share else 4.0) / 4)
    bottom = floor(low / step) * step
    top = ceil(high / step) * step
    if share:
        bottom, top = max(0.0, bottom), min(100.0, top) if high <= 100 else top
    return bottom, top if top > bottom else bottom + step, step


def _step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, not below what is asked."""
    power: float = 10 ** floor(log10(rough))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= rough * 0.999)


def _across(n: int) -> Scale:
    width = WIDTH - LEFT - RIGHT
    return lambda place: LEFT + (width / 2 if n < 2 else width * place / (n - 1))


def _upright(low: float, high: float) -> Scale:
    room = LINE_HEIGHT - TOP - BOTTOM
    return lambda value: TOP + room * (1 - (value - low) / (high - low))


def _grid(low: float, high: float, step: float, unit: str, y: Scale) -> list[str]:
    found = []
    digits = 0 if step >= 1 else 1 if step >= 0.1 else 2
    place = low
    while place <= high + step / 1000:
        found += [
            f'<line class="rp-g" x1="{LEFT}" y1="{y(place):.1f}" x2="{WIDTH - RIGHT}" y2="{y(place):.1f}" stroke="{GRID}"/>',
            _text(LEFT - 8, y(place) + 4.5, f"{place:,.{digits}f}{unit}", anchor="end"),
        ]
        place += step
    return found


def _drawn(place: int, one: Line, x: Scale, y: Scale) -> list[str]:
    colour, dash = COLOURS[place], DASHES[place]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    found, stretch = [], []
    for at, value in enumerate([*one.values, None]):
        if value is not None:
            stretch.append(f"{x(at):.1f},{y(float(value)):.1f}")
            found.append(_mark(place, x(at), y(float(value))))
        elif stretch:
            found.append(
                f'<polyline class="rp-l rp-s{place + 1}" points="{" ".join(stretch)}" fill="none" stroke="{colour}" '
                f'stroke-width="2.5"{dashed}/>'
            )
            stretch = []
    return found


def _mark(place: int, x: float, y: float) -> str:
    fill = f'class="rp-m rp-s{place + 1}" fill="{COLOURS[place]}"'
    if place % 3 == 0:
        return f'<circle {fill} cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
    if place % 3 == 1:
        return f'<rect {fill} x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7"/>'
    return f'<path {fill} d="M{x:.1f} {y - 4.5:.1f}l4.5 8h-9z"/>'


def _legend(series: Sequence[Line]) -> list[str]:
    found, left = [], float(LEFT)
    for place, one in enumerate(series):
        dash = f' stroke-dasharray="{DASHES[place]}"' if DASHES[place] else ""
        stroke = f'stroke="{COLOURS[place]}" stroke-width="2.5"{dash}'
        found += [
            f'<line class="rp-l rp-s{place + 1}" x1="{left:.1f}" y1="18" x2="{left + 30:.1f}" y2="18" {stroke}/>',
            _mark(place, left + 15, 18),
            _text(left + 36, 22.5, one.name, colour=INK),
        ]
        left += 36 + text_width(one.name, SIZE) + 22
    return found


def _text(x: float, y: float, words: str, *, anchor: str = "start", colour: str = MUTED) -> str:
    return f'<text class="rp-t" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def _short(name: str, room: float) -> str:
    while len(name) > 2 and text_width(name, SIZE) > room:
        name = f"{name[:-2]}…"
    return name
