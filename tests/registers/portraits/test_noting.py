"""What sources say becomes a file: newer over older, checked by name, told once."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongban.kernel import api as kernel
from tongban.registers.portraits import api
from tongban.registers.portraits.contracts import FactsRefusedError, Via
from tongban.registers.portraits.models import Portrait
from tongban.registers.portraits.rules import Fact, holds_over


def test_a_fact_is_kept_with_its_source_and_day_and_announced_without_its_value(town):
    assert town.knows(tax__arrears=False, staff__insured=Decimal("3.0")) == 2
    found = {one.element: one for one in api.portrait(str(town.shop), at=town.at).facts}
    assert (found["staff.insured"].value, found["staff.insured"].as_of) == (3, town.today)
    assert found["tax.arrears"].source_name == "税务局"
    (body,) = town.events("portrait.changed")
    assert json.loads(body)["elements"] == ["staff.insured", "tax.arrears"]
    (entry,) = kernel.history(f"portrait:{town.shop}", at=town.at, with_personal=True)
    assert entry.personal == {"values": {"staff.insured": 3, "tax.arrears": False}}
    assert "false" not in json.dumps(entry.body)


def test_the_same_again_changes_nothing_and_tells_nobody(town):
    town.knows(tax__credit="A")
    assert town.knows(tax__credit="A") == 0
    assert len(town.events("portrait.changed")) == 1
    assert Portrait.objects.get().revision == 1


def test_a_newer_day_with_the_same_value_makes_it_fresh_again(town):
    town.knows(tax__arrears=False)
    town.later(days=20)
    assert town.knows(tax__arrears=False) == 1
    assert town.record()["tax.arrears"].known_at == town.today


def test_what_its_source_no_longer_knows_is_absent_and_an_older_word_does_not_bring_it_back(town):
    town.knows(tax__credit="A")
    town.later(days=1)
    town.knows(tax__credit=None)
    older = [town.fact("tax.credit", "B", on=town.today - timedelta(days=1))]
    assert api.note(older, actor=kernel.SYSTEM, at=town.at) == 0
    assert "tax.credit" not in town.record()
    assert api.portrait(str(town.shop), at=town.at).facts == ()


@pytest.mark.parametrize(
    ("element", "value", "says"),
    [
        ("tax.nothing", 1, "tax.nothing"),
        ("person.birth", date(1990, 1, 1), "person.birth"),
        ("tax.sales", "很多", "金额"),
        ("tax.sales", True, "金额"),
        ("tax.sales", 10**16, "太大"),
        ("staff.insured", Decimal("1.1234567"), "小数最多6位"),
        ("tax.credit", "Z", "A、B、C"),
        ("honours.held", ["绿色工厂", "没听过"], "专精特新、绿色工厂"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_by_name_and_nothing_of_the_batch_is_written(
    town, element, value, says
):
    with pytest.raises(FactsRefusedError) as refused:
        api.note(
            [town.fact("tax.arrears", False), town.fact(element, value)], actor=kernel.SYSTEM, at=town.at
        )
    assert list(refused.value.faults) == [1]
    assert says in refused.value.faults[1]
    assert not Portrait.objects.exists()


def test_strangers_unknown_departments_and_days_to_come_are_refused(town):
    wrong = [
        town.fact("tax.arrears", False, of="organisation:999999"),
        town.fact("tax.arrears", False, source="nobody"),
        town.fact("tax.arrears", False, on=town.today + timedelta(days=1)),
    ]
    with pytest.raises(FactsRefusedError) as refused:
        api.note(wrong, actor=kernel.SYSTEM, at=town.at)
    assert list(refused.value.faults) == [0, 1, 2]


def test_personal_facts_lie_encrypted_and_can_be_read(town):
    phone = town.fact("boss.phone", "13871010007", source="scjg")
    born = town.fact("person.birth", date(1988, 3, 16), of=town.boss, source="gaj")
    api.note([phone, born], actor=kernel.SYSTEM, at=town.at)
    raw = list(Portrait.objects.values_list("open", flat=True))
    assert raw == ["{}", "{}"]
    assert town.value("boss.phone") == "13871010007"
    assert town.value("person.birth", of=town.boss) == date(1988, 3, 16)


_DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 1, 6))
_SAID = st.tuples(st.sampled_from("ABC"), _DAYS)


@given(st.lists(_SAID, min_size=1, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_older_day_never_replaces_a_newer_one(town, said):
    Portrait.objects.all().delete()
    for word, day in said:
        api.note([town.fact("tax.credit", word, on=day)], actor=kernel.SYSTEM, at=town.at)
    newest = max(day for _word, day in said)
    last = [word for word, day in said if day == newest][-1]
    held = town.record()["tax.credit"]
    assert (held.value, held.known_at) == (last, newest)


@given(st.lists(st.tuples(_DAYS, st.integers(0, 3), st.sampled_from(Via)), min_size=2, max_size=2))
def test_of_two_facts_at_most_one_holds_over_the_other_unless_a_day_says_two_things(pair):
    one, other = (Fact(value, day, "swj", via.value) for day, value, via in pair)
    if one.as_of != other.as_of:
        assert holds_over(one, other) is (one.as_of > other.as_of)
        assert holds_over(one, other) is not holds_over(other, one)
    elif one.value == other.value and (one.via == "correction") == (other.via == "correction"):
        assert not holds_over(one, other)
