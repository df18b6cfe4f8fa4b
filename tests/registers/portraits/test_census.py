"""Everybody in columns is what everybody's record says, from memory, from disk, and after every change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.actors.factories import an_organisation
from tongban.actors.models import Organisation
from tongban.kernel import api as kernel
from tongban.registers.portraits import api, census
from tongban.registers.portraits.contracts import NewFact
from tongban.registers.portraits.models import Portrait

_VALUES = {
    "tax.sales": st.integers(-5, 10**15),
    "tax.arrears": st.booleans(),
    "tax.credit": st.sampled_from("ABC"),
    "staff.insured": st.one_of(
        st.integers(0, 10**12), st.sampled_from([Decimal("1.5"), Decimal("0.000001")])
    ),
    "honours.held": st.lists(st.sampled_from(["专精特新", "绿色工厂"]), unique=True),
    "firm.founded": st.dates(min_value=date(1950, 1, 1), max_value=date(2026, 1, 1)),
    "boss.phone": st.sampled_from(["1", "22"]),
}
_FACT = st.sampled_from(sorted(_VALUES)).flatmap(
    lambda key: st.tuples(
        st.integers(0, 3),
        st.just(key),
        st.none() | _VALUES[key],
        st.dates(date(2026, 1, 1), date(2026, 3, 1)),
    )
)


def agree(found, *, at):
    """Every row of the census, key by key, against the record of its party."""
    keys = api.rule_elements(found.party_kind)
    for row, party in enumerate(found.parties):
        assert found.population.record(row, keys=keys) == api.record(party, at=at)


@pytest.fixture
def firms(town):
    return [str(an_organisation(f"第{n}公司")) for n in range(4)]


@given(steps=st.lists(st.lists(_FACT, min_size=1, max_size=6), min_size=1, max_size=4), forgets=st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_agrees_with_the_record_after_every_change(town, firms, steps, forgets):
    Portrait.objects.all().delete()
    for step in steps:
        told = [NewFact(firms[who], key, value, "swj", day) for who, key, value, day in step]
        api.note(told, actor=kernel.SYSTEM, at=town.at)
        if forgets:
            census.forget()  # as another process would begin: from what lies on disk
        found = town.census()
        assert set(found.parties) == set(Portrait.objects.values_list("party", flat=True))
        agree(found, at=town.at)


def test_the_stamp_changes_with_a_portrait_and_only_then(town):
    town.knows(tax__credit="A")
    first = town.census()
    assert town.census().stamp == first.stamp
    assert town.census().population is first.population
    town.knows(tax__credit="B")
    assert town.census().stamp != first.stamp


def test_who_has_ended_leaves_on_that_day_and_the_others_keep_what_is_theirs(town):
    town.knows(tax__credit="A")
    api.note([town.fact("tax.credit", "C", of=town.mill)], actor=kernel.SYSTEM, at=town.at)
    before = town.census()
    Organisation.objects.filter(pk=town.shop.pk).update(ended_on=town.today)
    after = town.census()
    assert before.parties == (str(town.shop), str(town.mill))
    assert after.parties == (str(town.mill),)
    assert after.stamp != before.stamp
    agree(after, at=town.at)


def test_what_lies_on_disk_is_read_back_tells_nothing_and_is_made_anew_when_it_is_damaged(town, settings):
    api.note([town.fact("boss.phone", "13871010007", source="scjg")], actor=kernel.SYSTEM, at=town.at)
    first = town.census()
    (kept,) = (settings.DATA / "portraits").iterdir()
    assert b"13871010007" not in kept.read_bytes()
    census.forget()
    assert town.census().stamp == first.stamp
    kept.write_bytes(kept.read_bytes()[:-3])
    census.forget()
    agree(town.census(), at=town.at)


def test_a_database_put_back_to_an_earlier_state_is_noticed(town):
    town.knows(tax__credit="A")
    row = Portrait.objects.get()
    town.knows(tax__credit="B")
    town.census()
    Portrait.objects.filter(pk=row.pk).update(open=row.open, turn=row.turn, mark=row.mark)
    agree(town.census(), at=town.at)


def test_other_elements_in_the_pack_make_it_anew(town, small_pack, settings):
    town.knows(tax__credit="A")
    before = town.census()
    path = small_pack / "portraits" / "elements.yaml"
    path.write_text(
        path.read_text("utf-8").replace("words: [A, B, C], words_en: [A, B, C]", "consent: true"), "utf-8"
    )
    settings.PACKS = small_pack  # as a restart would read it
    after = town.census()
    assert after.stamp != before.stamp
    assert "tax.credit" not in after.population.record(0, keys=api.elements())
