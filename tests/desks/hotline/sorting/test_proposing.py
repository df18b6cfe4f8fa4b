"""Tickets that no operator took: proposed after they were taken, dispatched by themselves where the city trusts it."""

from datetime import timedelta

import pytest

from tests.desks.hotline.town import CITY, COUNTY, MARKET, NINE, URBAN, make, state, taken, who
from tongban.desks.hotline.sorting import api, current, proposing, selectors, suggesting
from tongban.desks.hotline.sorting.models import Proposal
from tongban.kernel import api as kernel
from tongban.kernel.outbox.relay import relay

pytestmark = pytest.mark.usefixtures("town", "room")
SEWAGE = "餐馆的污水直排，臭味很重，请处理"
SOON = NINE + timedelta(seconds=20)


def told(channel: str, text: str = SEWAGE, **more: object):
    """A message by a channel, with the queue worked off."""
    ticket = taken(text, channel=channel, region=COUNTY, place="", **more)
    relay(at=NINE)
    proposing.propose_waiting(at=SOON)
    return ticket


def trusted(confidence: float | None = 0.5, **where: str) -> None:
    api.set_threshold(
        region=where.pop("region", CITY), confidence=confidence, actor=who("centre_head"), at=NINE, **where
    )


def acts(ticket) -> list[str]:
    return [one.act for one in kernel.history(ticket.number, at=SOON)]


@pytest.mark.parametrize("channel", sorted(proposing.WITHOUT_OPERATOR))
def test_without_a_threshold_every_such_channel_gets_a_proposal_and_waits_for_a_person(channel):
    ticket = told(channel)
    found = api.proposal_of(ticket.docket)
    assert (found.unit, found.category, found.automatic) == (MARKET, "环境/污水", False)
    assert state(ticket).state == "taken"
    said = kernel.history(ticket.number, at=SOON)[-1]
    assert (said.act, said.body["data"]["version"], said.body["data"]["automatic"]) == (
        "sort",
        found.version,
        False,
    )
    assert said.body["data"]["confidence"] == found.confidence


def test_a_call_has_an_operator_and_what_is_confidential_is_nobodys_proposal():
    for ticket in (told("phone"), told("web", confidential=True)):
        assert api.proposal_of(ticket.docket) is None
        assert "sort" not in acts(ticket)


def test_at_the_threshold_it_is_dispatched_by_itself_and_says_so():
    trusted()
    ticket = told("web")
    row = state(ticket)
    assert (row.state, row.unit) == ("dispatched", MARKET)
    assert acts(ticket) == ["take", "sort", "dispatch"]
    sorted_, sent = kernel.history(ticket.number, at=SOON)[1:]
    assert (sorted_.body["data"]["automatic"], sorted_.body["data"]["threshold"]) == (True, 0.5)
    assert sent.actor == "system"
    assert "按自动派单门槛派出" in sent.body["data"]["opinion"]
    relay(at=SOON)
    assert api.proposal_of(ticket.docket).followed


def test_a_channel_or_a_category_may_have_its_own_threshold_or_none():
    trusted()
    trusted(None, channel="message")
    trusted(None, category="环境")
    assert state(told("message", "公交车班次太少等很久")).state == "taken"
    assert state(told("web")).state == "taken"
    trusted(0.5, category="环境", channel="web")
    assert state(told("web", "餐馆污水直排河里，臭味很重")).state == "dispatched"
    api.drop_threshold(region=CITY, channel="web", category="环境", actor=who("centre_head"), at=NINE)
    assert api.threshold(COUNTY, channel="web", category="环境") is None
    assert [
        one.act for one in kernel.history(f"sorting:{CITY}", at=NINE)
    ] == ["threshold"] * 4 + ["threshold_dropped"]  # fmt: skip


def test_an_emergency_is_a_persons_whatever_the_threshold():
    trusted()
    ticket = told("web", urgency="emergency")
    assert state(ticket).state == "taken"
    assert api.proposal_of(ticket.docket).why == "突发事件由人派单。"


def test_without_a_usable_model_it_is_dispatched_by_hand(monkeypatch):
    trusted()
    monkeypatch.setattr(suggesting, "current", lambda: current.Current(None, "v1", "分类模型不能用。"))
    ticket = told("web")
    assert (state(ticket).state, "sort" in acts(ticket)) == ("taken", False)
    assert api.proposal_of(ticket.docket).why == "分类模型不能用。"
    make(ticket, "dispatch", "dispatcher", at=SOON, unit=URBAN)
    assert state(ticket).unit == URBAN


def test_who_was_faster_decides():
    trusted()
    ticket = taken(SEWAGE, channel="web", region=COUNTY, place="")
    relay(at=NINE)
    make(ticket, "dispatch", "dispatcher", unit=URBAN)
    proposing.propose_waiting(at=SOON)
    assert (state(ticket).unit, api.proposal_of(ticket.docket)) == (URBAN, None)
    relay(at=SOON)
    assert not Proposal.objects.exists()


def test_a_return_judged_right_counts_against_it():
    trusted()
    wrong, right = told("web"), told("qr", "养猪场的污水直排，臭味很重")
    relay(at=SOON)
    make(wrong, "give_back", "market", at=SOON, reason="不属于本单位职责")
    make(wrong, "uphold", "dispatcher", at=SOON, unit=URBAN, reason="确属城管职责")
    make(right, "give_back", "market", at=SOON, reason="不属于本单位职责")
    make(right, "overrule", "dispatcher", at=SOON, reason="依职责清单属市场监管")
    by_hand = told("web", "公交车班次太少等很久，司机态度很差")
    make(by_hand, "dispatch", "dispatcher", at=SOON, unit=URBAN)
    relay(at=SOON)
    found = selectors.accuracy([CITY, COUNTY], since=NINE)
    assert (found["web"].decided, found["web"].by_itself, found["web"].right) == (2, 1, 0)
    assert (found["qr"].decided, found["qr"].right, found["qr"].returned) == (1, 1, 0)
    behind = selectors.behind("returned", [COUNTY], since=NINE)
    assert [docket for docket, _one in behind] == [wrong.docket]
