"""Reading what is written here."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Any

from django.db.models import Q

from tongban.actors import api as actors
from tongban.registers.knowledge.contracts import (
    Audience,
    EntryInfo,
    Feedback,
    Law,
    UnknownEntryError,
    VersionState,
)
from tongban.registers.knowledge.models import Entry, Generation, Opinion, Version

SHOWN = (
    "question",
    "answer",
    "question_en",
    "short_en",
    "ways",
    "keywords",
    "laws",
    "matters",
    "valid_until",
)


def token() -> str:
    """Changes with every publication and withdrawal; one query."""
    return Generation.objects.filter(pk=1).values_list("token", flat=True).first() or ""


def in_force(on: date) -> tuple[EntryInfo, ...]:
    """Every written entry in force on a day, by key; one query."""
    rows = (
        Entry.objects.filter(current__isnull=False, current__valid_from__lte=on)
        .select_related("current")
        .order_by("key")
    )
    return tuple(info(row, row.current) for row in rows if row.current is not None)


def info(row: Entry, said: Version) -> EntryInfo:
    """What a version of an entry says."""
    return EntryInfo(
        key=row.key, version=said.number, question=said.question, answer=said.answer, owner=row.unit,
        owner_name=actors.unit_name(unit_id=row.unit), audience=Audience(row.audience), as_of=said.as_of,
        question_en=said.question_en, short_en=said.short_en, ways=tuple(said.ways), keywords=tuple(said.keywords),
        laws=tuple(Law(**one) for one in said.laws), matters=tuple(said.matters), valid_until=said.valid_until,
    )  # fmt: skip


def row_of(key: str) -> Entry:
    """:raises UnknownEntryError: nothing is written under this key"""
    row = Entry.objects.filter(key=key).select_related("current").first()
    if row is None:
        raise UnknownEntryError("没有这个条目。", possible="请核对键，或者搜索。")
    return row


def open_version(row: Entry) -> Version | None:
    """The draft or proposal of an entry."""
    return row.versions.filter(state__in=(VersionState.DRAFT, VersionState.PROPOSED)).first()


def history(row: Entry) -> list[Version]:
    """Every version, newest first."""
    return list(row.versions.order_by("-number"))


def of_units(units: set[str], *, state: str, today: date, most: int = 100) -> list[Version]:
    """Versions that somebody of these units has to look at.

    :param state: ``proposed``, ``draft``, ``published`` or ``due`` (in force, review due)
    """
    rows = Version.objects.filter(entry__unit__in=units).select_related("entry")
    if state == "due":
        rows = rows.filter(Q(entry__review_on__lte=today), state=VersionState.PUBLISHED)
    else:
        rows = rows.filter(state=state)
    return list(rows.order_by("entry__key")[:most])


def feedback(key: str, version: int) -> Feedback:
    """What readers said of one version."""
    row = Opinion.objects.filter(entry=key, version=version).first()
    return Feedback(row.helped, row.not_helped) if row else Feedback(0, 0)


def difference(before: Version, after: Version) -> list[tuple[str, list[tuple[str, str]]]]:
    """Field by field what changed: parts of text marked ``same``, ``gone`` or ``new``."""
    found = []
    for name in SHOWN:
        old, new = _plain(getattr(before, name)), _plain(getattr(after, name))
        if old != new:
            found.append((_label(name), _parts(old, new)))
    return found


def _label(name: str) -> str:
    return str(getattr(Version._meta.get_field(name), "verbose_name", name))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_law(one) if isinstance(one, dict) else str(one) for one in value)
    return "" if value is None else str(value)


def _law(one: dict[str, Any]) -> str:
    return f"《{one.get('law', '')}》{one.get('article', '')} {one.get('says', '')}".strip()


def _parts(old: str, new: str) -> list[tuple[str, str]]:
    parts = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(("same", old[a:b]))
            continue
        if b > a:
            parts.append(("gone", old[a:b]))
        if d > c:
            parts.append(("new", new[c:d]))
    return parts
