"""Received in one county, decided in another: lists, both places, counts, and where results are handed out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.desks.cases.town import CITIZEN, HALL, MONDAY, case, cases_by_matter, restaurant
from tests.registers.catalogue.conftest import _fresh_cache, bring, data, draft, keys
from tests.registers.identity.factories import an_account
from tongban.actors.api import Role
from tongban.actors.models import Officer
from tongban.desks.cases import api as cases
from tongban.kernel import api as kernel

__all__ = ["_fresh_cache", "bring", "keys"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
JIAYU, CHIBI = "421221000000", "421281000000"
MATTER = "0103100200"
AGENT = kernel.Actor(
    "officer:3", unit="421281-dsj", region=CHIBI, parties=frozenset({"person:1"}),
    grants=frozenset({kernel.Grant(Role.WINDOW.value, "421281-dsj")}),
)  # fmt: skip


@pytest.fixture
def lists(bring):
    """A matter in 嘉鱼 that may be received elsewhere, and one that may not."""
    across = {**data()["lists"], "cross_region": ["跨市"]}
    bring(
        draft(region=JIAYU, lists=across),
        draft(code="0103100299", region=JIAYU, name="食品小作坊登记"),
    )


def asked(matter=MATTER, **more):
    own = case(matter, "scjg", unit="421221-scjg")
    told = {"region": JIAYU, "unit": "421221-dsj", "cases": (own,), "surveys": (), "materials": ()}
    return restaurant(**{**told, **more})


def test_a_window_receives_for_another_county_and_the_ledger_tells_both_places(lists):
    receipt = cases.submit(asked(), actor=AGENT, at=MONDAY)
    row = kernel.docket(receipt.number, actor=AGENT)  # the window that received sees it, and will hand out
    assert (row.unit, row.region) == ("421281-dsj", JIAYU)
    own = cases_by_matter(receipt.docket)[MATTER]
    assert own.unit == "421221-scjg"  # decided there
    (clock,) = kernel.clocks_of([own.id])[own.id]
    assert (clock.name, clock.started_at) == ("notice", MONDAY)  # the deciding unit has it at once
    said = kernel.history(receipt.number, at=timezone.now())[0].body["data"]
    assert (said["received_at"], said["decided_in"]) == ("421281-dsj", JIAYU)
    (count,) = cases.crossing_counts({CHIBI}, since=MONDAY, until=MONDAY + timedelta(days=1))
    assert (count.received_region, count.decided_region, count.applications) == (CHIBI, JIAYU, 1)
    assert cases.crossing_counts({"421222000000"}, since=MONDAY, until=MONDAY + timedelta(days=1)) == []


def test_a_matter_on_no_list_is_refused_with_the_place_where_it_can_be_done(lists):
    with pytest.raises(cases.SubmissionRefused) as refused:
        cases.submit(asked("0103100299"), actor=AGENT, at=MONDAY)
    assert "不在异地通办清单上" in refused.value.reason
    assert "嘉鱼县政务服务" in refused.value.possible
    assert cases.crossing_applications({CHIBI, JIAYU}, limit=9) == []


def test_citizens_online_and_windows_of_the_own_place_are_no_crossing(lists):
    cases.submit(asked("0103100299"), actor=CITIZEN, at=MONDAY)
    cases.submit(restaurant(unit=HALL), actor=CITIZEN, at=MONDAY)
    city = kernel.Actor("officer:4", unit="421200-dsj", parties=frozenset({"person:1"}))
    cases.submit(asked("0103100299"), actor=city, at=MONDAY)  # the city's own hall serves all its counties
    assert cases.crossing_applications({CHIBI, JIAYU, "421200000000", "421202000000"}, limit=9) == []


def test_the_same_submission_again_gets_its_first_receipt(lists):
    first = cases.submit(asked(), actor=AGENT, at=MONDAY, key="once")
    again = cases.submit(asked(), actor=AGENT, at=MONDAY, key="once")
    assert (again.number, again.replayed) == (first.number, True)


def test_the_page_of_the_workbench_counts_both_places(lists):
    receipt = cases.submit(asked(), actor=AGENT, at=timezone.now() - timedelta(minutes=1))
    window = Officer.objects.filter(unit_id="421281-dsj", appointments__role="window").first()
    client = Client()
    client.force_login(an_account("chibi", acts_as=window, kind="officer"))
    page = client.get("/work/crossing").content.decode()
    assert receipt.number in page
    assert "赤壁市" in page and "嘉鱼县" in page  # noqa: PT018 - both places of one row
    docket = client.get(f"/work/{receipt.number}").content.decode()
    assert "收件窗口" in docket
