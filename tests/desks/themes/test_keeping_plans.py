"""Plans of equal answers are made once, and anew as soon as anything they rest on has changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.desks.themes.city import AT, CALENDAR, REGION, PackCatalogue
from tests.desks.themes.test_planning import NOODLES
from tongban.desks.themes import keeping_plans, planning
from tongban.desks.themes.contracts import Party, PlanRefused

PERSON = Party("person", REGION)


class Steady:
    """A catalogue that hands out the same objects, as the published one does, until it is told otherwise."""

    def __init__(self):
        self.packs, self.specs, self.changed = PackCatalogue(), {}, {}

    def matters(self, codes, region):
        for code, spec in self.packs.matters(codes, region).items():
            self.specs.setdefault(code, spec)
        return {code: self.changed.get(code, self.specs[code]) for code in codes}


class Days:
    """A calendar as the desk hands it on."""

    def __init__(self, calendar=CALENDAR):
        self.calendar = calendar

    def __getattr__(self, name):
        return getattr(self.calendar, name)


@pytest.fixture
def city():
    return Steady()


@pytest.fixture
def count(monkeypatch):
    """How often a plan was really made."""
    made = []
    real = planning.plan
    monkeypatch.setattr(planning, "plan", lambda *args, **named: made.append(1) or real(*args, **named))
    monkeypatch.setattr(keeping_plans, "_kept", {})
    return made


def plan(theme, city, answers=NOODLES, *, party=PERSON, at=AT, days=None, version=1):
    return keeping_plans.plan(
        theme, answers, party, catalogue=city, at=at, calendar=days or Days(), version=version
    )


def test_equal_answers_share_one_plan(themes, city, count):
    theme = themes["open-restaurant"]
    first = plan(theme, city)
    later = plan(theme, city, dict(NOODLES), at=AT + timedelta(minutes=5))
    assert len(count) == 1
    assert later == replace(first, at=AT + timedelta(minutes=5))
    fresh = planning.plan(theme, NOODLES, PERSON, catalogue=city, at=AT, calendar=Days(), version=1)
    assert first == fresh


def test_what_one_does_with_its_answers_reaches_no_other(themes, city, count):
    theme = themes["open-restaurant"]
    plan(theme, city)
    one = plan(theme, city)
    one.answers["owner"] = "company"
    assert plan(theme, city).answers["owner"] == "individual"


@pytest.mark.parametrize(
    "named",
    [
        {"answers": {**NOODLES, "area": 61}},
        {"at": AT + timedelta(days=1)},
        {"party": Party("person", "421281000000")},
        {"version": 2},
    ],
    ids=["answers", "day", "place", "version"],
)
def test_anything_else_is_planned_anew(themes, city, count, named):
    theme = themes["open-restaurant"]
    plan(theme, city)
    plan(theme, city, **named)
    assert len(count) == 2


def test_a_new_version_of_a_matter_is_planned_with_at_once(themes, city, count):
    theme = themes["open-restaurant"]
    before = plan(theme, city)
    spec = city.specs["0103100200"]
    city.changed["0103100200"] = replace(spec, name="食品经营许可（新版）")
    after = plan(theme, city)
    assert len(count) == 2
    assert before.matter("0103100200").name.zh == "食品经营许可"
    assert after.matter("0103100200").name.zh == "食品经营许可（新版）"


def test_another_calendar_and_another_text_of_the_theme_count(themes, city, count):
    theme = themes["open-restaurant"]
    plan(theme, city)
    plan(theme, city, days=Days(Days()))
    plan(theme.model_copy(), city)
    assert len(count) == 3


def test_a_refusal_is_told_each_time(themes, city, count):
    theme = themes["open-restaurant"]
    for _turn in range(2):
        with pytest.raises(PlanRefused):
            plan(theme, city, {})
    assert len(count) == 2
    assert keeping_plans._kept == {}


def test_only_so_many_are_kept(themes, city, count, monkeypatch):
    monkeypatch.setattr(keeping_plans, "MOST", 3)
    theme = themes["open-restaurant"]
    for area in range(60, 66):
        plan(theme, city, {**NOODLES, "area": area})
    assert len(keeping_plans._kept) == 3
    plan(theme, city, {**NOODLES, "area": 65})
    assert len(count) == 6
