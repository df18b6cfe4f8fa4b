"""Departments that decide at the same instant, on a database with several writers."""

import pytest

from tests.desks.cases.town import CITIZEN, MONDAY, approver, at, cases_by_matter, grant, handler, restaurant
from tests.kernel.test_together import together
from tongban.desks.cases.api import submit
from tongban.kernel import api as kernel
from tongban.kernel.docket.models import Docket
from tongban.kernel.ledger.models import Entry
from tongban.kernel.ledger.services import verify

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]
DAY = at("2026-11-10 10:00")
REGISTRATION, FOOD, FIRE, SIGN = "0703100100", "0103100200", "0104300100", "0104100100"


def bring_to_decision(application: int, matter: str, department: str) -> None:
    key = cases_by_matter(application)[matter].id
    kernel.perform(key, "accept", actor=handler(department), at=DAY)
    opinion = {"opinion": "grant", "text": "符合条件"}
    kernel.perform(key, "propose", actor=handler(department), at=DAY, data=opinion)


@pytest.mark.parametrize("turn", range(5))
def test_the_last_two_grants_at_once_conclude_the_application_once(turn):
    asked = restaurant(surveys=())
    cases = tuple(type(c)(**{**{f: getattr(c, f) for f in c.__dataclass_fields__}, "after": (), "survey": ""})
                  for c in asked.cases)  # fmt: skip
    application = submit(restaurant(surveys=(), cases=cases), actor=CITIZEN, at=MONDAY).docket
    for matter, department in ((REGISTRATION, "scjg"), (FOOD, "scjg")):
        grant(matter, application, department, DAY)
    for matter, department in ((FIRE, "xfjy"), (SIGN, "cgj")):
        bring_to_decision(application, matter, department)
    rows = cases_by_matter(application)
    answers = together(
        lambda: kernel.perform(rows[FIRE].id, "grant", actor=approver("xfjy"), at=DAY),
        lambda: kernel.perform(rows[SIGN].id, "grant", actor=approver("cgj"), at=DAY),
    )
    assert [type(answer) for answer in answers] == [kernel.Done, kernel.Done]
    row = Docket.objects.get(id=application)
    assert row.outcome == "delivered"
    assert Entry.objects.filter(stream=row.number, act="conclude").count() == 1
    assert verify(anchor=None, at=DAY).faults == []


def test_grant_and_withdrawal_at_once_leave_no_case_open_and_no_clock_running():
    application = submit(restaurant(), actor=CITIZEN, at=MONDAY).docket
    bring_to_decision(application, SIGN, "cgj")
    sign = cases_by_matter(application)[SIGN].id
    answers = together(
        lambda: kernel.perform(sign, "grant", actor=approver("cgj"), at=DAY),
        lambda: kernel.perform(application, "withdraw", actor=CITIZEN, at=DAY, data={"reason": "不开了"}),
    )
    assert isinstance(answers[1], kernel.Done)
    assert isinstance(answers[0], kernel.Done | kernel.MoveRefused)
    assert not Docket.objects.filter(parent=application, closed_at=None).exists()
    assert verify(anchor=None, at=DAY).faults == []


def test_one_submission_pressed_twice_opens_one_application():
    answers = together(*[lambda: submit(restaurant(), actor=CITIZEN, at=MONDAY, key="k")] * 2)
    assert sorted(answer.replayed for answer in answers) == [False, True]
    assert answers[0].number == answers[1].number
    assert answers[0].cases == answers[1].cases
    assert Docket.objects.filter(kind="application").count() == 1
