"""Papers as PDF: one door to the typesetter, for every context.

Templates (`packs/documents/*.typ`) hold form, data holds words: data reaches the template as JSON and never as
source text, so what somebody typed cannot become instructions. The Chinese face comes with a package, never from the
machine, so that a paper looks the same everywhere.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst
from django.core.exceptions import ImproperlyConfigured

TEMPLATES = Path(__file__).resolve().parents[1] / "packs" / "documents"
FACE = "cvttf_NotoSansCJK_Regular"
"""Package with Noto Sans CJK: 30,000 Han characters, those of 通用规范汉字表 in Extensions B to E among them."""
_turn = threading.Lock()


def render_pdf(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Set a paper and give it as PDF/A; some 20 ms a page, the first of a process a second.

    The same template, data and instant give the same bytes.

    :param template: name of a file of `packs/documents` without its ending
    :param data: JSON values for the template; every text is set as it stands
    :param at: when the paper is made, as it is written into the file
    :raises ImproperlyConfigured: the face is not installed
    :raises LookupError: no such template
    """
    # One compiler keeps faces and templates between papers; it holds the input of one paper at a time.
    with _turn:
        return _set(template, data, at)


def render_png(svg: str, *, ppi: int = 200) -> bytes:
    """A drawing as a picture on white, with the face of papers; for documents that cannot hold a drawing."""
    with _turn:
        inputs = {"data": json.dumps({"svg": svg}, ensure_ascii=False)}
        made = _compiler().compile(TEMPLATES / "picture.typ", format="png", ppi=ppi, sys_inputs=inputs)
    assert isinstance(made, bytes)
    return made


def warm() -> None:
    """Load the typesetter and its face, which the first paper of a process would have to wait for."""
    with _turn:
        _compiler()


def render_for_seal(
    template: str, data: Mapping[str, Any], *, at: datetime
) -> tuple[bytes, tuple[int, float, float]]:
    """The same for a paper that will be sealed, and where the template wants the seal.

    :return: the PDF; page from 1 and the seal's centre in millimetres from the top left corner
    :raises LookupError: no such template, or it names no place (`signed` of paper.typ does)
    """
    with _turn:
        made = _set(template, data, at)
        marks = json.loads(_compiler().query("<seal>", field="value"))
    if not marks:
        raise LookupError(f"the template {template!r} names no place for a seal")
    return made, (int(marks[-1]["page"]), float(marks[-1]["x"]), float(marks[-1]["y"]))


def _set(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    source = TEMPLATES / f"{template}.typ"
    if not template.isidentifier() or not source.is_file():
        raise LookupError(f"no template of a paper is named {template!r}")
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    made = _compiler().compile(
        source, format="pdf", sys_inputs=inputs, timestamp=int(at.timestamp()),
        pdf_standards=["a-2a", "ua-1"],  # for the archive, text readable; for screen readers
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=TEMPLATES, font_paths=[_faces()], ignore_system_fonts=True)


def _faces() -> Path:
    found = find_spec(FACE)
    if found is None or found.origin is None:
        raise ImproperlyConfigured(
            f"PDF papers need the package {FACE}; install it with: pip install cvttf-notosanscjk-regular"
        )
    return Path(found.origin).parent
