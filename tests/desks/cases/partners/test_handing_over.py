"""Handed over to a place outside: packed and signed, sent when the partner is there, told, brought back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tests.desks.cases.partners.far import FAR, HOME, MATTER, NEAR, asked, handed, news, packed, signed, state
from tests.desks.cases.town import CITIZEN, HALL, MONDAY, WINDOW
from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import api as partners
from tongban.desks.cases.partners import jobs, plugins, register, sending
from tongban.desks.cases.partners.models import Parcel
from tongban.kernel import api as kernel
from tongban.kernel.files.services import attach_many
from tongban.registers.seals import api as seals

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def down(far, settings):
    """Switches the far place off and on."""

    def switch(*, on: bool = True):
        path = settings.DATA / "partners" / "down"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FAR if on else "")

    switch()
    return switch


def acts(number):
    return [entry.act for entry in kernel.history(number, at=MONDAY)]


def test_it_is_checked_packed_signed_sent_and_its_result_comes_back(far):
    receipt = handed()
    row = kernel.docket(receipt.number, actor=WINDOW)
    assert (row.unit, row.region, row.subject, row.state) == (HALL, HOME, MATTER, "registered")
    with pytest.raises(kernel.InvalidInput):
        kernel.perform(receipt.docket, "pack", actor=WINDOW, at=MONDAY, data={})
    kernel.perform(receipt.docket, "pack", actor=WINDOW, at=MONDAY, data={"identity": "original"})
    assert sending.send_due(at=MONDAY) == 1
    statement = json.loads(Parcel.objects.get().body)
    verdict = seals.verify_statement(statement, at=MONDAY)
    assert (verdict.ok, verdict.unit) == (True, HALL)  # signed by the window, both algorithms
    said = statement["payload"]
    assert (said["to"]["region"], datetime.fromisoformat(said["consent"]["at"])) == (FAR, MONDAY)
    assert said["materials"][0]["files"][0]["name"] == "平面图.pdf"
    assert said["applicant"]["name"] == "张明远"
    jobs.collect(MONDAY)
    assert state(receipt.docket) == "acknowledged"
    jobs.collect(MONDAY + 2 * MINUTE)
    assert state(receipt.docket) == "told"  # electronic delivery: told in the same act
    view = partners.handover_of(receipt.docket)
    assert view.foreign_number and view.result["results"][0]["outcome"] == "granted"  # noqa: PT018
    assert jobs.collect(MONDAY + 2 * MINUTE) == 0  # the same news again change nothing
    first = kernel.history(receipt.number, at=MONDAY)[0].body["data"]
    assert (first["received_at"], first["decided_in"], first["consent"]) == (HALL, FAR, True)
    (count,) = partners.counts({HOME}, since=MONDAY, until=MONDAY + MINUTE)
    assert (count.received_region, count.decided_region, count.applications) == (HOME, FAR, 1)


def test_a_window_takes_a_pile_under_the_same_rules_and_all_of_it_or_nothing(far):
    pile = [asked(), asked(applicant="person:2")]
    taken = partners.hand_over_many(pile, to=FAR, consented=True, actor=WINDOW, at=MONDAY, key="pile")
    assert [state(one.docket) for one in taken] == ["registered", "registered"]
    again = partners.hand_over_many(pile, to=FAR, consented=True, actor=WINDOW, at=MONDAY, key="pile")
    assert [(one.number, one.replayed) for one in again] == [(one.number, True) for one in taken]
    for one in taken:
        kernel.perform(one.docket, "pack", actor=WINDOW, at=MONDAY, data={"identity": "original"})
    stays = asked("0103100299")
    with pytest.raises(cases.SubmissionRefused):
        partners.hand_over_many([asked(), stays], to=FAR, consented=True, actor=WINDOW, at=MONDAY)
    (count,) = partners.counts({HOME}, since=MONDAY, until=MONDAY + MINUTE)
    assert count.applications == 2


def test_a_partner_that_is_down_loses_nothing_and_the_wait_is_told_once(down):
    receipt = packed()
    assert sending.send_due(at=MONDAY) == 0
    assert sending.send_due(at=MONDAY + timedelta(seconds=30)) == 0  # not yet again
    assert sending.send_due(at=MONDAY + 2 * MINUTE) == 0
    assert (state(receipt.docket), acts(receipt.number).count("put_off")) == ("packed", 1)
    parcel = Parcel.objects.get()
    assert (parcel.fate, parcel.attempts) == ("waiting", 2)
    assert parcel.next_at == MONDAY + 4 * MINUTE  # later and later
    down(on=False)
    assert sending.send_due(at=MONDAY + 5 * MINUTE) == 1
    assert state(receipt.docket) == "sent"


def test_two_that_wait_for_the_same_partner_are_both_told_and_it_is_asked_once(down, monkeypatch):
    one, two = packed(), packed(at=MONDAY + timedelta(seconds=1))
    asked_for = []
    real = plugins.send
    monkeypatch.setattr(plugins, "send", lambda partner, letter: asked_for.append(1) or real(partner, letter))
    sending.send_due(at=MONDAY + MINUTE)
    assert len(asked_for) == 1
    assert [acts(row.number).count("put_off") for row in (one, two)] == [1, 1]


@pytest.mark.parametrize(("how", "after"), [("down", "packed"), ("slow", "packed"), ("rejects", "returned")])
def test_the_failing_demo(far, how, after):
    row = register.Partner.objects.get(region=FAR)
    row.plugin, row.address = "tongban.desks.cases.partners.plugins.FailingDemo", how
    row.seconds = 0 if how == "slow" else 5
    row.save()
    receipt = packed()
    sending.send_due(at=MONDAY)
    assert state(receipt.docket) == after
    if how == "rejects":
        assert "失败演示" in partners.handover_of(receipt.docket).returned["reason"]


def test_sent_back_with_a_reason_mended_and_sent_anew_under_a_new_id(far):
    receipt = packed(file="模糊的平面图.pdf")
    sending.send_due(at=MONDAY)
    jobs.collect(MONDAY)
    assert state(receipt.docket) == "returned"
    assert partners.handover_of(receipt.docket).returned["papers"] == ["平面图"]
    better = asked().materials[0].files[0]
    told = {"text": "重拍了", "materials": ["plan"]}
    kernel.perform(receipt.docket, "mend", actor=CITIZEN, at=MONDAY, data=told)
    with pytest.raises(kernel.MoveRefused, match="平面图"):
        kernel.perform(receipt.docket, "pack", actor=WINDOW, at=MONDAY, data={"identity": "original"})
    attach_many([("plan", better[0], "平面图.pdf")], docket_id=receipt.docket, by="person:1", at=MONDAY)
    kernel.perform(receipt.docket, "pack", actor=WINDOW, at=MONDAY, data={"identity": "original"})
    sending.send_due(at=MONDAY)
    last = json.loads(Parcel.objects.order_by("-id")[0].body)["payload"]
    assert (last["id"], last["replaces"]) == (f"{receipt.number}.2", f"{receipt.number}.1")
    assert [file["name"] for file in last["materials"][0]["files"]] == ["平面图.pdf"]
    jobs.collect(MONDAY)
    assert state(receipt.docket) == "acknowledged"


def test_in_joint_handling_the_partner_asks_and_the_window_answers(far):
    receipt = packed(to=NEAR)
    sending.send_due(at=MONDAY)
    jobs.collect(MONDAY + MINUTE)
    assert state(receipt.docket) == "assisting"
    kernel.perform(receipt.docket, "answer", actor=WINDOW, at=MONDAY + MINUTE, data={"text": "登记情况属实"})
    sending.send_due(at=MONDAY + MINUTE)
    jobs.collect(MONDAY + 3 * MINUTE)
    assert state(receipt.docket) == "told"


def test_given_up_the_partner_is_told_and_nothing_waits_any_more(far, down):
    waiting = packed()
    kernel.perform(waiting.docket, "give_up", actor=CITIZEN, at=MONDAY, data={"reason": "不办了"})
    assert Parcel.objects.get().fate == "dropped"
    down(on=False)
    sent = packed()
    sending.send_due(at=MONDAY)
    kernel.perform(sent.docket, "give_up", actor=CITIZEN, at=MONDAY, data={"reason": "不办了"})
    sending.send_due(at=MONDAY)
    assert json.loads(Parcel.objects.order_by("-id")[0].body)["payload"]["told"] == "withdrawn"
    assert jobs.collect(MONDAY + 5 * MINUTE) == 0


@pytest.mark.parametrize(
    ("to", "more", "why"),
    [
        (FAR, {"matter": "0103100299"}, "清单"),
        ("110000000000", {}, "不能在这里收"),
        (FAR, {"materials": (cases.MaterialGiven("plan", "平面图", "later", (MATTER,)),)}, "还差1份"),
    ],
)
def test_what_cannot_be_handed_over_is_refused_with_what_is_possible(far, to, more, why):
    with pytest.raises(cases.SubmissionRefused) as refused:
        handed(to=to, **more)
    assert why in refused.value.reason
    assert refused.value.possible or refused.value.fields


def test_nothing_goes_to_another_place_without_the_applicants_consent(far):
    with pytest.raises(cases.SubmissionRefused) as refused:
        partners.hand_over(asked(), to=FAR, consented=False, actor=CITIZEN, at=MONDAY)
    assert "consent" in refused.value.fields


def test_news_of_what_is_over_change_nothing_and_say_so(far):
    receipt = packed()
    sending.send_due(at=MONDAY)
    kernel.perform(receipt.docket, "give_up", actor=CITIZEN, at=MONDAY, data={"reason": "不办了"})
    late = signed(news("result", package=f"{receipt.number}.1", outcome="granted"), far)
    with pytest.raises(partners.LetterRefused) as refused:
        partners.hear(late, {}, at=MONDAY)
    assert (refused.value.code, state(receipt.docket)) == ("over", "given_up")
    assert partners.handover_of(receipt.docket).result == {}
