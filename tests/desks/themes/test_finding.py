"""What people say finds the theme that they mean: the queries of benchmarks/queries/themes.tsv."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from tests.desks.themes.city import REGION, THEMES
from tongban.desks.themes import searching
from tongban.desks.themes.contracts import ThemeCard, Wording
from tongban.desks.themes.load import read_file

QUERIES = Path(__file__).resolve().parents[3] / "benchmarks" / "queries" / "themes.tsv"
ASKED = [
    tuple(line.split("\t"))
    for line in QUERIES.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
TOP = 3


def card(path):
    theme = read_file(path).theme
    return ThemeCard(
        code=theme.code,
        region=REGION,
        version=theme.version,
        name=Wording(theme.name, theme.name_en),
        summary=Wording(theme.summary, theme.summary_en),
        for_whom=Wording(theme.for_whom, theme.for_whom_en),
        life_stage=theme.life_stage,
        parties=theme.parties,
        keywords=theme.keywords,
        matters=theme.codes,
        days=theme.limits.days,
        adopted_from="",
    )


@pytest.fixture(scope="module")
def cards():
    return [card(path) for path in THEMES]


def found(text, cards):
    """Codes in the order of the search page."""
    scored = sorted((-searching.score(text.lower(), one), one.code) for one in cards)
    return [code for score, code in scored[:TOP] if -score >= searching.LIKE]


@pytest.mark.parametrize(("said", "meant"), ASKED, ids=[said for said, _meant in ASKED])
def test_what_people_say_finds_the_theme(said, meant, cards):
    assert set(found(said, cards)) & set(meant.split("|"))


def test_every_theme_is_asked_for():
    assert {path.stem for path in THEMES} == {code for _said, meant in ASKED for code in meant.split("|")}


@pytest.mark.parametrize("nothing", ["今天天气", "xyzxyz", "股票行情", "12"])
def test_what_is_no_matter_of_ours_finds_no_theme(nothing, cards):
    assert found(nothing, cards) == []


def test_what_is_found_is_told_in_the_readers_language(cards, monkeypatch):
    monkeypatch.setattr(searching.selectors, "in_force", lambda _region: ())
    monkeypatch.setattr(searching.selectors, "cards", lambda _rows: cards)
    with override("en"):
        (first, *_rest) = searching.provide(text="开饭店", region=REGION)
    assert not re.search(r"[\u3400-\u9fff]", f"{first.title} {first.summary}")
    assert searching.provide(text="开饭店", region=REGION)[0].title == "我要开饭店"
