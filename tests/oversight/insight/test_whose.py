"""What a caller says of an answer is the unit's that gave it; what is said of the operator is the desk's."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.desks.hotline import town
from tests.desks.hotline.town import CENTRE, GOOD, MARKET, NINE, URBAN
from tongban.kernel.outbox.relay import relay
from tongban.oversight.insight import packs, selectors
from tongban.oversight.insight.contracts import Period, Scope
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.facts import services

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture(autouse=True)
def said(settings, tmp_path):
    """Two answers and what was said of them: to the desk that rang, and by the caller's own word."""
    settings.DATA = tmp_path
    town.build()
    urban, market = (_answered(unit, by) for unit, by in ((URBAN, "urban"), (MARKET, "market")))
    town.make(urban, "call_back", "caller_back", satisfaction="very", operator="satisfied", solved="yes")
    town.make(market, "rate", "system", satisfaction="unsatisfied", solved="no")
    at_once = town.taken()
    town.make(at_once, "answer", "operator", reply=GOOD, satisfaction="fair")
    relay(at=NINE + timedelta(days=1), limit=10_000)
    services.collect()
    return {URBAN: urban.number, MARKET: market.number, CENTRE: at_once.number}


def _answered(unit, by):
    ticket = town.dispatched(unit=unit)
    town.make(ticket, "reply", by, reply=GOOD, result="yes")
    town.make(ticket, "review", "dispatcher")
    return ticket


def figures(key, *, by=(), scope=None):
    found = selectors.figures([packs.indicators()[key]], period=NOVEMBER, scope=scope or Scope(), by=by)
    return {group[0] if group else "": one for group, one in found[key].figures.items()}


def test_satisfaction_is_the_units_that_answered():
    assert {unit: one.value for unit, one in figures("hotline.satisfied", by=("unit",)).items() if one.whole} == {
        URBAN: 100, MARKET: 0, CENTRE: 100,
    }  # fmt: skip
    assert {unit: one.value for unit, one in figures("hotline.solved", by=("unit",)).items() if one.whole} == {
        URBAN: 100, MARKET: 0,
    }  # fmt: skip
    whole = figures("hotline.satisfied")[""]
    assert (whole.part, whole.whole, whole.value) == (2, 3, Decimal("66.67"))


def test_the_operators_rating_is_the_desks():
    operators = figures("hotline.operators_satisfied", by=("unit",))
    assert {unit for unit, one in operators.items() if one.whole} == {CENTRE}


def test_a_head_counts_and_opens_what_was_said_of_the_own_answers(said):
    own = Scope(units=(MARKET,))
    assert figures("hotline.satisfied", scope=own)[""].whole == 1
    indicator = packs.indicators()["hotline.satisfied"]
    rows, _more = selectors.behind(indicator, period=NOVEMBER, scope=own, side=1)
    assert [(row.number, row.unit) for row in rows] == [(said[MARKET], MARKET)]
    rows, _more = selectors.behind(indicator, period=NOVEMBER, scope=Scope(), side=1, unit=URBAN)
    assert [row.number for row in rows] == [said[URBAN]]


def test_the_ledger_alone_gives_the_same():
    told = facts.digest(facts.folder())
    services.rebuild()
    assert facts.digest(facts.folder()) == told
