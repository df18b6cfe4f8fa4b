"""An old stock comes in: row-precise, resumable, never twice, a preview that writes nothing."""

import csv
import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from tests.actors.factories import NOON, a_credit_code, a_person, a_resident_id
from tests.registers.licences.factories import an_id_card, the_market, the_police
from tongban.kernel import api as kernel
from tongban.kernel.ledger.services import verify
from tongban.registers.licences import api
from tongban.registers.licences.contracts import LicencesError
from tongban.registers.licences.models import ImportRun, Licence
from tongban.registers.licences.stock import importing, preparing, reading
from tongban.registers.licences.stock.columns import day, is_resident_id

pytestmark = pytest.mark.django_db
HEADER = ("证件号码", "持有人", "证照编号", "颁发日期", "有效期止", "民族", "户籍地址")


def cards(number, *, start=0):
    """Rows of a good stock of id cards."""
    found = []
    for place in range(start, start + number):
        own = a_resident_id(region=f"42{place:04d}")
        found.append([own, f"某{place}", own, "2019-03-01", "2039-02-28", "汉族", f"万年路{place}号"])
    return found


def a_csv(path, rows, *, header=HEADER, encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def bring(path, *, kind="id-card", unit=None, **more):
    return importing.bring_in(
        path=path, kind=kind, unit=(unit or the_police()).pk, actor=kernel.SYSTEM, at=NOON, **more
    )


def told(report):
    with report.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(preparing, "BATCH", 3)


def test_a_stock_comes_in_and_its_licences_are_like_issued_ones(tmp_path):
    rows = cards(4)
    found = bring(a_csv(tmp_path / "cards.csv", rows))
    assert (found.read, found.taken, found.rejected) == (4, 4, 0)
    (card,) = api.by_number(rows[0][0])
    assert card.imported
    assert (card.valid_until, card.fields["household_address"]) == (date(2039, 2, 28), "万年路0号")
    born = date.fromisoformat(rows[0][0][6:14]).isoformat()
    assert (card.fields["gender"] in "男女", card.fields["birth_date"]) == (True, born)
    assert api.licence(card.identifier) == card
    assert [one.act for one in kernel.history(api.stream_of(card.identifier), at=NOON)] == ["import"]
    assert verify(anchor=None, at=NOON).faults == []


def test_the_holder_who_registers_later_finds_it_and_is_told(tmp_path):
    rows = cards(1)
    bring(a_csv(tmp_path / "cards.csv", rows))
    person = a_person(number=rows[0][0])
    (card,) = api.held_by(str(person), on=NOON.date())
    suspended = api.suspend(identifier=card.identifier, actor=kernel.SYSTEM, at=NOON, reason="核查")
    assert suspended.holder == str(person)


def test_every_bad_row_is_told_with_row_and_column_and_without_its_values(tmp_path):
    rows = cards(9)
    rows[0][0] = rows[0][0][:-1] + ("1" if rows[0][0][-1] != "1" else "2")
    rows[1][1] = ""
    rows[2][3] = "去年"
    rows[3][4] = "2001-01-01"
    rows[4][5] = ""
    rows[5][3] = "1900-01-01"
    rows[6] = rows[6][:3]
    report = tmp_path / "report.csv"
    found = bring(a_csv(tmp_path / "cards.csv", rows), report=report)
    assert (found.read, found.taken, found.rejected) == (9, 2, 7)
    lines = told(report)
    assert [int(line[0]) for line in lines] == [2, 3, 4, 5, 6, 7, 8]
    assert [line[1] for line in lines] == [
        "持有人证件号码", "持有人", "颁发日期", "有效期止", "民族", "颁发日期", "颁发日期",
    ]  # fmt: skip
    assert rows[0][0] not in report.read_text(encoding="utf-8-sig")


def test_the_same_file_again_adds_nothing_nor_does_another_with_the_same_rows(tmp_path):
    rows = cards(3)
    bring(a_csv(tmp_path / "a.csv", rows))
    again = bring(tmp_path / "a.csv")
    assert (again.resumed, again.taken) == (3, 3)
    other = bring(a_csv(tmp_path / "b.csv", [*rows, rows[0], *cards(1, start=50)]))
    assert (other.taken, other.known) == (1, 4)
    assert Licence.objects.count() == 4


def test_one_that_was_issued_here_is_not_brought_in_beside(tmp_path):
    person = a_person()
    card = an_id_card(of=person)
    row = [card.number, "张小明", card.number, "2019-03-01", "", "汉族", "万年路12号"]
    assert bring(a_csv(tmp_path / "a.csv", [row])).known == 1


@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_killed_goes_on_where_its_last_batch_ended(tmp_path, small_batches, monkeypatch):
    rows, report = cards(11), tmp_path / "r.csv"
    rows[1][5] = rows[7][5] = rows[8][5] = ""
    path = a_csv(tmp_path / "cards.csv", rows)
    written = []
    begin = kernel.begin_streams

    def dies(entries):
        if len(written) == 2:
            raise KeyboardInterrupt  # inside the third batch: its licences are in, its ledger is not
        written.append(len(entries))
        begin(entries)

    monkeypatch.setattr(kernel, "begin_streams", dies)
    with pytest.raises(KeyboardInterrupt):
        bring(path, report=report)
    run = ImportRun.objects.get()
    assert (run.done, run.taken, run.ended_at) == (6, 5, None)
    assert Licence.objects.count() == 5
    monkeypatch.setattr(kernel, "begin_streams", begin)
    found = bring(path, report=report)
    assert (found.resumed, found.read, found.taken, found.rejected) == (6, 11, 8, 3)
    assert Licence.objects.count() == 8
    assert [int(line[0]) for line in told(report)] == [3, 9, 10]
    assert verify(anchor=None, at=NOON).faults == []


def test_a_child_process_prepares_and_gives_the_same(tmp_path, small_batches, monkeypatch):
    monkeypatch.setattr(importing, "WORTH_A_CHILD", 1)
    seen = []
    found = bring(
        a_csv(tmp_path / "c.csv", cards(8)), progress=lambda done, total: seen.append((done, total))
    )
    assert found.taken == 8
    assert seen == [(3, 8), (6, 8), (8, 8)]


def test_two_runs_of_one_file_do_not_mix(tmp_path, small_batches, monkeypatch):
    path = a_csv(tmp_path / "c.csv", cards(7))

    def other(_kind, _batch):
        ImportRun.objects.update(done=5)

    monkeypatch.setattr(importing, "_without_known", other)
    with pytest.raises(LicencesError, match="另一个进程"):
        bring(path)
    assert not Licence.objects.exists()


def test_a_preview_tells_the_same_and_writes_nothing(tmp_path):
    rows = cards(3)
    rows[2][0] = "12"
    path = a_csv(tmp_path / "c.csv", rows)
    found = importing.preview(path=path, kind="id-card", unit=the_police().pk, at=NOON)
    assert (found.taken, found.rejected, found.rejects[0].row) == (2, 1, 4)
    assert not Licence.objects.exists()
    assert not ImportRun.objects.exists()


def test_spreadsheets_lines_of_json_and_gb18030_are_read_alike(tmp_path):
    rows = cards(3)
    book = Workbook()
    sheet = book.active
    sheet.append(HEADER)
    sheet.append([*rows[0][:3], date(2019, 3, 1), date(2039, 2, 28), *rows[0][5:]])
    book.save(tmp_path / "a.xlsx")
    with (tmp_path / "b.jsonl").open("w", encoding="utf-8") as file:
        file.write(json.dumps(dict(zip(HEADER, rows[1], strict=True)), ensure_ascii=False) + "\nno json\n")
    assert bring(tmp_path / "a.xlsx").taken == 1
    lines = bring(tmp_path / "b.jsonl")
    assert (lines.taken, lines.rejected, lines.rejects[0].row) == (1, 1, 2)
    assert bring(a_csv(tmp_path / "c.csv", rows[2:], encoding="gb18030")).taken == 1
    assert {one.fields["nation"] for row in rows for one in api.by_number(row[0])} == {"汉族"}


@pytest.mark.parametrize("cut", range(60, 66))
def test_a_character_cut_by_the_first_look_is_no_other_encoding(tmp_path, monkeypatch, cut):
    path = a_csv(tmp_path / "c.csv", cards(2))
    monkeypatch.setattr(reading, "CHUNK", cut)
    assert reading.table(path).header == HEADER


def test_companies_are_held_by_credit_code(tmp_path):
    code = a_credit_code()
    header = (
        "统一社会信用代码",
        "名称",
        "证照编号",
        "颁发日期",
        "经营场所（住所）",
        "主体业态",
        "食品经营项目",
        "法定代表人（负责人）",
        "状态",
    )
    row = [code, "某店", "JY2421202001", "2024/5/6", "某路1号", "餐饮服务经营者", "热食", "某人", "注销"]
    found = bring(a_csv(tmp_path / "f.csv", [row], header=header), kind="food-business", unit=the_market())
    assert found.taken == 1
    (licence,) = api.held_by_number(code, on=NOON.date(), all_states=True)
    assert (licence.state, licence.valid_from, licence.valid_until) == (
        "cancelled", date(2024, 5, 6), date(2029, 5, 5),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"%PDF", "只能导入"), ("a.csv", b"", "空"), ("a.csv", "证件号码,持有人\n1,2".encode(), "缺少列"),
        ("a.csv", "持有人,持有人\n1,2".encode(), "重复"), ("a.xlsx", b"no zip", "读不了"), ("a.jsonl", b"{", "读不了"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_whole(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LicencesError, match=says):
        bring(tmp_path / name)
    assert not ImportRun.objects.exists()


def test_the_command_shows_progress_and_finds_licences(tmp_path):
    rows, out = cards(2), StringIO()
    path = a_csv(tmp_path / "c.csv", rows)
    call_command("licences", "import", str(path), kind="id-card", unit=the_police().pk, stdout=out)
    call_command("licences", "show", rows[0][0], stdout=out)
    text = out.getvalue()
    assert "2/2 行" in text
    assert "入库 2" in text
    assert "某0" not in text
    with pytest.raises(CommandError, match="校验位"):
        call_command("licences", "verify-number", "1.2.156.3005.2.11100000013338W050.1.1.001.X")
    with pytest.raises(CommandError, match="没有证照种类"):
        call_command("licences", "import", str(path), kind="nothing", unit=the_police().pk)


def test_days_and_numbers_as_exports_write_them():
    assert day("2019-03-01") == day("2019/3/1") == day("20190301") == day("2019年3月1日") == date(2019, 3, 1)
    assert is_resident_id("422301198803163153")
    assert not is_resident_id("422301198803163154")
    assert not is_resident_id("422301198813163153")
