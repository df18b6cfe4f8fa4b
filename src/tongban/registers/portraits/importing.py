"""Taking what a department reports as a table: a row for each company or person, a column for each element.

A file is taken in batches, each with its place in one transaction: broken off, the same file goes on where it was; taken
again, it changes nothing. A row that cannot be taken is reported with its number and reason and stops no other. For
hundreds of thousands of rows there is one ledger entry a batch (stream ``portraits:import``) and one event at the end;
every fact keeps its source and day.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet
from django.utils.translation import gettext as _
from pyarrow import ArrowException

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.catalogue import api as catalogue
from tongban.registers.portraits import events, filing, packs
from tongban.registers.portraits.contracts import ElementInfo, PortraitsError, Via
from tongban.registers.portraits.models import Import
from tongban.registers.portraits.reading import read_cell
from tongban.registers.portraits.rules import Fact, ValueRefusedError

BATCH = 2000
STREAM = "portraits:import"
NUMBER = {"organisation": ("credit_code", "统一社会信用代码"), "person": ("resident_id", "身份证号")}
DAY = ("as_of", "数据日期")
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """How a file is read: whose numbers stand where, and which element each other column is.

    :param number: place of the column with the credit code or resident id; `day` of that with the row's own day
    """

    path: Path
    kind: str
    number: int
    day: int | None
    elements: Mapping[int, ElementInfo]


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken. `row` counts as a spreadsheet does: the heading is 1."""

    row: int
    reason: str


@dataclass(slots=True)
class Report:
    """What became of a file. `begun` is how many rows an earlier run had done."""

    begun: int = 0
    rows: int = 0
    changed: int = 0
    rejects: list[Reject] = field(default_factory=list)


def bring_in(
    path: Path,
    *,
    source: str,
    as_of: date,
    actor: kernel.Actor,
    at: datetime,
    told: Callable[[Report], None] | None = None,
) -> Report:
    """Take a CSV (UTF-8) or Parquet file. Money is in yuan; an empty cell says nothing.

    :param source: slug of the department that reports
    :param as_of: the day its facts are of, where a row says no other
    :param told: called after each batch
    :raises PortraitsError: the file cannot be read, or a column is not known; nothing was taken
    """  # fmt: skip
    if catalogue.department_name(source) == source:
        raise PortraitsError(_("没有 %(slug)s 这个部门代号。") % {"slug": source}, code="source")
    if as_of > actors.day_of(at):
        raise PortraitsError(_("数据日期在今天以后。"), code="as_of")
    table, rows = _opened(path)
    run = _run(path, source=source, as_of=as_of, at=at)
    report = Report(begun=run.rows)
    behind = islice(rows, run.rows, None)
    while batch := list(islice(behind, BATCH)):
        with kernel.writing():
            _take(table, batch, run, report, actor=actor, at=at)
        if told is not None:
            told(report)
    with kernel.writing():
        _end(run, table, actor=actor, at=at)
    return report


def _run(path: Path, *, source: str, as_of: date, at: datetime) -> Import:
    """The run of this file, where an earlier one was broken off; one that ended begins anew."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with kernel.writing():
        run, made = Import.objects.get_or_create(
            digest=digest, source=source, as_of=as_of, defaults={"begun_at": at}
        )
        if not made and run.ended_at is not None:
            run.rows, run.changed, run.rejected, run.begun_at, run.ended_at = 0, 0, 0, at, None
            run.save()
    return run


# Reading --------------------------------------------------------------------------------------------


def _opened(path: Path) -> tuple[Table, Iterator[Row]]:
    readers = {".csv": _csv, ".parquet": _parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise PortraitsError(
            _("不认识这种文件。"), possible=_("请用 .csv（UTF-8）或 .parquet。"), code="file"
        )
    try:
        rows = reader(path)
        head = next(rows, ())
    except (OSError, UnicodeDecodeError, csv.Error, ArrowException) as error:
        raise PortraitsError(
            _("文件打不开或不是这种格式。"), possible=_("CSV 要用 UTF-8 编码。"), code="file"
        ) from error
    return _table(path, [str(one).strip() for one in head]), _readable(rows)


def _readable(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows as long as they can be read. What was taken before a broken place stays taken."""
    try:
        yield from rows
    except (OSError, UnicodeDecodeError, csv.Error, ArrowException) as error:
        raise PortraitsError(
            _("文件读到一半坏了；前面的行已经导入。"), possible=_("请重新导出这个文件再导。"), code="file"
        ) from error


def _csv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file, strict=True)


def _parquet(path: Path) -> Iterator[Row]:
    file = pyarrow.parquet.ParquetFile(path)
    yield tuple(file.schema_arrow.names)
    for batch in file.iter_batches(batch_size=BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _table(path: Path, head: list[str]) -> Table:
    kind, number = next(
        ((kind, head.index(name)) for kind, known in NUMBER.items() for name in known if name in head),
        ("", -1),
    )
    if not kind:
        raise PortraitsError(
            _("缺少写号码的一列。"),
            possible=_("单位用 credit_code（统一社会信用代码），个人用 resident_id（身份证号）。"), code="columns",
        )  # fmt: skip
    if len(set(head)) < len(head):
        raise PortraitsError(_("有两列的名称一样。"), code="columns")
    known = packs.elements(kind)
    by_name = {one.name: one for one in known.values()}
    found, strange = {}, []
    for place, name in enumerate(head):
        info = known.get(name) or by_name.get(name)
        if info is not None:
            found[place] = info
        elif place != number and name not in DAY:
            strange.append(name or _("（空）"))
    if strange or not found:
        raise PortraitsError(
            _("不认识这些列：%(names)s。") % {"names": "、".join(strange)} if strange else _("没有数据列。"),
            possible=_("列名用数据项的代码或中文名，见 packs/portraits/elements.yaml。"), code="columns",
        )  # fmt: skip
    day = next((head.index(name) for name in DAY if name in head), None)
    return Table(path, kind, number, day, found)


# Taking ---------------------------------------------------------------------------------------------


def _take(
    table: Table, batch: list[Row], run: Import, report: Report, *, actor: kernel.Actor, at: datetime
) -> None:
    """One batch and the place after it, together or not at all."""
    numbers = {
        str(row[table.number]).strip() for row in batch if len(row) > table.number and row[table.number]
    }
    parties = actors.find_parties(table.kind, numbers)
    read = [_read(table, row, parties, run.as_of, today=actors.day_of(at)) for row in batch]
    files = filing.open_files(sorted({one[0] for one in read if not isinstance(one, str)}), at=at)
    first = run.rows + 2  # the heading is row 1
    rejects = []
    for place, one in enumerate(read):
        if isinstance(one, str):
            rejects.append(Reject(first + place, one))
            continue
        party, facts = one
        for info, value, day in facts:
            files[party].put(info, Fact(value, day, run.source, Via.IMPORT.value))
    changed = [one for one in files.values() if one.changed]
    filing.save(changed, at=at)
    facts_changed = sum(len(one.changed) for one in changed)
    run.rows, run.changed = run.rows + len(batch), run.changed + facts_changed
    run.rejected += len(rejects)
    run.save()
    report.rows, report.changed = report.rows + len(batch), report.changed + facts_changed
    report.rejects.extend(rejects)
    data = {
        "file": run.digest, "source": run.source, "as_of": run.as_of.isoformat(), "until_row": run.rows + 1,
        "parties": len(changed), "facts": facts_changed, "rejected": len(rejects),
    }  # fmt: skip
    kernel.record(stream=STREAM, act="batch", actor=actor, at=at, data=data)


def _read(
    table: Table, row: Row, parties: Mapping[str, str], as_of: date, *, today: date
) -> tuple[str, list[tuple[ElementInfo, Any, date]]] | str:
    """Whom a row is about and what it says; or why it cannot be taken, without quoting it."""
    number = str(row[table.number]).strip() if len(row) > table.number else ""
    party = parties.get(number)
    if party is None:
        return _("没有这个号码的登记。") if number else _("没有写号码。")
    if len(row) <= max(table.elements):
        return _("这一行的列数不够。")
    try:
        day = _day(row[table.day], as_of) if table.day is not None else as_of
    except ValueError:
        return _("数据日期要写成 2026-03-31。")
    if day > today:
        return _("数据日期在今天以后。")
    facts = []
    for place, info in table.elements.items():
        cell = row[place]
        if cell is None or cell == "":
            continue
        try:
            facts.append((info, read_cell(info, cell), day))
        except ValueRefusedError as error:
            return f"{info.name}：{error}"
    return party, facts


def _day(cell: Any, otherwise: date) -> date:
    if cell is None or cell == "":
        return otherwise
    return cell if type(cell) is date else date.fromisoformat(str(cell)[:10])


def _end(run: Import, table: Table, *, actor: kernel.Actor, at: datetime) -> None:
    run.ended_at = at
    run.save()
    data = {"file": run.digest, "rows": run.rows, "facts": run.changed, "rejected": run.rejected}
    place = kernel.record(stream=STREAM, act="end", actor=actor, at=at, data=data)
    if run.changed:
        elements = sorted(info.key for info in table.elements.values())
        body = {"party_kind": table.kind, "facts": run.changed, "elements": elements}
        kernel.announce(topic=events.PORTRAITS_IMPORTED, place=place, at=at, body=body)
