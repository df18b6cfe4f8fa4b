"""Documents that the code itself knows best: drawings of flows and themes, the API's description.

Every installed context may have a module `documents` with ``documents() -> dict[str, str]``: texts by path below
docs/. `tongban docs build` writes them, `tongban docs check` says which are stale. They are in Chinese.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.utils import translation

EXTRA = ("tongban.config",)
"""Not an installed context, and has documents all the same."""


def docs_folder() -> Path:
    """docs/ of the checkout that the code runs from."""
    return Path(__file__).resolve().parents[3] / "docs"


def wanted() -> dict[str, str]:
    """Every generated document by its path below docs/."""
    contexts = [app.name for app in apps.get_app_configs() if app.name.startswith("tongban.")]
    found: dict[str, str] = {}
    with translation.override("zh-hans"):
        for context in [*contexts, *EXTRA]:
            name = f"{context}.documents"
            if context != "tongban.web" and find_spec(name):
                found |= import_module(name).documents()
    return found


def build(folder: Path) -> list[str]:
    """Write every document that differs and remove drawings nobody makes any more; gives their paths."""
    changed, found = [], wanted()
    for name, text in found.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    for name in _left_over(folder, found):
        (folder / name).unlink()
        changed.append(name)
    return sorted(changed)


def stale(folder: Path) -> list[str]:
    """Paths of documents that are not as the code would write them."""
    found = wanted()
    differing = [
        name
        for name, text in found.items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]
    return sorted([*differing, *_left_over(folder, found)])


def _left_over(folder: Path, known: dict[str, str]) -> list[str]:
    drawn = [path for place in ("flows", "themes") for path in (folder / place).glob("*.*")]
    return [name for path in drawn if (name := str(path.relative_to(folder))) not in known]
