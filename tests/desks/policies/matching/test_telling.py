"""Alerts: what is new, what closes, what is just missed; in one message, not too often, never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from tests.desks.policies.matching.conftest import CAPITAL, FAR, GOOD, NEARLY, growth
from tongban.actors import api as actors
from tongban.desks.policies.matching import api, keeping
from tongban.desks.policies.matching.contracts import News
from tongban.desks.policies.matching.models import Told
from tongban.desks.policies.matching.telling import candidates, rules, sending
from tongban.registers.messages.models import Message


def test_a_company_is_told_what_it_is_entitled_to_and_what_it_just_misses(town):
    good, nearly, far = town.company(**GOOD), town.company(**NEARLY), town.company(**FAR)
    town.open(growth(closes_on="2026-12-31"))

    assert town.tell() == 2

    [(zh, en)] = town.letters(good)
    assert zh.startswith("您现在可以享受：“成长补助”（2026年12月31日截止）")
    assert en.startswith("You are now entitled to: “Growth subsidy”")
    [(zh, _en)] = town.letters(nearly)
    assert zh.startswith("只差一点就符合的：“成长补助”")
    assert town.letters(far) == []


def test_nothing_is_told_twice_however_often_the_job_is_repeated(town):
    good = town.company(**GOOD)
    town.open()
    assert [town.tell(), town.tell()] == [1, 0]
    town.later(days=30)
    assert town.tell() == 0
    assert len(town.letters(good)) == 1


def test_what_is_new_waits_until_enough_days_have_gone_by_and_comes_in_one_message(town):
    good = town.company(**GOOD)
    town.open()
    town.tell()
    town.later(days=1)
    town.open(
        growth("kjj-second", title="第二项", condition=CAPITAL),
        growth("kjj-third", title="第三项", condition=CAPITAL),
        key="kjj-more",
    )

    assert town.tell() == 0
    town.later(days=6)
    assert town.tell() == 1

    zh = town.letters(good)[1][0]
    assert "“第二项”" in zh
    assert "“第三项”" in zh
    assert "成长补助" not in zh


def test_a_new_year_is_news_again(town):
    good = town.company(**GOOD)
    town.open(
        growth(condition=CAPITAL), growth("kjj-once", condition=CAPITAL, period="once", title="只给一次")
    )
    town.tell()
    town.later(days=50)

    assert (town.today.year, town.tell()) == (2027, 1)
    assert "只给一次" not in town.letters(good)[1][0]


def test_what_has_to_be_claimed_is_told_again_when_its_last_day_is_near(town):
    good = town.company(**GOOD)
    last = town.today + timedelta(days=40)
    for key, way in (("kjj-growth", "quick"), ("kjj-itself", "none")):
        town.open(growth(key, condition=CAPITAL, way=way, closes_on=last.isoformat()), key=f"p-{key}")
    town.tell()
    town.later(days=30)

    assert town.tell() == 1
    zh = town.letters(good)[1][0]
    assert zh.startswith("快要截止，还没有申领的：“成长补助”")
    assert zh.count("成长补助") == 1
    town.later(days=8)
    assert town.tell() == 0


def test_what_is_taken_already_is_not_told_of(town, monkeypatch):
    monkeypatch.setitem(sending._TAKEN, "claims", lambda pairs, _at: set(pairs))
    town.company(**GOOD)
    town.open()
    assert town.tell() == 0
    assert not Told.objects.exists()


def test_a_measure_that_is_not_open_yet_is_told_of_when_it_opens(town):
    good = town.company(**GOOD)
    town.open(growth(condition=CAPITAL, opens_on=(town.today + timedelta(days=3)).isoformat()))
    assert town.tell() == 0
    town.later(days=3)
    assert town.tell() == 1
    assert len(town.letters(good)) == 1


def test_kinds_that_are_not_wanted_and_measures_that_are_muted_are_not_told_of(town):
    good, nearly = town.company(**GOOD), town.company(**NEARLY)
    town.open(growth(), growth("kjj-second", title="第二项"))
    api.decline(str(nearly), [News.NEAR.value], actor=town.actor("boss"), at=town.at)
    api.mute(str(good), "kjj-growth", muted=True, actor=town.actor("boss"), at=town.at)

    assert town.tell() == 1
    assert town.letters(nearly) == []
    [(zh, _en)] = town.letters(good)
    assert ("成长补助" in zh, "第二项" in zh) == (False, True)
    with pytest.raises(api.MatchingError, match="没有这种提醒"):
        api.decline(str(good), ["everything"], actor=town.actor("boss"), at=town.at)
    with pytest.raises(api.MatchingError, match="没有这项措施"):
        api.mute(str(good), "kjj-none", muted=True, actor=town.actor("boss"), at=town.at)


def test_long_lists_name_the_first_and_count_the_others(town):
    good = town.company(**GOOD)
    town.open(*(growth(f"kjj-m{n}", title=f"第{n}项") for n in range(8)))
    town.tell()
    [(zh, en)] = town.letters(good)
    assert zh.count("“第") == 5
    assert "还有3项" in zh
    assert "and 3 more" in en


def test_a_portrait_that_changes_is_news_at_once(town):
    company = town.company(**FAR)
    town.open()
    town.renew()
    assert town.letters(company) == []
    town.later(hours=1)
    town.knows(company, firm__capital=900_000_00)
    town.renew()
    assert len(town.letters(company)) == 1
    assert town.tell() == 0


def test_who_has_ended_is_told_nothing(town):
    gone = town.company(**GOOD)
    gone.ended_on = town.today
    gone.save()
    town.open()
    assert town.tell() == 0


def test_a_job_killed_between_two_parties_tells_each_once(town, monkeypatch):
    companies = [town.company(**GOOD) for _n in range(4)]
    town.open()
    monkeypatch.setattr(sending, "BATCH", 2)
    send, sent = sending._send, []

    def dying(*given):
        if len(sent) == 3:
            raise KeyboardInterrupt
        sent.append(given)
        send(*given)

    monkeypatch.setattr(sending, "_send", dying)
    tell = sending._tell
    monkeypatch.setattr(sending, "_tell", lambda *given: _undone(tell, given))
    with pytest.raises(KeyboardInterrupt):
        town.tell()
    assert Message.objects.filter(template="benefit.news").count() == 2
    monkeypatch.undo()

    assert town.tell() == 2
    assert [len(town.letters(one)) for one in companies] == [1, 1, 1, 1]


def _undone(function, given):
    with transaction.atomic():
        return function(*given)


def test_news_of_a_child_process_is_read_back_as_it_was(town, tmp_path):
    town.company(**GOOD)
    town.company(**NEARLY)
    town.open()
    town.tell()
    Told.objects.all().delete()
    found = list(candidates.offers("organisation", at=town.at))
    candidates.write(tmp_path / "news.found", found)
    assert [len(offer.entitled) + len(offer.near) for _party, offer in found] == [1, 1]
    assert list(candidates.read(tmp_path / "news.found")) == found


def test_an_export_has_what_was_told_and_an_erasure_leaves_nothing(town):
    good = town.company(**GOOD)
    town.open()
    town.tell()
    api.mute(str(good), "kjj-growth", muted=True, actor=town.actor("boss"), at=town.at)
    town.knows(good, firm__illegal=False)
    town.renew()

    told, wishes = keeping.news(str(good), town.at)
    assert told.records == [{"measure": "kjj-growth", "period": "2026", "news": "entitled"}]
    assert wishes.records[0]["muted"] == ["kjj-growth"]
    assert keeping.erase(str(good), town.at) == 3
    assert [one.records for one in keeping.news(str(good), town.at)] == [[], []]


@pytest.mark.parametrize(
    ("period", "said"), [("year", "2026"), ("quarter", "2026Q4"), ("month", "2026-11"), ("once", "")]
)
def test_a_period_has_a_name(town, period, said):
    assert rules.period_of(period, actors.day_of(town.at)) == said


def test_old_figures_go_and_results_stay(town):
    town.company(**GOOD)
    town.open()
    town.run()
    town.later(days=1)
    town.run()
    town.later(days=401)
    assert keeping.clear(at=town.at) == 3  # of companies the first, of persons both
    assert town.counts().entitled == 1
