"""The measures of the packs: many, whole, and their worked examples come out as their authors say."""

from datetime import date

import pytest

from tongban.desks.policies import trying
from tongban.kernel.rules.amounts import Amount
from tongban.kernel.rules.load import Rule
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits import tags

TODAY = date(2026, 11, 22)


def test_many_measures_of_many_departments_for_companies_and_persons(stock, measures):
    assert len(measures) >= 60
    assert len({pack.department for _source, pack in stock.packs}) >= 12
    assert sum(one.party == "person" for one in measures.values()) >= 25
    assert {one.way for one in measures.values()} == {"none", "quick", "matter"}
    assert {one.period for one in measures.values()} == {"year", "quarter", "month", "once"}
    assert sum(one.quota is not None for one in measures.values()) >= 2
    assert sum(bool(one.earlier) for one in measures.values()) >= 10


def test_documents_are_marked_as_examples_and_told_in_both_languages(policies):
    for policy in policies:
        assert policy.document.endswith("（示例）"), policy.key
        assert all((policy.title_en, policy.summary, policy.summary_en, policy.interpretation.text_en)), (
            policy.key
        )
        for measure in policy.measures:
            assert all((measure.title_en, measure.says_en, measure.article)), measure.key
            assert all(one.name_en for one in measure.examples), measure.key


def test_every_example_comes_out_in_decision_mode(measures):
    """By the kernel alone; what is unknown is named."""
    wrong = []
    for measure in measures.values():
        elements = portraits.rule_elements(measure.party)
        rule = Rule.load(measure.condition, elements=elements)
        amount = measure.amount and Amount.load(measure.amount, elements=elements, rounding="down")
        for one in measure.examples:
            record = trying.record_of(one, elements=elements)
            decided = rule.decide(record=record, as_of=one.on)
            came = {True: "entitled", False: "not", None: "unknown"}[decided.value]
            fen = amount.compute(record=record, as_of=one.on).fen if amount and decided.value else None
            if (came, fen, set(decided.unknown)) != (one.expect, one.amount_fen, set(one.missing)):
                wrong.append((measure.key, one.name, came, fen, decided.unknown))
    assert wrong == []


def test_every_measure_has_each_kind_of_example(measures):
    for measure in measures.values():
        assert {one.expect for one in measure.examples} == {"entitled", "not", "unknown"}, measure.key
        assert all(one.missing for one in measure.examples if one.expect == "unknown"), measure.key


def test_exclusions_are_said_on_both_sides_and_for_the_same_kind_of_party(measures):
    for measure in measures.values():
        for other in measure.excludes:
            assert measure.key in measures[other].excludes, f"{measure.key} {other}"
            assert measure.party == measures[other].party


def test_what_asks_for_a_matter_names_it_and_what_is_claimed_asks_for_papers(measures):
    for measure in measures.values():
        assert (measure.way == "matter") == bool(measure.matter), measure.key
        assert not (measure.way == "none" and measure.evidence), measure.key


def test_an_unlimited_budget_needs_no_order_and_a_limited_one_is_never_left_to_chance(measures):
    for measure in measures.values():
        limited = measure.quota is not None or measure.budget_fen is not None
        assert not (limited and measure.way == "none" and measure.order == "first"), measure.key


def test_money_of_several_sources_and_stale_data_is_never_a_yes(measures):
    """A record without a single fact is entitled to nothing."""
    for measure in measures.values():
        rule = Rule.load(measure.condition, elements=portraits.rule_elements(measure.party))
        assert rule.decide(record={}, as_of=TODAY).value is None, measure.key


def test_elements_have_sources_ages_and_english():
    found = portraits.elements()
    assert sum(one.party != "person" for one in found.values()) >= 70
    assert sum(one.party != "organisation" for one in found.values()) >= 35
    assert all(one.personal for one in found.values() if one.party == "person")
    assert len({one.source for one in found.values()}) >= 15
    assert sum(one.max_age is not None for one in found.values()) >= 60


def test_tags_are_derived_and_pass_their_examples():
    assert len(tags.tags("organisation")) >= 15
    assert len(tags.tags("person")) >= 10


@pytest.mark.parametrize(
    ("trade", "staff", "sales", "assets", "small"),
    [
        ("农林牧渔业", 900, 499, 0, True), ("农林牧渔业", 1, 500, 0, False),
        ("工业", 299, 90_000, 0, True), ("工业", 300, 2_000, 0, False), ("工业", 300, 1_999, 0, True),
        ("建筑业", 999, 6_000, 4_999, True), ("建筑业", 999, 6_000, 5_000, False),
        ("批发业", 19, 90_000, 0, True), ("批发业", 20, 5_000, 0, False),
        ("零售业", 50, 500, 0, False), ("零售业", 49, 90_000, 0, True),
        ("餐饮业", 100, 2_000, 0, False), ("餐饮业", 100, 1_999, 0, True),
        ("软件和信息技术服务业", 100, 1_000, 0, False), ("物业管理", 299, 9_000, 0, True),
        ("租赁和商务服务业", 100, 9_000, 7_999, True), ("租赁和商务服务业", 100, 0, 8_000, False),
        ("房地产开发经营", 5, 1_000, 5_000, False), ("其他行业", 100, 0, 0, False),
    ],
)  # fmt: skip
def test_small_firms_are_told_by_the_standard_of_2011(trade, staff, sales, assets, small):
    """工信部联企业〔2011〕300号; sales and assets in 10,000 yuan."""
    (tag,) = [one for one in tags.tags("organisation") if one.key == "small-firm"]
    example = trying.Example(
        name=trade, on=TODAY, expect="entitled",
        record={"firm.form": "有限责任公司", "firm.trade": trade, "social.insured": staff,
                "tax.sales": {"yuan": str(sales * 10_000)}, "tax.assets": {"yuan": str(assets * 10_000)}},
    )  # fmt: skip
    record = trying.record_of(example, elements=portraits.rule_elements("organisation"))
    assert tag.rule.decide(record=record, as_of=TODAY).value is small
