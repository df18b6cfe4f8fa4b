"""Quotas sum exactly at any scale, orders meet every place once, and both are the same for the same seed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.year.planning.quotas import Allotment, Marked, Shuffle, apportion, scaled

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any)


@given(st.integers(0, 10**7), weights)
def test_parts_sum_to_the_total_and_none_is_off_by_one(total, given_weights):
    parts = apportion(total, given_weights)
    assert sum(parts) == total
    whole = sum(given_weights)
    assert all(
        abs(part - Fraction(total * one, whole)) < 1 for part, one in zip(parts, given_weights, strict=True)
    )


@given(st.integers(0, 5000), weights)
def test_a_part_without_weight_gets_nothing(total, given_weights):
    parts = apportion(total, given_weights)
    assert all(part == 0 for part, one in zip(parts, given_weights, strict=True) if one == 0)


def test_decimals_are_taken_as_they_are_written():
    assert apportion(10, [0.1, 0.2, 0.7]) == [1, 2, 7]
    assert scaled(361_341, 0.002) == 723
    assert scaled(1, 0.5) == 1


@pytest.mark.parametrize(("total", "given_weights"), [(-1, [1]), (3, [0, 0]), (3, [1, -1])])
def test_what_cannot_be_cut_is_refused(total, given_weights):
    with pytest.raises(ValueError, match="cannot cut"):
        apportion(total, given_weights)


@given(st.integers(1, 3000), st.integers())
def test_an_order_meets_every_place_once(size, seed):
    order = Shuffle(size, "test", seed)
    assert sorted(map(order, range(size))) == list(range(size))


def test_an_order_is_the_same_for_the_same_seed_and_another_for_another():
    first, same, other = (list(map(Shuffle(500, "test", seed), range(500))) for seed in (7, 7, 8))
    assert first == same != other


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 300), min_size=1).filter(
        lambda d: any(d.values())
    )
)
def test_each_kind_is_given_as_often_as_its_quota_says(quotas):
    allotment = Allotment(quotas, "test")
    given_out = [allotment(place) for place in range(sum(quotas.values()))]
    assert {kind: given_out.count(kind) for kind in quotas} == quotas


@given(st.integers(0, 500), st.integers(0, 500))
def test_so_many_are_marked_and_none_beyond(chosen, more):
    marked = Marked(chosen, chosen + more, "test")
    assert sum(map(marked, range(chosen + more + 50))) == chosen
