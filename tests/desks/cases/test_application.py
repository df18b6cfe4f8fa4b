"""One application: departments in parallel and in order, under clocks, with one notice and one delivery."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desks.cases.town import (
    CITIZEN,
    MONDAY,
    SUPERVISOR,
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
from tongban.desks.cases.models import Breach, Case, Undertaking
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.clock.models import Clock
from tongban.kernel.docket.models import Docket
from tongban.kernel.ledger.services import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city", "no_polls")]


def submit(**more):
    return cases.submit(restaurant(**more), actor=CITIZEN, at=MONDAY, key="once")


def state(number: str) -> str:
    return kernel.docket(number, actor=kernel.SYSTEM).state


def test_one_submission_opens_a_case_per_matter_and_queues_what_must_wait():
    receipt = submit()
    states = {matter: row.state for matter, row in cases_by_matter(receipt.docket).items()}
    assert states == {
        "0703100100": "received", "0103100200": "waiting", "0104300100": "waiting", "0104100100": "received",
    }  # fmt: skip
    assert not Clock.objects.filter(docket__state="waiting").exists()
    again = submit()
    assert (again.number, again.replayed) == (receipt.number, True)
    assert Docket.objects.count() == 5


def test_the_same_submission_after_midnight_gets_its_first_receipt():
    receipt = submit()
    again = submit(promised_on=date(2026, 12, 2))
    assert (again.number, again.replayed) == (receipt.number, True)
    with pytest.raises(kernel.Conflict):
        submit(delivery="window")


def test_the_whole_way_to_one_delivery():
    receipt = submit()
    grant("0703100100", receipt.docket, "scjg", at("2026-11-10 10:00"))
    waiting = {row.state for row in cases_by_matter(receipt.docket).values()} & {"waiting"}
    assert not waiting, "the prerequisite was granted, its followers have started"
    rows = cases_by_matter(receipt.docket)
    kernel.perform(rows["0103100200"].id, "accept", actor=handler("scjg"), at=at("2026-11-10 11:00"))
    assert not Docket.objects.filter(kind="survey").exists(), "the joint survey waits for both departments"
    kernel.perform(rows["0104300100"].id, "accept", actor=handler("xfjy"), at=at("2026-11-10 14:00"))
    survey = Docket.objects.get(kind="survey")
    assert {row.state for m, row in cases_by_matter(receipt.docket).items() if m[:2] == "01"} == {
        "survey",
        "received",
    }
    with pytest.raises(kernel.MoveRefused, match="将来"):
        kernel.perform(
            survey.id, "schedule", actor=handler("scjg"), at=at("2026-11-10 15:00"),
            data={"held_at": "2026-11-09T09:00"},
        )  # fmt: skip
    kernel.perform(
        survey.id,
        "schedule",
        actor=handler("scjg"),
        at=at("2026-11-10 15:00"),
        data={"held_at": "2026-11-12T09:00"},
    )
    kernel.perform(
        survey.id, "report", actor=handler("scjg"), at=at("2026-11-12 11:00"),
        data={"passed": "yes", "findings": "布局合理，消防通道畅通"},
    )  # fmt: skip
    decide = Clock.objects.get(docket=rows["0103100200"].id, name="decide")
    assert decide.due_at == at("2026-11-20 00:00"), "two working days of survey are not counted"
    for matter, department in (("0103100200", "scjg"), ("0104300100", "xfjy"), ("0104100100", "cgj")):
        grant(matter, receipt.docket, department, at("2026-11-13 10:00"))
    assert state(receipt.number) == "done"
    told = [entry.told for entry in kernel.timeline(
        kernel.docket(receipt.number, actor=CITIZEN), at=MONDAY, for_applicant=True)]  # fmt: skip
    assert told[0] == "电子证照和决定已送到您的账户"
    assert not Clock.objects.filter(stopped_at=None).exists()
    assert verify(anchor=None, at=MONDAY).faults == []


def test_silence_for_five_working_days_counts_as_accepted():
    receipt = submit()
    assert fire_due(at=at("2026-11-16 23:00")) > 0  # the warning
    assert cases_by_matter(receipt.docket)["0104100100"].state == "received"
    fire_due(at=at("2026-11-17 08:00"))
    row = cases_by_matter(receipt.docket)["0104100100"]
    assert row.state == "review"
    clocks = {clock.name: clock for clock in Clock.objects.filter(docket=row.id)}
    assert clocks["notice"].outcome == "missed"
    assert clocks["decide"].started_at == at("2026-11-17 00:00"), (
        "from the due instant, not from the worker's"
    )


def test_papers_are_asked_for_once_for_all_departments():
    receipt = submit(cases=(case("a", "scjg"), case("b", "xfjy"), case("c", "cgj")))
    rows = cases_by_matter(receipt.docket)
    ask = {"papers": ["租赁合同"], "why": "证明场所来源"}
    kernel.perform(rows["a"].id, "report_missing", actor=handler("scjg"), at=MONDAY, data=ask)
    assert state(receipt.number) == "handling", "another department is still looking"
    kernel.perform(
        rows["b"].id, "report_missing", actor=handler("xfjy"), at=MONDAY,
        data={"papers": ["租赁合同", "装修材料证明"], "why": "核对耐火等级"},
    )  # fmt: skip
    kernel.perform(rows["c"].id, "accept", actor=handler("cgj"), at=MONDAY)
    row = kernel.docket(receipt.number, actor=CITIZEN)
    assert row.state == "supplement"
    notice = next(i for i in kernel.history(receipt.number, at=MONDAY) if i.act == "notify")
    assert notice.body["note"]["papers"] == {"租赁合同": ["a", "b"], "装修材料证明": ["b"]}
    kernel.perform(row.id, "supply", actor=CITIZEN, at=at("2026-11-12 09:00"))
    rows = cases_by_matter(receipt.docket)
    assert {m: r.state for m, r in rows.items()} == {"a": "received", "b": "received", "c": "review"}
    assert Clock.objects.filter(name="notice", stopped_at=None).count() == 2


def test_papers_not_supplied_in_time_end_the_application():
    receipt = submit(cases=(case("a", "scjg"),))
    (row,) = cases_by_matter(receipt.docket).values()
    ask = {"papers": ["租赁合同"], "why": "证明场所来源"}
    kernel.perform(row.id, "report_missing", actor=handler("scjg"), at=MONDAY, data=ask)
    while fire_due(at=at("2026-12-12 00:00")):
        pass
    assert state(receipt.number) == "lapsed"
    assert cases_by_matter(receipt.docket)["a"].state == "withdrawn"
    assert not Clock.objects.filter(stopped_at=None).exists()


def test_one_objection_stops_its_whole_group():
    receipt = submit(
        cases=(
            case("tax", "swj", objection="清算前提"),
            case("social", "rsj", objection="清算前提"),
            case("close", "scjg", after=("tax", "social")),
        )
    )
    rows = cases_by_matter(receipt.docket)
    key = rows["tax"].id
    kernel.perform(key, "accept", actor=handler("swj"), at=MONDAY)
    kernel.perform(
        key, "propose", actor=handler("swj"), at=MONDAY, data={"opinion": "reject", "text": "欠税未清"}
    )
    kernel.perform(
        key,
        "reject",
        actor=approver("swj"),
        at=MONDAY,
        data={"reason": "有未结清税款", "law": "税收征收管理法 第十六条"},
    )
    assert {m: r.state for m, r in cases_by_matter(receipt.docket).items()} == {
        "tax": "rejected", "social": "stopped", "close": "stopped",
    }  # fmt: skip
    assert state(receipt.number) == "declined"
    decision = Case.objects.get(docket=key).decision
    assert "行政复议" in decision, "remedies are told (行政许可法 第三十八条)"


def test_who_handles_a_case_does_not_decide_it():
    receipt = submit(cases=(case("a", "scjg"),))
    (row,) = cases_by_matter(receipt.docket).values()
    both = kernel.Actor(
        "officer:7", unit="421202-scjg",
        grants=frozenset({kernel.Grant("handler", "421202-scjg"), kernel.Grant("approver", "421202-scjg")}),
    )  # fmt: skip
    kernel.perform(row.id, "accept", actor=both, at=MONDAY)
    kernel.perform(row.id, "propose", actor=both, at=MONDAY, data={"opinion": "grant", "text": "符合"})
    with pytest.raises(kernel.MoveRefused, match="自己审批自己"):
        kernel.perform(row.id, "grant", actor=both, at=MONDAY)


def test_chief_service_officer_acts_for_another_unit_and_the_ledger_says_so():
    receipt = submit()
    row = cases_by_matter(receipt.docket)["0104100100"]
    chief = kernel.Actor(
        "officer:8", unit="421202-scjg", grants=frozenset({kernel.Grant("handler", "421202-scjg")}),
        authorities=(kernel.Authority("delegation:1", "421202-cgj", frozenset({"handler", "approver"}), frozenset({"0104100100"})),),
    )  # fmt: skip
    for move, data in (("accept", {}), ("propose", {"opinion": "grant", "text": "符合"}), ("grant", {})):
        kernel.perform(row.id, move, actor=chief, at=MONDAY, data=data)
    entries = kernel.history(row.number, at=MONDAY)[1:]
    assert {(e.actor, e.unit, e.authority) for e in entries} == {("officer:8", "421202-cgj", "delegation:1")}
    other = cases_by_matter(receipt.docket)["0703100100"]
    stranger = kernel.Actor("officer:8", unit="421202-cgj", authorities=chief.authorities)
    with pytest.raises(kernel.NotFound):
        kernel.perform(other.id, "accept", actor=stranger, at=MONDAY)


def test_the_head_extends_once_with_reasons_told():
    receipt = submit(cases=(case("a", "scjg"),))
    key = cases_by_matter(receipt.docket)["a"].id
    kernel.perform(key, "accept", actor=handler("scjg"), at=MONDAY)
    with pytest.raises(kernel.NotPermitted):
        kernel.perform(key, "extend", actor=handler("scjg"), at=MONDAY, data={"reason": "需要核实"})
    kernel.perform(key, "extend", actor=approver("scjg"), at=MONDAY, data={"reason": "需要异地核实"})
    assert Clock.objects.get(name="decide").due_at == at("2026-12-01 00:00")  # 5 + 10 working days
    with pytest.raises(kernel.MoveRefused, match="一次"):
        kernel.perform(key, "extend", actor=approver("scjg"), at=MONDAY, data={"reason": "还要更久"})


def test_tolerance_is_an_undertaking_with_a_deadline_and_a_record_when_broken():
    later = cases.MaterialGiven("floor-plan", "平面图", "later", ("a",))
    receipt = submit(cases=(case("a", "scjg"),), materials=(later,))
    undertaking = Docket.objects.get(kind="undertaking")
    assert undertaking.state == "owed"
    kernel.perform(undertaking.id, "follow_up", actor=CITIZEN, at=at("2026-11-11 09:00"))
    kernel.perform(undertaking.id, "confirm", actor=handler("scjg"), at=at("2026-11-12 09:00"))
    assert Undertaking.objects.get().docket.outcome == "kept"
    assert cases.materials_of(receipt.docket)[0].met_at is not None


def test_a_broken_undertaking_closes_the_way_to_the_next():
    later = cases.MaterialGiven("floor-plan", "平面图", "later", ("a",))
    cases.submit(
        restaurant(cases=(case("a", "scjg"),), materials=(later,)), actor=CITIZEN, at=MONDAY, key="1"
    )
    while fire_due(at=at("2026-12-20 00:00")):
        pass
    assert Breach.objects.get().party == "person:1"
    with pytest.raises(cases.SubmissionRefused) as error:
        cases.submit(
            restaurant(cases=(case("a", "scjg"),), materials=(later,)), actor=CITIZEN, at=MONDAY, key="2"
        )
    assert set(error.value.fields) == {"material:floor-plan"}
    assert Docket.objects.filter(kind="application").count() == 1, "nothing of the refused one was kept"


def test_withdrawing_ends_every_case_and_clock():
    receipt = submit()
    kernel.perform(receipt.docket, "withdraw", actor=CITIZEN, at=at("2026-11-10 09:00"))
    assert {row.state for row in cases_by_matter(receipt.docket).values()} == {"withdrawn"}
    assert not Clock.objects.filter(stopped_at=None).exists()
    assert verify(anchor=None, at=MONDAY).faults == []


def test_results_by_courier_and_at_the_window():
    receipt = submit(cases=(case("a", "scjg"),), delivery="courier")
    grant("a", receipt.docket, "scjg", MONDAY)
    assert state(receipt.number) == "delivering"
    with pytest.raises(kernel.MoveRefused, match="快递寄送"):
        kernel.perform(receipt.docket, "hand_out", actor=WINDOW, at=MONDAY, data={"received_by": "张小明"})
    kernel.perform(receipt.docket, "send", actor=WINDOW, at=MONDAY, data={"tracking": "EX123456789CN"})
    kernel.perform(receipt.docket, "arrived", actor=CITIZEN, at=at("2026-11-11 09:00"))
    assert state(receipt.number) == "done"


def test_a_supervisor_sees_and_urges_but_decides_nothing():
    receipt = submit()
    row = cases_by_matter(receipt.docket)["0104100100"]
    kernel.perform(row.id, "urge", actor=SUPERVISOR, at=MONDAY, data={"reason": "临近期限，请抓紧"})
    with pytest.raises(kernel.NotPermitted):
        kernel.perform(row.id, "accept", actor=SUPERVISOR, at=MONDAY)


def test_a_transfer_takes_the_clock_along_and_refuses_unknown_units():
    receipt = submit(cases=(case("a", "scjg"),))
    row = cases_by_matter(receipt.docket)["a"]
    with pytest.raises(kernel.MoveRefused, match="没有“421202-nowhere”"):
        kernel.perform(
            row.id,
            "transfer",
            actor=handler("scjg"),
            at=MONDAY,
            data={"unit": "421202-nowhere", "reason": "试试"},
        )
    kernel.perform(
        row.id,
        "transfer",
        actor=handler("scjg"),
        at=MONDAY,
        data={"unit": "421202-cgj", "reason": "属城管职责"},
    )
    moved = cases_by_matter(receipt.docket)["a"]
    assert moved.unit == Clock.objects.get(name="notice").whose == "421202-cgj"
    with pytest.raises(kernel.NotFound):
        kernel.perform(row.id, "accept", actor=handler("scjg"), at=MONDAY)


def test_accepting_many_cases_costs_as_many_statements_as_accepting_a_few():
    receipts = [
        cases.submit(restaurant(cases=(case("a", "scjg"), case("b", "cgj"))), actor=CITIZEN, at=MONDAY)
        for _ in range(24)
    ]
    keys = [cases_by_matter(receipt.docket)["a"].id for receipt in receipts]
    spent = []
    for group in (keys[:2], keys[2:]):
        with CaptureQueriesContext(connection) as queries:
            results = kernel.perform_many(
                [kernel.Request(key, "accept") for key in group], actor=handler("scjg"), at=MONDAY
            )
        assert {result.state for result in results} == {"review"}
        spent.append(len(queries))
    assert spent[0] == spent[1]
