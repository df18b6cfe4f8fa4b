"""Files in and out: every row taken or told, nothing half-written."""

import io
import json
import os
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.registers.catalogue.conftest import AT, CITY, draft
from tongban.kernel.contracts import SYSTEM
from tongban.registers.catalogue import api, exporting
from tongban.registers.catalogue.contracts import ImportRefusedError
from tongban.registers.catalogue.models import Implementation

pytestmark = pytest.mark.django_db
HEADER = "部门,主项,事项名称,itemCode,taskType,deptCode,areaCode"
CODE = "511A0138600000-511602000000-000-115113010833722043-1-00"
ROW = f"区教科体局,未分类,教师资格认定,{CODE},1,083372204,511602000000"


def bring(text, name="matters.csv", *, encoding="utf-8", **options):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return api.import_file(content=content, name=name, region="511602", actor=SYSTEM, at=AT, **options)


def test_a_row_of_a_public_listing_becomes_a_partner_matter():
    report = bring(f"{HEADER}\n{ROW}")
    assert (report.rows, report.created, report.written) == (1, 1, True)
    spec = api.matter(CODE, "511602")
    assert (spec.kind, spec.unit_name, spec.unit, spec.partner) == ("01", "区教科体局", "", True)
    assert not spec.has_guide
    assert bring(f"{HEADER}\n{ROW}").unchanged == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings_that_spreadsheets_write(encoding):
    assert bring(f"{HEADER}\n{ROW}", encoding=encoding).created == 1


def test_preview_writes_nothing():
    report = bring(f"{HEADER}\n{ROW}", preview=True)
    assert (report.created, report.written) == (1, False)
    assert not Implementation.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (ROW.replace(",1,", ",99,"), "taskType", "01 行政许可"),
        (ROW.replace("教师资格认定", ""), "事项名称", "没有事项名称"),
        (ROW.replace("教师资格认定", "长" * 201), "事项名称", "最多200"),
        (ROW.replace(CODE, ""), "itemCode", "没有实施编码"),
        (ROW.replace(CODE, "5 1 1"), "itemCode", "空格"),
        (ROW.replace(",511602000000", ",421202000000"), "areaCode", "不在要导入的"),
        (ROW.replace(",511602000000", ",51"[:3] + "x"), "areaCode", "无效"),
    ],
)
def test_a_bad_row_is_told_and_nothing_is_written(row, column, says):
    good = ROW.replace(CODE, "511A0000000000-511602000000-000-1")
    with pytest.raises(ImportRefusedError, match="一行都没有写入") as caught:
        bring(f"{HEADER}\n{good}\n{row}")
    refusal = caught.value.report.refusals[0]
    assert (refusal.row, refusal.column) == (3, column)
    assert says in refusal.reason
    assert not Implementation.objects.exists()


def test_duplicates_inside_a_file():
    report = bring(f"{HEADER}\n{ROW}\n{ROW}", preview=True)
    assert (report.created, report.unchanged, report.refusals) == (1, 1, ())
    assert "第2行" in report.notes[0].reason
    other = ROW.replace("教师资格认定", "教师资格证换发")
    with pytest.raises(ImportRefusedError) as caught:
        bring(f"{HEADER}\n{ROW}\n{other}")
    assert "编码相同而内容不同" in caught.value.report.refusals[0].reason


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.csv", "空的"),
        (HEADER.encode(), "a.csv", "只有表头"),
        ("甲,乙\n1,2".encode(), "a.csv", "缺少列"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 20, "a.xls", ".xlsx"),
        (b"PK\x03\x04 broken", "a.xlsx", "XLSX"),
        (b"%PDF\x00\x00\x00", "a.pdf", "CSV、XLSX、JSON"),
        (b"[{]", "a.json", "JSON"),
        (b'{"a": 1}', "a.json", "数组"),
    ],
)
def test_what_is_no_catalogue_is_refused(content, name, says):
    with pytest.raises(ImportRefusedError, match=says):
        bring(content, name)


def test_xlsx_comes_in_and_wrong_headers_are_named():
    def book(header, *rows):
        made = Workbook()
        made.active.append(header)
        for row in rows:
            made.active.append(row)
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()

    assert bring(book(HEADER.split(","), ROW.split(",")), "a.xlsx").created == 1
    with pytest.raises(ImportRefusedError, match="缺少列：实施编码"):
        bring(book(["事项名称", "事项类型"], ["教师资格认定", "1"]), "a.xlsx")


def test_json_export_comes_back_as_it_went(keys):
    from tongban.registers.catalogue import services

    services.bring_in([draft()], region=CITY, actor=SYSTEM, at=AT)
    content = exporting.export("421202", "json")
    report = api.import_file(
        content=content, name="a.json", region="421202", actor=SYSTEM, at=AT, preview=True
    )
    assert report.refusals == ()
    assert (report.unchanged, report.created, report.changed) == (1, 0, 0)
    broken = json.loads(content)
    broken["matters"][0]["materials"][0]["key"] = "no-such-paper"
    with pytest.raises(ImportRefusedError) as caught:
        api.import_file(
            content=json.dumps(broken).encode(), name="a.json", region="421202", actor=SYSTEM, at=AT
        )
    assert "no-such-paper" in caught.value.report.refusals[0].reason


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_export_can_be_imported(form):
    bring(f"{HEADER}\n{ROW}")
    report = bring(exporting.export("511602", form), f"a.{form}", preview=True)
    assert (report.unchanged, report.refusals) == (1, ())


def test_the_real_district_comes_in_whole():
    shared = Path(os.environ.get("TONGBAN_SHARED", Path(__file__).resolve().parents[4] / "shared"))
    file = shared / "data" / "catalogue" / "guangan_511602.csv"
    if not file.exists():
        pytest.skip(f"real catalogue missing: {file} (set TONGBAN_SHARED)")
    report = bring(file.read_bytes(), file.name)
    assert (report.rows, report.created, report.refusals) == (1135, 1135, ())
    assert Implementation.objects.filter(region="511602000000", partner=True).count() == 1135
