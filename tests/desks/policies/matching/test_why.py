"""Why, in words: every condition with what is known, what is wanted, and how to mend what is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from tests.desks.policies.matching.conftest import CAPITAL, FAR, GOOD, NEARLY, OPEN, growth
from tongban.desks.policies.contracts import Standing
from tongban.desks.policies.matching import api
from tongban.desks.policies.matching.contracts import Holds, Lack


def why(town, party, key="kjj-growth"):
    return api.why(str(party), key, at=town.at)


def test_every_condition_says_what_is_wanted_what_is_known_who_says_so_and_since_when(town):
    town.open()
    found = why(town, town.company(**NEARLY))

    assert found.standing is Standing.NOT_YET
    assert [one.holds for one in found.conditions] == [Holds.UNMET, Holds.MET, Holds.MET]
    capital = found.nearest
    assert capital.wanted.zh == "注册资本 不小于 500,000.00 元"
    assert capital.wanted.en == "Registered capital is at least 500,000.00 yuan"
    [known] = capital.known
    assert (known.value.zh, known.value.en) == ("480,000.00 元", "480,000.00 yuan")
    assert (known.source.zh, known.as_of, known.lack) == ("税务局", town.today, None)
    assert known.source.en
    assert known.source.en != known.source.zh
    trade = found.conditions[2]
    assert trade.wanted.zh == "所属行业 为 工业、建筑业 之一"
    assert trade.wanted.en == "Trade is one of Industry, Construction"


def test_the_amount_says_how_it_is_reckoned(town):
    town.open()
    found = why(town, town.company(**GOOD))

    assert found.standing is Standing.ENTITLED
    assert found.amount.fen == 30_000_00
    assert found.amount.formula.zh == "注册资本的5%，最多10万元"
    assert found.amount.formula.en == "5% of Registered capital, at most 100,000 yuan"
    assert [one.element for one in found.amount.known] == ["firm.capital"]


def test_what_is_not_known_names_the_keeper_and_the_way(town):
    town.open()
    found = why(town, town.company(**OPEN))

    assert found.standing is Standing.UNKNOWN
    [listed] = [one for one in found.conditions if one.holds is Holds.OPEN]
    assert listed.known[0].lack is Lack.MISSING
    [remedy] = listed.remedies
    assert remedy.element == "firm.abnormal"
    assert "市场监督管理局" in remedy.says.zh
    assert "evidence" in remedy.says.en


def test_what_is_too_old_says_of_which_day_it_is_and_how_old_it_may_be(town):
    town.open()
    company = town.company(**GOOD)
    before = town.today
    town.later(days=32)
    found = why(town, company)

    [listed] = [one for one in found.conditions if one.holds is Holds.OPEN]
    assert listed.known[0].lack is Lack.STALE
    assert before.isoformat() in listed.remedies[0].says.zh
    assert "31" in listed.remedies[0].says.en


def test_what_is_not_agreed_to_is_known_and_not_used(town):
    town.open(growth(condition={">=": [{"var": "tax.paid"}, {"yuan": "100"}]}, amount=None))
    company = town.company(tax__paid=500_00)
    found = why(town, company)

    assert found.standing is Standing.UNKNOWN
    [one] = found.conditions
    assert one.known[0].lack is Lack.CONSENT
    assert "同意" in one.remedies[0].says.zh


def test_of_several_ways_each_is_told(town):
    either = {"or": [CAPITAL, {"and": [{"var": "firm.veteran_founder"}, {"!": [{"var": "firm.illegal"}]}]}]}
    town.open(growth(condition=either, amount=None))
    found = why(town, town.company(**FAR, firm__veteran_founder=True))

    [one] = found.conditions
    assert (one.joined, one.holds, found.standing) == ("any", Holds.OPEN, Standing.UNKNOWN)
    assert [part.holds for part in one.parts] == [Holds.UNMET, Holds.OPEN]
    assert [part.holds for part in one.parts[1].parts] == [Holds.MET, Holds.OPEN]


def test_a_division_by_zero_is_no_answer_and_says_so(town):
    per_head = {
        ">": [{"divide": [{"var": "social.insured"}, {"var": "social.insured_before"}, "half_up", 2]}, 1]
    }
    town.open(growth(condition=per_head, amount=None))
    found = why(town, town.company(social__insured=3, social__insured_before=0))

    assert found.standing is Standing.UNKNOWN
    assert "除以0" in found.conditions[0].remedies[0].says.zh


def test_an_amount_too_large_is_told_and_not_given(town):
    town.open(growth(amount={"*": [{"var": "firm.capital"}, 10**9]}))
    found = why(town, town.company(**GOOD))

    assert (found.standing, found.amount.fen) == (Standing.ENTITLED, None)
    assert "大得不合常理" in found.amount.remedies[0].says.zh


def test_conditions_that_contradict_each_other_are_told_one_by_one(town):
    below = {"<": [{"var": "firm.capital"}, {"yuan": "500000"}]}
    town.open(growth(condition={"and": [CAPITAL, below]}, amount=None))
    found = why(town, town.company(**GOOD))

    assert (found.standing, [one.holds for one in found.conditions]) == (
        Standing.NOT_YET,
        [Holds.MET, Holds.UNMET],
    )


def test_the_standing_told_is_the_one_of_the_list(town):
    town.open(growth(), growth("kjj-all", condition=CAPITAL), growth("kjj-fixed", amount={"yuan": "800"}))
    for facts in (GOOD, NEARLY, FAR, OPEN, {"firm__capital": 1}):
        company = town.company(**facts)
        for key, pair in town.standings(company).items():
            found = why(town, company, key)
            assert found.standing is pair.standing
            if pair.standing is Standing.NOT_YET:
                assert pair.nearest == (found.nearest.wanted,)
            if pair.standing is Standing.ENTITLED:
                assert found.amount.fen == pair.amount_fen


def test_a_number_that_is_not_reached_is_told_from_what_somebody_is_not(town):
    listed = {"and": [{">=": [{"var": "firm.capital"}, {"yuan": "1"}]}, {"var": "breach.listed"}]}
    town.open(growth(), growth("kjj-listed", condition=listed, amount=None))
    pairs = town.standings(town.company(**{**NEARLY, "breach__listed": False}))
    assert (pairs["kjj-growth"].standing, pairs["kjj-listed"].standing) == (
        Standing.NOT_YET,
        Standing.NOT_YET,
    )
    assert (pairs["kjj-growth"].threshold, pairs["kjj-listed"].threshold) == (True, False)
    far = town.standings(town.company(**{**FAR, "breach__listed": False}))
    assert (pairs["kjj-growth"].little, far["kjj-growth"].little) == (True, False)


@pytest.mark.parametrize(("key", "code"), [("kjj-nothing", "unknown"), ("kjj-persons", "party")])
def test_what_cannot_be_told_says_why(town, key, code):
    town.open(
        growth(), growth("kjj-persons", party="person", condition={"var": "breach.listed"}, amount=None)
    )
    with pytest.raises(api.MatchingError) as raised:
        why(town, town.company(**GOOD), key)
    assert raised.value.code == code
    assert raised.value.possible


def test_a_text_is_in_the_language_of_its_reader(town):
    town.open()
    wanted = why(town, town.company(**NEARLY)).nearest.wanted
    with translation.override("en"):
        assert str(wanted).startswith("Registered capital")
    with translation.override("zh-hans"):
        assert str(wanted).startswith("注册资本")


def test_the_last_day_is_the_nearer_of_claiming_and_force(town):
    day = town.today + timedelta(days=5)
    town.open(growth(closes_on=day.isoformat()))
    assert town.standings(town.company(**GOOD))["kjj-growth"].until == day
