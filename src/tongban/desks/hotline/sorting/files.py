"""CSV files of messages: with a category to learn from, without one to be classified."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tongban.desks.hotline.sorting.contracts import SortingError
from tongban.desks.hotline.sorting.features import Message
from tongban.desks.hotline.sorting.learning import Lesson

SUBJECT = ("留言主题", "subject", "title")
BODY = ("留言详情", "text", "content")
LEVELS = (("一级分类", "一级标签", "category"), ("二级分类",), ("三级分类",))
MATTER = ("事项编码", "matter")
LONGEST_FIELD = 10_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read: its columns and its rows."""

    columns: tuple[str, ...]
    rows: list[dict[str, str]]

    def column(self, names: Sequence[str]) -> str:
        """The first of some names that is a column; empty when none is."""
        return next((name for name in names if name in self.columns), "")

    @property
    def messages(self) -> list[Message]:
        subject, body = self.column(SUBJECT), self.column(BODY)
        return [(row.get(subject) or "", row.get(body) or "") for row in self.rows]

    def lessons(self) -> list[Lesson]:
        """Those rows that have a category. :raises SortingError: there is no column of categories"""
        levels = [found for names in LEVELS if (found := self.column(names))]
        if not levels or levels[0] not in LEVELS[0]:
            raise SortingError(f"没有分类这一栏（{'、'.join(LEVELS[0])}）。")
        matter = self.column(MATTER)
        lessons: list[Lesson] = []
        for row, (subject, body) in zip(self.rows, self.messages, strict=True):
            path = "/".join(filter(None, ((row.get(level) or "").strip() for level in levels)))
            if path and (row.get(levels[0]) or "").strip():
                lessons.append(Lesson(subject, body, path, matter=(row.get(matter) or "").strip()))
        return lessons


def read(path: Path) -> Sheet:
    """Read a CSV file in UTF-8, with or without byte-order mark.

    :raises SortingError: it cannot be read, or has neither subject nor text
    """
    csv.field_size_limit(LONGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(_without_nul(file))
            rows = [dict(row) for row in reader]
            columns = tuple(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SortingError(f"{path.name} 读不了：{error}") from error
    sheet = Sheet(columns, rows)
    if not sheet.column(SUBJECT) and not sheet.column(BODY):
        raise SortingError(f"{path.name} 没有 {SUBJECT[0]}、{BODY[0]} 这两栏。")
    return sheet


def _without_nul(lines: Iterable[str]) -> Iterable[str]:
    return (line.replace("\0", "") for line in lines)


def write(path: Path, sheet: Sheet, said: Sequence[tuple[str, float]]) -> None:
    """The rows of a sheet with `predicted` and `confidence` after them. :raises SortingError: it cannot be written"""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*sheet.columns, "predicted", "confidence"])
            for row, (label, sure) in zip(sheet.rows, said, strict=True):
                writer.writerow([*(row.get(name) or "" for name in sheet.columns), label, f"{sure:.4f}"])
    except OSError as error:
        raise SortingError(f"{path.name} 写不了：{error.strerror or error}") from error
