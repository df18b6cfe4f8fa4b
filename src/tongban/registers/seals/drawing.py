"""The picture of a unit's seal: a round red seal with a star and the unit's name in an arc, as outlines.

Drawn once, when the seal is made, in the Chinese face that ships as a package, and kept as the path of an SVG with a
viewBox of 0 0 1000 1000: it looks the same everywhere, needs no font in the paper it is put on, and puts no letters
between those of the text. Sizes follow 国发〔1999〕25号: 42 mm across, a five-pointed star in the middle.
"""

from __future__ import annotations

import math
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fontTools.misc.transform import Transform
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from tongban.kernel.pdf import FACE

SIZE = 1000
MILLIMETRES = 42.0
RED = "#D7000F"
_CENTRE = SIZE / 2
_RING_OUTER, _RING_INNER = 494.0, 474.0
_BOLD = 7
"""Width of the line that is drawn around every shape: the face comes in one weight, a seal wants a heavier one."""
_STAR = 150.0
_BASELINE = 330.0  # radius of the foot of the name's characters
_TALL = 118.0  # height of a character
_WIDEST = math.radians(292)  # the arc that a long name may take
_STEP = math.radians(27)  # from one character to the next in a short name
_ROUND = 0.5522847498  # a quarter of a circle as a cubic curve


@lru_cache(maxsize=64)
def draw(name: str) -> str:
    """The outlines of a seal as the ``d`` of an SVG path, to be filled even-odd.

    :param name: the unit's name as it is engraved; 2 to 40 characters look well
    """
    parts = [_circle(_RING_OUTER), _circle(_RING_INNER), _star()]
    with _face() as face:
        glyphs, shapes = face.getGlyphSet(), _shapes(face)
        wide = _TALL if len(name) * _STEP <= _WIDEST else _TALL * _WIDEST / (len(name) * _STEP)
        tall = min(_TALL * 1.12, wide / 0.5)  # a long name has narrow characters, not needles
        step = min(_STEP, _WIDEST / max(len(name), 1))
        start = math.pi / 2 + step * (len(name) - 1) / 2
        for place, letter in enumerate(name):
            if letter.isspace() or ord(letter) not in shapes:
                continue
            angle = start - step * place
            turn = Transform(1, 0, 0, -1, _CENTRE, _CENTRE).rotate(angle - math.pi / 2)
            em = face["head"].unitsPerEm
            glyph = glyphs[shapes[ord(letter)]]
            put = turn.translate(0, _BASELINE).scale(wide / em, tall / em).translate(-glyph.width / 2, 0)
            pen = DecomposingRecordingPen(glyphs)
            glyph.draw(TransformPen(pen, put))
            parts.append(_path(pen.value))
    return "".join(parts)


def _face() -> TTFont:
    found = find_spec(FACE)
    assert found is not None
    assert found.origin is not None
    return TTFont(next(Path(found.origin).parent.glob("*.otf")), lazy=True)


def _shapes(face: TTFont) -> dict[int, str]:
    """Glyph by character, in the forms of the mainland: the face's own are those of Taiwan."""
    found: dict[int, str] = dict(face.getBestCmap())
    table = face["GSUB"].table
    mainland: dict[str, str] = {}
    for script in table.ScriptList.ScriptRecord:
        for language in script.Script.LangSysRecord:
            if script.ScriptTag == "hani" and language.LangSysTag.strip() == "ZHS":
                for index in language.LangSys.FeatureIndex:
                    feature = table.FeatureList.FeatureRecord[index]
                    if feature.FeatureTag == "locl":
                        mainland |= _substitutes(table, feature.Feature.LookupListIndex)
    return {letter: mainland.get(glyph, glyph) for letter, glyph in found.items()}


def _substitutes(table: Any, lookups: list[int]) -> dict[str, str]:
    found: dict[str, str] = {}
    for index in lookups:
        for one in table.LookupList.Lookup[index].SubTable:
            found |= getattr(getattr(one, "ExtSubTable", one), "mapping", {})
    return found


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _command(letter: str, *points: tuple[float, float]) -> str:
    return letter + " ".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _path(drawn: list[tuple[str, tuple[Any, ...]]]) -> str:
    letters = {"moveTo": "M", "lineTo": "L", "curveTo": "C"}
    return "".join(_command(letters[verb], *points) if verb in letters else "Z" for verb, points in drawn)


def _circle(radius: float) -> str:
    c, r, k = _CENTRE, radius, radius * _ROUND
    return (
        _command("M", (c + r, c))
        + _command("C", (c + r, c + k), (c + k, c + r), (c, c + r))
        + _command("C", (c - k, c + r), (c - r, c + k), (c - r, c))
        + _command("C", (c - r, c - k), (c - k, c - r), (c, c - r))
        + _command("C", (c + k, c - r), (c + r, c - k), (c + r, c))
        + "Z"
    )


def _star() -> str:
    inner = _STAR * math.sin(math.radians(18)) / math.sin(math.radians(54))
    corners = [
        (_CENTRE + radius * math.sin(math.pi * step / 5), _CENTRE - radius * math.cos(math.pi * step / 5))
        for step, radius in enumerate([_STAR, inner] * 5)
    ]
    return _command("M", corners[0]) + "".join(_command("L", corner) for corner in corners[1:]) + "Z"


def svg(path: str, *, title: str) -> str:
    """The seal as an SVG picture. `title` is what a screen reader says."""
    from xml.sax.saxutils import escape

    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img">'
        f"<title>{escape(title)}</title>"
        f'<path fill="{RED}" stroke="{RED}" fill-rule="evenodd" stroke-width="{_BOLD}" '
        f'stroke-linejoin="round" d="{path}"/></svg>'
    )


def pdf_operators(path: str, *, side: float) -> bytes:
    """The seal as operators of a PDF content stream that fill a square of `side` points."""
    scale = side / SIZE
    red = " ".join(_number_fine(int(RED[at : at + 2], 16) / 255) for at in (1, 3, 5))
    out = [
        f"q {_number_fine(scale)} 0 0 {_number_fine(-scale)} 0 {_number_fine(side)} cm {red} rg {red} RG {_BOLD} w 1 j"
    ]
    token = ""
    for sign in path:
        if sign in "MLCZ":
            _flush(token, out)
            token = ""
        token += sign
    _flush(token, out)
    return "\n".join([*out, "B* Q"]).encode()


def _flush(token: str, out: list[str]) -> None:
    verbs = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    if token:
        out.append(f"{token[1:]} {verbs[token[0]]}".strip())


def _number_fine(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")
