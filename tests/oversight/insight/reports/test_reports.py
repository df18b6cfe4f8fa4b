"""A report says what the indicators say, digit for digit, in the page, on paper and in the document."""

import os
import re
import subprocess
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from ruamel.yaml import YAML

from tests.kernel.toy import CITIZEN, at, make_flow, opening
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor, Grant
from tongban.kernel.flow import registry
from tongban.kernel.outbox.relay import relay
from tongban.oversight.insight import api as insight
from tongban.oversight.insight import packs, selectors
from tongban.oversight.insight.contracts import Figure, Period, Scope
from tongban.oversight.insight.facts import services as facts
from tongban.oversight.insight.reports import (
    definitions,
    gathering,
    papers,
    proving,
    ranking,
    word,
    wording,
    writing,
)
from tongban.oversight.insight.reports.contracts import Chart, Paragraph, ReportError, Table

pytestmark = pytest.mark.django_db
MONDAY = at("2026-11-09 10:00")
AFTER = at("2026-12-20 10:00")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
ENDED = {"kind": "toy", "name": "decide", "ended": True}
OPENED = {"count": {"of": "moves", "where": {"kind": "toy", "sequence": 1}}}
ON_TIME = {
    "share": [
        {"count": {"of": "clocks", "where": {**ENDED, "outcome": "kept"}}},
        {"count": {"of": "clocks", "where": {**ENDED, "outcome": ["kept", "missed"]}}},
    ]
}
REPORT = {
    "id": "toys", "period": "month", "name": "玩具", "name_en": "Toys", "title": "{city}{year}年{month}月", "title_en": "{city} {month} {year}",
    "issue": "{month}", "issue_en": "{month}",
    "lead": "收{toy.opened}件，{toy.opened change}。", "lead_en": "{toy.opened} came, {toy.opened change}.",
    "chapters": [
        {
            "title": "一", "title_en": "1",
            "parts": [
                {
                    "say": "按时{toy.on_time}（{toy.on_time part}/{toy.on_time whole}），{toy.on_time target}；最多的是{toy.opened most}。",
                    "say_en": "{toy.on_time} ({toy.on_time part}/{toy.on_time whole}), {toy.on_time target}; most: {toy.opened most}.",
                },
                {"table": {"title": "表1", "title_en": "Table 1", "indicators": ["toy.opened", "toy.on_time"]}},
                {"table": {"title": "表2", "title_en": "Table 2", "by": "unit", "indicators": ["toy.opened", "toy.on_time"]}},
                {"chart": {"title": "图1", "title_en": "Figure 1", "by": "month", "indicators": ["toy.opened"]}},
                {"chart": {"title": "图2", "title_en": "Figure 2", "by": "unit", "indicators": ["toy.opened"]}},
                {"ranking": {"title": "表3", "title_en": "Table 3", "points": {"toy.on_time": 100}, "least": 2}},
                {"missed": {"title": "表4", "title_en": "Table 4", "by": "unit", "indicators": ["toy.on_time"]}},
            ],
        }
    ],
}  # fmt: skip


def indicator(key, formula, **more):
    return packs.read(
        {
            "id": key, "name": "收件" if key == "toy.opened" else "按时率", "name_en": "Toys", "theme": "casework",
            "measured": "share" if "share" in formula else "count", "good": "up", "owner": "dsj", "since": date(2026, 1, 1),
            "source": "示例", "formula": formula, **more,
        },
        where="test",
    )  # fmt: skip


TOYS = {
    "toy.opened": indicator("toy.opened", OPENED),
    "toy.on_time": indicator("toy.on_time", ON_TIME, target=80),
}


@pytest.fixture(autouse=True)
def city(settings, tmp_path, monkeypatch):
    flow = registry.register(make_flow())
    settings.DATA = tmp_path
    monkeypatch.setattr(insight, "indicators", lambda **_: TOYS)
    yield
    registry.forget(flow.kind)


def decided(*days, unit="u1", begun=MONDAY):
    clerk = Actor("officer:1", unit=unit, grants=frozenset({Grant("clerk", unit)}))
    for length in days:
        (row,), _ = kernel.open_dockets([opening(unit=unit)], actor=CITIZEN, at=begun)
        kernel.perform(row.id, "take", actor=clerk, at=begun)
        kernel.perform(row.id, "finish", actor=clerk, at=begun + timedelta(days=length))
    relay(at=begun + timedelta(days=100))
    facts.collect()


def late(number, unit="u1"):
    """Dockets of a month before that are decided in November, after their limit."""
    decided(*[45] * number, unit=unit, begun=MONDAY - timedelta(days=30))


def written(record=REPORT, period=NOVEMBER, scope=Scope()):  # noqa: B008 - frozen
    return writing.write(definitions.read(record, where="test"), period=period, scope=scope, at=AFTER)


def parts(report, kind):
    return [part for chapter in report.chapters for part in chapter.parts if isinstance(part, kind)]


def numbers(text):
    return re.findall(r"\d[\d,]*(?:\.\d+)?", text)


def test_every_figure_of_the_sentences_is_the_indicators():
    decided(1, 2, 3, 4, unit="u1")
    decided(1, 2, unit="u2")
    late(1)
    report = written()
    counted = selectors.figures(list(TOYS.values()), period=NOVEMBER, scope=Scope())
    opened, on_time = (counted[key].figures[()] for key in TOYS)
    assert (opened.value, on_time.part, on_time.whole) == (6, 6, 7)
    assert report.lead.text == "收6件，比上月上升500.00%。"
    assert parts(report, Paragraph)[0].text == "按时85.71%（6/7），达到80%的目标；最多的是u1（4）。"
    said = [run for text in [report.lead, *parts(report, Paragraph)] for run in text.runs if run.indicator]
    values = {run.indicator: counted[run.indicator].figures[()] for run in said}
    for run in said:
        if run.asked == "":
            assert run.value == values[run.indicator].value
            assert numbers(run.text)[0].replace(",", "") == str(run.value)
    assert report.figures == {"toy.opened": 6, "toy.on_time": Decimal("85.71")}


def test_tables_have_the_periods_the_units_the_places_and_what_is_short():
    decided(1, 2, 3, 4, unit="u1")
    decided(1, unit="u2")
    late(1)
    late(2, unit="u2")
    first, by_unit, ranking, short = parts(written(), Table)
    texts = [[cell.text for cell in row] for row in first.rows]
    assert texts[0] == ["收件", "5", "3", "上升66.67%", "无", "无", "8", "—"], (
        "a year before there was nothing"
    )
    assert texts[1][:2] == ["按时率", "62.50%"]
    assert first.rows[1][1].missed
    assert [[cell.text for cell in row] for row in by_unit.rows] == [
        ["u1", "4", "80.00%"],
        ["u2", "1", "33.33%"],
        ["合计", "5", "62.50%"],
    ]
    assert [[cell.text for cell in row] for row in ranking.rows] == [
        ["1", "u1", "80.00", "80.00%"],
        ["2", "u2", "33.33", "33.33%"],
    ]
    assert [[cell.text for cell in row] for row in short.rows] == [["u2", "按时率", "33.33%", "80%", "2"]]


def test_each_figure_opens_and_is_explained_with_version_and_period():
    decided(1)
    report = written()
    run = next(run for run in report.lead.runs if run.indicator == "toy.opened")
    assert run.url == "/work/insight/toy.opened?month=2026-11"
    note = report.notes[run.note - 1]
    assert (note.indicator, note.url) == ("toy.opened", run.url)
    assert "收件，第1版" in note.text
    assert "2026-11-01至2026-11-30" in note.text


def test_of_nothing_it_says_none_and_never_nought_percent():
    report = written()
    assert report.lead.text == "收0件，上月无可比数。"
    assert parts(report, Paragraph)[0].text == "按时无（0/0），无数可比目标；最多的是无。"
    whole = papers.pdf(report)
    assert whole.startswith(b"%PDF")
    for chart in parts(report, Chart):
        assert (chart.svg, chart.finding) == ("", "没有可画的数。")


def test_a_month_that_is_not_over_says_so():
    early = writing.write(
        definitions.read(REPORT, where="test"), period=NOVEMBER, scope=Scope(), at=at("2026-11-20 09:00")
    )
    assert "未过完" in early.issue
    assert "未过完" not in written().issue


def test_a_scope_counts_its_own_and_nobody_elses():
    decided(1, 2, unit="u1")
    decided(1, unit="u2")
    assert written(scope=Scope(units=("u2",))).figures["toy.opened"] == 1
    assert [row[0].text for row in parts(written(scope=Scope(units=("u2",))), Table)[1].rows] == [
        "u2",
        "合计",
    ]


def test_page_paper_and_document_say_the_same():
    decided(1, 2, 3, 4)
    late(1)
    report = written()
    from tongban.oversight.insight.reports.services import html

    page = re.sub(r"<style>.*?</style>|<[^>]+>", "", html(report), flags=re.DOTALL)
    made = papers.pdf(report)
    assert made == papers.pdf(report), "the same report is the same paper"
    paper = subprocess.run(
        ["pdftotext", "-", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()
    with zipfile.ZipFile(BytesIO(word.docx(report))) as archive:
        body = archive.read("word/document.xml").decode()
        assert [name for name in archive.namelist() if name.endswith(".png")], "charts are pictures"
    assert body.count('<w:pStyle w:val="Heading1"/>') == 2
    assert body.count("<w:tblHeader") == len(parts(report, Table)) - 1, "a table of nothing is a sentence"
    assert "descr=" in body
    words = re.sub(r"<[^>]+>", "", body)
    for text in (page, paper, words):
        assert "80.00%" in re.sub(r"\s", "", text)
        assert "按时率" in text
    assert f"<title>{report.title}</title>" in html(report)


def test_english_is_english():
    decided(1)
    with translation.override("en"):
        report = written()
        assert report.lead.text == "1 came, nothing to compare with in the month before."
        assert not re.search(r"[\u4e00-\u9fff]", report.lead.text + report.chapters[0].title + report.issue)


@pytest.mark.parametrize(
    ("now", "then", "told"),
    [
        (Figure("a", 1, (), Decimal(103), 103), Figure("a", 1, (), Decimal(100), 100), "上升3.00%"),
        (Figure("a", 1, (), Decimal(97), 97), Figure("a", 1, (), Decimal(100), 100), "下降3.00%"),
        (Figure("a", 1, (), Decimal(100), 100), Figure("a", 1, (), Decimal(100), 100), "持平"),
        (Figure("a", 1, (), Decimal(1100), 1100), Figure("a", 1, (), Decimal(0), 0), "上升1,100"),
        (Figure("a", 1, (), None), Figure("a", 1, (), Decimal(100), 100), "无"),
    ],
)
def test_what_rose_and_what_fell(now, then, told):
    assert wording.moved(TOYS["toy.opened"], now, then, known=True) == told
    assert wording.moved(TOYS["toy.opened"], now, then, known=False) == "无"


def test_shares_have_two_decimals_and_are_never_rounded_up_to_all():
    assert wording.percent(301756, 318679) == "94.69%"
    assert wording.percent(99999, 100000) == "99.99%"
    assert wording.percent(999999, 1000000) == "99.99%"
    assert wording.percent(5, 5) == "100.00%"
    assert wording.percent(0, 0) == "无"


def test_periods_follow_each_other():
    month, year = gathering.month_of(date(2026, 1, 15)), gathering.year_of(2026)
    assert (gathering.before(month).first, gathering.year_ago(month).last) == (
        date(2025, 12, 1),
        date(2025, 1, 31),
    )
    assert gathering.before(year) == gathering.year_ago(year) == gathering.year_of(2025)
    assert gathering.months(year) == year
    assert gathering.months(month).first == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"lead_en": "{toy.opened}"}, "中英文问的数不一样"),
        ({"lead": "{toy.opened twice}", "lead_en": "{toy.opened twice}"}, "twice"),
        ({"lead": "{weather}", "lead_en": "{weather}"}, "weather"),
        ({"period": "week"}, "week"),
        ({"chapters": [{"title": "一", "title_en": "1", "parts": [{"picture": {}}]}]}, "ranking"),
        ({"chapters": [{"title": "一", "title_en": "1", "parts": [{"table": {"title": "a", "title_en": "a", "by": "colour"}}]}]}, "colour"),
        ({"title_en": ""}, "title_en"),
    ],
)  # fmt: skip
def test_a_definition_that_cannot_be_says_what_is_wrong_and_where(change, told):
    with pytest.raises(ReportError) as refused:
        definitions.read({**REPORT, **change}, where="toys.yaml")
    assert told in str(refused.value)
    assert str(refused.value).startswith("toys.yaml")


def test_a_sentence_that_has_nothing_to_say_is_left_out():
    decided(1)
    spoken = {"when": "toy.on_time", "say": "按时{toy.on_time}。", "say_en": "On time: {toy.on_time}."}
    record = {**REPORT, "chapters": [{"title": "一", "title_en": "1", "parts": [spoken]}]}
    assert [part.text for part in parts(written(record), Paragraph)] == ["按时100.00%。"]
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    assert parts(written(record, period=october), Paragraph) == []


def test_an_indicator_that_there_is_not_is_named():
    with pytest.raises(ReportError) as refused:
        written({**REPORT, "lead": "{toy.gone}", "lead_en": "{toy.gone}"})
    assert "toy.gone" in str(refused.value)


def test_published_figures_are_compared_digit_for_digit(tmp_path):
    decided(1, 2, 3, 4, 5)
    late(1)
    report = written()
    listed = tmp_path / "published.yaml"
    listed.write_text(
        "- {row: T1, said: 5 toys, indicator: toy.opened}\n- {row: T1, said: (83.3 %), indicator: toy.on_time}\n"
        "- {row: T1, said: 84 %, indicator: toy.on_time}\n- {row: T1, said: 9 bears, not_here: no bears}\n",
        encoding="utf-8",
    )
    text = "| id | capability | published |\n|---|---|---|\n| T1 | toys | 5 toys, on time (83.3 %), or 84 %, 9 bears |\n"
    found = proving.prove(report, published=listed, text=text)
    assert [(one.published, one.same) for one in found] == [(5, True), (Decimal("83.3"), True), (84, False)]
    with pytest.raises(ReportError):
        proving.prove(report, published=listed, text=text.replace("9 bears", "8 bears"))


def test_the_command_says_what_is_possible(tmp_path):
    for wrong in (["--format", "odt"], ["--month", "2026-13"]):
        with pytest.raises(CommandError) as refused:
            call_command("report", "monthly", *wrong, "--out", str(tmp_path), stdout=StringIO())
        assert "2026-10" in str(refused.value) or "docx" in str(refused.value)
    with pytest.raises(CommandError):
        call_command("report", "annual", "--city", "nowhere", "--out", str(tmp_path), stdout=StringIO())


def test_the_reports_of_the_packs_tell_of_indicators_that_there_are(settings):
    known = packs.indicators()
    found = definitions.definitions()
    assert set(found) == {"monthly", "annual"}
    for one in found.values():
        definitions.check(one, known)
    texts = [words.zh for one in found.values() for words in one.texts()]
    assert all("{" in text for text in texts)
    assert Path(settings.PACKS).is_dir()


def test_no_table_of_the_packs_is_numbered_twice():
    for one in definitions.definitions().values():
        for sign in ("表", "图"):
            places = [
                int(found) for part in one.parts() for found in re.findall(rf"^{sign}(\d+)", part.title.zh)
            ]
            assert all(later == earlier + 1 for earlier, later in pairwise([0, *places])), (
                one.id,
                sign,
                places,
            )


@pytest.mark.parametrize(
    ("part", "whole", "percent", "less", "told"),
    [
        (1, 3, "80", False, (2, 7)),
        (12, 15, "80", False, (0, 0)),
        (9, 10, "100", False, (1, 0)),
        (0, 4, "50", False, (2, 4)),
        (3, 20, "5", True, (2, 40)),
        (1, 20, "5", True, (0, 0)),
        (1, 20, "0", True, (1, 0)),
    ],
)
def test_what_lifts_a_share_is_enough_and_one_less_is_not(part, whole, percent, less, told):
    figure = Figure("a", 1, (), None, part, whole)
    had, more = ranking.needed(figure, percent=Decimal(percent), less=less)
    assert (had, more) == told
    target = Decimal(percent) / 100
    if had and not less:
        assert Decimal(part + had) / whole >= target > Decimal(part + had - 1) / whole
        assert not more or Decimal(part + more) / (whole + more) >= target
    if had and less:
        assert Decimal(part - had) / whole <= target < Decimal(part - had + 1) / whole
        assert not more or Decimal(part) / (whole + more) <= target


def test_places_are_shared_and_too_little_has_none():
    def of(part, whole):
        return {"a": Figure("a", 1, (), None, part, whole), "b": Figure("b", 1, (), None, 0, 0)}

    units = {"u1": of(9, 10), "u2": of(18, 20), "u3": of(1, 2), "u4": of(5, 10)}
    found = ranking.placed(units, [ranking.Weighed("a", 60), ranking.Weighed("b", 40)], least=3)
    assert [(one.unit, one.place, one.points) for one in found] == [
        ("u1", 1, Decimal("90.00")),
        ("u2", 1, Decimal("90.00")),
        ("u4", 3, Decimal("50.00")),
        ("u3", None, None),
    ]
    assert ranking.points(of(1, 4), [ranking.Weighed("a", 10, less=True)]) == Decimal("75.00")
    assert ranking.middle([Decimal(1), Decimal(4), Decimal(2)]) == Decimal("2.00")
    assert ranking.middle([]) is None


def test_a_published_month_is_told_as_published_and_a_correction_as_one(monkeypatch, settings):
    from tongban.oversight.insight.contracts import Closed

    decided(1, 2)
    five = {"toy.opened": Figure("toy.opened", 4, (), Decimal(5), 5)}
    out = {settings.ROOT_REGION: five, "u1": five}
    monkeypatch.setattr(insight, "published", lambda day: out if day == date(2026, 11, 1) else {})
    told = [Closed(date(2026, 11, 1), 1, at("2026-12-02 09:00"), "officer:1", "u1", "", "")]
    monkeypatch.setattr(insight, "closed", lambda _day: told[0])
    report = written()
    assert report.figures["toy.opened"] == 5, "the facts say two, five were published"
    assert parts(report, Table)[1].rows[0][1].text == "5"
    assert "12月2日" in report.issue
    assert "公布" in report.issue
    note = next(one for one in report.notes if one.indicator == "toy.opened")
    assert "第4版" in note.text, "the version that it was published by"
    told[0] = Closed(date(2026, 11, 1), 2, at("2026-12-09 09:00"), "officer:1", "u1", "一件晚到", "")
    assert "第1次更正：一件晚到" in written().issue


def mission():
    """The city's published figures, where the shared folder is."""
    folder = Path(os.environ.get("TONGBAN_SHARED") or Path(__file__).parents[5] / "shared")
    found = folder / "mission.md"
    if not found.is_file():
        pytest.skip(
            f"the published figures are not here: {found.name} is in the folder TONGBAN_SHARED or ../shared"
        )
    return found.read_text(encoding="utf-8")


def test_every_published_figure_of_the_city_is_listed_and_told_by_the_annual_report(settings):
    text = mission()
    listed = Path(settings.PACKS) / "insight" / "published" / "xianning-2023.yaml"
    told = YAML(typ="safe").load(listed)
    annual = definitions.definitions()["annual"]
    assert {one["indicator"] for one in told if "indicator" in one} <= set(annual.mentioned())
    assert all("indicator" in one or one["not_here"] for one in told)
    for row, cells in proving.rows(text).items():
        for words in _of_xianning(cells.split("|")[1]):
            own = [number for one in told if one["row"] == row for number in numbers(one["said"])]
            missing = [number for number in numbers(words) if number not in own]
            assert not missing, (row, words, missing)


def _of_xianning(cell):
    """The parts of a row's figures that tell of Xianning; one without a city goes on with the last one named."""
    city = ""
    for part in cell.split(";"):
        named = re.findall(r"Xianning|Zengdu|Zhongwei|Tianning|Yongzhou", part)
        city = named[0] if named else city
        if city == "Xianning":
            yield re.split(r"Zengdu|Zhongwei|Tianning|Yongzhou", part)[0]
