"""Officers are told what they asked for, within what they may count, once."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.kernel.toy import at
from tests.oversight.insight.conftest import MONDAY
from tongban.actors.models import Appointment
from tongban.kernel.outbox.relay import relay
from tongban.oversight.insight.contracts import InsightError
from tongban.oversight.insight.months import services as months
from tongban.oversight.insight.subscriptions import services
from tongban.oversight.insight.subscriptions.contracts import When
from tongban.oversight.insight.subscriptions.models import Subscription
from tongban.registers.messages.models import Message

pytestmark = pytest.mark.usefixtures("toy_pack")
AFTER = at("2026-12-03 09:00")
NOVEMBER = date(2026, 11, 15)


def subscribe(bureau, who="leader", indicator="toy.opened", when=When.PUBLISHED, threshold=None, region=""):
    return services.subscribe(
        indicator=indicator,
        region=region,
        when=when,
        threshold=threshold,
        actor=bureau.actor(who),
        at=timezone.now(),
    )


def told(bureau, who="leader"):
    return [row.body for row in Message.objects.filter(recipient=bureau.actor(who).id).order_by("pk")]


def test_subscribers_hear_of_a_month_that_is_published_and_of_its_correction(bureau, toys, monkeypatch):
    toys(1, 2)
    subscribe(bureau)
    subscribe(bureau, indicator="toy.on_time", region="421202000000")
    subscribe(bureau, who="other")
    months.publish(month=NOVEMBER, actor=bureau.actor("head"), at=AFTER)
    with monkeypatch.context() as within_news:
        within_news.setattr(services, "figures", lambda *_asked, **_more: 1 / 0)
        relay(at=AFTER)
    assert told(bureau) == [], "no figure is counted while news are told: everybody who writes would wait"
    assert (services.tell_waiting(), services.tell_waiting()) == (2, 0)
    assert services.tell_published(day=NOVEMBER, edition=1, at=AFTER) == 2, "told again, nothing new is sent"
    (body,) = told(bureau)
    assert "toy.opened 2" in body
    assert "toy.on_time 100%" in body
    (other,) = told(bureau, "other")
    assert "toy.opened 0" in other, "a head hears of the own unit only"
    toys(1)
    months.correct(month=NOVEMBER, reason="晚到一件", actor=bureau.actor("head"), at=AFTER)
    relay(at=AFTER)
    services.tell_waiting()
    assert "toy.opened 3" in told(bureau)[-1]
    assert "更正" in told(bureau)[-1]


def test_who_may_no_longer_count_it_is_told_nothing(bureau, toys):
    toys(1)
    subscribe(bureau)
    Appointment.objects.filter(officer=bureau.officers["leader"]).update(until_date=date(2026, 11, 1))
    assert services.tell_published(day=NOVEMBER, edition=1, at=AFTER) == 0
    assert told(bureau) == []


@pytest.mark.parametrize(
    ("when", "threshold", "tells"),
    [(When.ABOVE, "1", 1), (When.ABOVE, "2", 0), (When.BELOW, "3", 1), (When.BELOW, "2", 0)],
)
def test_a_figure_that_crosses_a_limit_is_told_once_a_month(bureau, toys, when, threshold, tells):
    toys(1, 2)
    subscribe(bureau, when=when, threshold=Decimal(threshold))
    day = at("2026-11-20 07:30")
    assert services.tell_crossed(at=day) == tells
    services.tell_crossed(at=day)
    assert len(told(bureau)) == tells


def test_nothing_to_divide_by_crosses_nothing(bureau, toys):
    toys(0)
    subscribe(bureau, indicator="toy.on_time", when=When.BELOW, threshold=Decimal(90))
    assert services.tell_crossed(at=MONDAY) == 0


def test_what_cannot_be_subscribed_says_what_can(bureau):
    for wrong, says in (
        ({"indicator": "no.such"}, "没有这个指标"),
        ({"region": "110000000000"}, "不归您看"),
        ({"when": When.ABOVE}, "请填一个数"),
        ({"when": When.TARGET}, "没有定目标"),
    ):
        with pytest.raises(InsightError, match=says):
            subscribe(bureau, **wrong)
    subscribe(bureau)
    with pytest.raises(InsightError, match="已经订阅过"):
        subscribe(bureau)


def test_subscribing_and_ending_it_over_the_page(bureau, client, toys):
    leader = bureau.signed_in(client, "leader")
    page = "/work/insight/subscriptions"
    assert leader.get(f"{page}?indicator=toy.on_time").status_code == 200
    assert (
        leader.post(
            page, {"indicator": "toy.on_time", "region": "", "when": "below", "threshold": "95"}
        ).status_code
        == 302
    )
    row = Subscription.objects.get()
    wrong = leader.post(
        page, {"indicator": "toy.on_time", "region": "", "when": "above", "threshold": "很多"}
    )
    assert (wrong.status_code, "很多" in wrong.content.decode()) == (422, True)
    other = bureau.signed_in(client, "other")
    other.post(f"{page}/{row.pk}/end")
    assert Subscription.objects.filter(pk=row.pk).exists(), "another's stays"
    leader = bureau.signed_in(client, "leader")
    leader.post(f"{page}/{row.pk}/end")
    assert not Subscription.objects.exists()
