"""What a register holds is what its ledger says last of each thing; calls count once, as told last."""

import random
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from tests.kernel.toy import at
from tongban.kernel import api as kernel
from tongban.kernel.contracts import SYSTEM
from tongban.kernel.ledger.models import Entry
from tongban.kernel.outbox.relay import relay
from tongban.oversight.insight import packs, selectors, things, words
from tongban.oversight.insight.contracts import InsightError, Period, Scope
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.facts import services
from tongban.oversight.insight.formulas import parse

pytestmark = pytest.mark.django_db
FIRST = at("2026-09-07 10:00")
MATTERS = {"kind": "matter"}
FORMULAS = {
    "matters": {"stock": {"where": MATTERS}},
    "online": {
        "share": [{"stock": {"where": {**MATTERS, "said.online": "true"}}}, {"stock": {"where": MATTERS}}]
    },
    "departments": {"stock": {"where": MATTERS, "distinct": "said.department"}},
    "abolished": {"stock": {"where": MATTERS, "value": "said.abolished"}},
    "some": {"stock": {"where": {**MATTERS, "said.abolished": {"from": 1}}}},
    "offered": {"count": {"of": "calls", "where": {"by_hand": False}}},
    "answered": {
        "share": [
            {"count": {"of": "calls", "where": {"outcome": "answered"}}},
            {"count": {"of": "calls"}},
        ]
    },
}


def indicator(key, formula):
    return packs.read(
        {
            "id": key, "name": "示例", "name_en": "Example", "theme": "casework", "measured": "share" if "share" in formula else "count",
            "good": "up", "owner": "dsj", "since": date(2026, 1, 1), "source": "示例", "formula": formula,
        },
        where="test",
    )  # fmt: skip


ASKED = [indicator(key, formula) for key, formula in FORMULAS.items()]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path


def matter(key, *, online=True, department="scjg", unit="u1", region="421202000000", **more):
    said = {"online": online, "department": department, "abolished": 2}
    return {"kind": "matter", "key": key, "unit": unit, "region": region, **said, **more}


def told(things, *, moment, stream="catalogue:421200000000"):
    kernel.record_listed(stream=stream, act="list", actor=SYSTEM, at=moment, lists={"stock": things})


def rung(*calls, moment):
    kernel.record_listed(
        stream=f"calls:city:{moment:%Y-%m-%d}", act="heard", actor=SYSTEM, at=moment, lists={"calls": calls}
    )


def call(key, moment, outcome="answered", **more):
    return {"key": key, "at": moment.isoformat(), "line": "12345", "outcome": outcome, "waited": 6, **more}


def counted():
    relay(at=datetime(2027, 6, 1, tzinfo=UTC))
    services.collect()


def figure(key, period, *, by=(), scope=None):
    found = selectors.figures(ASKED, period=period, scope=scope or Scope(), by=by)[key].figures
    return found if by else found[()]


def month(number):
    return selectors.month(date(2026, number, 1))


def test_a_stock_is_what_was_said_last_up_to_the_periods_last_day():
    told([matter(f"m{n}", online=n > 0) for n in range(10)], moment=FIRST)
    told([matter("m0")], moment=FIRST + timedelta(days=30))
    told([matter("m1", gone=True)], moment=FIRST + timedelta(days=60), stream="catalogue:421202000000")
    counted()
    assert [figure("matters", month(n)).value for n in (8, 9, 10, 11)] == [0, 10, 10, 9]
    assert (figure("online", month(9)).part, figure("online", month(10)).part) == (9, 10)
    assert figure("online", month(8)).value is None, "nothing to divide by"
    assert figure("abolished", month(11)).value == 18
    year = Period(date(2026, 8, 1), date(2026, 11, 15))
    by_month = figure("matters", year, by=("month",))
    assert {month: one.value for (month,), one in by_month.items() if one.value} == {
        "2026-09": 10, "2026-10": 10, "2026-11": 9,
    }  # fmt: skip
    assert figure("matters", year).value == 9
    services.rebuild()
    assert figure("matters", year).value == 9


def test_a_thing_that_moved_to_another_unit_is_nobodys_else_any_more():
    told([matter("a"), matter("b", unit="u2", region="421221000000", department="rsj")], moment=FIRST)
    told([matter("a", unit="u2", region="421221000000")], moment=FIRST + timedelta(days=1))
    counted()
    by_unit = figure("matters", month(9), by=("unit",))
    assert {unit: one.value for (unit,), one in by_unit.items() if one.value} == {"u2": 2}
    assert figure("matters", month(9), scope=Scope(units=("u1",))).value == 0
    assert figure("matters", month(9), scope=Scope(regions=("421221",))).value == 2
    assert figure("departments", month(9)).value == 2
    assert len(figure("matters", month(9), by=("said.department",))) == 2


def test_a_stock_opens_what_is_held():
    told([matter(f"m{n}") for n in range(5)], moment=FIRST)
    told([matter("m3", gone=True)], moment=FIRST + timedelta(days=2))
    counted()
    rows, more = selectors.behind(ASKED[0], period=month(9), scope=Scope())
    assert ({row.key for row in rows}, more) == ({"m0", "m1", "m2", "m4"}, "")
    assert selectors.behind(ASKED[0], period=month(9), scope=Scope(), unit="u2")[0] == []
    assert words.said(ASKED[0].formula)


def test_a_matter_behind_a_stock_is_called_by_its_name(monkeypatch):
    known = {("m1", "421202000000"): SimpleNamespace(name="身份证", name_en="Identity card")}
    monkeypatch.setattr(
        things.catalogue,
        "matters",
        lambda codes, place: {c: known[c, place] for c in codes if (c, place) in known},
    )
    rows = [
        selectors.Behind("", 1, kind, "", "", "u1", date(2026, 9, 1), key)
        for kind, key in (("matter", "421202000000/m1"), ("matter", "421202000000/m2"), ("line", "12315"))
    ]  # fmt: skip
    assert things.names(rows) == {"421202000000/m1": "身份证"}


def test_calls_count_once_as_told_last_on_the_day_they_came():
    monday = at("2026-09-07 23:58")
    rung(*[call(f"c{n}", monday) for n in range(3)], call("c3", monday, "dropped"), moment=monday)
    Entry.objects.update(recorded_at=monday)  # written down earlier, and not in the same millisecond
    rung(call("c3", monday, "answered", rating=2), moment=monday + timedelta(minutes=5))
    rung(call("c4", monday, gone=True), call("c5", monday, by_hand=True), moment=monday)
    counted()
    day = Period(date(2026, 9, 7), date(2026, 9, 7))
    assert figure("offered", day).value == 4
    assert (figure("answered", day).part, figure("answered", day).whole) == (5, 5)
    assert {key: one.value for key, one in figure("offered", day, by=("line",)).items()} == {("12345",): 4}
    assert len(selectors.behind(ASKED[5], period=day, scope=Scope())[0]) == 4


def test_what_is_the_whole_citys_is_told_to_nobody_as_the_own():
    line = {"kind": "line", "key": "12345", "way": "merged"}
    told([line, matter("a"), matter("b", region="421221000000", unit="u2")], moment=FIRST)
    rung(call("c1", FIRST), moment=FIRST)
    counted()
    lines, calls = indicator("lines", {"stock": {"where": {"kind": "line"}}}), ASKED[5]

    def said(scope):
        found = selectors.figures([lines, calls, ASKED[0]], period=month(9), scope=scope)
        return [series.figures[()].value for series in found.values()]

    for whole in (Scope(), Scope(regions=("",)), Scope(regions=("4212",))):
        assert said(whole) == [1, 1, 2]
    for part in (Scope(regions=("421202",)), Scope(units=("u1",))):
        assert said(part) == [None, None, 1]
        for one in (lines, calls):
            assert selectors.behind(one, period=month(9), scope=part)[0] == []
            by_month = selectors.figures([one], period=month(9), scope=part, by=("month",))[one.id].figures
            assert not any(figure.value for figure in by_month.values())


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_told_in_whatever_order_the_figures_are_those_of_a_plain_count(seed):
    chance, held, moment = random.Random(seed), {}, FIRST
    months = {}
    for _ in range(60):
        moment += timedelta(hours=chance.choice((3, 30, 90)))
        things = []
        for key in chance.sample("abcdefghijkl", chance.randint(1, 4)):
            held[key] = matter(key, online=chance.random() < 0.5, gone=chance.random() < 0.3)
            things.append(held[key])
        told(things, moment=moment, stream=f"catalogue:{chance.choice(('421200', '421202'))}000000")
        months[f"{moment.astimezone(facts_zone()):%Y-%m}"] = [
            one for one in held.values() if not one.get("gone")
        ]
        if chance.random() < 0.2:
            counted()
    counted()
    digest = facts.digest(facts.folder())
    period = Period(date(2026, 9, 1), date(2027, 3, 31))
    found = figure("online", period, by=("month",))
    for name, standing in months.items():
        assert found[(name,)].whole == len(standing)
        assert found[(name,)].part == sum(one["online"] for one in standing)
    assert facts.verify().same
    services.rebuild()
    assert facts.digest(facts.folder()) == digest


def facts_zone():
    from tongban.oversight.insight.facts.folding import SHANGHAI

    return SHANGHAI


@pytest.mark.parametrize("word", ["many", "NaN", "1e400"])
def test_a_word_where_a_number_is_wanted_is_left_out_and_told(word):
    told([matter("a"), matter("b", abolished=word), matter("c", abolished="5")], moment=FIRST)
    counted()
    found = figure("abolished", month(9))
    assert (found.value, found.unread) == (7, 1)
    assert (figure("some", month(9)).value, figure("some", month(9)).unread) == (2, 1)
    assert figure("matters", month(9)).unread == 0
    by_unit = figure("abolished", month(9), by=("unit",))
    assert (by_unit[("u1",)].value, by_unit[("u1",)].unread) == (7, 1)
    for one in (ASKED[3], ASKED[4]):
        rows, _more = selectors.behind(one, period=month(9), scope=Scope(), left_out=True)
        assert [row.key for row in rows] == ["b"]


def test_a_word_that_is_no_number_breaks_no_page_and_can_be_opened(bureau, client):
    told([matter("a"), matter("odd-one", abolished="many")], moment=timezone.now())
    counted()
    leader = bureau.signed_in(client, "leader")
    assert "有没算进去的" in leader.get("/work/insight").content.decode()
    page = leader.get("/work/insight/catalogue.abolished_proofs").content.decode()
    assert "有1条事实在该写数字的地方写着别的" in page
    link = re.search(r'href="([^"]*left_out=1[^"]*)"', page).group(1).replace("&amp;", "&")
    assert "odd-one" in leader.get(link).content.decode()


def test_thousands_are_a_few_entries_and_each_is_counted():
    told([matter(f"m{n}", online=n % 4 > 0) for n in range(1203)], moment=FIRST)
    assert len(kernel.history("catalogue:421200000000", at=FIRST)) == 3
    counted()
    assert figure("online", month(9)).value == Decimal("74.98")


def test_what_names_somebody_is_a_digest_and_what_is_not_listed_is_no_fact(settings):
    told(
        [{"kind": "chief", "key": "officer:7", "matters": 3, "name": "王某"}, {"kind": "secret", "key": "x"}],
        moment=FIRST,
    )
    counted()
    from tongban.oversight.insight.facts import storing

    (row,) = storing.read(facts.folder(), "stocks", date(2026, 9, 1)).to_pylist()
    assert row["key"] == facts.hidden("officer:7")
    assert row["key"].startswith("officer-")
    settings.BLIND_INDEX_KEY = "5a" * 32
    assert row["key"] != facts.hidden("officer:7"), "nobody finds it by counting up without the city's key"
    assert dict(row["said"]) == {"matters": "3"}


@pytest.mark.parametrize(
    ("formula", "told_possible"),
    [
        ({"count": {"of": "stocks"}}, "stock"),
        ({"stock": {"of": "moves"}}, "stock"),
        ({"stock": {"distinct": "kind", "value": "said.abolished"}}, "where"),
        ({"stock": {"where": {"outcome": "granted"}}}, "gone"),
    ],
)
def test_a_stock_that_cannot_be_says_what_can(formula, told_possible):
    with pytest.raises(InsightError) as refused:
        parse(formula)
    assert told_possible in refused.value.possible
