"""Who is told what: applicants about their application, officers about what falls due."""

import pytest

from tests.desks.cases.town import (
    CITIZEN,
    MONDAY,
    WINDOW,
    approver,
    at,
    case,
    cases_by_matter,
    grant,
    handler,
    restaurant,
)
from tongban.desks.cases import api as cases
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.docket.models import Docket
from tongban.kernel.outbox.models import Event
from tongban.kernel.outbox.relay import relay
from tongban.registers.messages.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city")]
LATER = at("2027-02-01 00:00")


def submit(**more):
    return cases.submit(
        restaurant(**{"cases": (case("a", "scjg", name="食品经营许可"),), "surveys": (), **more}),
        actor=CITIZEN,
        at=MONDAY,
        key="1",
    )


def told(to: str = "person:1") -> list[str]:
    """Templates of what somebody was told, in order, after everything waiting was delivered."""
    while relay(at=LATER):
        pass
    assert not Event.objects.filter(delivered_at=None).exists(), "no event is parked"
    return list(Message.objects.filter(recipient=to).order_by("id").values_list("template", flat=True))


def body(template: str, to: str = "person:1") -> str:
    return Message.objects.get(template=template, recipient=to).body


def test_from_the_receipt_to_the_last_word():
    receipt = submit()
    grant("a", receipt.docket, "scjg", MONDAY)
    # Dockets do not wait for each other: only the order within one is promised.
    assert sorted(told()) == [
        "application.finished",
        "application.received",
        "case.accepted",
        "case.approved",
    ]
    assert receipt.number in body("application.received")
    assert "2026年12月1日" in body("application.received")
    assert "2026年11月16日" in body("case.accepted"), "the last day, not the midnight after it"


def test_nobody_is_told_twice():
    submit()
    told()
    Event.objects.update(delivered_at=None)
    assert told() == ["application.received"]


def test_missing_papers_are_told_once_with_all_of_them():
    receipt = submit(cases=(case("a", "scjg"), case("b", "zjj")))
    rows = cases_by_matter(receipt.docket)
    for matter, unit, papers in (("a", "scjg", ["租赁合同"]), ("b", "zjj", ["租赁合同", "平面图"])):
        ask = {"papers": papers, "why": "核对场所"}
        kernel.perform(rows[matter].id, "report_missing", actor=handler(unit), at=MONDAY, data=ask)
    assert told().count("case.supplement") == 1
    assert "租赁合同、平面图" in body("case.supplement")
    assert "2026年12月9日" in body("case.supplement")
    fire_due(at=at("2026-12-07 00:00"))
    assert told()[-1] == "supplement.reminder"
    while fire_due(at=at("2026-12-20 00:00")):
        pass
    assert told()[-1] == "application.lapsed"


def test_a_refusal_tells_reasons_and_remedies():
    receipt = submit()
    (row,) = cases_by_matter(receipt.docket).values()
    kernel.perform(row.id, "accept", actor=handler("scjg"), at=MONDAY)
    kernel.perform(
        row.id, "propose", actor=handler("scjg"), at=MONDAY, data={"opinion": "reject", "text": "不符合"}
    )
    kernel.perform(
        row.id, "reject", actor=approver("scjg"), at=MONDAY,
        data={"reason": "场所是住宅", "law": "食品安全法 第三十三条"},
    )  # fmt: skip
    assert {"case.refused", "application.declined"} < set(told())
    assert "场所是住宅（食品安全法 第三十三条）" in body("case.refused")
    assert "行政复议" in body("case.refused")


def test_not_accepting_and_extending_tell_why():
    receipt = submit(cases=(case("a", "scjg"), case("b", "scjg")))
    rows = cases_by_matter(receipt.docket)
    kernel.perform(
        rows["a"].id, "refuse", actor=handler("scjg"), at=MONDAY,
        data={"reason": "不属本机关", "law": "行政许可法", "instead": "到住建局办理"},
    )  # fmt: skip
    kernel.perform(rows["b"].id, "accept", actor=handler("scjg"), at=MONDAY)
    kernel.perform(rows["b"].id, "extend", actor=approver("scjg"), at=MONDAY, data={"reason": "异地核实"})
    assert told()[1:] == ["case.not-accepted", "case.accepted", "case.extended"]
    assert "到住建局办理" in body("case.not-accepted")
    assert "异地核实" in body("case.extended")
    assert "2026年11月30日" in body("case.extended")


def test_the_survey_the_courier_and_the_undertaking():
    later = cases.MaterialGiven("floor-plan", "平面图", "later", ("a",))
    receipt = submit(
        cases=(case("a", "scjg", survey="现场"),), materials=(later,), delivery="courier",
        surveys=(cases.SurveyAsked("现场", "421202-scjg", ("a",)),),
    )  # fmt: skip
    row = cases_by_matter(receipt.docket)["a"]
    kernel.perform(row.id, "accept", actor=handler("scjg"), at=MONDAY)
    told()
    survey = Docket.objects.get(kind="survey")
    when = {"held_at": "2026-11-12T09:00", "note": "消防图纸"}
    kernel.perform(survey.id, "schedule", actor=handler("scjg"), at=MONDAY, data=when)
    assert told()[-1] == "survey.scheduled"
    assert "2026年11月12日 09:00" in body("survey.scheduled")
    assert "消防图纸" in body("survey.scheduled")
    found = {"passed": "yes", "findings": "布局合理"}
    kernel.perform(survey.id, "report", actor=handler("scjg"), at=at("2026-11-12 10:00"), data=found)
    grant("a", receipt.docket, "scjg", at("2026-11-12 11:00"))
    told()
    kernel.perform(
        receipt.docket, "send", actor=WINDOW, at=at("2026-11-12 12:00"), data={"tracking": "EX123456789CN"}
    )
    assert told()[-1] == "result.sent"
    assert "快递寄出后" in body("result.ready")
    assert "EX123456789CN" in body("result.sent")
    fire_due(at=at("2026-11-28 00:00"))
    assert "undertaking.reminder" in told()
    assert "平面图" in body("undertaking.reminder")
    while fire_due(at=at("2026-12-20 00:00")):
        pass
    assert "undertaking.breached" in told()


def test_the_unit_is_warned_and_the_head_learns_of_a_miss():
    receipt = submit()
    (row,) = cases_by_matter(receipt.docket).values()
    kernel.perform(row.id, "accept", actor=kernel.Actor(
        "officer:15", unit="421202-scjg", grants=frozenset({kernel.Grant("handler", "421202-scjg")})), at=MONDAY)  # fmt: skip
    fire_due(at=at("2026-11-16 09:00"))
    assert told("officer:15") == ["docket.near-due"]
    assert told("officer:17") == []
    fire_due(at=at("2026-11-17 00:00"))
    assert told("officer:15") == ["docket.near-due", "docket.overdue"]
    assert told("officer:17") == ["docket.overdue"], "the head of the unit"
    assert "2026年11月16日" in body("docket.overdue", "officer:15")
