"""One plan: answers read, questions in turn, the notice put together."""

from dataclasses import replace
from datetime import date

import pytest

from tests.desks.themes.city import AT, CALENDAR, REGION, PackCatalogue, day
from tongban.desks.themes.answers import next_question
from tongban.desks.themes.contracts import Party, PlanRefused
from tongban.desks.themes.order import Joint, Step, find_cycle, levels, schedule
from tongban.desks.themes.planning import plan
from tongban.registers.catalogue.contracts import LimitSpec
from tongban.registers.catalogue.contracts import Step as Link

PERSON, COMPANY = Party("person", REGION), Party("organisation", REGION)
NOODLES = {
    "owner": "individual", "food": "cooked", "area": 60, "premises": "rented", "sign": "shop",
    "drain": "city", "fumes": True, "fitout": True,
}  # fmt: skip


def made(theme, answers, party=PERSON, at=AT):
    return plan(theme, answers, party, catalogue=PackCatalogue(), at=at, calendar=CALENDAR)


def refused(theme, answers, party=PERSON):
    with pytest.raises(PlanRefused) as caught:
        made(theme, answers, party)
    assert caught.value.says.zh
    assert caught.value.says.en
    return caught.value


def test_a_noodle_shop_asks_each_thing_once(themes):
    found = made(themes["open-restaurant"], NOODLES)
    assert len(found.matters) == 7
    name = next(item for item in found.fields if item.key == "business.name")
    assert len(name.used_by) == 7
    licence = next(paper for paper in found.materials if paper.key == "business-licence")
    assert licence.given_by == "0703100100"
    assert not licence.brought
    area = next(item for item in found.fields if item.key == "premises.area")
    assert (area.source, area.value) == ("answer", 60)
    uscc = next(item for item in found.fields if item.key == "business.uscc")
    assert (uscc.source, uscc.given_by) == ("result", "0703100100")
    kind = next(item for item in found.fields if item.key == "business.type")
    assert kind.value == "个体工商户"


class Stepped(PackCatalogue):
    """Every matter is taken, examined and handed over."""

    def matters(self, codes, region):
        links = tuple(Link(name, 1) for name in ("受理", "审查", "送达"))
        return {code: replace(spec, steps=links) for code, spec in super().matters(codes, region).items()}


def test_seven_matters_are_taken_and_handed_over_once(themes):
    found = plan(themes["open-restaurant"], NOODLES, PERSON, catalogue=Stepped(), at=AT, calendar=CALENDAR)
    assert (found.saved.steps.one_by_one, found.saved.steps.here) == (21, 9)


def test_the_promised_day_follows_the_critical_path(themes):
    found = made(themes["open-restaurant"], NOODLES)
    licence, food = found.matter("0703100100"), found.matter("0103100200")
    assert licence.due_on == day("2026-11-24")
    assert food.starts_on == licence.due_on
    # Five working days for the food licence and one for the joint visit, which is not counted.
    assert food.due_on == day("2026-12-02") == found.promised_on
    assert [survey.lead for survey in found.surveys] == ["0103100200"]
    assert not found.provisional


def test_a_promise_into_an_unpublished_year_is_provisional(themes):
    found = made(themes["open-restaurant"], NOODLES, at=AT.replace(month=12, day=30))
    assert found.promised_on.year == 2027
    assert found.provisional


def test_who_is_unsure_gets_the_default_and_is_told(themes):
    found = made(themes["open-restaurant"], {**NOODLES, "area": "unsure", "fire_way": "unsure"})
    assert {each.question for each in found.assumptions} == {"area", "fire_way"}
    assert "0104300100" in {matter.code for matter in found.matters}
    assert next(item for item in found.fields if item.key == "premises.area").source == "ask"


def test_an_answer_to_a_question_that_does_not_arise_is_dropped(themes):
    found = made(themes["open-restaurant"], {**NOODLES, "fire_way": "declare"})
    assert found.ignored == ("fire_way",)
    assert found == made(themes["open-restaurant"], {**NOODLES, "fire_way": "inspect"})


def test_a_spared_paper_says_why(themes):
    found = made(themes["open-restaurant"], {**NOODLES, "premises": "own"})
    [spared] = [paper for paper in found.spared if paper.key == "sign-owner-consent"]
    assert "不用业主同意" in spared.why.zh


@pytest.mark.parametrize(
    ("answers", "reason", "told"),
    [
        ({}, "unanswered", "以什么身份"),
        ({**NOODLES, "colour": "red"}, "unknown_question", "没有“colour”这个问题"),
        ({**NOODLES, "owner": "king"}, "wrong_answer", "individual、company、licensed、unsure"),
        ({**NOODLES, "area": 3}, "wrong_answer", "4…20000"),
        ({**NOODLES, "area": "big"}, "wrong_answer", "4…20000"),
        ({**NOODLES, "area": float("nan")}, "wrong_answer", "4…20000"),
        ({**NOODLES, "fumes": "perhaps"}, "wrong_answer", "yes、no、unsure"),
        ({**NOODLES, "premises": "unsure"}, "wrong_answer", "rented、own、free"),
        ({"food": "packed"}, "not_eligible", "仅销售预包装食品备案"),
    ],
)
def test_a_wrong_answer_is_refused_with_what_is_possible(themes, answers, reason, told):
    error = refused(themes["open-restaurant"], answers)
    assert error.reason == reason
    assert told in error.says.zh


def test_a_theme_for_organisations_refuses_a_person(themes):
    assert refused(themes["company-closing"], {}).reason == "wrong_party"


def test_a_matter_not_handled_in_the_region_is_named(themes):
    class Nowhere:
        def matters(self, codes, region):
            return {}

    with pytest.raises(PlanRefused) as caught:
        plan(themes["open-restaurant"], NOODLES, PERSON, catalogue=Nowhere(), at=AT, calendar=CALENDAR)
    assert caught.value.reason == "not_offered"
    assert "0703100100" in caught.value.possible


def test_questions_come_in_turn_and_know_how_many_are_left(themes):
    theme, today = themes["open-restaurant"], AT.date()
    first = next_question(theme, {}, party=PERSON, today=today)
    assert (first.key, first.position, first.total) == ("owner", 1, 9)
    answers = {"owner": "individual", "food": "drinks", "area": 300}
    fourth = next_question(theme, answers, party=PERSON, today=today)
    assert (fourth.key, fourth.position) == ("fire_way", 4)
    assert next_question(theme, NOODLES, party=PERSON, today=today) is None


def test_closing_waits_for_every_check_and_one_objection_stops_all(themes):
    theme = themes["company-closing"]
    found = made(theme, theme.examples[1].answers, COMPANY)
    [group] = found.preconditions
    assert group.stops_all
    assert set(found.matter("0703100300").after) == set(group.matters)
    assert [len(stage) for stage in found.stages] == [5, 1, 1]


def test_newborn_is_a_chain_over_four_departments(themes):
    theme = themes["newborn"]
    found = made(theme, {**theme.examples[0].answers, "birth_date": "2026-11-10"})
    chain = ["2002300100", "0700900100", "2003600100", "2001400100"]
    assert [found.matter(code).level for code in chain] == [0, 1, 2, 3]
    assert [found.matter(code).slot.department for code in chain] == ["wjw", "gaj", "ylbz", "rsj"]
    mother = next(item for item in found.fields if item.key == "mother.name")
    assert mother.copies == "person.name"


class Mondays:
    """A calendar in which every day is a working day."""

    def due(self, start, limit):
        return date.fromordinal(start.toordinal() + limit.amount)

    def working_days(self, start, end):
        return (end - start).days

    def is_provisional(self, day):
        return False


def test_a_survey_stops_the_clock_of_those_that_wait_for_it():
    steps = [Step("a", LimitSpec(10), ()), Step("p", LimitSpec(4), ()), Step("b", LimitSpec(3), ("p",))]
    slots, held = schedule(steps, [Joint(("a", "b"), 2)], start=date(2026, 1, 1), calendar=Mondays())
    assert held == (date(2026, 1, 5),)
    # a: four days used, two days of survey, six left; b: two days of survey, then its three.
    assert slots["a"].due_on == date(2026, 1, 13)
    assert slots["b"].due_on == date(2026, 1, 10)


def test_circles_are_found_and_named():
    assert find_cycle({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}) in {
        ("a", "b", "c", "a"), ("b", "c", "a", "b"), ("c", "a", "b", "c"),
    }  # fmt: skip
    assert find_cycle({"a": ["b"], "b": [], "c": ["a", "b"]}) == ()
    with pytest.raises(ValueError, match="a → b → a"):
        levels({"a": ["b"], "b": ["a"]})
