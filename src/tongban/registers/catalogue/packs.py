"""Reading the catalogue packs: files that a civil servant writes, checked before anything is taken.

The form of an entry is described in packs/catalogue/README.md; here it is held, each fault told with its
file and line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from tongban.registers.catalogue import checks, regulated
from tongban.registers.catalogue.contracts import PackError

REGULATED = "regulated"
"""Folder of matters that are punished, enforced and inspected."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One matter of a pack in canonical form, with where it is written."""

    code: str
    department: str
    data: dict[str, Any]
    place: str


@dataclass(slots=True)
class Packs:
    """Everything the packs say. `faults` empty means it can be taken."""

    elements: dict[str, dict[str, Any]] = field(default_factory=dict)
    materials: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    kinds: frozenset[str] = frozenset()
    """Slugs of the kinds of licences that packs/licences defines; empty where the folder has none."""


def read_packs(folder: Path) -> Packs:
    """Read `folder`/catalogue, regulated, elements and materials and check them against each other."""
    packs = Packs(kinds=_kinds(folder / "licences"))
    for text, name, items in _files(folder / "elements", packs.faults):
        _keyed(packs.elements, checks.ELEMENT, text=text, name=name, items=items, faults=packs.faults)
    for text, name, items in _files(folder / "materials", packs.faults):
        form, faults = checks.MATERIAL, packs.faults
        _keyed(packs.materials, form, text=text, name=name, items=items, faults=faults, kinds=packs.kinds)
    seen: dict[str, str] = {}
    for kind in ("catalogue", REGULATED):
        for text, name, content in _files(folder / kind, packs.faults):
            if not isinstance(content, Mapping) or not content.get("department"):
                packs.faults.append(f"{name}:1 缺少 department（部门代号）。")
                continue
            for item in content.get("matters") or []:
                _matter(packs, seen, item, text=text, name=name, department=str(content["department"]))
    return packs


def taken(packs: Packs) -> Packs:
    """:raises PackError: there are faults"""
    if packs.faults:
        raise PackError(packs.faults)
    return packs


def _files(folder: Path, faults: list[str]) -> Iterator[tuple[str, str, Any]]:
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        name = f"{folder.name}/{path.name}"
        try:
            yield text, name, YAML(typ="safe").load(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark
            place = f"{mark.line + 1}:{mark.column + 1}" if mark else "1"
            faults.append(f"{name}:{place} 不是合格的YAML：{error.problem}")


def _kinds(folder: Path) -> frozenset[str]:
    texts = (path.read_text(encoding="utf-8") for path in folder.glob("*.yaml"))
    return frozenset(
        slug for text in texts for slug in re.findall(r"^\s*- slug:\s*([\w-]+)", text, re.MULTILINE)
    )


def _kind_faults(slug: Any, kinds: frozenset[str]) -> Iterator[str]:
    """A paper or a result may only be of a kind of licence that there is: otherwise nothing would ever be issued."""
    if slug and kinds and slug not in kinds:
        yield f"licence_kind “{slug}”不在 packs/licences 里。"


def _line(text: str, word: str, key: str) -> int:
    found = re.search(rf"{key}:\s*[\"']?{re.escape(word)}[\"']?\s*($|[,}}#])", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _keyed(
    into: dict[str, dict[str, Any]],
    form: checks.Form,
    *,
    text: str,
    name: str,
    items: Any,
    faults: list[str],
    kinds: frozenset[str] = frozenset(),
) -> None:
    for item in items or []:
        key = str(item.get("key", ""))
        place = f"{name}:{_line(text, key, 'key')}"
        if not key:
            faults.append(f"{place} 有一条没有 key：{item}")
        elif key in into:
            faults.append(f"{place} “{key}”已在别处定义过；一个键只能有一条。")
        else:
            found = [*checks.against(form, item), *_kind_faults(item.get("licence_kind"), kinds)]
            faults += [f"{place} “{key}”{fault}" for fault in found]
            into[key] = checks.canonical_keyed({k: v for k, v in item.items() if k != "key"})


def _matter(
    packs: Packs, seen: dict[str, str], item: dict[str, Any], *, text: str, name: str, department: str
) -> None:
    code = str(item.get("code", ""))
    place = f"{name}:{_line(text, code, 'code')}"
    where = f"{place} {code}{item.get('name', '')}："
    if not code:
        packs.faults.append(f"{place} 有一个事项没有 code：{item.get('name', '')}")
        return
    if code in seen:
        packs.faults.append(f"{where}编码重复，{seen[code]} 已有。")
        return
    seen[code] = place
    faults = checks.matter_faults(item, packs.elements, packs.materials)
    for result in item.get("results") or []:
        faults += _kind_faults(result.get("licence_kind"), packs.kinds)
    if name.startswith(f"{REGULATED}/"):
        faults += regulated.faults(item, department)
    packs.faults += [where + fault for fault in faults]
    if not faults:
        packs.entries.append(Entry(code, department, checks.canonical_matter(item), place))
