"""A table as a file. What a spreadsheet would take for a formula is kept as text, in CSV and in XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from tongban.oversight.insight.contracts import InsightError
from tongban.oversight.insight.exports.sheets import Sheet

ROWS_OF_A_SHEET = 1_048_575
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def write(sheet: Sheet, *, form: str) -> bytes:
    """The file's bytes.

    :param form: csv, xlsx or parquet
    :raises InsightError: another form, or more rows than it holds
    """
    if form not in _WRITERS:
        raise InsightError(_("没有这种文件：%s。") % form, possible=_("可以用：%s。") % "、".join(MEDIA))
    return _WRITERS[form](sheet)


def _csv(sheet: Sheet) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow([harmless(column.name) for column in sheet.columns])
    for row in sheet.rows:
        lines.writerow([_plain(value) for value in row])
    return "\ufeff".encode() + text.getvalue().encode()  # the mark by which spreadsheets know UTF-8


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return "" if value is None else value


def harmless(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what would begin a formula."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def _xlsx(sheet: Sheet) -> bytes:
    if len(sheet.rows) > ROWS_OF_A_SHEET:
        raise InsightError(
            _("XLSX放不下%d行。") % len(sheet.rows), possible=_("请缩小范围，或者导出CSV、Parquet。")
        )
    book = Workbook(write_only=True)
    page = book.create_sheet(title="".join(one if one not in r"[]:*?/\\" else " " for one in sheet.name)[:31])
    page.freeze_panes = "A2"
    page.append([_cell(page, column.name, bold=True) for column in sheet.columns])
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _cell(page: Any, value: Any, *, bold: bool = False) -> Any:
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None)
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula
        cell.quotePrefix = value.startswith(_BEGINS_A_FORMULA)
    if bold:
        cell.font = Font(bold=True)
    return cell


def _parquet(sheet: Sheet) -> bytes:
    schema = pa.schema(
        [pa.field(column.key, column.type, metadata={"name": column.name}) for column in sheet.columns]
    )
    columns = list(zip(*sheet.rows, strict=True)) or [()] * len(sheet.columns)
    arrays = [
        pa.array([_typed(value, field.type) for value in values], type=field.type)
        for values, field in zip(columns, schema, strict=True)
    ]
    made = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), made, compression="zstd")
    return made.getvalue()


def _typed(value: Any, kind: Any) -> Any:
    if value is not None and pa.types.is_decimal(kind):
        return Decimal(str(value)).quantize(Decimal("0.01"))
    if isinstance(value, date) or value is None:
        return value
    return str(value) if pa.types.is_string(kind) else value


_WRITERS: Mapping[str, Callable[[Sheet], bytes]] = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}
