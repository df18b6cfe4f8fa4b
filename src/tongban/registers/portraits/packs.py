"""Reading `packs/portraits`: the elements that portraits know, checked, every fault with its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from tongban.kernel.rules.elements import Element, Type
from tongban.registers.catalogue import api as catalogue
from tongban.registers.exchange import api as exchange
from tongban.registers.portraits.contracts import EITHER, KINDS, ElementInfo, PackError

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_NEEDED = ("key", "name", "name_en", "party", "type", "source", "group", "group_en")
_OPTIONAL = ("words", "words_en", "max_age", "consent", "personal", "asks", "profile", "division")
PROFILE = ("established_date", "capital_fen", "birth_date", "gender", "county", "township")
"""What the entry of a company or person itself tells (法人库、人口库), by the name an element uses for it."""
DIVISIONS = ("county", "township")
"""Levels of division that an element may tell a party's by name."""
_TYPES = {kind.value: kind for kind in Type}


class Faults:
    """Collects what is wrong with one file."""

    def __init__(self, path: Path) -> None:
        self.name = f"{path.parent.name}/{path.name}"
        self.found: list[str] = []

    def add(self, line: int, words: str) -> None:
        self.found.append(f"{self.name}:{line} {words}")

    def none(self) -> None:
        """:raises PackError: something was added"""
        if self.found:
            raise PackError(tuple(self.found))


def entries(path: Path, faults: Faults) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The mappings of a file that is a list of them, with their lines from 1."""
    try:
        content = YAML(typ="rt").load(path.read_text("utf-8"))
    except (MarkedYAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        faults.add(mark.line + 1 if mark else 1, _("不是合格的YAML。"))
        return
    if content is None:
        return
    if not isinstance(content, list):
        faults.add(1, _("要写成一个列表，每项以 - 开头。"))
        return
    places: Any = content  # ruamel keeps the line of every item on the list itself
    for index, item in enumerate(content):
        line = places.lc.item(index)[0] + 1
        if isinstance(item, Mapping):
            yield line, item
        else:
            faults.add(line, _("每项要写成“键: 值”。"))


def check_fields(
    item: Mapping[str, Any], *, needed: tuple[str, ...], optional: tuple[str, ...]
) -> Iterator[str]:
    """What is missing in an entry, and what it has that nobody reads."""
    for name in needed:
        if item.get(name) in (None, ""):
            yield _("缺少 %(field)s。") % {"field": name}
    for name in item:
        if name not in {*needed, *optional}:
            yield _("没有 %(field)s 这一栏，可用的栏：%(fields)s。") % {
                "field": name,
                "fields": "、".join((*needed, *optional)),
            }


def read_elements(path: Path) -> Mapping[str, ElementInfo]:
    """The elements of a file, by key, in its order.

    :raises PackError: with every fault
    """
    faults = Faults(path)
    found: dict[str, ElementInfo] = {}
    groups: dict[str, str] = {}
    for line, item in entries(path, faults):
        wrong = [*check_fields(item, needed=_NEEDED, optional=_OPTIONAL), *_check_element(item)]
        key, group = str(item.get("key", "")), str(item.get("group", ""))
        if key in found:
            wrong.append(_("%(key)s 写了两次。") % {"key": key})
        if group and groups.setdefault(group, str(item.get("group_en"))) != str(item.get("group_en")):
            wrong.append(
                _("分组“%(group)s”前面的英文是 %(english)s。") % {"group": group, "english": groups[group]}
            )
        for words in wrong:
            faults.add(line, f"{key or '?'}：{words}")
        if not wrong:
            found[key] = _element(item)
    faults.none()
    return MappingProxyType(found)


def _check_element(item: Mapping[str, Any]) -> Iterator[str]:
    if item.get("key") and not _KEY.fullmatch(str(item["key"])):
        yield _("key 用小写字母、数字和下划线，至少两段，用点隔开，例如 tax.sales。")
    if item.get("party") and item["party"] not in {*KINDS, EITHER}:
        yield _("party 只能是 organisation、person 或 either。")
    if item.get("type") and item["type"] not in _TYPES:
        yield _("type 只能是 %(types)s。") % {"types": "、".join(_TYPES)}
    if item.get("source") and catalogue.department_name(str(item["source"])) == item["source"]:
        yield _("没有 %(slug)s 这个部门代号。") % {"slug": item["source"]}
    age = item.get("max_age")
    if age is not None and (not isinstance(age, int) or isinstance(age, bool) or age < 1):
        yield _("max_age 是天数，要大于0；不过时就不写。")
    for name in ("consent", "personal"):
        if not isinstance(item.get(name, False), bool):
            yield _("%(field)s 只能是 true 或 false。") % {"field": name}
    yield from _check_words(item)
    yield from _check_sources(item)


def _check_sources(item: Mapping[str, Any]) -> Iterator[str]:
    """Where a value is looked up: at a shared register, or in the party's own entry."""
    if item.get("asks") and str(item["asks"]) not in exchange.giving():
        yield _("没有共享库能给 %(key)s，见 packs/exchange/registers.yaml。") % {"key": item["asks"]}
    if item.get("profile") and item["profile"] not in PROFILE:
        yield _("profile 只能是 %(names)s。") % {"names": "、".join(PROFILE)}
    if item.get("division") and (item["division"] not in DIVISIONS or item.get("type") != "text"):
        yield _("division 只能是 %(names)s，type 要是 text。") % {"names": "、".join(DIVISIONS)}
    if item.get("asks") and item.get("profile"):
        yield _("asks 和 profile 只能写一个。")


def _check_words(item: Mapping[str, Any]) -> Iterator[str]:
    words, english = item.get("words"), item.get("words_en")
    if words is None and english is None:
        return
    if item.get("type") not in {"text", "texts"}:
        yield _("只有 text 和 texts 可以列出 words。")
    elif not isinstance(words, list) or not isinstance(english, list):
        yield _("words 和 words_en 要各写一个列表。")
    elif len(words) != len(english) or not words:
        yield _("words 和 words_en 要一样多，顺序一致。")
    elif not all(isinstance(word, str) and word for word in [*words, *english]):
        yield _("words 里每个词都要是文字；像 1、是 这样的要加引号。")
    elif len(set(words)) != len(words) or len(set(english)) != len(english):
        yield _("words 里有重复的词。")


def _element(item: Mapping[str, Any]) -> ElementInfo:
    age = item.get("max_age")
    return ElementInfo(
        **{name: str(item[name]) for name in _NEEDED if name != "type"},
        type=_TYPES[item["type"]],
        words=tuple(item.get("words") or ()), words_en=tuple(item.get("words_en") or ()),
        max_age=None if age is None else timedelta(days=age),
        consent=bool(item.get("consent", False)), personal=bool(item.get("personal", False)),
        asks=str(item.get("asks", "")), profile=str(item.get("profile", "")),
        division=str(item.get("division", "")),
    )  # fmt: skip


def folder() -> Path:
    """Where this installation keeps its portraits pack."""
    return Path(settings.PACKS) / "portraits"


@cache
def _all() -> Mapping[str, ElementInfo]:
    return read_elements(folder() / "elements.yaml")


@cache
def elements(party_kind: str | None = None) -> Mapping[str, ElementInfo]:
    """Elements by key, in the order of the pack: all, or those known of one kind of party.

    :raises PackError: the pack is faulty
    """
    if party_kind is None:
        return _all()
    return MappingProxyType({key: one for key, one in _all().items() if one.known_of(party_kind)})


@cache
def rule_elements(party_kind: str) -> Mapping[str, Element]:
    """The elements as rules about one kind of party read them.

    :raises PackError: the pack is faulty
    """
    return MappingProxyType({key: one.rule for key, one in elements(party_kind).items()})


def _forget(**kwargs: object) -> None:
    if kwargs.get("setting") == "PACKS":
        for kept in (_all, elements, rule_elements):
            kept.cache_clear()


setting_changed.connect(_forget, dispatch_uid=__name__)
