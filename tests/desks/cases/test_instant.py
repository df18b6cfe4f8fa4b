"""Instant approval: all true grants, one false tells, one unknown asks a human; and nobody is ever guessed at."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desks.cases.instantly import (
    CITIZEN,
    FUND,
    LIBRARY,
    NUMBER,
    PENSION,
    SIGN,
    ZHANG,
    asked,
    photo,
    publish,
    submit,
)
from tests.desks.cases.town import DISTRICT, MONDAY, at, cases_by_matter, handler
from tongban.desks.cases import api as cases
from tongban.desks.cases import instant
from tongban.desks.cases.models import Case
from tongban.desks.cases.models_after import InstantCheck
from tongban.kernel import api as kernel
from tongban.kernel.docket.models import Docket
from tongban.kernel.ledger.services import verify
from tongban.kernel.outbox.relay import relay
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import CatalogueError
from tongban.registers.exchange import api as exchange
from tongban.registers.exchange.contracts import Answer, SharedFact
from tongban.registers.licences import api as licences

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city", "_fresh_catalogue", "no_polls")]


@pytest.fixture
def _fresh_catalogue():
    catalogue.forget()
    yield
    catalogue.forget()


@pytest.fixture
def shared(monkeypatch):
    """What the shared registers say: element → (register, value, as of); "down" names registers that are away."""
    known = {}

    def facts(*, party, elements, purpose, at, papers=(), **_more):
        assert party.id == ZHANG
        assert purpose
        told = {
            key: SharedFact(key, known[key][1], known[key][0], "共享库", "register", known[key][2])
            for key in elements
            if key in known and known[key][0] not in known.get("down", ())
        }
        return Answer(told, {}, tuple(known.get("down", ())))

    monkeypatch.setattr(exchange, "facts", facts)
    return known


def test_a_library_card_comes_with_the_receipt():
    publish(LIBRARY)
    receipt = submit(asked(LIBRARY))
    (row,) = cases_by_matter(receipt.docket).values()
    assert (row.state, row.outcome) == ("granted", "granted")
    assert kernel.docket(receipt.number, actor=CITIZEN).state == "done"
    (card,) = licences.held_by(ZHANG, on=MONDAY.date(), kinds=["library-card"])
    assert (card.docket, card.unit, card.issued_on) == (row.number, "421202-wlj", MONDAY.date())
    assert Case.objects.get(docket=row.id).decided == "instant"
    assert verify(anchor=None, at=MONDAY).faults == []


def test_the_ledger_says_by_which_rules_and_on_what_but_keeps_what_is_personal_beside():
    publish(LIBRARY)
    receipt = submit(asked(LIBRARY))
    row = cases_by_matter(receipt.docket)[LIBRARY]
    entry = next(
        one
        for one in kernel.history(row.number, at=MONDAY, with_personal=True)
        if one.act == "approve_instantly"
    )
    spec = catalogue.matter(LIBRARY, DISTRICT)
    assert entry.actor == "system"
    assert entry.body["data"]["rules_version"] == spec.instant.version
    assert entry.body["data"]["matter_version"] == spec.version
    assert len(entry.personal["inputs_digest"]) == 64
    assert NUMBER not in json.dumps(entry.body)


def test_the_second_card_is_told_before_and_goes_to_a_human():
    publish(LIBRARY)
    submit(asked(LIBRARY))
    (outlook,) = cases.instant_preview(asked(LIBRARY), at=MONDAY)
    assert outlook.verdict == "told"
    assert [one.key for one in outlook.false] == ["first"]
    assert "出示" in outlook.false[0].mend
    receipt = submit(asked(LIBRARY), key="again")
    assert cases_by_matter(receipt.docket)[LIBRARY].state == "received", "the right to a decision stays"
    assert len(licences.held_by(ZHANG, on=MONDAY.date(), kinds=["library-card"])) == 1


def test_the_preview_writes_nothing_and_promises_what_comes():
    publish(LIBRARY)
    before = Docket.objects.count(), InstantCheck.objects.count()
    (outlook,) = cases.instant_preview(asked(LIBRARY), at=MONDAY)
    assert (outlook.verdict, outlook.on, outlook.waits) == ("approve", True, False)
    assert (Docket.objects.count(), InstantCheck.objects.count()) == before
    assert cases.instant_preview(asked(SIGN), at=MONDAY) == ()


def test_what_is_unknown_goes_to_a_human_with_the_results_beside_the_materials(shared):
    publish(PENSION)
    shared["down"] = ("social-insurance",)
    receipt = submit(asked(PENSION))
    row = cases_by_matter(receipt.docket)[PENSION]
    assert row.state == "received"
    outlook = cases.instant_outlook_of(row.id)
    assert outlook.verdict == "human"
    (open_one,) = outlook.open
    assert open_one.key == "self_employed"
    assert "暂时连不上" in open_one.unknown[0]
    kernel.perform(row.id, "accept", actor=handler("rsj"), at=MONDAY)


@pytest.mark.parametrize(
    ("as_of", "state"),
    [(date(2026, 11, 1), "granted"), (date(2026, 9, 1), "received"), (date(2026, 11, 20), "received")],
)
def test_data_too_old_or_from_the_future_decides_nothing(shared, as_of, state):
    publish(PENSION)
    shared["insurance.employed"] = ("social-insurance", False, as_of)
    receipt = submit(asked(PENSION))
    row = cases_by_matter(receipt.docket)[PENSION]
    assert row.state == state
    if state == "received":
        (open_one,) = cases.instant_outlook_of(row.id).open
        assert ("太旧" if as_of.month == 9 else "时间不对") in open_one.unknown[0]


def test_what_the_applicant_disputes_is_looked_at_by_a_human(shared):
    from tongban.desks.cases.contracts import Correction

    publish(PENSION)
    shared["insurance.employed"] = ("social-insurance", False, MONDAY.date())
    wrong = Correction("insurance.employed", "单位在缴", False, True, "社保库", "已经入职")
    receipt = submit(asked(PENSION, corrections=(wrong,)))
    assert cases_by_matter(receipt.docket)[PENSION].state == "received"


def test_an_upload_needs_an_eye_unless_the_matter_says_otherwise():
    publish(LIBRARY)
    receipt = submit(asked(LIBRARY, materials=(photo(LIBRARY),)))
    row = cases_by_matter(receipt.docket)[LIBRARY]
    assert row.state == "received"
    assert [one.key for one in cases.instant_outlook_of(row.id).open] == ["papers"]


def test_a_stop_switch_leaves_the_review_and_takes_the_decision():
    publish(LIBRARY)
    switch = {"region": DISTRICT, "actor": kernel.SYSTEM, "at": MONDAY, "reason": "系统检修"}
    catalogue.switch_instant(code="", on=False, **switch)
    catalogue.switch_instant(code=LIBRARY, on=True, **switch)
    assert catalogue.instant_on([LIBRARY], DISTRICT) == {LIBRARY: False}, "the stop of all is stronger"
    receipt = submit(asked(LIBRARY))
    row = cases_by_matter(receipt.docket)[LIBRARY]
    outlook = cases.instant_outlook_of(row.id)
    assert (row.state, outlook.verdict, outlook.on) == ("received", "approve", False)
    catalogue.switch_instant(code="", on=True, **switch)
    assert cases_by_matter(submit(asked(LIBRARY), key="2").docket)[LIBRARY].state == "granted"


def test_a_switch_holds_for_its_matter_and_region_only():
    publish(LIBRARY, FUND)
    catalogue.switch_instant(
        code=LIBRARY, region="421202001000", on=False, reason="试点结束", actor=kernel.SYSTEM, at=MONDAY
    )
    assert catalogue.instant_on([LIBRARY, FUND], "421202001002") == {LIBRARY: False, FUND: True}
    assert catalogue.instant_on([LIBRARY], DISTRICT) == {LIBRARY: True}
    with pytest.raises(CatalogueError):
        catalogue.switch_instant(
            code=LIBRARY, region=DISTRICT, on=False, reason=" ", actor=kernel.SYSTEM, at=MONDAY
        )


def test_inside_a_theme_a_grant_releases_followers_which_may_be_granted_at_once():
    publish(LIBRARY, FUND, SIGN)
    licences.issue(
        kind="household-register", holder=ZHANG, unit="421202-gaj", actor=kernel.SYSTEM, at=MONDAY,
        fields={"household_address": "万年路12号"},
    )  # fmt: skip
    receipt = submit(asked(LIBRARY, (FUND, {"after": (LIBRARY,)}), (SIGN, {"after": (FUND,)})))
    states = {matter: row.state for matter, row in cases_by_matter(receipt.docket).items()}
    assert states == {LIBRARY: "granted", FUND: "granted", SIGN: "received"}


def test_what_a_crash_left_undone_the_worker_picks_up(monkeypatch):
    publish(LIBRARY)
    with monkeypatch.context() as broken:
        broken.setattr(instant, "look", lambda *_a, **_k: 1 / 0)
        receipt = submit(asked(LIBRARY))
    assert cases_by_matter(receipt.docket)[LIBRARY].state == "received", "the submission stands"
    while relay(at=MONDAY):
        pass
    assert cases_by_matter(receipt.docket)[LIBRARY].state == "granted"
    while relay(at=MONDAY):
        pass
    assert len(licences.held_by(ZHANG, on=MONDAY.date(), kinds=["library-card"])) == 1


def test_an_officer_who_was_faster_keeps_the_case(monkeypatch):
    publish(LIBRARY)
    look = instant.look

    def slow(asked, applied, *, at):
        row = Docket.objects.get(kind="case")
        kernel.perform(row.id, "accept", actor=handler("wlj"), at=at)
        return look(asked, applied, at=at)

    monkeypatch.setattr(instant, "look", slow)
    receipt = submit(asked(LIBRARY))
    assert cases_by_matter(receipt.docket)[LIBRARY].state == "review"
    assert not InstantCheck.objects.filter(approved=True).exists()


def test_nobody_but_the_system_approves_instantly():
    publish(SIGN)
    receipt = submit(asked(SIGN))
    row = cases_by_matter(receipt.docket)[SIGN]
    data = {"rules_version": "0" * 64, "matter_version": 1, "inputs_digest": "0"}
    for actor in (handler("cgj"), CITIZEN):
        with pytest.raises(kernel.NotPermitted):
            kernel.perform(row.id, "approve_instantly", actor=actor, at=MONDAY, data=data)


def test_a_joint_survey_is_no_case_for_rules():
    publish(LIBRARY)
    receipt = submit(asked((LIBRARY, {"survey": "现场"})))
    assert cases_by_matter(receipt.docket)[LIBRARY].state == "received"
    assert not InstantCheck.objects.exists()


def test_a_matter_without_rules_costs_a_submission_nothing():
    publish(SIGN)
    catalogue.matter(SIGN, DISTRICT)
    with CaptureQueriesContext(connection) as spent:
        instant.decide_quietly(0, [SIGN], region=DISTRICT, at=MONDAY)
    assert len(spent) <= 1, "at most the look whether the catalogue has changed"


def test_the_decision_is_written_in_a_bounded_number_of_statements():
    publish(LIBRARY)
    submit(asked(LIBRARY, form={"person.phone": "13800000000"}))
    catalogue.matter(LIBRARY, DISTRICT)
    with CaptureQueriesContext(connection) as spent:
        submit(asked(LIBRARY, applicant="person:2", form={"person.id": "422301199308222288"}), key="two")
    assert licences.held_by("person:2", on=MONDAY.date(), kinds=["library-card"])
    assert len(spent) <= 110, [one["sql"][:80] for one in spent]


def test_the_share_is_counted_from_the_dockets():
    publish(LIBRARY, SIGN)
    submit(asked(LIBRARY))
    receipt = submit(asked(SIGN), key="2")
    row = cases_by_matter(receipt.docket)[SIGN]
    kernel.perform(row.id, "refuse", actor=handler("cgj"), at=MONDAY,
                   data={"reason": "不在本区", "law": "城市市容管理条例", "instead": "到嘉鱼县办"})  # fmt: skip
    share = cases.instant_share(region=DISTRICT, since=at("2026-11-09 00:00"), until=at("2026-11-10 00:00"))
    assert (share.instant, share.human) == (1, 1)
    later = MONDAY + timedelta(days=1)
    none = cases.instant_share(region=DISTRICT, since=later, until=later + timedelta(days=1))
    assert (none.instant, none.human) == (0, 0)
