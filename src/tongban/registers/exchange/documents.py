"""The shared registers and what they give, for docs/sources.md: what a civil servant looks up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from tongban.registers.exchange.pack import registers


def documents() -> dict[str, str]:
    """``sources.md``: one table a register. Needs no database."""
    elements, papers, units = _named("elements"), _named("materials"), _departments()
    lines = [
        "# 数据从哪里来",
        "",
        "由 `tongban docs build` 从 packs/exchange 和 packs/sources 生成，测试保证其不过期。",
        "",
        "一项数据依次看：账户和登记、电子证照的字段（packs/licences）、共享库、以前的申请、主题写明的常用值；都没有才请人填。",
        "一份材料依次看：电子证照、共享库里的记录、由表生成、以前交过的、告知承诺、容缺、上传。",
        "",
    ]
    for info in registers().values():
        lines += [
            f"## {info.name} {info.name_en}（`{info.key}`）",
            "",
            f"主管：{units.get(info.keeper, info.keeper)}；知道：{'、'.join(_WHOM[one] for one in info.about)}；最多等{info.seconds:g}秒。",
            "",
        ]
        lines += _table("数据元", {key: elements.get(key, key) for key in sorted(info.gives)})
        lines += _table("代替的材料", {key: papers.get(key, key) for key in sorted(info.replaces)})
    rules = YAML(typ="safe").load(settings.PACKS / "sources" / "papers.yaml")
    lines += ["## 由填好的表生成、提交时电子签名的", ""]
    lines += _table("材料", {key: papers.get(key, key) for key in sorted(rules["from_form"])})
    lines += ["## 以前交过、几个月内还能用的", ""]
    reusable = {
        key: f"{papers.get(key, key)}（{months}个月）" for key, months in sorted(rules["reusable"].items())
    }
    lines += _table("材料", reusable)
    return {"sources.md": "\n".join(lines).rstrip() + "\n"}


_WHOM = {"person": "个人", "organisation": "单位"}


def _table(title: str, rows: dict[str, str]) -> list[str]:
    if not rows:
        return []
    return [f"| {title} | 键 |", "|---|---|", *(f"| {name} | `{key}` |" for key, name in rows.items()), ""]


def _named(folder: str) -> dict[str, str]:
    """Names by key of what one folder of the packs defines."""
    files = sorted((Path(settings.PACKS) / folder).glob("*.yaml"))
    return {one["key"]: one["name"] for path in files for one in YAML(typ="safe").load(path)}


def _departments() -> dict[str, str]:
    """A department's name as its unit of the demo district bears it."""
    found: dict[str, str] = {}
    units: list[dict[str, Any]] = YAML(typ="safe").load(settings.PACKS / "demo" / "units.yaml")
    for unit in units:
        found.setdefault(unit["department"], unit["name"])
    return found
