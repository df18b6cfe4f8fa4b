"""The hotline's figures: right counts with denominators, the tickets behind each, a bulletin that says no more than it may."""

import json
import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from tests.desks.hotline.town import (
    CENTRE,
    CITY,
    COUNTY,
    GOOD,
    MARKET,
    NINE,
    TOWN,
    URBAN,
    clock,
    dispatched,
    make,
    state,
    taken,
    who,
)
from tests.registers.identity.factories import an_account
from tongban.actors import api as actors
from tongban.desks.hotline.figures import bulletin, listing, mapping, ranking, reckoning, showing
from tongban.desks.hotline.figures.contracts import Period, Report, Share, Taken, UnitLine
from tongban.desks.hotline.figures.tiles import tiles
from tongban.desks.hotline.telephony.api import AnswerFigures

NOVEMBER = reckoning.month_of(2026, 11)
LATER = clock("2026-11-25 10:00")
SHANGHAI_DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    yield
    cache.clear()


def done(ticket, *, at=NINE, satisfaction="satisfied", solved="yes", operator=None):
    make(ticket, "sign", "urban", at=at)
    make(ticket, "reply", "urban", at=at, reply=GOOD)
    make(ticket, "review", "dispatcher", at=at)
    given = {"operator": operator} if operator else {}
    return make(ticket, "call_back", "caller_back", at=at, satisfaction=satisfaction, solved=solved, **given)


@pytest.fixture
def month(town):
    """Four tickets of November: one good, one bad and late, one returned and upheld, one of a phone repeated on the net."""
    good = dispatched(category="城乡建设/市政设施", latitude=29.8311, longitude=114.3201)
    done(good, operator="very")
    bad = dispatched(
        text="城东小区南门的路灯修过又坏，晚上还是不亮，请再派人来修。",
        kind="complaint",
        latitude=29.8319,
        longitude=114.3209,
    )
    done(bad, at=clock("2026-12-20 10:00"), satisfaction="unsatisfied", solved="no")
    back = dispatched(text="菜市场短斤少两，摊主还骂人，请处理。", kind="complaint")
    make(back, "give_back", "urban", reason="属市场监管局职责", law="计量法", at=NINE + timedelta(hours=1))
    make(back, "uphold", "dispatcher", unit=MARKET, reason="成立", at=NINE + timedelta(hours=2))
    again = taken(
        "城东小区南门的路灯修过又坏，晚上还是不亮，请再派人来修。",
        channel="web",
        kind="complaint",
        by="operator",
    )
    return SimpleNamespace(good=good, bad=bad, back=back, again=again)


def reckon(period=NOVEMBER, *, at=LATER):
    return reckoning.reckon(period, at=at)


def numbers(what, *, by="dispatcher", at=LATER, period=NOVEMBER, **more):
    found = listing.rows(listing.Asked(what, period, **more), actor=who(by), at=at)
    return {row.number for row in found}


@pytest.mark.django_db
class TestCounts:
    def test_what_came_in_by_channel_kind_place_and_category(self, month):
        found = reckon().taken
        assert (found.total, found.repeated) == (4, 1)
        assert found.by_channel == {"phone": 3, "web": 1}
        assert found.by_kind == {"help": 1, "complaint": 3}
        assert found.by_region == {COUNTY: 4}
        assert found.by_category == {"城乡建设": 1, "": 3}
        assert numbers("taken", category="城乡建设") == {month.good.number}
        assert numbers("taken", category=listing.NO_CATEGORY, channel="phone") == {
            month.bad.number,
            month.back.number,
        }
        assert numbers("repeated") == numbers("taken", channel="net") == {month.again.number}

    def test_limits_count_when_they_end(self, month):
        november, december = reckon(), reckon(reckoning.month_of(2026, 12), at=clock("2026-12-31 10:00"))
        assert november.handled == Share(1, 1)
        assert december.handled == Share(0, 1)
        assert numbers("handle_missed", period=december.period) == {month.bad.number}
        assert {line.unit: line.returned for line in november.units}[URBAN] == 1
        assert november.judged == Share(1, 1)
        assert numbers("upheld", unit=URBAN) == {month.back.number}

    def test_callers_judge_in_the_month_in_which_they_are_called_back(self, month):
        november, december = reckon(), reckon(reckoning.month_of(2026, 12))
        assert (november.satisfied, november.solved, november.operators) == (
            Share(1, 1),
            Share(1, 1),
            Share(1, 1),
        )
        assert (december.satisfied, december.solved) == (Share(0, 1), Share(0, 1))
        assert numbers("unhappy", period=december.period, unit=URBAN) == {month.bad.number}

    def test_who_could_not_be_reached_does_not_count(self, town):
        done(dispatched(), satisfaction="no_answer", solved="unknown")
        assert (reckon().satisfied, reckon().solved) == (Share(), Share())

    def test_what_is_late_now(self, month):
        assert reckon(at=NINE).units[0].late == 0
        late = {line.unit: line.late for line in reckon(at=clock("2026-11-29 10:00")).units}
        assert late[MARKET] == 1
        assert numbers("late", at=clock("2026-11-29 10:00"), unit=MARKET) == {month.back.number}

    def test_a_division_counts_its_own(self, month):
        taken(region=TOWN)
        assert reckon(Period(NOVEMBER.since, NOVEMBER.until, TOWN)).taken.total == 1
        assert reckon(Period(NOVEMBER.since, NOVEMBER.until, COUNTY)).taken.by_region == {COUNTY: 4, TOWN: 1}
        assert reckoning.within(CITY) is None
        assert reckoning.within(COUNTY) == ("421202000000", "421202999999")

    def test_days_add_up(self, month):
        listed = reckoning.days(NOVEMBER, until=date(2026, 11, 22))
        assert (len(listed), listed[19].taken, sum(one.taken for one in listed)) == (22, 4, 4)

    def test_few_statements_whatever_there_is(self, month, django_assert_max_num_queries):
        with django_assert_max_num_queries(9):
            reckon()

    def test_a_confidential_ticket_is_counted_and_not_shown(self, town):
        secret = taken(
            "举报单位领导吃拿卡要，请为我保密。",
            kind="report",
            confidential=True,
            latitude=29.9,
            longitude=114.3,
        )
        assert reckon().taken.total == 1
        assert numbers("taken", by="supervisor") == set()
        assert state(secret).title == "保密工单"
        assert mapping.clusters(NOVEMBER) == []


@pytest.mark.django_db
def test_neighbours_are_one_cluster_that_opens_its_tickets(month):
    (found,) = mapping.clusters(NOVEMBER)
    assert (found.count, found.place) == (2, "城东小区南门")
    assert numbers("taken", cell=(found.row, found.column, mapping.cells_of(NOVEMBER))) == {
        month.good.number,
        month.bad.number,
    }


class TestRanking:
    def test_weights_of_what_has_no_denominator_go_to_the_rest(self):
        full = UnitLine("a", Share(9, 10), Share(10, 10), Share(1, 2), Share(1, 1))
        assert ranking.score(full) == pytest.approx(18 + 30 + 25 + 12.5)
        assert ranking.score(UnitLine("b", Share(), Share(3, 4))) == pytest.approx(75)
        assert ranking.score(UnitLine("c", Share(2, 2), Share(2, 2))) is None

    def test_equal_scores_share_a_place_and_few_cases_have_none(self):
        lines = ranking.ranked(
            [UnitLine(name, handled=Share(n, 4)) for name, n in (("a", 2), ("b", 4), ("c", 4))]
            + [UnitLine("d")]
        )
        assert [(place, line.unit) for place, line in ranking.places(lines)] == [
            (1, "b"),
            (1, "c"),
            (3, "a"),
            (None, "d"),
        ]


class TestTiles:
    def test_every_division_has_a_square_of_its_own_about_where_it_lies(self):
        places = {
            "n": (30.0, 114.0),
            "s": (29.0, 114.0),
            "e": (29.5, 114.9),
            "w": (29.5, 113.1),
            "x": (29.5, 114.0),
            "y": (29.5, 114.01),
        }
        regions = [
            SimpleNamespace(code=code, name=code, latitude=lat, longitude=lon)
            for code, (lat, lon) in places.items()
        ]
        regions.append(SimpleNamespace(code="lost", name="lost", latitude=None, longitude=None))
        found = {one.code: one for one in tiles(regions, {"n": 3}, names={})}
        assert len({(one.column, one.row) for one in found.values()}) == 7
        assert found["n"].row < found["x"].row < found["s"].row
        assert found["w"].column < found["x"].column < found["e"].column
        assert found["lost"].row > found["s"].row
        assert found["n"].count == 3

    def test_nothing_below_is_no_map(self):
        assert tiles([], {}, names={}) == []


def report(total=10, *, units=(), categories=None):
    return Report(
        period=NOVEMBER, at=LATER, taken=Taken(total=total, by_channel={"phone": total}, by_category=categories or {}), closed=total,
        signed=Share(10, 10), handled=Share(9, 10), satisfied=Share(8, 9), solved=Share(7, 9), partly=1, operators=Share(9, 9),
        returned=1, judged=Share(1, 1), calls=AnswerFigures(offered=20, answered=19, in_time=18), units=tuple(units),
    )  # fmt: skip


class TestBulletin:
    URBAN_LINE = UnitLine("421202-cgj", handled=Share(3, 5), late=2)

    def compose(self, *, public):
        now = report(12, units=[self.URBAN_LINE], categories={"噪声": 8, "供水": 4})
        return bulletin.compose(
            now=now,
            before=report(10, categories={"噪声": 2, "供水": 4}),
            year_ago=report(0),
            so_far=report(100),
            public=public,
        )

    @pytest.mark.django_db
    def test_the_text_follows_from_the_figures(self, town):
        made = self.compose(public=False)
        assert made.lead == "受理诉求12件，比上月增加20.0%；按时办结率90.0%，满意率88.9%。"
        assert "噪声（2→8）" in made.paragraphs[3]
        assert [rise.name for rise in made.rises] == ["噪声"]
        assert "咸安区城管局（2/5）" in made.paragraphs[4]
        assert [line.unit for line in made.lates] == ["421202-cgj"]
        assert made.table[0].cells == ("12", "10", "0", "100")
        assert made.table[3].cells[0] == "95.0%（19/20）"

    @pytest.mark.django_db
    def test_everybody_reads_who_is_best_and_not_who_was_late(self, town):
        made = self.compose(public=True)
        assert made.lates == ()
        assert not any("城管" in words for words in made.paragraphs)


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def desk(self, client, month):
        client.force_login(an_account("desk", acts_as=who("dispatcher").id, kind="officer"))
        return client

    def test_every_link_of_the_screen_opens(self, desk):
        page = desk.get("/work/hotline/screen").content.decode()
        assert "12345热线运行" in page
        links = {
            link.replace("&amp;", "&")
            for link in re.findall(r'href="(/work/hotline/(?:tickets-behind|calls)[^"]*)"', page)
        }
        assert len(links) > 15
        assert {desk.get(link).status_code for link in links} == {200}

    def test_the_poll_answers_only_what_is_new(self, desk):
        first = desk.get("/work/hotline/screen/figures")
        assert (
            desk.get("/work/hotline/screen/figures", headers={"If-None-Match": first["ETag"]}).status_code
            == 304
        )

    def test_map_lists_and_odd_questions(self, desk):
        page = desk.get("/work/hotline/map").content.decode()
        assert "城东小区南门" in page
        assert "咸安区" in page
        for asked in ("what=none", ""):
            assert desk.get(f"/work/hotline/tickets-behind?{asked}").status_code == 404
        for more in ("since=9999-99-99", "cell=1,2", "cell=a,b", "region=x", "after=x", "hour=77"):
            assert desk.get(f"/work/hotline/tickets-behind?what=taken&{more}").status_code == 200

    def test_the_map_takes_the_boundaries_that_the_city_has_installed(self, desk, settings, tmp_path):
        assert "方格按大致方位排列" in desk.get("/work/hotline/map").content.decode()
        ring = [[114, 29], [115, 29], [115, 30], [114, 30], [114, 29]]
        shape = json.dumps({"type": "Polygon", "coordinates": [ring]})
        for code in ("421200", *(one.code[:6] for one in actors.regions_below(CITY))):
            (tmp_path / f"{code}.geojson").write_text(shape, "utf-8")
        settings.BOUNDARIES, settings.BOUNDARIES_NOTE = tmp_path, "审图号：鄂S（2026）001号"
        page = desk.get("/work/hotline/map").content.decode()
        assert "审图号：鄂S（2026）001号" in page
        assert "方格按大致方位排列" not in page
        assert 'class="hf-line" fill="none"' in page

    def test_the_bulletin_as_page_and_paper(self, desk):
        page = desk.get("/work/hotline/bulletin/2026-11").content.decode()
        assert "12345热线2026年11月通报" in page
        assert "受理诉求4件" in page
        paper = desk.get("/work/hotline/bulletin/2026-11/pdf")
        assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
        for month in ("2026-13", "2999-01", "x", "0001-01"):
            assert desk.get(f"/work/hotline/bulletin/{month}").status_code == 404

    def test_everybody_reads_months_that_are_over(self, client, town):
        assert client.get("/hotline/bulletin").status_code == 302
        page = client.get("/hotline/bulletin/2026-10")
        assert page.status_code == 200
        assert "tickets-behind" not in page.content.decode()
        assert client.get("/hotline/bulletin/2998-10").status_code == 404
        assert client.get("/work/hotline/bulletin/2026-10").status_code == 302


def test_nothing_is_no_rate():
    assert showing.of(Share()) == ""
    assert bulletin.share(Share()) == "无"
    assert CENTRE == "421200-dsj"
