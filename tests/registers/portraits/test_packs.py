"""A faulty pack is refused with every fault, each with its file and line."""

from __future__ import annotations

import pytest

from tests.registers.portraits.conftest import ELEMENTS, TAGS, a_pack
from tongban.registers.portraits import packs, tags
from tongban.registers.portraits.contracts import PackError

GOOD = "{key: tax.sales, name: 销售, name_en: Sales, party: organisation, type: money, source: swj, group: 税务, group_en: Tax}"


def faults_of(folder, text):
    a_pack(folder, elements=text)
    with pytest.raises(PackError) as refused:
        packs.read_elements(folder / "portraits" / "elements.yaml")
    return refused.value.faults


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("key: tax.sales", "key: Sales"), "tax.sales"), (("type: money", "type: coin"), "type 只能是"),
        (("source: swj", "source: nobody"), "nobody"), (("party: organisation", "party: firm"), "party 只能是"),
        (("name_en: Sales, ", ""), "缺少 name_en"), (("type: money", "type: money, max_age: 0"), "max_age"),
        (("type: money", "type: money, words: [多], words_en: [Many]"), "text 和 texts"),
        (("type: money", "type: text, words: [多, 少], words_en: [Many]"), "一样多"),
        (("type: money", "type: money, asks: no.such"), "no.such"), (("type: money", "type: money, profile: shoe"), "profile 只能是"),
        (("type: money", "type: money, colour: red"), "colour"), (("type: money", "type: money, consent: maybe"), "true 或 false"),
    ],
)  # fmt: skip
def test_a_fault_of_an_element_is_named_with_file_and_line(tmp_path, change, says):
    (fault,) = faults_of(tmp_path, f"# heading\n- {GOOD.replace(*change)}\n")
    assert fault.startswith("portraits/elements.yaml:2 ")
    assert says in fault


def test_every_fault_is_told_not_only_the_first(tmp_path):
    again = GOOD.replace("group_en: Tax", "group_en: Taxes")
    faults = faults_of(tmp_path, f"- {GOOD}\n- {again}\n- just words\n")
    assert [one.partition(" ")[0] for one in faults] == [
        "portraits/elements.yaml:2", "portraits/elements.yaml:2", "portraits/elements.yaml:3",
    ]  # fmt: skip
    assert faults_of(tmp_path, "- {key: [\n")[0].startswith("portraits/elements.yaml:")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("staff.insured}, 20", "no.such}, 20"), "no.such"), (("{staff.insured: 30}", "{staff.insured: 3}"), "/examples/1"),
        (("party: organisation", "party: either"), "party 只能是"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("small_pack")
def test_a_tag_whose_rule_or_example_is_wrong_is_named_likewise(tmp_path, change, says):
    folder = a_pack(tmp_path / "other", elements=ELEMENTS, tags=TAGS.replace(*change))
    with pytest.raises(PackError) as refused:
        tags.read_tags(folder / "portraits" / "tags.yaml")
    assert refused.value.faults[0].startswith("portraits/tags.yaml:2 ")
    assert says in "".join(refused.value.faults)
