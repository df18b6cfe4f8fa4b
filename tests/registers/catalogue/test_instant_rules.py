"""Decision rules in packs: read, run on their examples, versioned; knowing less never approves more."""

from copy import deepcopy
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.registers.catalogue.conftest import PACKS
from tongban.kernel.rules.elements import Dated
from tongban.registers.catalogue import checks, instant, instant_checks, packs, telling
from tongban.registers.catalogue.instant import Verdict

ELEMENTS = {
    "person.id": {"name": "身份证号", "name_en": "ID number", "type": "id"},
    "person.age": {"name": "年龄", "name_en": "Age", "type": "number"},
    "insurance.active": {"name": "参保正常", "name_en": "Insured", "type": "yesno"},
}
BLOCK = {
    "basis": [{"law": "某法", "article": "第一条", "says": "可以当场批"}],
    "sampling": 0.05,
    "facts": [
        {"key": "shared.social.insurance.active", "max_age": 30},
        {"key": "holds.card", "name": "卡", "name_en": "card", "complete": True},
    ],
    "rules": [
        {"key": "adult", "if": {">=": [{"var": "person.age"}, 18]}, "says": "满18岁", "says_en": "18", "mend": "等", "mend_en": "wait"},
        {"key": "insured", "if": {"var": "shared.social.insurance.active"}, "says": "参保", "says_en": "insured", "mend": "参保", "mend_en": "insure"},
        {"key": "first", "if": {"!": {"var": "holds.card"}}, "says": "没有卡", "says_en": "no card", "mend": "用旧卡", "mend_en": "use it"},
    ],
    "examples": [
        {"name": "行", "as_of": "2026-11-20", "then": "approve", "given": {"person.age": 30, "shared.social.insurance.active": True, "holds.card": False}},
        {"name": "小", "as_of": "2026-11-20", "then": "told", "rules": ["adult"], "but": {"person.age": 3}},
        {"name": "断", "as_of": "2026-11-20", "then": "told", "rules": ["insured"], "but": {"shared.social.insurance.active": False}},
        {"name": "有", "as_of": "2026-11-20", "then": "told", "rules": ["first"], "but": {"holds.card": True}},
        {"name": "旧", "as_of": "2026-11-20", "then": "human", "unknown": ["shared.social.insurance.active"], "but": {"shared.social.insurance.active": {"value": True, "as_of": "2026-10-01"}}},
    ],
}  # fmt: skip


def matter(**changed):
    block = {**deepcopy(BLOCK), **changed}
    return {
        "name": "某事", "kind": "20", "elements": ["person.age"], "lists": {"instant": True}, "instant": block,
    }  # fmt: skip


def faults(**changed):
    return instant_checks.faults(matter(**changed), ELEMENTS)


def spec(**changed):
    return instant.spec_of(instant_checks.canonical({**BLOCK, **changed}), ELEMENTS)


@cache
def packed():
    return {
        entry.code: (entry, instant.spec_of(entry.data["instant"], read().elements))
        for entry in read().entries
        if entry.data.get("instant")
    }


@cache
def read():
    return packs.taken(packs.read_packs(PACKS))


def test_fifteen_and_more_matters_of_the_demo_carry_rules_with_examples():
    assert len(packed()) >= 15
    departments = {entry.department for entry, _spec in packed().values()}
    assert len(departments) >= 7
    for entry, one in packed().values():
        assert entry.data["lists"]["instant"], "the published list says the same"
        assert {example.then for example in one.examples} == set(Verdict)
        assert entry.data["case_kind"] in {"1", "2"}


def test_every_licence_that_rules_read_exists_with_the_field_they_read():
    from tongban.registers.licences import api as licences

    standard = {"number", "issued_on", "valid_from", "valid_until", "unit"}
    kinds = licences.kinds()
    for entry, one in packed().values():
        for key in one.reads:
            if key.startswith(("licence.", "holds.")):
                kind = kinds[key.split(".")[1]]
                if key.startswith("licence."):
                    name = key.split(".")[2]
                    assert name in {*standard, *(one.key for one in kind.fields)}, f"{entry.code}: {key}"


def test_every_shared_fact_that_rules_read_is_given_by_that_register():
    from tongban.registers.exchange import api as exchange

    for entry, one in packed().values():
        for key in one.reading("shared."):
            _shared, register, element = key.split(".", 2)
            assert exchange.giving().get(element) == register, f"{entry.code}: {key}"


def test_every_result_with_an_act_names_a_kind_of_licence():
    from tongban.registers.licences import api as licences

    for entry in read().entries:
        for result in entry.data["results"]:
            if result.get("act"):
                assert result["licence_kind"] in licences.kinds()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"basis": []}, "basis"),
        ({"sampling": 0}, "sampling"),
        ({"sampling": "nan"}, "sampling"),
        ({"rules": []}, "rules"),
        ({"examples": BLOCK["examples"][:4]}, "没有一个例子得出 human"),
        ({"examples": [one for one in BLOCK["examples"] if one["name"] != "有"]}, "没有一个例子不符合规则“first”"),
        ({"examples": [{**BLOCK["examples"][0], "then": "human"}, *BLOCK["examples"][1:]]}, "应得 human，实得 approve"),
        ({"examples": [*BLOCK["examples"][:-1], {**BLOCK["examples"][-1], "unknown": []}]}, "不知道的应是"),
        ({"facts": [{"key": "shared.social.nothing", "max_age": 3}]}, "没有定义"),
        ({"facts": [{"key": "shared.social.insurance.active"}]}, "max_age"),
        ({"facts": [{"key": "licence.card.no", "name": "号"}]}, "type"),
        ({"facts": [{"key": "elsewhere.x"}]}, "开头"),
        ({"situations": ["gone"]}, "不是本事项的情形"),
        ({"uploads": ["photo"]}, "不是本事项的材料"),
        ({"quick": True}, "不认识 quick"),
    ],
)  # fmt: skip
def test_a_faulty_block_is_refused_with_what_would_be_right(changed, says):
    assert any(says in fault for fault in faults(**changed)), faults(**changed)


def test_a_rule_may_read_only_what_the_matter_asks_for_or_names():
    item = matter()
    item["elements"] = ["person.id"]
    assert any("person.age" in fault for fault in instant_checks.faults(item, ELEMENTS))
    wrong = {**BLOCK["rules"][0], "if": {">=": [{"var": "person.age"}, "old"]}}
    assert any("规则" in fault for fault in faults(rules=[wrong, *BLOCK["rules"][1:]]))


def test_the_list_of_matters_done_at_once_agrees_with_the_rules():
    item = matter()
    item["lists"] = {}
    assert any("马上办" in fault for fault in instant_checks.faults(item, ELEMENTS))


def test_the_version_is_the_digest_of_what_decides():
    same = spec(examples=BLOCK["examples"][:1], sampling=1)
    assert same.version == spec().version
    harder = {**BLOCK["rules"][0], "if": {">=": [{"var": "person.age"}, 21]}}
    assert spec(rules=[harder, *BLOCK["rules"][1:]]).version != spec().version
    assert len({spec(), spec(), spec(sampling=1)}) == 2, "a matter's spec can be a key"


def test_a_matter_without_rules_keeps_its_digest():
    item = {"name": "某事", "kind": "20"}
    assert "instant" not in checks.canonical_matter(item)


def test_rules_are_said_in_words_with_their_examples():
    said = "\n".join(telling.lines(spec(), ELEMENTS))
    assert "年龄 不小于 18" in said
    assert "30天以内" in said
    assert "例子 旧 → 转人工（不知道：shared.social.insurance.active）" in said
    assert "Age is at least 18" in "\n".join(telling.lines(spec(), ELEMENTS, language="en"))


@given(st.data())
def test_knowing_less_never_turns_a_refusal_into_an_approval(data):
    code = data.draw(st.sampled_from(sorted(packed())))
    _entry, one = packed()[code]
    example = data.draw(st.sampled_from(one.examples))
    gone = data.draw(st.sets(st.sampled_from(sorted(example.given))))
    aged = data.draw(st.sets(st.sampled_from(sorted(example.given))))
    less = {}
    for key, value in example.given.items():
        if key in gone:
            continue
        old = key in aged and isinstance(value, Dated)
        less[key] = Dated(value.value, value.known_at.replace(year=2020)) if old else value
    before = one.review(example.given, as_of=example.as_of).verdict
    after = one.review(less, as_of=example.as_of).verdict
    if before is not Verdict.APPROVE:
        assert after is not Verdict.APPROVE
    if after is Verdict.APPROVE:
        assert before is Verdict.APPROVE


@given(st.dictionaries(st.sampled_from(sorted(ELEMENTS)), st.one_of(st.none(), st.booleans(), st.text(), st.floats(), st.integers())))  # fmt: skip
def test_whatever_a_record_says_rules_come_to_one_of_three(record):
    assert spec().review(record, as_of=BLOCK_DAY).verdict in set(Verdict)


BLOCK_DAY = spec().examples[0].as_of
