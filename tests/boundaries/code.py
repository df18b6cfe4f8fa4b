"""The platform's own source, read once."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import tongban

ROOT = Path(tongban.__file__).parent
CHECKOUT = ROOT.parents[1]


@cache
def sources() -> dict[str, str]:
    """Text by path below src/tongban, migrations left out."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in sorted(ROOT.rglob("*.py"))
        if "migrations" not in path.parts
    }


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(sources()[name])
