"""Conditions and amounts as rows: every one of the packs comes back as it was, and what is typed becomes a rule."""

from __future__ import annotations

import json

import pytest
from django.http import QueryDict
from ruamel.yaml import YAML

from tongban.desks.policies import packs
from tongban.desks.policies.editing import posted, rows, sums, tree
from tongban.desks.policies.editing.comparisons import NoValueError, Said
from tongban.desks.policies.editing.rows import Group, IncompleteError, Kept, Row
from tongban.desks.policies.editing.saying import amount_words
from tongban.desks.policies.editing.sums import Sum
from tongban.kernel.rules.elements import Element, Type
from tongban.registers.portraits import api as portraits

ELEMENTS = {
    key: Element(key, kind)
    for key, kind in {
        "sales": Type.MONEY, "before": Type.MONEY, "staff": Type.NUMBER, "trade": Type.TEXT, "honours": Type.TEXTS,
        "founded": Type.DATE, "listed": Type.BOOLEAN,
    }.items()
}  # fmt: skip


def _written_measures():
    for path in sorted(packs.folder().glob("*.yaml")):
        for policy in packs.plain(YAML(typ="safe").load(path.read_text("utf-8")))["policies"]:
            for measure in policy["measures"]:
                yield measure
                yield from ({**measure, **one} for one in measure.get("earlier", ()))


def test_every_rule_of_the_packs_is_read_into_rows_and_written_back_as_it_was():
    count, kept = 0, 0
    for measure in _written_measures():
        elements = portraits.rule_elements(measure["party"])
        group = rows.read(measure["condition"], elements=elements)
        amount = sums.read(measure["amount"], elements=elements)
        assert rows.same(rows.write(group, elements=elements), measure["condition"], elements=elements), (
            measure["key"]
        )
        assert rows.same(sums.write(amount, elements=elements), measure["amount"], elements=elements), (
            measure["key"]
        )
        assert bool(amount_words(measure["amount"], portraits.elements(measure["party"]))) is (
            amount.kind != "nothing"
        )
        count += 1
        kept += any(isinstance(part, Kept) for part in group.items) or amount.kind == sums.KEPT
    assert count > 60
    assert kept < count / 10  # what the rows cannot say is the exception


@pytest.mark.parametrize(
    ("source", "compare"),
    [
        ({">=": [{"var": "sales"}, {"yuan": "100000"}]}, "ge"),
        ({"<": [{"yuan": "5"}, {"var": "sales"}]}, "gt"),
        ({"<=": [10, {"var": "staff"}, 50]}, "between"),
        ({">=": [{"*": [{"var": "sales"}, 100]}, {"*": [{"var": "before"}, 110]}]}, "ge_of"),
        ({">": [{"var": "sales"}, {"var": "before"}]}, "gt_of"),
        ({"!": [{"var": "listed"}]}, "no"),
        ({"in": [{"var": "trade"}, ["工业", "农业"]]}, "among"),
        ({"!": [{"in": ["绿色工厂", {"var": "honours"}]}]}, "lacks"),
        ({">=": [{"years_between": [{"var": "founded"}, {"today": []}]}, 3]}, "years_ge"),
        ({"<=": [{"var": "founded"}, {"date": "2025-12-31"}]}, "until"),
    ],
)  # fmt: skip
def test_a_comparison_is_read_as_a_row(source, compare):
    row = rows.row_of(source, elements=ELEMENTS)
    assert row is not None
    assert row.compare == compare
    assert rows.same(rows.spelled(row, elements=ELEMENTS), source, elements=ELEMENTS)


def test_groups_within_groups_and_none_of_them():
    source = {
        "and": [
            {"var": "listed"},
            {
                "or": [
                    {">": [{"var": "staff"}, 5]},
                    {"and": [{"==": [{"var": "trade"}, "工业"]}, {"var": "listed"}]},
                ]
            },
            {"!": [{"or": [{"var": "listed"}, {"<": [{"var": "staff"}, 1]}]}]},
        ]
    }
    group = rows.read(source, elements=ELEMENTS)
    assert [getattr(item, "join", "row") for item in group.items] == ["row", "any", "none"]
    assert rows.write(group, elements=ELEMENTS) == source


def test_what_rows_cannot_say_is_kept_whole_and_its_values_may_be_changed():
    source = {">": [{"+": [{"var": "staff"}, {"*": [{"var": "staff"}, 2]}]}, 10]}
    group = rows.read(source, elements=ELEMENTS)
    assert group.items == (Kept(source),)
    assert rows.write(group, elements=ELEMENTS) == source
    changed = tree.edited(source, {"": ">=", "/>/1": "12", "/>/0/+/1/*/1": "2.5"})
    assert changed == {">=": [{"+": [{"var": "staff"}, {"*": [{"var": "staff"}, {"decimal": "2.5"}]}]}, 12]}
    with pytest.raises(NoValueError):
        tree.edited(source, {"/>/1": "many"})


def test_rows_that_say_nothing_yet_are_named_and_left_out_of_what_is_counted():
    group = Group("all", (Row("listed", "yes"), Row("sales", "ge", Said(("zehn",))), Row("", "")))
    with pytest.raises(IncompleteError) as told:
        rows.write(group, elements=ELEMENTS)
    assert told.value.faults == {(1,): "money", (2,): "element"}
    assert rows.write(rows.complete(group, elements=ELEMENTS), elements=ELEMENTS) == {"var": "listed"}


def test_buttons_add_take_away_and_group():
    group = Group("all", (Row("listed", "yes"),))
    assert rows.changed(group, (), "add-row").items[1] == Row("", "")
    assert rows.changed(group, (0,), "remove").items == ()
    wrapped = rows.changed(group, (0,), "wrap")
    assert wrapped.items == (Group("any", (Row("listed", "yes"), Row("", ""))),)
    assert rows.changed(wrapped, (0,), "add-row").items[0].items[2:] == (Row("", ""),)
    assert rows.changed(group, (7, 3), "remove") == group


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (None, "nothing"),
        ({"yuan": "5000"}, "fixed"),
        ({"min": [{"divide": [{"*": [{"var": "sales"}, 5]}, 100, "down"]}, {"yuan": "500000"}]}, "share"),
        ({"divide": [{"*": [{"-": [{"var": "sales"}, {"var": "before"}]}, 2]}, 3, "down"]}, "share"),
        ({"*": [{"var": "sales"}, {"decimal": "0.05"}]}, "share"),
        ({"min": [{"*": [{"var": "staff"}, {"yuan": "1000"}]}, {"yuan": "20000"}]}, "each"),
        ({"if": [{"var": "listed"}, {"yuan": "9"}, {"*": [{"yuan": "3"}, {"var": "staff"}]}]}, "steps"),
        ({"max": [{"yuan": "1"}, {"divide": [{"var": "sales"}, {"var": "staff"}, "down"]}]}, "kept"),
    ],
)
def test_amounts_are_read_in_the_form_of_a_notice(source, kind):
    read = sums.read(source, elements=ELEMENTS)
    assert read.kind == kind
    written = sums.write(read, elements=ELEMENTS)
    assert written == source or rows.same(written, source, elements=ELEMENTS)


def test_an_amount_that_is_not_finished_names_its_place():
    said = Sum(
        "steps",
        steps=(sums.Step(Group("all", (Row("listed", "yes"),)), Sum("fixed", yuan="x")),),
        otherwise=Sum("fixed"),
    )
    with pytest.raises(IncompleteError) as told:
        sums.write(said, elements=ELEMENTS)
    assert told.value.faults == {(0,): "money", (-1,): "money"}


def test_what_is_posted_is_what_was_typed():
    data = QueryDict(mutable=True)
    data.update({"c.join": "any", "c.0.element": "sales", "c.0.was": "sales", "c.0.compare": "ge", "c.0.value": "1,000.50",
                 "c.2.join": "none", "c.2.0.element": "trade", "c.2.0.was": "trade", "c.2.0.compare": "among",
                 "c.2.0.typed": "工业、农业", "c.4.kept": json.dumps({">": [{"var": "staff"}, 3]}), "c.4.at/>/1": "8"})  # fmt: skip
    group = posted.group(data)
    assert rows.write(group, elements=ELEMENTS) == {
        "or": [
            {">=": [{"var": "sales"}, {"yuan": "1000.5"}]},
            {"!": [{"or": [{"in": [{"var": "trade"}, ["工业", "农业"]]}]}]},
            {">": [{"var": "staff"}, 8]},
        ]
    }


@pytest.mark.parametrize("kept", ["{", "[" * 9000, "null", '{"var": 5}', '{"a": 1, "b": 2}'])
def test_a_kept_part_that_was_tampered_with_is_refused_and_not_a_crash(kept):
    data = QueryDict(mutable=True)
    data.update({"c.join": "all", "c.0.kept": kept})
    group = posted.group(data)
    assert isinstance(group.items[0], Kept)


def test_another_element_begins_its_row_anew():
    data = QueryDict(mutable=True)
    data.update(
        {"c.join": "all", "c.0.element": "trade", "c.0.was": "sales", "c.0.compare": "ge", "c.0.value": "5"}
    )
    assert posted.group(data).items == (Row("trade", ""),)
