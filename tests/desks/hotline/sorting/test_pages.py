"""The page of the desk's head: versions, thresholds, how often proposals were right."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.faces.workbench.office import signed_in
from tongban.actors import api as actors
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.sorting import api, proposing, selectors
from tongban.desks.hotline.sorting.models import ModelVersion
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import relay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city", "room")]
PAGE = "/work/hotline/sorting"
CITY, COUNTY = "421200000000", "421202000000"
SEWAGE = "咸安区温泉街道万年路餐馆的污水直排，臭味很重"


def message(channel: str = "web", text: str = SEWAGE) -> hotline.Taken:
    """One message, taken and proposed for."""
    new = hotline.NewTicket(kind="complaint", channel=channel, text=text, region=COUNTY)
    ticket = hotline.take(new, actor=kernel.SYSTEM, at=timezone.now())
    relay(at=timezone.now())
    proposing.propose_waiting(at=timezone.now())
    return ticket


def test_the_head_sets_a_threshold_and_the_next_message_goes_by_itself():
    head = signed_in("city-dsj-head")
    waits = message()
    assert Docket.objects.get(pk=waits.docket).state == "taken"
    given = {"region": CITY, "channel": "web", "category": "", "sure": "50"}
    assert head.post(f"{PAGE}/thresholds", given, follow=True).status_code == 200
    assert api.threshold(COUNTY, channel="web") == 0.5
    assert Docket.objects.get(pk=message("mailbox").docket).state == "taken", "only of the web"
    ticket = message("web", SEWAGE + "，请处理")
    relay(at=timezone.now())
    assert Docket.objects.get(pk=ticket.docket).unit == "421202-scjg"
    said = head.get(PAGE).content.decode()
    assert "≥ 50" in said
    listed = signed_in("dispatcher").get(f"{PAGE}/proposals?what=by_itself&channel=web").content.decode()
    assert ticket.number in listed
    assert waits.number not in listed
    shown = signed_in("dispatcher").get(f"/work/{ticket.number}").content.decode()
    assert "自动派单" in shown
    gone = {"region": CITY, "channel": "web", "category": ""}
    head.post(f"{PAGE}/thresholds/drop", gone)
    assert api.threshold(COUNTY, channel="web") is None


def test_what_is_no_threshold_is_said_and_kept():
    head = signed_in("city-dsj-head")
    answer = head.post(f"{PAGE}/thresholds", {"region": CITY, "channel": "", "category": "", "sure": "20"})
    assert answer.status_code == 422
    assert 'value="20"' in answer.content.decode()


def test_one_key_takes_the_proposal_over_and_the_page_counts_it():
    ticket = message()
    dispatcher = signed_in("dispatcher")
    page = dispatcher.get(f"/work/{ticket.number}").content.decode()
    assert 'data-key="F8"' in page
    found = api.proposal_of(ticket.docket)
    given = {"unit": found.unit, "matter": found.matter, "category": found.category}
    assert dispatcher.post(f"/work/{ticket.number}/moves/dispatch", given).status_code == 302
    relay(at=timezone.now())
    assert api.proposal_of(ticket.docket).followed
    since = timezone.now() - timedelta(days=1)
    assert selectors.accuracy(actors.regions_within(CITY), since=since)["web"].right == 1
    assert "由派单员采用" in dispatcher.get(f"/work/{ticket.number}").content.decode()


def test_only_the_citys_head_changes_the_version_and_says_why():
    used = {
        "made_by": "system",
        "source": "本市派单",
        "digest": "",
        "texts": 900,
        "held_out": 90,
        "macro_f1": 0.91,
        "before": 0.88,
    }
    ModelVersion.objects.create(
        name="20261121-024000-abcdef12", made_at=timezone.now(), in_use=True, note="启用新版本。", **used
    )
    asked = {"version": "", "reason": "昨夜的版本把噪声都派给了城管"}
    assert signed_in("xa-dsj-head").post(f"{PAGE}/versions", asked).status_code == 403
    assert signed_in("dispatcher").post(f"{PAGE}/versions", asked).status_code == 403
    head = signed_in("city-dsj-head")
    said = head.get(PAGE).content.decode()
    assert "0.910" in said
    assert "0.880" in said
    assert head.post(f"{PAGE}/versions", {"version": "", "reason": ""}).status_code == 422
    assert head.post(f"{PAGE}/versions", asked).status_code == 302
    assert not ModelVersion.objects.filter(in_use=True)
    last = list(kernel.history("sorting:models", at=timezone.now()))[-1]
    assert last.body["why"] == asked["reason"]


def test_it_is_the_hotlines_page():
    assert signed_in("scjg-head").get(PAGE).status_code == 403
