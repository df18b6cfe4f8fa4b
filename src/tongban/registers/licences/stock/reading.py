"""Rows of a file, one after the other: CSV, XLSX, JSONL. Nothing is held but the row at hand."""

from __future__ import annotations

import codecs
import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _

from tongban.registers.licences.contracts import LicencesError

CHUNK = 1 << 20
ENDINGS = (".csv", ".xlsx", ".jsonl")
# A cell of a spreadsheet holds no more; a longer "line" is not a table but something else.
LONGEST_CELL = 32_767


# The row's number in the file and its cells; None: not a row at all.
Row = tuple[int, Sequence[str] | None]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as rows. `header` are the columns in order; `rows` gives the file's row number (the first line is 1)
    and the cells as text; `total` is how many rows there are, None where that would mean reading all of it.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]
    total: int | None


def digest(path: Path) -> str:
    """SHA-256 of a file in hex: the same file again goes on where it stopped."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def table(path: Path) -> Table:
    """Open a file.

    :raises LicencesError: of no kind that can be read, broken, or without a header
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise LicencesError(_("只能导入 %s 文件。") % "、".join(ENDINGS))
    try:
        return {".csv": _csv, ".xlsx": _xlsx, ".jsonl": _jsonl}[ending](path)
    except (OSError, UnicodeDecodeError, BadZipFile, KeyError, json.JSONDecodeError, csv.Error) as error:
        raise LicencesError(
            _("文件读不了：%s") % type(error).__name__, possible=_("请另存为UTF-8的CSV或XLSX再试。")
        ) from error


def _encoding(path: Path) -> str:
    """UTF-8, or else GB 18030, which spreadsheets in China write."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
    try:
        # Not the final word: a character may be cut in two at the end.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _lines(path: Path) -> int:
    """How many lines a file has; quoted line breaks count too, so this is for showing progress only."""
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(CHUNK), b""))


def _csv(path: Path) -> Table:
    def read() -> Iterator[list[str]]:
        with path.open(encoding=_encoding(path), newline="", errors="replace") as file:
            yield from csv.reader(file)

    csv.field_size_limit(LONGEST_CELL)
    rows = read()
    header = tuple(cell.strip() for cell in next(rows, []))
    _checked(header)
    return Table(header, enumerate(rows, start=2), max(_lines(path) - 1, 0))


def _xlsx(path: Path) -> Table:
    from openpyxl import load_workbook  # half a second to load: only where it is needed

    book = load_workbook(path, read_only=True, data_only=True)
    sheet = book.worksheets[0]

    def read() -> Iterator[list[str]]:
        try:
            for row in sheet.iter_rows(values_only=True):
                yield [_text(cell) for cell in row]
        finally:
            book.close()

    rows = read()
    header = tuple(cell.strip() for cell in next(rows, []))
    _checked(header)
    return Table(header, enumerate(rows, start=2), (sheet.max_row or 1) - 1)


def _jsonl(path: Path) -> Table:
    with path.open(encoding="utf-8-sig") as file:
        first = json.loads(file.readline() or "{}")
    header = tuple(str(key) for key in first)
    _checked(header)

    def read() -> Iterator[Row]:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                try:
                    said = json.loads(line)
                except json.JSONDecodeError:
                    said = None
                if isinstance(said, dict):
                    # Half a surrogate pair is valid JSON and no text.
                    yield (
                        number,
                        [_text(said.get(name)).encode("utf-8", "replace").decode() for name in header],
                    )
                else:
                    yield number, None

    return Table(header, read(), _lines(path))


def _checked(header: tuple[str, ...]) -> None:
    if not any(header):
        raise LicencesError(_("文件是空的，第一行应是列名。"))
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    if doubled:
        raise LicencesError(_("列名重复：%s") % "、".join(doubled))


def _text(cell: Any) -> str:
    """A cell as text: days as ISO, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
