"""The order of display cannot be bought, and no order passes on to a dearer offer."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tongban.desks.bundles import rules
from tongban.desks.bundles.contracts import Answer, Figures, OfferInfo, OfferState, Price, ProviderInfo, Words

DAY = date(2026, 11, 23)
WORDS = Words("合同审查", "Contract review")


def an_offer(key=1, *, price=Price.FIXED, fen=100, days=3, unit="每份", need="contract-review", figures=None):
    provider = ProviderInfo(
        key, f"PV-{key}", f"organisation:{key}", "某所", "admitted", ("law",), WORDS, "", (), "", None, None
    )
    return OfferInfo(
        key, provider, need, WORDS, "", "", price, fen if price == Price.FIXED else None, unit, days, (), OfferState.SHOWN, "",
        figures or Figures(),
    )  # fmt: skip


def test_over_a_year_every_offer_stands_first_about_as_often_as_another():
    offers = [an_offer(key) for key in range(1, 6)]
    first = [rules.in_order(offers, day=DAY + timedelta(days=n))[0].id for n in range(365)]
    assert all(45 <= first.count(key) <= 105 for key in range(1, 6))


@given(
    st.permutations([an_offer(key, fen=key % 3 + 1, days=key % 4 + 1) for key in range(1, 9)]),
    st.sampled_from(rules.SORTS),
)
def test_the_order_does_not_depend_on_who_came_first(offers, sort):
    standard = rules.in_order(sorted(offers, key=lambda one: one.id), day=DAY, sort=sort)
    assert rules.in_order(offers, day=DAY, sort=sort) == standard


def test_sorts_say_what_they_sort_by_and_newcomers_stand_in_the_middle():
    good, bad = (
        an_offer(1, figures=Figures(rated=4, satisfied=4)),
        an_offer(2, figures=Figures(rated=4, satisfied=1)),
    )
    new, quoted = an_offer(3, fen=50), an_offer(4, price=Price.QUOTE)
    assert [one.id for one in rules.in_order([bad, new, good], day=DAY, sort="satisfied")] == [1, 3, 2]
    assert rules.in_order([good, new, quoted], day=DAY, sort="price")[0].id == 3
    assert rules.in_order([good, new, quoted], day=DAY, sort="price")[-1].id == 4


@given(st.sampled_from(Price), st.integers(1, 10), st.sampled_from(Price), st.integers(1, 10))
def test_what_follows_is_never_dearer_without_asking(price, fen, other_price, other_fen):
    first, other = an_offer(1, price=price, fen=fen), an_offer(2, price=other_price, fen=other_fen)
    if rules.may_follow(first, other) and other.price == Price.FIXED:
        assert first.price == Price.FIXED
        assert other_fen <= fen


def test_another_need_or_another_measure_does_not_follow():
    assert not rules.may_follow(an_offer(1), an_offer(2, need="legal-counsel"))
    assert not rules.may_follow(an_offer(1, unit="每月"), an_offer(2, unit="每份"))
    assert not rules.may_follow(an_offer(1), an_offer(1))


def test_figures_count_what_was_answered_and_leave_out_what_was_not_asked():
    asks = [
        (Answer.ACCEPTED, 3),
        (Answer.SILENT, 1),
        (Answer.DECLINED, 1),
        (Answer.WAITING, 2),
        (Answer.NOT_NEEDED, 4),
    ]
    found = rules.figures(asks, [True, False, True], [1, 3, 4], 1)
    assert found == Figures(asked=5, answered=4, delivered=3, on_time=2, rated=3, satisfied=2, disputes=1)
