"""From a file of messages to a file of hot spots: what `tongban hotline hotspots` does, without Django."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from tongban.desks.hotline.heat.grouping.batch import group, prepared, weigh
from tongban.desks.hotline.heat.grouping.linking import Bounds, Rows
from tongban.desks.hotline.heat.grouping.telling import best_of, entries, place_of, summary_of
from tongban.desks.hotline.heat.grouping.weighing import Ints
from tongban.desks.hotline.heat.scoring import Measured, Weights, angry, heat_of, pace_of

COLUMNS: Final = ("group", "rank", "heat", "from", "to", "place", "summary", "message_id")
HEADINGS: Final = {
    "id": ("留言编号", "编号", "工单编号", "id", "message_id", "number"),
    "title": ("留言主题", "主题", "标题", "title", "subject"),
    "at": ("留言时间", "时间", "受理时间", "time", "at", "opened_at"),
    "text": ("留言详情", "详情", "诉求内容", "内容", "text", "content"),
    "likes": ("点赞数", "likes"),
    "dislikes": ("反对数", "dislikes"),
    "person": ("留言用户", "来电人", "person", "caller"),
}
NEEDED: Final = ("id", "title", "at", "text")
LARGEST_FIELD: Final = 10_000_000


class FileFaulty(Exception):  # noqa: N818 - an answer, not a fault
    """A file that cannot be read: which line, what is wrong."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a file.

    :ivar person: who wrote, opaque; empty when unknown
    """

    id: str
    title: str
    text: str
    at: datetime
    likes: int = 0
    dislikes: int = 0
    person: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Messages that tell of one thing at one place."""

    rank: int
    heat: float
    measured: Measured
    place: str
    summary: str
    messages: tuple[Message, ...]


def spots(messages: Sequence[Message], pack: Mapping[str, Any], *, least: int = 2) -> list[Spot]:
    """The groups of at least `least` messages, the hottest first."""
    messages = sorted(messages, key=lambda one: (one.at, one.id))
    if not messages:
        return []
    words, plain = prepared(pack)
    texts = [(one.title, one.text) for one in messages]
    rows = weigh(texts, words, plain)
    label = group(rows, Bounds(**pack["bounds"]))
    weights, found = Weights.of(pack["heat"]), []
    for members in gathered(label, least):
        measured = measure([messages[one] for one in members], _spread(rows, members), pack["anger"])
        found.append((heat_of(measured, weights), measured, members))
    found.sort(key=lambda one: (-one[0], -one[1].messages, int(one[2][0])))
    made = []
    for rank, (heat, measured, members) in enumerate(found, 1):
        place = place_of(members, rows, texts, words)
        summary = summary_of(best_of(members, rows), place, texts)
        made.append(Spot(rank, heat, measured, place, summary, tuple(messages[one] for one in members)))
    return made


def gathered(label: Ints, least: int) -> Iterator[Ints]:
    """The members of each group that is large enough, ascending."""
    order = np.argsort(label, kind="stable")
    starts = np.concatenate(([0], np.cumsum(np.bincount(label))))
    for which in np.flatnonzero(np.diff(starts) >= least):
        yield order[starts[which] : starts[which + 1]]


def measure(messages: Sequence[Message], spread: int, anger: Sequence[str]) -> Measured:
    """What the heat of some messages, ascending by time, is made of."""
    people = {one.person or _essence(one) for one in messages}
    return Measured(
        messages=len(messages), people=len(people), pace=pace_of([one.at for one in messages]), spread=spread,
        angry=sum(angry(one.title + one.text, anger) for one in messages),
        agreement=max(0, sum(one.likes - one.dislikes for one in messages)),
    )  # fmt: skip


def _spread(rows: Rows, members: Ints) -> int:
    return len(np.unique(entries(rows.districts, members)[1]))


def _essence(message: Message) -> str:
    return "".join(message.title.split()) + "".join(message.text.split())


# Files ----------------------------------------------------------------------------------------


def read_messages(path: Path) -> list[Message]:
    """The messages of a UTF-8 CSV file (with or without byte-order mark), in its order.

    :raises FileFaulty: no such column, a time that cannot be read, an id twice
    """
    csv.field_size_limit(LARGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            columns = _columns(rows.fieldnames or ())
            found = [_message(row, columns, rows.line_num) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileFaulty(f"{path.name}：读不了，要 UTF-8 的 CSV（{error}）") from error
    if len({one.id for one in found}) < len(found):
        raise FileFaulty(f"{path.name}：有编号重复的行")
    return found


def write_spots(path: Path, found: Sequence[Spot]) -> None:
    """One row per message, groups by rank, messages by time."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for spot in found:
            first, last = (f"{at:%Y-%m-%d %H:%M:%S}" for at in (spot.messages[0].at, spot.messages[-1].at))
            writer.writerows(
                (spot.rank, spot.rank, spot.heat, first, last, spot.place, spot.summary, one.id)
                for one in spot.messages
            )


def _columns(given: Sequence[str]) -> dict[str, str]:
    by_name = {name.strip().lower(): name for name in given}
    found = {}
    for field, names in HEADINGS.items():
        name = next((by_name[one.lower()] for one in names if one.lower() in by_name), None)
        if name is not None:
            found[field] = name
        elif field in NEEDED:
            raise FileFaulty(f"缺少“{names[0]}”这一列")
    return found


def _message(row: Mapping[str, str | None], columns: Mapping[str, str], line: int) -> Message:
    told = {field: (row.get(name) or "").strip() for field, name in columns.items()}
    if not told["id"]:
        raise FileFaulty(f"第 {line} 行：没有编号")
    return Message(
        id=told["id"], title=told["title"], text=told["text"], at=_time(told["at"], line),
        likes=_number(told.get("likes", "")), dislikes=_number(told.get("dislikes", "")), person=told.get("person", ""),
    )  # fmt: skip


def _time(text: str, line: int) -> datetime:
    plain = text.replace("/", "-").replace("T", " ").strip()
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return datetime.strptime(plain[:19], form)  # noqa: DTZ007 - the file's own clock
        except ValueError:
            continue
    raise FileFaulty(f"第 {line} 行：时间“{text[:30]}”读不出来，如 2026-11-22 14:05:00")


def _number(text: str) -> int:
    return int(text) if text.removeprefix("-").isdecimal() else 0
