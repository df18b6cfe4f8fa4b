"""The registers of this installation, read from `packs/exchange/registers.yaml` and checked once per process."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from tongban.registers.exchange.contracts import RegisterInfo, UnknownRegisterError

KINDS = frozenset({"person", "organisation"})


class PackError(ValueError):
    """The file cannot be taken; one line per fault."""


@cache
def registers() -> dict[str, RegisterInfo]:
    """Every register by key, in the order of the file. :raises PackError: the file is faulty"""
    return read(settings.PACKS / "exchange" / "registers.yaml")


def read(path: Path) -> dict[str, RegisterInfo]:
    """Read and check a file of registers. :raises PackError: with every fault"""
    found: dict[str, RegisterInfo] = {}
    faults: list[str] = []
    givers: dict[str, str] = {}
    for record in YAML(typ="safe").load(path):
        info = _register(record, faults)
        if info.key in found:
            faults.append(f"{info.key}: 登记库写了两次。")
        found[info.key] = info
        for key in sorted(info.gives | {f"paper {paper}" for paper in info.replaces}):
            if key in givers:
                faults.append(f"{info.key}: {key} 已由 {givers[key]} 提供，一项事实只从一个库取。")
            givers.setdefault(key, info.key)
    if faults:
        raise PackError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return found


def _register(record: dict[str, Any], faults: list[str]) -> RegisterInfo:
    key = str(record.get("key", "?"))
    needed = ("key", "name", "name_en", "keeper", "about")
    faults.extend(f"{key}: 缺 {name}。" for name in needed if not record.get(name))
    unknown = set(record) - {"key", "name", "name_en", "keeper", "about", "seconds", "gives", "replaces"}
    faults.extend(f"{key}: 没有 {name} 这一栏。" for name in sorted(unknown))
    about = tuple(record.get("about", ()))
    faults.extend(f"{key}: about 只能写 person、organisation。" for one in about if one not in KINDS)
    return RegisterInfo(
        key=key,
        name=str(record.get("name", "")),
        name_en=str(record.get("name_en", "")),
        keeper=str(record.get("keeper", "")),
        about=about,
        seconds=float(record.get("seconds", 2)),
        gives=frozenset(record.get("gives", ())),
        replaces=frozenset(record.get("replaces", ())),
    )


def register(key: str) -> RegisterInfo:
    """One register. :raises UnknownRegisterError: none of this key"""
    try:
        return registers()[key]
    except KeyError as error:
        raise UnknownRegisterError(key) from error


@cache
def giving() -> dict[str, str]:
    """Key of the register that gives a data element, by element."""
    return {element: info.key for info in registers().values() for element in info.gives}


@cache
def standing_in() -> dict[str, str]:
    """Key of the register whose record stands in for a paper, by key of the paper."""
    return {paper: info.key for info in registers().values() for paper in info.replaces}


def concerned(
    *, kind: str, elements: Iterable[str], papers: Iterable[str]
) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Which registers to ask about somebody of this kind: (elements, papers) by register."""
    elements, papers = frozenset(elements), frozenset(papers)
    found = {}
    for info in registers().values():
        wanted = info.gives & elements, info.replaces & papers
        if kind in info.about and any(wanted):
            found[info.key] = wanted
    return found
