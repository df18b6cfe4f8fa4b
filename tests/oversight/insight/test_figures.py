"""Figures come from facts alone: what happened moves them, what is none is said as none, and each can be opened."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tests.kernel.toy import CITIZEN, CLERK, opening
from tests.oversight.insight.conftest import MONDAY, collected, decided
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor, Grant
from tongban.kernel.outbox.models import Event
from tongban.oversight.insight import engine, packs, selectors, shelf, words
from tongban.oversight.insight.access import scope_of
from tongban.oversight.insight.contracts import InsightError, Measured, Period, Scope
from tongban.oversight.insight.counting import count
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.facts import services
from tongban.oversight.insight.formulas import parse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("toys")]
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
ENDED = {"kind": "toy", "name": "decide", "ended": True}
RECORDS = {
    "toy.opened": {"count": {"of": "moves", "where": {"kind": "toy", "sequence": 1}}},
    "toy.on_time": {
        "share": [
            {"count": {"of": "clocks", "where": {**ENDED, "outcome": "kept"}}},
            {"count": {"of": "clocks", "where": {**ENDED, "outcome": ["kept", "missed"]}}},
        ]
    },
    "toy.days": {"days": {"of": "moves", "from": "opened_at", "to": "at", "where": {"kind": "toy", "after": "done"}}},
    "toy.open": {
        "minus": [
            {"count": {"of": "moves", "distinct": "stream", "where": {"kind": "toy"}}},
            {"count": {"of": "moves", "distinct": "stream", "where": {"kind": "toy", "after": "done"}}},
        ]
    },
}  # fmt: skip


def indicator(key, formula):
    measured = {"toy.on_time": "share", "toy.days": "days"}.get(key, "count")
    return packs.read(
        {
            "id": key, "name": "玩具", "name_en": "Toy", "theme": "casework", "measured": measured, "good": "up", "owner": "dsj",
            "since": date(2026, 1, 1), "source": "示例", "formula": formula,
        },
        where="test",
    )  # fmt: skip


TOYS = [indicator(key, formula) for key, formula in RECORDS.items()]


def figure(key, *, period=NOVEMBER, scope=None, by=()):
    found = selectors.figures(TOYS, period=period, scope=scope or Scope(), by=by)[key].figures
    return found if by else found[()]


def test_figures_of_a_month():
    decided(1, 2, 3, 0)
    assert figure("toy.opened").value == 4
    assert (figure("toy.on_time").part, figure("toy.on_time").whole) == (3, 3)
    assert figure("toy.days").value == Decimal("2.00")
    assert figure("toy.open").value == 1


def test_nothing_to_divide_by_is_none_and_never_nought_percent():
    assert figure("toy.on_time").value is None
    assert words.shown(TOYS[1], figure("toy.on_time")) == "无"
    assert figure("toy.days").value is None
    decided(60)
    assert figure("toy.on_time").value is None, "what ended in January is January's"
    late = figure("toy.on_time", period=Period(date(2027, 1, 1), date(2027, 1, 31)))
    assert (late.value, late.part, late.whole) == (0, 0, 1)
    assert words.shown(TOYS[1], late) == "0.0%"


def test_an_event_that_is_dropped_or_comes_late_moves_the_figure_when_it_should():
    decided(1, 2)
    (row,), _ = kernel.open_dockets([opening()], actor=CITIZEN, at=MONDAY)
    Event.objects.filter(stream=row.number).delete()
    collected()
    assert figure("toy.opened").value == 2, "what the outbox lost is not there"
    services.rebuild()
    assert figure("toy.opened").value == 3, "the ledger has it"
    kernel.perform(row.id, "take", actor=CLERK, at=MONDAY)
    kernel.perform(row.id, "finish", actor=CLERK, at=MONDAY + timedelta(days=3))
    assert figure("toy.on_time").whole == 2, "not delivered yet"
    collected()
    assert figure("toy.on_time").whole == 3


def test_figures_by_unit_and_by_month_add_up():
    decided(1, 1, 40)
    decided(1, unit="u2", region="421221000000")
    assert {group: one.part for group, one in figure("toy.opened", by=("unit",)).items()} == {
        ("u1",): 3,
        ("u2",): 1,
    }
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    by_month = figure("toy.on_time", period=year, by=("month",))
    assert {month: one.whole for (month,), one in by_month.items()} == {"2026-11": 3, "2026-12": 1}
    assert sum(one.whole for one in by_month.values()) == figure("toy.on_time", period=year).whole


def test_a_month_in_which_nothing_was_counted_has_nought_and_one_without_facts_has_none():
    decided(1, 40)
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    closed = indicator("toy.closed", {"count": {"of": "moves", "where": {"kind": "toy", "act": "drop"}}})
    found = selectors.figures([closed], period=year, scope=Scope(), by=("month",))["toy.closed"].figures
    assert {month: one.value for (month,), one in found.items()} == {"2026-11": 0, "2026-12": 0}


def test_figures_are_the_same_from_packed_months():
    decided(1, 1, 40)
    decided(70)
    year = Period(date(2026, 1, 1), date(2027, 12, 31))
    asked = {
        (key, by): figure(key, period=year, by=by) for key in RECORDS for by in ((), ("month",), ("unit",))
    }
    assert facts.pack(facts.folder()) > 0
    shelf.FileBasedCache(str(shelf.settings.DATA / "figures"), {}).clear()
    assert {(key, by): figure(key, period=year, by=by) for key, by in asked} == asked


def test_a_head_counts_the_own_unit_and_who_oversees_a_county_its_county():
    decided(1, 1)
    decided(1, unit="u2", region="421221000000")
    head = Actor("officer:5", unit="u2", grants=frozenset({Grant("head", "u2")}))
    assert figure("toy.opened", scope=scope_of(head)).value == 1
    county = Actor(
        "officer:6", unit="u9", regions=frozenset({"421202000000"}), grants=frozenset({Grant("leader", "u9")})
    )
    assert figure("toy.opened", scope=scope_of(county)).value == 2
    with pytest.raises(InsightError):
        scope_of(county, region="421221000000")
    nobody = Actor("officer:7", unit="u1", grants=frozenset({Grant("handler", "u1")}))
    assert figure("toy.opened", scope=scope_of(nobody)).value == 0


def test_a_figure_opens_what_it_counts():
    rows = decided(1, 2)
    decided(1, unit="u2")
    late = decided(80)
    counts, more = selectors.behind(TOYS[1], period=NOVEMBER, scope=Scope(), side=1, unit="u1")
    assert ({one.number for one in counts}, more) == ({row.number for row in rows}, "")
    first, more = selectors.behind(TOYS[0], period=NOVEMBER, scope=Scope())
    assert {late[0].number, *(row.number for row in rows)} < {one.number for one in first}


def test_pages_of_what_is_counted_hold_each_once(monkeypatch):
    monkeypatch.setattr(selectors, "PAGE", 3)
    decided(0, 0, 0, 0, 0, 0, 0)
    seen, after = [], ""
    while True:
        page, after = selectors.behind(TOYS[0], period=NOVEMBER, scope=Scope(), after=after)
        seen += [one.number for one in page]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ({"median": {"of": "moves"}}, "share"),
        ({"count": {"of": "tickets"}}, "moves、clocks、records"),
        ({"count": {"of": "moves", "where": {"colour": "red"}}}, "subject"),
        ({"count": {"of": "clocks", "where": {"said.level": "1"}}}, "outcome"),
        ({"sum": {"of": "moves"}}, "value"),
        ({"share": [{"count": {"of": "moves"}}]}, "count"),
        ({"count": {"of": "moves", "where": {"kind": {"like": "t%"}}}}, "below"),
        ({"count": {"of": "moves", "per": "unit"}}, "distinct"),
    ],
)
def test_a_formula_that_cannot_be_says_what_can(formula, told):
    with pytest.raises(InsightError) as refused:
        parse(formula)
    assert told in refused.value.possible


def test_a_group_that_is_none_is_refused():
    with pytest.raises(InsightError) as refused:
        count([], period=NOVEMBER, by=("colour",))
    assert "unit" in refused.value.possible
    with pytest.raises(InsightError, match="不能既按日又按月"):
        count([], period=NOVEMBER, by=("day", "month"))


def test_every_indicator_of_the_packs_can_be_counted_and_said(settings):
    found = packs.indicators()
    assert len(found) >= 30
    said = selectors.figures(list(found.values()), period=NOVEMBER, scope=Scope())
    assert set(said) == set(found)
    for one in found.values():
        assert words.shown(one, said[one.id].figures[()]) in {"0", "0元", "无"}
        assert all(text for _place, text in words.parts(one))


def test_what_was_counted_is_counted_again_only_when_its_facts_change(monkeypatch):
    asked, real = [], shelf.count
    monkeypatch.setattr(shelf, "count", lambda *given, **named: asked.append(1) or real(*given, **named))
    decided(1, 2)
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    for _again in range(2):
        assert (figure("toy.opened").value, figure("toy.opened", period=december).value) == (2, 0)
    assert len(asked) == 2, "each month once"
    decided(1)
    assert figure("toy.opened").value == 3
    assert figure("toy.opened", period=december).value == 0
    assert len(asked) == 3, "December did not change"
    services.rebuild()
    assert figure("toy.opened").value == 3
    before = len(asked)
    monkeypatch.setattr(shelf, "layout", lambda _module: "figures of another release")
    assert figure("toy.opened").value == 3
    assert len(asked) == before + 1, "what another release kept is not read"


@pytest.mark.parametrize(
    ("today", "until"),
    [("2026-11-23", "2026-11-22"), ("2026-12-01", "2026-11-30"), ("2026-11-01", "2026-10-31")],
)
def test_a_year_reaches_to_yesterday_while_its_month_lasts(today, until):
    year = selectors.beside(date(2026, 11, 1), today=date.fromisoformat(today))[-1]
    assert (year.first, year.last) == (date(2026, 1, 1), date.fromisoformat(until))


@pytest.mark.parametrize(
    ("measured", "target", "told"),
    [
        ("count", "1200", "1,200"),
        ("days", "2.50", "2.5天"),
        ("fen", "120050", "1,200.50元"),
        ("share", "98", "98%"),
    ],
)
def test_a_target_is_told_in_the_unit_of_its_indicator(measured, target, told):
    own = replace(TOYS[0], measured=Measured(measured), target=Decimal(target))
    assert words.target(own) == told


def test_two_uses_of_spark_have_views_of_their_own(monkeypatch):
    dropped = []
    session = SimpleNamespace(catalog=SimpleNamespace(dropTempView=dropped.append))
    monkeypatch.setattr(engine, "_spark", lambda: session)
    first, second = (contextmanager(engine._own_views)(object()) for _ in range(2))
    with first:
        outer = engine.viewed("moves")
        with second:
            assert engine.viewed("moves") != outer
        assert (engine.viewed("moves"), outer in dropped) == (outer, False)
    assert outer in dropped
    assert engine.viewed("moves") == "facts_moves"


def test_on_new_years_day_the_year_is_the_month():
    this, *_others, year = selectors.beside(date(2027, 1, 1), today=date(2027, 1, 1))
    assert year == this
