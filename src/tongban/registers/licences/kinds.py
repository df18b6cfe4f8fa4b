"""Kinds of licences: the packs in `packs/licences`, checked when they are read.

Their form is described in packs/licences/README.md; each fault is told with its file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from tongban.registers.licences import rules
from tongban.registers.licences.contracts import Coded, KindField, KindInfo, KindPackError, UnknownKindError
from tongban.registers.licences.identifier import is_credit_code

TYPES = frozenset(
    {"text", "date", "number", "choice", "yesno", "id", "uscc", "phone", "address", "money", "licences"}
)
HOLDERS = frozenset({"person", "organisation", "either"})
TEMPLATES = frozenset({"certificate", "permit", "approval", "proof", "card"})
LEVELS = frozenset({"3", "4", "5", "6"})
PARTY_FACTS = frozenset(
    {
        "party.name", "party.number", "party.phone", "party.address", "party.birth_date", "party.gender",
        "party.nation", "party.type", "party.established_date", "party.capital", "party.industry",
        "party.representative", "party.representative_number", "party.id", "party.uscc",
    }
)  # fmt: skip
ISSUE_FACTS = frozenset({"issue.date", "issue.valid_from", "issue.valid_until", "issue.unit", "issue.uscc"})
_KEYS = {
    "slug",
    "code",
    "name",
    "name_en",
    "levels",
    "months",
    "holder",
    "template",
    "number",
    "number_code",
    "replaces",
    "parts",
    "needs",
    "themes",
    "trade",
    "fields",
}
_FIELD_KEYS = {"key", "name", "name_en", "type", "element", "required", "personal", "shown", "from", "feeds"}
_NEEDED = ("slug", "code", "name", "name_en", "levels", "holder", "template", "fields")


@cache
def kinds() -> Mapping[str, KindInfo]:
    """Every kind of this installation, by slug.

    :raises KindPackError: the packs have faults
    """
    return read(settings.PACKS)


def kind(slug: str) -> KindInfo:
    """:raises UnknownKindError: no such kind"""
    found = kinds().get(slug)
    if found is None:
        raise UnknownKindError(_("没有证照种类“%s”。") % slug, possible=_("种类见“证照种类目录”。"))
    return found


@cache
def by_code() -> Mapping[str, KindInfo]:
    """Every kind by its national code."""
    return {one.code: one for one in kinds().values()}


@cache
def names_in_english() -> Mapping[str, str]:
    """The English of every kind, by its slug and by its Chinese name."""
    known = {one.name: one.name_en for one in kinds().values()}
    return known | {one.slug: one.name_en for one in kinds().values()}


def read(folder: Path) -> dict[str, KindInfo]:
    """Read and check `folder`/licences against `folder`/elements and materials.

    :raises KindPackError: every fault at once, with file and line
    """
    faults: list[str] = []
    elements = _keys(folder / "elements")
    materials = _keys(folder / "materials")
    setters = {
        str(row.get("code"))
        for _n, _t, rows in _files(folder / "licences", "setters.yaml", faults)
        for row in rows or []
    }
    found: dict[str, KindInfo] = {}
    codes: dict[str, str] = {}
    for name, text, content in _files(folder / "licences", "*.yaml", faults):
        if name.endswith("/setters.yaml"):
            continue
        if not isinstance(content, Mapping) or not content.get("department"):
            faults.append(f"{name}:1 缺少 department（部门代号）。")
            continue
        for item in content.get("licences") or []:
            slug = str(item.get("slug", ""))
            place = f"{name}:{_line(text, slug)} {slug}："
            words = _wrong(item, elements, materials, setters)
            if slug in found:
                words.append("slug 重复；一种证照只能有一条。")
            if (code := str(item.get("code", ""))) in codes:
                words.append(f"code 与 {codes[code]} 相同。")
            codes[code] = slug
            faults += [place + word for word in words]
            if not words:
                found[slug] = _kind(item, str(content["department"]))
    faults += _wrong_parts(found)
    if faults:
        raise KindPackError(faults)
    return found


def _wrong_parts(found: Mapping[str, KindInfo]) -> Iterator[str]:
    for one in found.values():
        yield from (
            f"{one.slug}：parts 的“{part}”没有这个证照种类。" for part in one.parts if part not in found
        )
        yield from (
            f"{one.slug}：needs 的“{part}”不在 parts 里。" for part in one.needs if part not in one.parts
        )


def _files(folder: Path, pattern: str, faults: list[str]) -> Iterator[tuple[str, str, Any]]:
    for path in sorted(folder.glob(pattern)):
        text = path.read_text(encoding="utf-8")
        name = f"{folder.name}/{path.name}"
        try:
            yield name, text, YAML(typ="safe").load(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark
            faults.append(f"{name}:{mark.line + 1 if mark else 1} 不是合格的YAML：{error.problem}")


def _keys(folder: Path) -> frozenset[str]:
    """The keys that the files of a folder define, without parsing them: they have their own check."""
    pattern = re.compile(r"^-\s*(?:\{\s*)?key:\s*[\"']?([\w.-]+)", re.MULTILINE)
    return frozenset(
        key for path in folder.glob("*.yaml") for key in pattern.findall(path.read_text("utf-8"))
    )


def _line(text: str, slug: str) -> int:
    found = re.search(rf"slug:\s*[\"']?{re.escape(slug)}[\"']?\s*($|[,}}#])", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _wrong(
    item: Mapping[str, Any], elements: frozenset[str], materials: frozenset[str], setters: set[str]
) -> list[str]:
    words = [f"缺少 {key}。" for key in _NEEDED if not item.get(key)]
    if words:
        return words
    words += [f"不认识 {key}。" for key in item if key not in _KEYS]
    code = str(item["code"])
    if not re.fullmatch(r"[0-9A-Z]{18}\d{3}", code) or not is_credit_code(code[:18]):
        words.append(f"code “{code}”应是18位统一社会信用代码加3位数字，校验位要对。")
    elif code[:18] not in setters:
        words.append("code 的前18位不在 setters.yaml 里。")
    if not set(map(str, item["levels"])) <= LEVELS:
        words.append("levels 只能是 3 4 5 6。")
    if item["holder"] not in HOLDERS:
        words.append("holder 只能是 person organisation either。")
    if item["template"] not in TEMPLATES:
        words.append(f"template 只能是 {' '.join(sorted(TEMPLATES))}。")
    months = item.get("months")
    if months is not None and (not isinstance(months, int) or not 0 < months <= 1200):  # a century
        words.append("months 应是月数，长期有效的不写。")
    words += [
        f"replaces 的“{key}”不在 packs/materials 里。"
        for key, _whose in _replaced(item)
        if key not in materials
    ]
    keys = [str(one.get("key")) for one in item["fields"]]
    words += _wrong_number(str(item.get("number") or ""), keys) + _wrong_code(item, keys)
    seen: set[str] = set()
    for one in item["fields"]:
        words += [f"字段 {one.get('key')}：{word}" for word in _wrong_field(one, elements, seen)]
        seen.add(str(one.get("key")))
    return words


def _replaced(item: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """Material keys with the roles whose paper it is; none: the holder's own."""
    pairs = []
    for one in item.get("replaces") or []:
        whose = str(one.get("whose", "")) if isinstance(one, Mapping) else ""
        pairs.append(
            (str(one["key"]) if isinstance(one, Mapping) else str(one), tuple(filter(None, whose.split("+"))))
        )
    return pairs


def _wrong_number(rule: str, keys: list[str]) -> list[str]:
    if rule.startswith("field:"):
        return [] if rule.removeprefix("field:") in keys else [f"number 的“{rule}”不是它的字段。"]
    try:
        unknown = rules.number_words(rule) - rules.NUMBER_WORDS
        rule.format(holder="", year=2026, region="", serial=1, code="", check="")
    except (ValueError, KeyError, IndexError):
        return [f"number “{rule}”写得不对。"]
    return [f"number 里的 {{{word}}} 不认识。" for word in sorted(unknown)]


def _wrong_code(item: Mapping[str, Any], keys: list[str]) -> list[str]:
    rule, coded = str(item.get("number") or ""), item.get("number_code")
    words = []
    if "{check}" in rule and not rule.endswith("{check}"):
        words.append("number 的 {check} 要写在最后。")
    if ("{code}" in rule) != bool(coded):
        words.append("number 里的 {code} 和 number_code 要一起写。")
    if coded and (set(coded) != {"field", "codes", "other"} or coded["field"] not in keys):
        words.append("number_code 要写明 field（它的字段）、codes 和 other。")
    return words


def _wrong_field(one: Mapping[str, Any], elements: frozenset[str], seen: set[str]) -> list[str]:
    words = [f"缺少 {key}。" for key in ("key", "name", "name_en", "type") if not one.get(key)]
    words += [f"不认识 {key}。" for key in one if key not in _FIELD_KEYS]
    if one.get("key") in seen:
        words.append("key 重复。")
    if one.get("type") not in TYPES:
        words.append(f"type 只能是 {' '.join(sorted(TYPES))}。")
    known = elements | PARTY_FACTS | ISSUE_FACTS
    words += [
        f"“{key}”既不是数据元，也不是持有人或颁发的事实。"
        for key in one.get("from") or []
        if key not in known
    ]
    for key in [one.get("element"), *(one.get("feeds") or [])]:
        if key and key not in elements:
            words.append(f"“{key}”不在 packs/elements 里。")
    return words


def _kind(item: Mapping[str, Any], department: str) -> KindInfo:
    return KindInfo(
        slug=item["slug"], code=str(item["code"]), name=item["name"], name_en=item["name_en"], department=department,
        issuer_levels=tuple(map(str, item["levels"])), months=item.get("months"), holder=item["holder"],
        template=item["template"], fields=tuple(_field(one) for one in item["fields"]),
        replaces=tuple(key for key, _whose in _replaced(item)),
        whose={key: whose for key, whose in _replaced(item) if whose}, parts=tuple(item.get("parts") or ()),
        needs=tuple(item.get("needs") or item.get("parts") or ()), themes=tuple(item.get("themes") or ()), trade=bool(item.get("trade")), number=str(item.get("number") or ""),
        coded=Coded(**item["number_code"]) if item.get("number_code") else None,
    )  # fmt: skip


def _field(one: Mapping[str, Any]) -> KindField:
    return KindField(
        key=one["key"], name=one["name"], name_en=one["name_en"], type=one["type"], element=one.get("element") or "",
        required=one.get("required", True), personal=bool(one.get("personal")), shown=one.get("shown", True),
        sources=tuple(one.get("from") or ()), feeds=tuple(one.get("feeds") or ()),
    )  # fmt: skip
