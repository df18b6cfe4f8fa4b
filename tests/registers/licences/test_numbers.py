"""The printed number of a licence: by the rule of its kind, and never given out twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from stdnum.iso7064 import mod_11_10

from tests.actors.factories import NOON, a_unit, an_organisation
from tests.registers.licences.factories import a_food_licence, the_market
from tongban.kernel import api as kernel
from tongban.registers.licences import api, kinds, rules
from tongban.registers.licences.contents import number_index
from tongban.registers.licences.models import Licence

YEAR = timedelta(days=365)


def food(**fields):
    return rules.number_of(
        kinds.kind("food-business"), fields=fields, holder="", region="421202000000", year=2026, serial=17
    )


def test_a_food_business_licence_has_fourteen_digits_and_a_check_digit():
    """食品经营许可和备案管理办法: kind of business, division, serial of six digits, check digit."""
    made = food(business_kind="餐饮服务经营者")
    assert made.startswith("JY2421202000017")
    assert len(made) == len("JY") + 14
    assert mod_11_10.is_valid(made.removeprefix("JY"))
    assert food(business_kind="食品销售经营者")[2] == "1"
    assert food(business_kind="集中用餐单位食堂")[2] == "3"


def test_a_food_production_licence_begins_with_the_code_of_its_food():
    """食品生产许可管理办法 第二十九条."""
    kind = kinds.kind("food-production")
    made = [
        rules.number_of(
            kind, fields={"categories": text}, holder="", region="421202000000", year=2026, serial=1
        )
        for text in ("糕点", "茶叶及相关制品", "没听说过的")
    ]
    assert [one[:5] for one in made] == ["SC124", "SC114", "SC131"]
    assert all(len(one) == 16 and mod_11_10.is_valid(one[2:]) for one in made)


@pytest.mark.django_db
def test_numbers_without_a_year_do_not_repeat_in_the_next():
    first = a_food_licence(of=an_organisation(), at=NOON)
    later = a_food_licence(of=an_organisation("第二家"), at=NOON + YEAR)
    assert (first.number[9:15], later.number[9:15]) == ("000001", "000002")
    assert first.identifier != later.identifier


@pytest.mark.django_db
def test_units_of_one_division_share_its_numbers():
    the_market()
    street = a_unit("421202001-scjg", uscc="11421200TB0000028E", name="温泉市场监管所")
    made = [
        a_food_licence(of=an_organisation()),
        api.issue(
            kind="food-business", holder=str(an_organisation("第二家")), unit=street.pk,
            fields={"legal_rep": "邢国栋"}, actor=kernel.SYSTEM, at=NOON,
        ),
    ]  # fmt: skip
    assert len({one.number for one in made}) == 2


@pytest.mark.django_db
def test_a_number_that_a_licence_of_the_old_stock_has_is_passed_over():
    old = a_food_licence(of=an_organisation())
    taken = food_number(2)
    Licence.objects.filter(pk=old.id).update(number_index=number_index(taken))
    assert a_food_licence(of=an_organisation("第二家")).number == food_number(3)


@pytest.mark.django_db
def test_counting_goes_on_after_what_an_earlier_release_gave_out():
    made = a_food_licence(of=an_organisation())
    Licence.objects.filter(pk=made.id).update(base=made.identifier.split(".001.")[0][17:-6] + "000041")
    from tongban.kernel.models import Serial

    Serial.objects.all().delete()
    assert a_food_licence(of=an_organisation("第二家")).number == food_number(42)


def food_number(serial):
    return rules.number_of(
        kinds.kind("food-business"), fields={"business_kind": "餐饮服务经营者"}, holder="",
        region="421202000000", year=2026, serial=serial,
    )  # fmt: skip


def test_a_code_without_its_table_and_a_check_in_the_middle_are_refused(tmp_path, settings):
    item = {"number": "A{check}{code}", "fields": []}
    assert kinds._wrong_code(item, []) == [
        "number 的 {check} 要写在最后。",
        "number 里的 {code} 和 number_code 要一起写。",
    ]
    assert (
        rules.counted_by("{region}{serial}", slug="a", region="421202000000", year=2026, unit="u")
        == "a:421202:"
    )
    assert replace(kinds.kind("food-business"), coded=None).coded is None
