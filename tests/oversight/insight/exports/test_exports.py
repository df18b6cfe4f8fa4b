"""Figures and facts as files: the same numbers, only what one may count, and nothing that a spreadsheet runs."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pyarrow.parquet as pq
import pytest
from django.utils import timezone, translation

from tests.actors.factories import a_unit
from tongban.oversight.insight import api as insight
from tongban.oversight.insight.contracts import InsightError, Scope
from tongban.oversight.insight.exports import rest, sheets, writing
from tongban.oversight.insight.exports.sheets import Column, Sheet
from tongban.registers.identity import services as identity

pytestmark = pytest.mark.usefixtures("toy_pack")
NOVEMBER = date(2026, 11, 15)
ALL = Scope(("",))


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_three_files_say_the_same(bureau, toys):
    toys(1, 2)
    sheet = sheets.month_sheet(day=NOVEMBER, scope=ALL)
    (opened, on_time) = rows(writing.write(sheet, form="csv"))
    assert (opened["数"], on_time["数"], on_time["分子"], on_time["分母"]) == ("2", "100.00", "2", "2")
    book = openpyxl.load_workbook(io.BytesIO(writing.write(sheet, form="xlsx")))
    lines = list(book.active.iter_rows(values_only=True))
    assert [line[lines[0].index("数")] for line in lines[1:]] == [2, 100]
    table = pq.read_table(io.BytesIO(writing.write(sheet, form="parquet"))).to_pylist()
    assert [row["value"] for row in table] == [Decimal("2.00"), Decimal("100.00")]
    with pytest.raises(InsightError, match="没有这种文件"):
        writing.write(sheet, form="exe")


def test_groups_are_named_in_the_readers_language(bureau, toys):
    a_unit("421202-scjg", name="咸安区市场监督管理局", name_en="Xian'an Market Regulation Bureau")
    toys(1, unit="421202-scjg")
    with translation.override("en"):
        (row,) = [
            one for one in sheets.month_sheet(day=NOVEMBER, scope=ALL, by="unit").rows if "toy.opened" in one
        ]
    assert "Xian'an Market Regulation Bureau" in row


def test_nothing_to_divide_by_is_an_empty_cell_and_not_nought(bureau, toys):
    toys(0)
    sheet = sheets.month_sheet(day=NOVEMBER, scope=ALL)
    assert rows(writing.write(sheet, form="csv"))[1]["数"] == ""
    assert pq.read_table(io.BytesIO(writing.write(sheet, form="parquet"))).to_pylist()[1]["value"] is None


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']
)
def test_what_would_run_in_a_spreadsheet_is_text(text):
    sheet = Sheet("x", (Column("a", text), Column("n", "n", sheets.COUNT)), [(text, -5)])
    head, line = list(
        csv.reader(io.StringIO(writing.write(sheet, form="csv").decode("utf-8-sig"), newline=""))
    )
    assert head[0] == line[0] == f"'{text}"
    assert line[1] == "-5", "a number stays one"
    book = openpyxl.load_workbook(io.BytesIO(writing.write(sheet, form="xlsx")))
    for cell in (book.active["A1"], book.active["A2"]):
        assert (cell.data_type, cell.value) == ("s", text)


def test_facts_behind_a_figure_have_nobody_in_them(bureau, toys):
    first = toys(1)[0]
    toys(40, unit="u2", region="421221000000")
    one = insight.indicators(on=NOVEMBER)["toy.on_time"]
    found = sheets.facts_sheet(one, period=insight.month(NOVEMBER), scope=ALL, side=0)
    (row,) = rows(writing.write(found, form="csv"))
    assert (row["stream"], row["unit"], row["outcome"]) == (first.number, "u1", "kept")
    text = writing.write(found, form="csv").decode()
    for name in ("person:", "officer:", "organisation:"):
        assert name not in text
    outside = sheets.facts_sheet(one, period=insight.month(NOVEMBER), scope=Scope(("421221",)), side=0)
    assert outside.rows == []
    with pytest.raises(InsightError, match="没有这一部分"):
        sheets.side_of(one, "7")


def test_what_does_not_go_into_a_file_is_said_and_not_cut_off(bureau, client, toys, monkeypatch):
    toys(1, 2)
    monkeypatch.setattr(sheets, "MOST", 1)
    monkeypatch.setattr(rest, "MOST", 1)
    leader = bureau.signed_in(client, "leader")
    refused = leader.get("/work/insight/export/toy.opened/facts?month=2026-11&form=csv")
    assert (refused.status_code, "一个文件放不下" in refused.content.decode()) == (422, True)
    token = identity.issue_token(username="leader", label="t", at=timezone.now()).secret
    some = client.get(
        "/api/v1/insight/facts?month=2026-11&indicator=toy.opened",
        headers={"Authorization": f"Bearer {token}"},
    ).json()
    assert (len(some["items"]), some["complete"]) == (1, False)


def test_files_over_the_page_hold_the_readers_scope(bureau, client, toys):
    toys(1, 2)
    head = bureau.signed_in(client, "other")  # head of a unit that has nothing
    page = head.get("/work/insight/export?month=2026-11&form=csv")
    assert page["Content-Disposition"] == 'attachment; filename="2026-11.csv"'
    assert rows(page.content)[0]["数"] == "0"
    leader = bureau.signed_in(client, "leader")
    by_unit = rows(leader.get("/work/insight/export?month=2026-11&form=csv&by=unit").content)
    assert ("u1", "2") in {(row["单位"], row["数"]) for row in by_unit}
    assert leader.get("/work/insight/export/toy.on_time?month=2026-11&form=xlsx").status_code == 200
    assert (
        leader.get("/work/insight/export/toy.on_time/facts?month=2026-11&part=1&form=parquet").status_code
        == 200
    )
    assert leader.get("/work/insight/export?month=2026-13").status_code == 404
    wrong = leader.get("/work/insight/export?month=2026-11&form=exe")
    assert (wrong.status_code, "可以用：csv、xlsx、parquet" in wrong.content.decode()) == (422, True)
    for path in ("/work/insight?month=2026-11", "/work/insight/toy.on_time?month=2026-11"):
        assert "/work/insight/export" in leader.get(path).content.decode()


def test_programs_get_figures_and_facts(bureau, client, toys):
    toys(1, 2)
    bureau.signed_in(client, "leader")
    token = identity.issue_token(username="leader", label="t", at=timezone.now()).secret

    def get(path):
        return client.get(f"/api/v1/insight/{path}", headers={"Authorization": f"Bearer {token}"})

    found = get("figures?month=2026-11").json()["items"]
    assert [(one["indicator"], one["part"], one["whole"]) for one in found] == [
        ("toy.opened", 2, None),
        ("toy.on_time", 2, 2),
    ]
    assert get("figures?month=2026-11&by=unit").json()["items"][0]["group"] == "u1"
    assert get("indicators").json()["items"][0]["id"] == "toy.opened"
    facts = get("facts?month=2026-11&indicator=toy.opened").json()
    assert (len(facts["items"]), facts["complete"]) == (2, True)
    assert get("facts?month=2026-11&indicator=toy.opened&form=csv")["Content-Type"].startswith("text/csv")
    assert get("facts?month=2026-11&indicator=no.such").status_code == 404
    assert get("figures?month=2026-11&region=110000000000").status_code == 404
    assert get("figures?month=2099-01").status_code == 404
    assert client.get("/api/v1/insight/figures?month=2026-11").status_code == 401
