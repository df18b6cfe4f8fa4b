"""A department's table comes in: progress, rejects with row and reason, broken off and gone on with, repeated."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.actors.factories import a_credit_code
from tongban.kernel import api as kernel
from tongban.registers.portraits import api, importing
from tongban.registers.portraits.contracts import PortraitsError
from tongban.registers.portraits.models import Import, Portrait

DAY = date(2026, 10, 31)


def takes(town, path, **more):
    return importing.bring_in(path, source="swj", as_of=DAY, actor=kernel.SYSTEM, at=town.at, **more)


def a_csv(tmp_path, *lines, name="tax.csv"):
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", "utf-8-sig")
    return path


def test_a_table_becomes_facts_with_source_and_day_and_an_empty_cell_says_nothing(town, tmp_path):
    path = a_csv(
        tmp_path, "credit_code,tax.sales,纳税信用,tax.arrears,as_of",
        f'{town.shop.uscc},"1,200.50",A,否,', f"{town.mill.uscc},,B,,2026-09-30",
    )  # fmt: skip
    report = takes(town, path)
    assert (report.rows, report.changed, report.rejects) == (2, 4, [])
    facts = {one.element: one for one in api.portrait(str(town.shop), at=town.at).facts}
    assert (facts["tax.sales"].value, facts["tax.sales"].as_of, facts["tax.sales"].via) == (
        120_050,
        DAY,
        "import",
    )
    assert town.record(of=town.mill)["tax.credit"].known_at == date(2026, 9, 30)
    assert town.value("tax.arrears") is False
    assert len(town.events("portraits.imported")) == 1
    assert town.events("portrait.changed") == []


def test_taken_again_it_changes_nothing_and_announces_nothing(town, tmp_path):
    path = a_csv(tmp_path, "credit_code,tax.credit", f"{town.shop.uscc},A")
    takes(town, path)
    before = list(Portrait.objects.values())
    assert takes(town, path).changed == 0
    assert list(Portrait.objects.values()) == before
    assert len(town.events("portraits.imported")) == 1


def test_a_row_that_cannot_be_is_named_with_its_reason_and_stops_no_other(town, tmp_path):
    path = a_csv(
        tmp_path, "credit_code,tax.credit,staff.insured", f"{a_credit_code()},A,1", ",A,1", f"{town.shop.uscc},Z,1",
        f"{town.shop.uscc},A,很多", f"{town.shop.uscc}", f"{town.mill.uscc},B,3",
    )  # fmt: skip
    report = takes(town, path)
    assert [one.row for one in report.rejects] == [2, 3, 4, 5, 6]
    assert "没有这个号码的登记" in report.rejects[0].reason
    assert "A、B、C" in report.rejects[2].reason
    assert report.changed == 2
    assert town.value("tax.credit", of=town.mill) == "B"
    assert town.record() == {}


def test_broken_off_it_goes_on_where_it_was(town, tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    path = a_csv(tmp_path, "credit_code,tax.credit", f"{town.shop.uscc},A", f"{town.mill.uscc},B")

    def killed(report):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        takes(town, path, told=killed)
    assert (town.value("tax.credit"), town.value("tax.credit", of=town.mill)) == ("A", None)
    report = takes(town, path)
    assert (report.begun, report.rows, report.changed) == (1, 1, 1)
    assert town.value("tax.credit", of=town.mill) == "B"
    assert Import.objects.get().ended_at is not None


def test_parquet_is_taken_with_its_types(town, tmp_path):
    path = tmp_path / "tax.parquet"
    columns = {
        "credit_code": [town.shop.uscc, town.mill.uscc], "tax.sales": [Decimal("12.50"), None],
        "tax.arrears": [True, False], "honours.held": [["绿色工厂"], []], "firm.founded": [date(2020, 1, 2), None],
        "staff.insured": [3, 1.5],
    }  # fmt: skip
    columns["staff.insured"] = [3.0, 1.5]
    pq.write_table(pa.table(columns), path)
    assert takes(town, path).rejects == []
    record = town.record()
    assert (record["honours.held"].value, record["firm.founded"].value) == (("绿色工厂",), date(2020, 1, 2))
    assert town.value("staff.insured", of=town.mill) == Decimal("1.5")


@pytest.mark.parametrize(
    ("head", "says"),
    [("name,tax.credit", "写号码"), ("credit_code,tax.nothing", r"tax\.nothing"), ("credit_code", "没有数据列"),
     ("credit_code,tax.credit,tax.credit", "名称一样")],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_refused_before_anything_is_taken(town, tmp_path, head, says):
    with pytest.raises(PortraitsError, match=says):
        takes(town, a_csv(tmp_path, head, f"{town.shop.uscc},A"))
    assert not Portrait.objects.exists()


def test_a_file_of_another_kind_or_encoding_is_refused(town, tmp_path):
    other = tmp_path / "tax.xls"
    other.write_bytes(b"")
    gbk = tmp_path / "gbk.csv"
    gbk.write_bytes("统一社会信用代码,纳税信用\n".encode("gbk"))
    for path in (other, gbk):
        with pytest.raises(PortraitsError):
            takes(town, path)


def test_the_command_writes_rejects_beside_the_file_and_says_how_to_go_on(town, tmp_path, settings):
    path = a_csv(tmp_path, "credit_code,tax.credit", f"{town.shop.uscc},A", f"{a_credit_code()},B")
    out = io.StringIO()
    call_command(
        "portraits",
        "import",
        str(path),
        "--source",
        "swj",
        "--as-of",
        "2026-10-31",
        stdout=out,
        stderr=io.StringIO(),
    )
    assert "2 行，更新 1 项数据，1 行没收" in out.getvalue()
    rejects = (tmp_path / "tax.csv.rejects.csv").read_text("utf-8-sig").splitlines()
    assert rejects == ["行,原因", "3,没有这个号码的登记。"]
    with pytest.raises(CommandError, match="部门代号"):
        call_command(
            "portraits", "import", str(path), "--source", "nobody", "--as-of", "2026-10-31", stdout=out
        )
    call_command("portraits", "census", stdout=out)
    assert "organisation: 1 个" in out.getvalue()


_CELL = st.sampled_from(["", "A", "B", "Z"])


@given(
    st.lists(st.tuples(st.booleans(), _CELL, st.sampled_from(["", "3", "1.25", "x"])), min_size=1, max_size=6)
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_taken_twice_is_as_taken_once(town, tmp_path, rows):
    Portrait.objects.all().delete()
    lines = [f"{(town.shop if first else town.mill).uscc},{word},{number}" for first, word, number in rows]
    path = a_csv(tmp_path, "credit_code,tax.credit,staff.insured", *lines)
    first = takes(town, path)
    said = {party: api.record(party, at=town.at) for party in (str(town.shop), str(town.mill))}
    again = takes(town, path)
    assert [one.row for one in again.rejects] == [one.row for one in first.rejects]
    assert {party: api.record(party, at=town.at) for party in said} == said
