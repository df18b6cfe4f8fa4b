"""Files with rows: CSV and XLSX as lists of cells, and which header means what."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

from tongban.registers.catalogue.contracts import ImportRefusedError

# Header in a file -> our column. National exchange files, exports of ours, and public listings.
HEADERS = {
    "事项名称": "name", "name": "name", "taskname": "name",
    "实施编码": "code", "itemcode": "code", "taskcode": "code", "code": "code", "事项编码": "code",
    "基本编码": "basic_code", "catalogcode": "basic_code", "basic_code": "basic_code",
    "事项类型": "kind", "tasktype": "kind", "kind": "kind",
    "部门": "unit_name", "实施主体": "unit_name", "deptname": "unit_name", "unit_name": "unit_name",
    "实施主体编码": "unit_code", "deptcode": "unit_code", "unit_code": "unit_code",
    "区划代码": "region", "areacode": "region", "region": "region",
    "主项": "main_item", "主项名称": "main_item", "main_item": "main_item",
    "通俗名称": "plain_name", "plain_name": "plain_name",
    "服务对象": "applicants", "applicants": "applicants",
    "办件类型": "case_kind", "case_kind": "case_kind",
    "承诺时限": "promised_limit", "promised_limit": "promised_limit",
    "法定时限": "legal_limit", "legal_limit": "legal_limit",
    "办理形式": "channels", "channels": "channels",
    "网办深度": "depth", "depth": "depth",
    "到现场次数": "visits", "visits": "visits",
    "关键词": "keywords", "keywords": "keywords",
    "主题": "topics", "topics": "topics",
}  # fmt: skip
REQUIRED = {"name": "事项名称", "code": "实施编码（或itemCode）", "kind": "事项类型（或taskType）"}
TITLES = {
    "unit_name": "实施主体", "main_item": "主项", "name": "事项名称", "plain_name": "通俗名称",
    "code": "实施编码", "basic_code": "基本编码", "kind": "事项类型", "unit_code": "实施主体编码",
    "region": "区划代码", "applicants": "服务对象", "case_kind": "办件类型", "promised_limit": "承诺时限",
    "legal_limit": "法定时限", "channels": "办理形式", "depth": "网办深度", "visits": "到现场次数",
    "keywords": "关键词", "topics": "主题",
}  # fmt: skip
MAX_BYTES = 50 * 1024 * 1024
XLSX, CSV, JSON = "xlsx", "csv", "json"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (the header is 1), cells by our column, headers as written."""

    number: int
    cells: dict[str, str]
    headers: dict[str, str]
    whole: dict[str, Any] | None = None
    """of a JSON file: the entry itself"""


def read(content: bytes, name: str) -> list[Row]:
    """Rows of a file.

    :raises ImportRefusedError: not readable at all; says what can be read
    """
    if not content.strip():
        raise ImportRefusedError(f"文件“{name}”是空的。")
    if len(content) > MAX_BYTES:
        raise ImportRefusedError(f"文件超过{MAX_BYTES // 1024 // 1024}MB，请分成几个文件。")
    kind = kind_of(content, name)
    if kind == JSON:
        return _json(content, name)
    table = _xlsx(content, name) if kind == XLSX else _csv(content)
    return list(_rows(table, name))


def kind_of(content: bytes, name: str) -> str:
    """By content first, the ending only where content leaves it open."""
    if content.startswith(b"PK\x03\x04"):
        return XLSX
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportRefusedError("这是旧版Excel（.xls）。请另存为.xlsx或CSV后再导入。")
    head = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if head in {b"[", b"{"}:
        return JSON
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ImportRefusedError(f"“{name}”不是表格。可以导入CSV、XLSX、JSON。")
    return CSV


def decode(content: bytes) -> str:
    """Text of a CSV: UTF-8 with or without mark, UTF-16 with mark, else GB 18030 as Excel writes it.

    :raises ImportRefusedError: none of them
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportRefusedError("文字编码认不出来。请另存为UTF-8或GBK编码的CSV。")


def _csv(content: bytes) -> list[list[str]]:
    text = decode(content)
    first = text.splitlines()[0]
    delimiter = max((",", "\t", ";"), key=first.count)
    try:
        return [
            list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        ]
    except csv.Error as error:
        raise ImportRefusedError(f"CSV的引号或换行不配对：{error}。") from error


def _xlsx(content: bytes, name: str) -> list[list[str]]:
    from openpyxl import load_workbook  # a third of a second: only when a file comes
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise ImportRefusedError(f"“{name}”不是完好的XLSX文件。请重新另存后再导入。") from error
    sheet = book.worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _rows(table: list[list[str]], name: str) -> Iterator[Row]:
    header = [cell.strip() for cell in table[0]] if table else []
    columns = [HEADERS.get(cell.lower(), HEADERS.get(cell, "")) for cell in header]
    missing = [title for column, title in REQUIRED.items() if column not in columns]
    if missing:
        raise ImportRefusedError(
            f"“{name}”第1行缺少列：{'、'.join(missing)}。现有：{'、'.join(header) or '无'}。"
            f"可用的列：{'、'.join(TITLES.values())}。"
        )
    repeated = sorted({header[i] for i, column in enumerate(columns) if column and columns.count(column) > 1})
    if repeated:
        raise ImportRefusedError(f"“{name}”有几列意思相同：{'、'.join(repeated)}。请只留一列。")
    written = {column: header[place] for place, column in enumerate(columns) if column}
    for number, cells in enumerate(table[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        values = {
            column: cells[place].strip() if place < len(cells) else ""
            for place, column in enumerate(columns)
            if column
        }
        yield Row(number, values, written)


def _json(content: bytes, name: str) -> list[Row]:
    try:
        data = json.loads(decode(content))
    except json.JSONDecodeError as error:
        raise ImportRefusedError(
            f"“{name}”第{error.lineno}行第{error.colno}列不是合格的JSON：{error.msg}。"
        ) from error
    items = data.get("matters") if isinstance(data, dict) else data
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ImportRefusedError(f"“{name}”应是事项的数组，或者带 matters 数组的对象。")
    rows = []
    for number, item in enumerate(items, 1):
        cells = {column: str(item[column]) for column in TITLES if isinstance(item.get(column), str | int)}
        rows.append(Row(number, cells, {column: column for column in TITLES}, item))
    return rows


def write_csv(rows: list[dict[str, str]]) -> bytes:
    """CSV in UTF-8 with mark, so that Excel shows Chinese."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(TITLES), lineterminator="\r\n")
    writer.writerow(TITLES)
    writer.writerows({column: _harmless(row.get(column, "")) for column in TITLES} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(rows: list[dict[str, str]]) -> bytes:
    """One sheet; everything text, so that codes keep their zeros."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("事项")
    sheet.append(list(TITLES.values()))
    for row in rows:
        sheet.append([_harmless(row.get(column, "")) for column in TITLES])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _harmless(text: str) -> str:
    """A cell that a spreadsheet would run as a formula is told as text."""
    return f"'{text}" if text[:1] in {"=", "+", "@"} else text
