"""A setting that cannot be says which it is and what can."""

import pytest

from tongban.config.pairs import number


@pytest.mark.parametrize("written", ["a", "nan", "-0.1", "1.1", "1,5"])
def test_what_is_no_number_within_bounds_is_refused_by_name(monkeypatch, written):
    monkeypatch.setenv("TONGBAN_YEAR", written)
    with pytest.raises(RuntimeError, match=r"TONGBAN_YEAR=.*0到1.*from 0 to 1"):
        number("TONGBAN_YEAR", least=0, most=1)


@pytest.mark.parametrize(("written", "found"), [("", 0), (" 0.01 ", 0.01), ("1", 1)])
def test_a_number_is_taken_and_nothing_is_nought(monkeypatch, written, found):
    monkeypatch.setenv("TONGBAN_YEAR", written)
    assert number("TONGBAN_YEAR", least=0, most=1) == found
