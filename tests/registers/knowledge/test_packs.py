"""The shipped entries: whole, lawful in form, tied to the catalogue, and found by everyday questions."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tongban.registers.knowledge import importing
from tongban.registers.knowledge.contracts import Audience
from tongban.registers.knowledge.ranking import Ranker, Text
from tongban.registers.knowledge.searching import SURE, quote

PACKS = Path(settings.PACKS)


@pytest.fixture(scope="module")
def rows():
    return [row for path in sorted((PACKS / "knowledge").glob("*.yaml")) for row in importing.read_pack(path)]


def test_there_is_enough_each_with_its_law_and_the_most_asked_in_english(rows):
    assert len(rows) >= 80
    assert len({row.key for row in rows}) == len(rows)
    public = [row for row in rows if row.audience == Audience.PUBLIC]
    assert [row.key for row in public if not row.said.laws] == []
    assert sum(bool(row.said.question_en and row.said.short_en) for row in rows) >= 30
    assert all(row.said.as_of <= date(2026, 11, 22) for row in rows)


def test_they_name_matters_and_units_that_exist(rows):
    files = (PACKS / "catalogue").glob("*.yaml")
    codes = {
        code
        for file in files
        for code in re.findall(r'^  - code: "(\d{10})"', file.read_text("utf-8"), re.MULTILINE)
    }
    assert {code for row in rows for code in row.said.matters} - codes == set()
    units = set(
        re.findall(r'^- id: "(.+)"', (PACKS / "demo" / "units.yaml").read_text("utf-8"), re.MULTILINE)
    )
    assert {row.unit for row in rows} <= units


def test_everyday_questions_find_their_entry(rows):
    ranker = Ranker(
        [
            Text("。".join((r.said.question, *r.said.ways, " ".join(r.said.keywords))), r.said.answer)
            for r in rows
        ]
    )
    keys = [row.key for row in rows]
    lines = (Path(__file__).parent / "questions.tsv").read_text(encoding="utf-8").splitlines()
    asked = [line.split("\t") for line in lines if line and not line.startswith("#")]
    missed, sure = [], []
    for text, right in asked:
        found = ranker.rank(text, top=3)
        if right == "-":
            sure += [text for one in found[:1] if one.cover >= SURE and one.strength >= 7.5]
        elif right not in [keys[one.place] for one in found]:
            missed.append(text)
    assert len(missed) <= 1, missed
    assert sure == []


def test_a_quote_is_word_for_word_the_part_that_was_asked_for():
    answer = "甲类材料带身份证。" + "其他情况见公告。" * 12 + "过期一年以内还能换，超过一年注销。"
    assert quote(answer, "驾照过期一年还能换吗").startswith("过期一年以内还能换")
    assert quote("短答案。", "什么") == "短答案。"


def test_hostile_texts_find_nothing_and_break_nothing():
    ranker = Ranker([Text("租房提取公积金", "网上申请。")])
    for text in ("", " ", "😀" * 50, "<script>alert(1)</script>", "x" * 100_000, "？！。"):
        assert ranker.rank(text, top=3) == []
    assert Ranker([]).rank("公积金", top=3) == []
    assert ranker.rank("公" * 100_000, top=1)[0].place == 0
