"""The leader's screen: right figures with denominators, scoped, openable, cheap to poll."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desks.cases.town import case
from tests.faces.workbench.office import HALL, actor, asked, days_ago, granted, party, signed_in, the_case
from tongban.actors import api as actors
from tongban.desks.hotline.heat import api as heat
from tongban.faces.screen import figures, month, showing
from tongban.faces.screen.figures import Share
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import relay
from tongban.oversight.appraisal import api as appraisal
from tongban.oversight.insight import packs, words
from tongban.oversight.insight.api import Figure, Good, Measured
from tongban.oversight.insight.facts import services as facts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city", "no_polls")]
CITY, DISTRICT, OTHER = "421200000000", "421202000000", "421281000000"


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.DATA = tmp_path
    cache.clear()
    yield
    cache.clear()


def text(answer) -> str:
    return answer.content.decode()


def reckon(region=CITY):
    return figures.reckon(region=region, at=timezone.now())


def headline(screen, label) -> str:
    return next(figure.value for figure in showing.headlines(screen) if figure.label == label)


def test_without_anything_it_says_none_and_never_zero_percent():
    screen = reckon()
    assert (screen.today, screen.late, screen.on_time.whole) == (0, 0, 0)
    assert headline(screen, "按时率") == "无"
    assert headline(screen, "满意率") == "无"
    page = text(signed_in("leader").get("/screen"))
    assert not re.search(r"(?<!\d)0(?:\.0+)?%", page)
    assert "没有超期的案卷" in page


def test_figures_count_limits_applications_lateness_and_evaluations():
    receipt = asked(key="good")
    granted(receipt)  # notice and decide kept; delivery in the same instant too
    who = actors.actor(actor_id=party(), at=timezone.now())
    appraisal.evaluate(number=receipt.number, level=5, actor=who, at=timezone.now())
    overdue = the_case(asked(key="late", ago=40, cases=(case("a", "cgj", name="招牌"),)))
    kernel.perform(overdue.id, "accept", actor=actor("cgj"), at=days_ago(20))  # the notice was missed
    screen = reckon()
    assert screen.today == 1
    assert screen.late == 1
    assert (screen.good.part, screen.good.whole) == (0, 1)
    by_unit = {line.unit: line for line in screen.units}
    assert by_unit["421202-scjg"].on_time == Share(2, 2)
    assert by_unit["421202-cgj"].on_time == Share(0, 1)
    assert by_unit["421202-cgj"].late == 1
    assert by_unit[HALL].good == Share(0, 1)
    assert [row.number for row in screen.exceptions] == [overdue.number]
    assert headline(screen, "按时率") == f"{screen.on_time.part / screen.on_time.whole:.1%}"


def test_the_applicants_own_limit_is_nobodys_delay():
    receipt = asked()
    row = the_case(receipt)
    ask = {"papers": ["平面图"], "why": "看不清"}
    kernel.perform(row.id, "report_missing", actor=actor("scjg"), at=timezone.now(), data=ask)
    assert "applicant" not in {line.unit for line in reckon().units}
    assert reckon().on_time.whole == 1


def test_only_what_the_leader_oversees():
    asked()
    assert reckon(DISTRICT).today == 1
    assert reckon(OTHER).today == 0
    page = text(signed_in("leader").get(f"/screen?region={OTHER}"))
    assert "截至" in page
    assert f'value="{OTHER}" selected' in page
    foreign = text(signed_in("xa-supervisor").get(f"/screen?region={OTHER}"))
    assert f'value="{DISTRICT}" selected' in foreign, "a region that is not theirs falls back to theirs"


def test_every_figure_opens_what_is_behind_it():
    receipt = asked()
    leader = signed_in("leader")
    page = text(leader.get("/screen"))
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/(?:work|evaluations)[^"]*)"', page)}
    assert {"/work/late", "/evaluations"} <= links
    for link in links:
        assert leader.get(link).status_code == 200, link
    today = next(link for link in links if "opened=" in link)
    assert receipt.number in text(leader.get(today))


def test_polling_costs_nothing_while_nothing_changes(monkeypatch):
    asked_for, groups = [], heat.groups
    monkeypatch.setattr(heat, "groups", lambda **named: asked_for.append(1) or groups(**named))
    leader = signed_in("leader")
    first = leader.get("/screen/figures")
    assert first.status_code == 200
    again = leader.get("/screen/figures", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(asked_for) == 1, "once a minute"
    signed_in("xa-supervisor").get("/screen/figures")
    assert len(asked_for) == 2, "who sees other groups gets the own"
    asked()
    cache.clear()  # a minute later
    changed = leader.get("/screen/figures", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "csrf" not in text(changed)


def test_the_cost_does_not_grow_with_the_work():
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            reckon()
        return len(queries)

    for n in range(2):
        asked(key=str(n), ago=40)
    reckon()  # regions and units are read once per process
    few = cost()
    for n in range(2, 12):
        asked(key=str(n), ago=40)
    assert cost() == few <= 13


def test_better_and_worse_are_words():
    assert showing.trend(Share(99, 100), Share(9, 10)) == "比前30天的90.0%变好"
    assert showing.trend(Share(8, 10), Share(9, 10)) == "比前30天的90.0%变差"
    assert showing.trend(Share(9, 10), Share(90, 100)) == "与前30天持平"
    assert showing.trend(Share(), Share(1, 1)) == "最近30天"


def test_thirty_days_end_today_and_bars_start_at_zero():
    asked(key="a")
    asked(key="b", ago=3)
    days = reckon().days
    assert len(days) == 30
    assert days[-1].day == timezone.localtime().date()
    assert days[0].day == timezone.localtime().date() - timedelta(days=29)
    bars = showing.bars(days)
    assert {bar.height for bar in bars} == {0, showing.HEIGHT}
    assert all(bar.y + bar.height == showing.HEIGHT for bar in bars)


@pytest.mark.parametrize(
    ("key", "measured", "told"),
    [("hotline.requests", "fen", "上月全月"), ("catalogue.matters", "count", "变差"), ("casework.decided_on_time", "share", "变差")],
)  # fmt: skip
def test_half_a_month_is_not_called_worse_than_a_whole_one(key, measured, told):
    one = replace(packs.indicators()[key], measured=Measured(measured), good=Good.UP)
    now, before = (Figure(key, 1, (), Decimal(value), value, 100) for value in (40, 80))
    assert told in month._trend(month.Watched(one, now, before))


def test_the_months_indicators_stand_with_target_and_trend_and_the_missed_first():
    granted(asked(key="good"))
    missed = the_case(asked(key="late", ago=40, cases=(case("a", "cgj", name="招牌"),)))
    kernel.perform(missed.id, "accept", actor=actor("cgj"), at=timezone.now())  # the notice was missed
    relay(at=timezone.now())
    facts.collect()
    leader = signed_in("leader")
    page = text(leader.get("/screen"))
    tiles = re.findall(r"<li(?: class=\"sc-missed\")?><span class=\"sc-name\">([^<]+)</span>", page)
    assert tiles[0] == "按时告知受理率", "one of two was told in time, the target is all"
    assert sorted(tiles) == sorted(words.name(packs.indicators()[key]) for key in month.listed())
    assert "50.0%" in page
    assert "1/2 · 目标100% · 上月无" in page
    link = (
        re.search(r'href="(/work/insight/casework\.noticed_on_time[^"]*)"', page)
        .group(1)
        .replace("&amp;", "&")
    )
    assert "1/2" in text(leader.get(link))
    units = set(re.findall(r'href="(/work/insight/departments/[^"]+)"', page))
    assert units
    for unit in units:
        assert leader.get(unit).status_code == 200


def test_what_falls_due_today_is_counted_and_listed_next_first():
    row = the_case(asked(key="soon"))
    end = figures.midnight(timezone.localdate() + timedelta(days=1))
    Docket.objects.filter(pk=row.id).update(due_at=end)
    screen = reckon()
    assert (screen.due_today, [one.number for one in screen.due]) == (1, [row.number])
    Docket.objects.filter(pk=row.id).update(due_at=end + timedelta(seconds=1))
    assert reckon().due_today == 0
    Docket.objects.filter(pk=row.id).update(due_at=timezone.now() - timedelta(seconds=1))
    assert reckon().due_today == 0, "late already"


def test_who_may_look():
    assert signed_in("scjg").get("/screen").status_code == 403
    assert signed_in("zhang").get("/screen").status_code == 403
    assert signed_in("supervisor").get("/screen").status_code == 200
