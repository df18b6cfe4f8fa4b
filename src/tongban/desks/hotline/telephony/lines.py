"""The lines of this city, read from `packs/hotline/lines.yaml` and checked once per process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from ruamel.yaml import YAML

from tongban.desks.hotline.telephony.contracts import LineInfo, Way

FIELDS = frozenset({"key", "number", "name", "name_en", "way", "keeper"})


class LinesError(ValueError):
    """The file cannot be taken; one line per fault."""


@cache
def lines() -> dict[str, LineInfo]:
    """Every line by key, in the order of the file. :raises LinesError: the file is faulty"""
    return read(settings.PACKS / "hotline" / "lines.yaml")


def read(path: Path) -> dict[str, LineInfo]:
    """Read and check a file of lines. :raises LinesError: with every fault"""
    found: dict[str, LineInfo] = {}
    faults: list[str] = []
    numbers: dict[str, str] = {}
    for record in YAML(typ="safe").load(path) or []:
        info = _line(record, faults)
        if info.key in found:
            faults.append(f"{info.key}: 线路写了两次。")
        if info.number in numbers:
            faults.append(f"{info.key}: 号码 {info.number} 已是 {numbers[info.number]} 的。")
        numbers[info.number] = info.key
        found[info.key] = info
    if sum(one.way == Way.OWN for one in found.values()) != 1:
        faults.append("要有一条、只有一条 way: own 的线路（12345总线）。")
    if faults:
        raise LinesError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return found


def _line(record: dict[str, Any], faults: list[str]) -> LineInfo:
    key = str(record.get("key", "?"))
    faults.extend(f"{key}: 缺 {name}。" for name in sorted(FIELDS - {"keeper"}) if not record.get(name))
    faults.extend(f"{key}: 没有 {name} 这一栏。" for name in sorted(set(record) - FIELDS))
    way = str(record.get("way", ""))
    if way not in Way.values:
        faults.append(f"{key}: way 只能写 {'、'.join(Way.values)}。")
    return LineInfo(
        key=key, number=str(record.get("number", "")), name=str(record.get("name", "")),
        name_en=str(record.get("name_en", "")), way=way, keeper=str(record.get("keeper", "")),
    )  # fmt: skip


@cache
def _by_number() -> dict[str, str]:
    return {one.number: one.key for one in lines().values()}


def line_of(name: str) -> LineInfo | None:
    """The line of a key or a number, or None."""
    known = lines()
    return known.get(name) or known.get(_by_number().get(name, ""))


def own_line() -> LineInfo:
    """The one number itself."""
    return next(one for one in lines().values() if one.way == Way.OWN)


def line_name(key: str) -> str:
    """Name in the reader's language; the key itself for a line that is gone."""
    found = lines().get(key)
    return found.text(get_language() or "") if found else key
