from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tongban.web import formats

SHANGHAI = ZoneInfo("Asia/Shanghai")
AFTERNOON = datetime(2026, 11, 22, 14, 5, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def chinese():
    with override("zh-hans"):
        yield


def test_prose_dates_name_the_weekday():
    assert formats.long_date(AFTERNOON) == "2026年11月22日（周日） 14:05"
    assert formats.long_date(AFTERNOON, time=False) == "2026年11月22日（周日）"
    assert formats.long_date(date(2026, 12, 1)) == "2026年12月1日（周二）"
    assert formats.short_date(date(2026, 12, 1)) == "12月1日（周二）"


def test_english_dates():
    with override("en"):
        assert formats.long_date(AFTERNOON) == "22 November 2026, 14:05"
        assert formats.short_date(date(2026, 12, 1)) == "Tue 1 December"


def test_an_instant_is_shown_in_shanghai_whatever_its_zone():
    late = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert formats.iso(late) == "2026-11-23"
    assert formats.long_date(late) == "2026年11月23日（周一） 01:00"


@pytest.mark.parametrize(
    ("value", "table", "headline"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (10_000, "10,000", "1.0万"),
        (318_679, "318,679", "31.9万"),
        (12_730_000, "12,730,000", "1,273.0万"),
        (120_000_000, "120,000,000", "1.2亿"),
    ],
)
def test_counts(value, table, headline):
    assert formats.count(value) == table
    assert formats.headline(value) == headline


def test_english_headline():
    with override("en"):
        assert formats.headline(318_679) == "318.7K"
        assert formats.headline(12_730_000) == "12.7M"


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (301_756, 318_679, "94.7%"),
        (25_489, 25_499, "99.96%"),
        (99_999_999, 100_000_000, "99.99%"),
        (99, 100, "99.00%"),
        (7, 7, "100%"),
        (0, 7, "0.0%"),
        (0, 0, "无"),
        (0.8654, None, "86.5%"),
        (None, None, "无"),
    ],
)
def test_rates(part, whole, shown):
    assert formats.rate(part, whole) == shown


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_a_rate_below_one_never_reads_100(total, missing):
    shown = formats.rate(total, total + missing)
    assert (shown == "100%") == (missing == 0)


@pytest.mark.parametrize(
    ("fen", "shown"), [(0, "0元"), (1_250, "12.50元"), (100_000_000, "1,000,000元"), (-5, "-0.05元")]
)
def test_money(fen, shown):
    assert formats.money(fen) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张小明", "张*明"),
        ("张三", "张*"),
        ("欧阳小明", "欧**明"),
        ("张", "*"),
        ("", ""),
        ("买买提·江", "买**·江"),
        (None, ""),
    ],
)
def test_masked_names(name, shown):
    assert formats.mask_name(name) == shown


def test_masked_numbers():
    assert formats.mask_id("42120219900101001X") == "4212************1X"
    assert formats.mask_id("12345") == "*****"
    assert formats.mask_phone("13812345678") == "138****5678"
    assert formats.mask_phone("12345") == "*****"


@given(st.text(alphabet="0123456789X", min_size=10, max_size=18))
def test_a_masked_number_keeps_its_length_and_shows_six_signs(number):
    shown = formats.mask_id(number)
    assert len(shown) == len(number)
    assert shown.count("*") == len(number) - 6
