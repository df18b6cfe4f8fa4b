"""Reports as the packs have them (`packs/insight/reports/*.yaml`): every fault is named with its file and place.

A report has `id`, `period` (month or year), `title`, `issue`, `lead` and `chapters`; a chapter has a `title` and
`parts`. Every text has its English beside it (`title_en`, …). A part is one of

- ``say: 本月受理诉求{hotline.requests}件，{hotline.requests change}。`` with ``say_en``
- ``table: {title, indicators: […]}``: one row for each indicator, the periods beside each other
- ``table: {title, by: unit, indicators: […], top: 20}``: one row for each group, the indicators beside each other
- ``chart: {title, by: month, indicators: […]}``
- ``ranking: {title, level: city, points: {id: 50, …}, least: 3}``: the units of a level by points
- ``missed: {title, by: unit, indicators: […]}``: who is below a target

A word in braces is an indicator, alone or with what is asked of it (`wording.ASKED`), or one of `wording.NAMES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ruamel.yaml import YAML

from tongban.oversight.insight.reports.contracts import ReportError

PERIODS = ("month", "year")
LEVELS = ("city", "county", "township")
GROUPS = ("unit", "month", "channel", "region")
ASKED = ("", "part", "whole", "before", "year", "so_far", "change", "year_change", "target", "most", "least")
NAMES = ("city", "year", "month", "whose", "before")
_KEYS = {
    "say": {"say", "say_en", "when"},
    "table": {"title", "title_en", "indicators", "by", "top"},
    "chart": {"title", "title_en", "indicators", "by", "top"},
    "ranking": {"title", "title_en", "level", "points", "least"},
    "missed": {"title", "title_en", "by", "indicators", "top"},
}
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str

    def read(self, *, english: bool) -> str:
        return self.en if english else self.zh


@dataclass(frozen=True, slots=True)
class PartSpec:
    """A part as it is written; `kind` is say, table, chart, ranking or missed."""

    kind: str
    title: Words
    say: Words
    indicators: tuple[str, ...] = ()
    by: str = ""
    top: int = 20
    level: str = ""
    points: tuple[tuple[str, int], ...] = ()
    least: int = 3
    when: str = ""
    """Of a sentence: an indicator without which there is nothing to say."""


@dataclass(frozen=True, slots=True)
class ChapterSpec:
    title: Words
    parts: tuple[PartSpec, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """A report as it is written."""

    id: str
    period: str
    name: Words
    title: Words
    issue: Words
    lead: Words
    department: str
    chapters: tuple[ChapterSpec, ...]

    def parts(self) -> Iterator[PartSpec]:
        """All parts, in order."""
        for chapter in self.chapters:
            yield from chapter.parts

    def texts(self) -> Iterator[Words]:
        """All sentences."""
        yield self.lead
        yield from (part.say for part in self.parts() if part.kind == "say")

    def mentioned(self) -> dict[str, None]:
        """Every indicator, in the order in which a reader meets them."""
        found = dict.fromkeys(key for key, _asked in asked_in(self.lead.zh) if "." in key)
        for part in self.parts():
            if part.kind == "say":
                found |= dict.fromkeys(key for key, _asked in asked_in(part.say.zh) if "." in key)
                found |= {part.when: None} if part.when else {}
            found |= dict.fromkeys([*part.indicators, *(key for key, _points in part.points)])
        return found


def needs() -> Iterator[tuple[str, str]]:
    """Each indicator that a report cannot be written without, and the report's name in the reader's language."""
    for one in definitions().values():
        for key in one.mentioned():
            yield key, one.name.read(english=(get_language() or "").startswith("en"))


def asked_in(text: str) -> Iterator[tuple[str, str]]:
    """What the braces of a text ask: an indicator or a name, and what of it."""
    for inner in _BRACES.findall(text):
        key, _space, asked = inner.strip().partition(" ")
        yield key, asked


def pieces(text: str) -> Iterator[tuple[str, str, str]]:
    """A text cut at its braces: words before, then key and what is asked; the last has no key."""
    end = 0
    for found in _BRACES.finditer(text):
        key, _space, asked = found.group(1).strip().partition(" ")
        yield text[end : found.start()], key, asked
        end = found.end()
    yield text[end:], "", ""


@lru_cache(maxsize=1)
def definitions() -> Mapping[str, Definition]:
    """Reports by id. :raises ReportError: what is wrong in which file"""
    found: dict[str, Definition] = {}
    for path in sorted((Path(settings.PACKS) / "insight" / "reports").glob("*.yaml")):
        one = read(YAML(typ="safe").load(path), where=path.name)
        if one.id in found:
            raise ReportError(f"{path.name}: " + _("报告%s写了两次。") % one.id)
        found[one.id] = one
    return found


def read(record: Mapping[str, Any], *, where: str) -> Definition:
    """A report as written. :raises ReportError: what is wrong with it, where, and what is possible"""
    if missing := [
        key for key in ("id", "period", "title", "issue", "lead", "chapters") if not record.get(key)
    ]:
        raise ReportError(f"{where}: " + _("少了%s。") % "、".join(missing))
    _one_of(record["period"], PERIODS, where)
    chapters = tuple(
        ChapterSpec(
            _words(one, "title", f"{where} chapters[{place}]"), _parts(one, f"{where} chapters[{place}]")
        )
        for place, one in enumerate(record["chapters"], start=1)
    )
    found = Definition(
        record["id"], record["period"], _words(record, "name", where), _words(record, "title", where),
        _words(record, "issue", where), _words(record, "lead", where), record.get("department", "dsj"), chapters,
    )  # fmt: skip
    for words in (found.title, found.issue, *found.texts()):
        _check_text(words, where)
    return found


def check(definition: Definition, known: Mapping[str, Any]) -> None:
    """Whether every indicator that is told of exists. :raises ReportError: those that do not"""
    if unknown := [key for key in definition.mentioned() if key not in known]:
        raise ReportError(f"{definition.id}: " + _("没有这个指标：%s。") % "、".join(unknown))


def _parts(chapter: Mapping[str, Any], where: str) -> tuple[PartSpec, ...]:
    return tuple(
        _part(one, f"{where} parts[{place}]") for place, one in enumerate(chapter.get("parts") or [], start=1)
    )


def _part(record: Mapping[str, Any], where: str) -> PartSpec:
    kind = next((one for one in _KEYS if one in record), "")
    if not kind:
        raise ReportError(f"{where}: " + _("可以写：%s。") % "、".join(_KEYS))
    own = record if kind == "say" else record[kind]
    if unknown := sorted(set(own) - _KEYS[kind]):
        raise ReportError(f"{where}: " + _("没有这一项：%s。") % "、".join(unknown))
    none = Words("", "")
    if kind == "say":
        return PartSpec(kind, none, _words(own, "say", where), when=str(own.get("when", "")))
    if own.get("by"):
        _one_of(own["by"], GROUPS, where)
    if own.get("level"):
        _one_of(own["level"], LEVELS, where)
    return PartSpec(
        kind, _words(own, "title", where), none, tuple(own.get("indicators") or ()), own.get("by", ""),
        int(own.get("top", 20)), own.get("level", ""), tuple((own.get("points") or {}).items()), int(own.get("least", 3)),
    )  # fmt: skip


def _words(record: Mapping[str, Any], key: str, where: str) -> Words:
    if missing := [name for name in (key, f"{key}_en") if not record.get(name)]:
        raise ReportError(f"{where}: " + _("少了%s。") % "、".join(missing))
    return Words(str(record[key]).strip(), str(record[f"{key}_en"]).strip())


def _check_text(words: Words, where: str) -> None:
    """Both languages ask the same of the same; nothing is asked that nobody can answer."""
    chinese, english = sorted(asked_in(words.zh)), sorted(asked_in(words.en))
    if chinese != english:
        raise ReportError(f"{where}: " + _("中英文问的数不一样：%s") % words.zh)
    for key, asked in chinese:
        _one_of(asked, ASKED, where) if "." in key else _one_of(key, NAMES, where)


def _one_of(value: str, allowed: tuple[str, ...], where: str) -> None:
    if value not in allowed:
        raise ReportError(
            f"{where}: "
            + _("没有“%(value)s”，可以用：%(allowed)s。")
            % {"value": value, "allowed": "、".join(filter(None, allowed))}
        )
