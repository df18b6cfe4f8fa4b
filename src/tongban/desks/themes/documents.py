"""Drawings of the themes in packs/themes for docs/themes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from tongban.desks.themes import draw
from tongban.desks.themes.load import read_file


def documents() -> dict[str, str]:
    """``themes/CODE.md`` with Mermaid, ``themes/CODE.svg``, and an index. Needs no database."""
    names = _names()
    found, lines = (
        {},
        [
            "# 一件事",
            "",
            "由 `tongban docs build` 从 packs/themes 生成，测试保证其不过期。",
            "",
            "| 一件事 | 谁来办 | 问题 | 事项 | 最长（工作日） |",
            "|---|---|---|---|---|",
        ],
    )
    for path in sorted((Path(settings.PACKS) / "themes").glob("*.yaml")):
        theme = read_file(path).theme
        if theme is None:  # `theme check` says why
            continue
        code = path.stem
        own = {use.code: names[use.code] for use in theme.matters if use.code in names}
        found[f"themes/{code}.md"] = (
            f"# {theme.name} `{code}`\n\n{theme.summary}\n\n![{theme.name}]({code}.svg)\n\n"
            f"```mermaid\n{draw.mermaid(theme, own)}```\n"
        )
        found[f"themes/{code}.svg"] = draw.svg(theme, own)
        lines.append(
            f"| [{theme.name}]({code}.md) {theme.name_en} | {theme.for_whom} "
            f"| {len(theme.questions)} | {len(theme.matters)} | {theme.limits.days} |"
        )
    found["themes/README.md"] = "\n".join(lines) + "\n"
    return found


def _names() -> dict[str, str]:
    """Names of the demo city's matters by code, straight from the packs."""
    names: dict[str, str] = {}
    reader = YAML(typ="safe")
    for path in sorted((Path(settings.PACKS) / "catalogue").glob("*.yaml")):
        content: dict[str, Any] = reader.load(path)
        names |= {matter["code"]: matter["name"] for matter in content["matters"]}
    return names
