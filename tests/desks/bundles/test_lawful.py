"""Lawful services stand in a plan only where somebody says that they exist; nothing is guessed."""

from datetime import date

import pytest

from tongban.desks.bundles import api, lawful, planning

DAY = date(2026, 11, 23)
ANSWERS = {"trouble": "none", "paper": False, "listed": True}


@pytest.fixture
def lookups(monkeypatch):
    known = {}
    monkeypatch.setattr(lawful, "_LOOKUPS", known)
    return known


@pytest.mark.usefixtures("db")
def test_a_theme_is_shown_as_the_one_who_knows_it_says_on_that_day(lookups):
    asked = []

    def lookup(ref, region, day):
        asked.append((ref, region, day))
        return api.Lawful(
            "theme", ref, api.Words("信用修复", "Credit repair"), f"/themes/{ref}", api.Words("", "")
        )

    lookups["theme"] = lookup
    (found,) = planning.plan("legal", ANSWERS, region="421202000000", day=DAY).lawful
    assert (found.name.zh, found.url, found.why.zh) == (
        "信用修复",
        "/themes/credit-repair",
        "改正以后申请信用修复，不收费",
    )
    assert asked == [("credit-repair", "421202000000", DAY)]


@pytest.mark.usefixtures("db")
def test_what_nobody_knows_or_is_not_there_is_left_out(lookups):
    assert planning.plan("legal", ANSWERS, region="421202000000", day=DAY).lawful == ()
    lookups["theme"] = lambda *_asked: None
    assert planning.plan("legal", ANSWERS, region="421202000000", day=DAY).lawful == ()
