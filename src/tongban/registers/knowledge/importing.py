"""Bringing entries in: packs/knowledge/*.yaml and CSV files, wholly or not at all.

What is already in force and says the same stays as it is; what says something new becomes a new version.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.knowledge import ledger, rules, services
from tongban.registers.knowledge.contracts import Audience, KnowledgeError, VersionState
from tongban.registers.knowledge.models import Entry, Version
from tongban.registers.knowledge.services import Said

KEYS = (
    "key", "question", "answer", "question_en", "short_en", "ways", "keywords", "laws", "matters", "valid_until", "as_of",
    "unit", "audience",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a file."""

    key: str
    unit: str
    audience: Audience
    said: Said


def load_pack(*, at: datetime) -> dict[str, int]:
    """The entries of the packs, published for the deployment's root region by the system."""
    rows = [
        row for path in sorted((Path(settings.PACKS) / "knowledge").glob("*.yaml")) for row in read_pack(path)
    ]
    return bring_in(rows, actor=kernel.SYSTEM, at=at)


def read_pack(path: Path) -> list[Row]:
    """The entries of one file. :raises KnowledgeError: with the file and the entry"""
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise KnowledgeError(f"{path.name}:{line} 不是合格的YAML：{error.problem}") from error
    usual = {"unit": data.get("unit", ""), "as_of": data.get("as_of")}
    return [_row({**usual, **item}, where=path.name) for item in data.get("entries", [])]


def read_csv(content: bytes, *, name: str) -> list[Row]:
    """The entries of a CSV file (UTF-8) whose heads are the keys of a pack; several words are parted by ``|``.

    A law is written 法名 条 (``城市供水条例 第三十三条``). :raises KnowledgeError: with the row
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KnowledgeError(_("“%s”不是UTF-8编码。") % name) from error
    rows = []
    for number, cells in enumerate(csv.DictReader(io.StringIO(text)), 2):
        item: dict[str, Any] = {key: (value or "").strip() for key, value in cells.items() if key and value}
        for several in ("ways", "keywords", "matters"):
            item[several] = [one.strip() for one in item.get(several, "").split("|") if one.strip()]
        laws = [one.strip().rpartition(" ") for one in item.get("laws", "").split("|") if one.strip()]
        item["laws"] = [
            {"law": law or article, "article": article if law else ""} for law, _sep, article in laws
        ]
        rows.append(_row(item, where=_("%(file)s第%(row)d行") % {"file": name, "row": number}))
    return rows


def _row(item: Mapping[str, Any], *, where: str) -> Row:
    place = f"{where} {item.get('key', '')}："
    unknown = sorted(set(item) - set(KEYS))
    if unknown:
        raise KnowledgeError(f"{place}不认识{'、'.join(unknown)}；可用：{'、'.join(KEYS)}。")
    if not rules.is_key(str(item.get("key", ""))):
        raise KnowledgeError(f"{place}键用小写字母、数字和连字符，以字母开头。")
    unit = str(item.get("unit", ""))
    if "-" not in unit:
        unit = f"{settings.ROOT_REGION[:6]}-{unit}"
    try:
        said = Said(
            question=str(item.get("question", "")).strip(), answer=str(item.get("answer", "")).strip(),
            as_of=_day(item["as_of"]), question_en=str(item.get("question_en") or "").strip(),
            short_en=str(item.get("short_en") or "").strip(), ways=_words(item.get("ways")),
            keywords=_words(item.get("keywords")), laws=tuple(_law(one) for one in item.get("laws") or ()),
            matters=_words(item.get("matters")),
            valid_until=_day(item["valid_until"]) if item.get("valid_until") else None,
        )  # fmt: skip
        audience = Audience(item.get("audience") or Audience.PUBLIC)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise KnowledgeError(f"{place}读不懂：{error}") from error
    if faults := rules.faults(said):
        raise KnowledgeError(place + "".join(faults))
    return Row(str(item["key"]), unit, audience, said)


def _words(value: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(str(one).strip() for one in value or ())


def _law(one: Mapping[str, Any]) -> dict[str, str]:
    return {"law": str(one["law"]), "article": str(one.get("article", "")), "says": str(one.get("says", ""))}


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@kernel.writing()
def bring_in(
    rows: Iterable[Row], *, actor: kernel.Actor, at: datetime, publish: bool = True
) -> dict[str, int]:
    """Make the knowledge base say what the rows say.

    :param publish: in force at once (packs, and a first stock that was checked outside); else proposals wait
    :raises KnowledgeError: a unit is unknown, or a version is being written; nothing is written then
    """
    wanted = {row.key: row for row in rows}
    known = {one.key: one for one in Entry.objects.filter(key__in=wanted).select_related("current")}
    units = {row.unit: _region_of(row.unit) for row in wanted.values()}
    new = [
        Entry(key=row.key, unit=row.unit, region=units[row.unit], audience=row.audience)
        for row in wanted.values()
        if row.key not in known
    ]
    Entry.objects.bulk_create(new)
    known |= {one.key: one for one in Entry.objects.filter(key__in=[one.key for one in new])}
    fresh = [row for row in wanted.values() if not _same(known[row.key], row)]
    numbers = _numbers([known[row.key].pk for row in fresh])
    versions = [
        _version(
            known[row.key],
            row,
            number=numbers.get(known[row.key].pk, 0) + 1,
            actor=actor,
            at=at,
            publish=publish,
        )
        for row in fresh
    ]
    if publish:
        ended = Version.objects.filter(
            entry__in=[one.entry for one in versions], state=VersionState.PUBLISHED
        )
        ended.update(state=VersionState.SUPERSEDED, ended_at=at)
    Version.objects.bulk_create(versions)
    if publish and versions:
        _now_in_force(versions, wanted)
    if versions:
        ledger.record(
            key="import", act="import", actor=actor, at=at,
            data={one.entry.key: [one.number, rules.digest(one)] for one in versions},
            stock=[ledger.thing(one.entry) for one in versions] if publish else [],
        )  # fmt: skip
    return {"added": len(new), "changed": len(versions) - len(new)}


def _region_of(unit: str) -> str:
    try:
        return actors.unit(unit).region
    except actors.NotKnownError as error:
        raise KnowledgeError(_("没有编号为“%s”的单位。") % unit) from error


def _numbers(entries: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for entry, number, state in Version.objects.filter(entry__in=entries).values_list(
        "entry", "number", "state"
    ):
        if state in (VersionState.DRAFT, VersionState.PROPOSED):
            raise KnowledgeError(_("有条目正在修改，先处理完再导入。"))
        found[entry] = max(found.get(entry, 0), number)
    return found


def _same(entry: Entry, row: Row) -> bool:
    current = entry.current
    return current is not None and all(
        getattr(current, name) == value
        for name, value in row.said.columns().items()
        if name not in {"as_of", "answers"}
    )


def _version(
    entry: Entry, row: Row, *, number: int, actor: kernel.Actor, at: datetime, publish: bool
) -> Version:
    day = actors.day_of(at)
    done: dict[str, Any] = {"published_by": actor.id, "published_at": at} if publish else {"proposed_at": at}
    return Version(
        entry=entry, number=number, state=VersionState.PUBLISHED if publish else VersionState.PROPOSED,
        valid_from=day, written_by=actor.id, written_at=at, **row.said.columns(), **done,
    )  # fmt: skip


def _now_in_force(versions: list[Version], wanted: Mapping[str, Row]) -> None:
    made = {
        one.entry_id: one
        for one in Version.objects.filter(
            entry__in=[one.entry for one in versions], state=VersionState.PUBLISHED
        )
    }
    entries = [one.entry for one in versions]
    for entry in entries:
        entry.current = made[entry.pk]
        entry.unit, entry.audience = wanted[entry.key].unit, wanted[entry.key].audience
        # Not all on one day: a stock that was checked together is reviewed over a quarter.
        spread = timedelta(days=365 + sum(map(ord, entry.key)) % 90)
        entry.review_on = rules.review_day(made[entry.pk], after=spread)
    Entry.objects.bulk_update(entries, ["current", "unit", "audience", "review_on"])
    services.changed()
