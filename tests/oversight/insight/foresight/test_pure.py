"""Bands, contributors, expectations and the back-test on made-up months: each says what it should, and when it cannot."""

from datetime import date

import numpy as np
import pytest

from tongban.oversight.insight.foresight import bands, looking
from tongban.oversight.insight.foresight.contracts import By
from tongban.oversight.insight.foresight.cube import Cube
from tongban.oversight.insight.foresight.expecting import ahead, rise_from
from tongban.oversight.insight.foresight.testing import back_test

MAY = date(2026, 5, 1)
XIANAN, CHIBI = "421202000000", "421281000000"


def rows(months, *, topic="停水", place=XIANAN, unit="421202-swgs", matter=""):
    return [
        {"month": month, "topic": topic, "place": place, "unit": unit, "matter": matter, "n": n} for month, n in months.items() if n
    ]  # fmt: skip


def months(numbers, last=MAY):
    keys = [*looking.months_before(last, len(numbers) - 1), f"{last:%Y-%m}"]
    return dict(zip(keys, numbers, strict=True))


def test_one_odd_month_in_the_past_does_not_widen_the_band():
    calm = bands.of_counts([20, 21, 19, 20, 22, 18, 20], 40)
    odd = bands.of_counts([20, 21, 19, 200, 22, 18, 20], 40)
    assert calm is not None
    assert odd is not None
    assert (calm.out, odd.out) == (True, True)
    assert odd.high < 40


@pytest.mark.parametrize(("past", "value"), [([20] * 5, 60), ([1, 2, 0, 1, 2, 1], 9)])
def test_too_few_months_or_too_few_of_it_are_not_judged(past, value):
    assert bands.of_counts(past, value) is None


def test_chance_alone_is_no_anomaly():
    drawn = np.random.default_rng(3).poisson(30, size=(400, 13))
    out = [bands.of_counts(list(row[:12]), row[12]) for row in drawn]
    assert sum(one is not None and one.out for one in out) / len(out) < 0.03


def test_shares_of_too_few_are_not_judged_and_a_fall_is_found():
    past = [(95.0, 100.0), (96.0, 100.0), (94.0, 100.0), (95.0, 100.0), (97.0, 100.0), (95.0, 100.0)]
    assert bands.of_shares(past, 5, 10) is None
    found = bands.of_shares(past, 70, 100)
    assert found is not None
    assert found.distance < -bands.WIDTH


def test_contributions_add_up_to_the_change():
    parts = bands.parts_of_count({"a": [10, 12], "b": [5, 5]}, {"a": 30.0, "b": 2.0, "c": 4.0})
    assert sum(part[3] for part in parts) == pytest.approx((30 + 2 + 4) - (11 + 5))
    shares = bands.parts_of_share({"a": (90, 100), "b": (80, 100)}, {"a": (50, 100), "b": (82, 100)})
    assert sum(part[3] for part in shares) == pytest.approx(100 * (132 / 200 - 170 / 200))
    assert shares[0][0] == "a"


def test_an_anomaly_names_who_explains_how_much():
    steady = months([20, 21, 19, 20, 22, 18, 20, 20])
    jump = months([10, 11, 9, 10, 11, 10, 10, 60])
    cube = Cube(MAY, (*rows(steady, place=CHIBI, unit="421281-swgs", topic="噪声"), *rows(jump)), ())
    found = looking.anomalies(cube, month=MAY)
    whole = next(one for one in found if one.by is By.CITY)
    assert whole.value == 80
    first = {part.by: part for part in reversed(whole.contributors)}
    assert (first[By.TOPIC].key, first[By.PLACE].key, first[By.UNIT].key) == ("停水", XIANAN, "421202-swgs")
    assert first[By.UNIT].share == pytest.approx(1, abs=0.02)
    assert {(one.by, one.key) for one in found} == {
        (By.CITY, ""), (By.TOPIC, "停水"), (By.PLACE, XIANAN), (By.UNIT, "421202-swgs"),
    }  # fmt: skip


def test_a_rate_that_falls_is_laid_at_the_unit_that_let_it_fall():
    def watched(unit, parts):
        return [
            {"what": "hotline.handled_on_time", "month": month, "unit": unit, "place": XIANAN, "part": part, "whole": 100}
            for month, part in months(parts).items()
        ]  # fmt: skip

    cube = Cube(MAY, (), (*watched("u1", [97, 96, 98, 97, 97, 96, 98, 60]), *watched("u2", [97] * 8)))
    found = {one.by: one for one in looking.anomalies(cube, month=MAY)}
    assert found[By.CITY].value == pytest.approx(78.5)
    assert [(part.key, round(part.share, 2)) for part in found[By.CITY].contributors] == [("u1", 1.0)]
    assert found[By.UNIT].key == "u1"
    assert found[By.CITY].high <= 100, "no share is above all"


def seasonal(seed=5, topics=40, length=36, strength=4.0):
    """Topics of which each has one month of the year in which it comes several times as often."""
    chance = np.random.default_rng(seed)
    base, peak = chance.uniform(4, 12, topics), chance.integers(0, 12, topics // 4).repeat(4)
    season = np.where((np.arange(length)[:, None] % 12) == peak[None, :], strength, 1.0)
    return chance.poisson(base * season).astype(float), np.arange(topics) // 4


def test_where_there_is_a_season_the_forecast_finds_it():
    counts, categories = seasonal()
    found = back_test(counts, categories, 0, k=5)
    assert found.model.share > 2 * found.chance.share
    assert found.above_chance[0] > 0
    assert found.origins == 24


def test_where_there_is_nothing_to_find_it_says_so():
    counts = np.random.default_rng(11).poisson(8, size=(36, 40)).astype(float)
    found = back_test(counts, np.zeros(40, dtype=np.int64), 0)
    assert found.verdict in {"no_better", "too_little", "worse"}


def test_with_a_year_or_less_it_says_that_it_cannot_say():
    counts, categories = seasonal(length=13)
    found = back_test(counts, categories, 0)
    assert (found.verdict, found.origins) == ("too_little", 1)


def test_the_past_is_all_that_a_forecast_knows():
    counts, categories = seasonal()
    other = counts.copy()
    other[-1] = 99
    known = ahead(counts[:-1], categories, 0)
    assert np.array_equal(known.likely, ahead(other[:-1], categories, 0).likely)
    assert back_test(counts[:-1], categories, 0) == back_test(other[:-1], categories, 0)


def test_a_rise_is_a_quarter_and_three_more():
    assert list(rise_from(np.array([[4.0, 40.0]] * 3))) == [7, 50]


def test_what_is_expected_leads_to_the_unit_and_the_matter_that_had_most_of_it():
    summer = months([6, 5, 6, 5, 30, 28, 6, 5, 6, 5, 6, 6] * 2, last=date(2026, 5, 1))
    calm = months([8, 8, 9] * 8, last=date(2026, 5, 1))
    cube = Cube(
        MAY, (*rows(summer, matter="m-water"), *rows(calm, topic="噪声", place=CHIBI, unit="421281-sthj")), ()
    )
    found = looking.outlook(cube)
    assert found.month == date(2026, 6, 1)
    assert {(one.topic, one.place, one.unit, one.matter) for one in found.expected} == {
        ("停水", XIANAN, "421202-swgs", "m-water"), ("噪声", CHIBI, "421281-sthj", ""),
    }  # fmt: skip
    assert found.test.verdict == "too_little"


def test_nothing_at_all_is_said_as_nothing():
    found = looking.outlook(Cube(MAY, (), ()))
    assert (found.expected, found.used, found.test.verdict) == ((), "none", "too_little")
    assert looking.anomalies(Cube(MAY, (), ()), month=MAY) == []
