"""A share of each day's instant approvals is drawn by lot and checked by a human; a finding can take the licence."""

from datetime import date, timedelta
from decimal import Decimal
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desks.cases.instantly import CITIZEN, LIBRARY, ZHANG, asked, publish, submit
from tests.desks.cases.town import MONDAY, approver, at, handler
from tongban.desks.cases import sampling
from tongban.desks.cases.flow_after import SAMPLING
from tongban.desks.cases.models_after import InstantCheck, Sampling
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.docket.models import Docket
from tongban.kernel.jobs.declaration import all_jobs
from tongban.kernel.outbox.relay import relay
from tongban.registers.catalogue import api as catalogue
from tongban.registers.licences import api as licences
from tongban.registers.messages import api as messages

TUESDAY = at("2026-11-10 09:00")
FAULT = {"reason": "当事人提交时已持有外地读者证", "law": "行政许可法 第六十九条"}


@given(
    numbers=st.sets(st.text("C0123456789-", min_size=3, max_size=12), max_size=60),
    share=st.decimals(min_value=Decimal("0.01"), max_value=1, places=2),
)
def test_the_lot_draws_the_share_and_nothing_decides_but_day_and_number(numbers, share):
    day = date(2026, 11, 9)
    drawn = sampling.drawn(day, sorted(numbers), share)
    assert drawn <= numbers
    assert len(drawn) == ceil(share * len(numbers)), "rounded up"
    assert drawn == sampling.drawn(day, sorted(numbers, reverse=True), share)


@pytest.fixture
def approved(db, city):
    """A library card approved instantly on Monday."""
    catalogue.forget()
    publish(LIBRARY)
    submit(asked(LIBRARY))
    yield licences.held_by(ZHANG, on=MONDAY.date(), kinds=["library-card"])[0]
    catalogue.forget()


def check() -> Docket:
    sampling.draw(at=TUESDAY)
    return Docket.objects.get(kind="sampling")


def test_a_day_is_drawn_from_once_when_it_is_over(approved):
    assert sampling.draw(at=MONDAY + timedelta(hours=3)) == 0, "the day is not over"
    assert sampling.draw(at=TUESDAY) == 1
    assert sampling.draw(at=TUESDAY + timedelta(days=3)) == 0
    row = Docket.objects.get(kind="sampling")
    assert (row.unit, row.state) == ("421202-wlj", "drawn")
    own = Sampling.objects.get(docket=row)
    assert own.drawn_for == MONDAY.date()
    assert kernel.linked(own.case_id, "causes") == [row.pk]
    assert InstantCheck.objects.get().sampled is True


def test_the_nightly_job_draws(approved):
    nightly = next(job for job in all_jobs() if job.name == "cases.sample")
    nightly.run(TUESDAY)
    assert Docket.objects.filter(kind="sampling").count() == 1


def test_days_missed_are_caught_up_each_by_its_own_lot(approved):
    submit(
        asked(LIBRARY, applicant="person:2", form={"person.id": "422301199308222288"}), when=TUESDAY, key="2"
    )
    assert sampling.draw(at=TUESDAY + timedelta(days=9)) == 2
    assert {one.drawn_for for one in Sampling.objects.all()} == {MONDAY.date(), TUESDAY.date()}


def test_a_sound_one_is_the_units_own_affair(approved):
    row = check()
    with pytest.raises(kernel.NotFound):
        kernel.docket(row.number, actor=CITIZEN)
    kernel.perform(row.id, "find_sound", actor=handler("wlj"), at=TUESDAY)
    assert Docket.objects.get(pk=row.pk).outcome == "sound"
    assert not Docket.objects.filter(SAMPLING.scope(CITIZEN), kind="sampling").exists()


def test_a_finding_is_told_heard_and_decided_by_another_and_takes_the_licence(approved):
    row = check()
    kernel.perform(row.id, "find_fault", actor=approver("wlj"), at=TUESDAY, data=FAULT)
    assert kernel.docket(row.number, actor=CITIZEN).state == "fault", "the holder sees it now"
    kernel.perform(row.id, "hear", actor=CITIZEN, at=TUESDAY, data={"said": "我已经退掉了外地的读者证"})
    with pytest.raises(kernel.MoveRefused, match="自己"):
        kernel.perform(row.id, "revoke", actor=approver("wlj"), at=TUESDAY, data={"reason": "属实"})
    other = kernel.Actor(
        "officer:77", unit="421202-wlj", grants=frozenset({kernel.Grant("approver", "421202-wlj")})
    )
    kernel.perform(row.id, "revoke", actor=other, at=TUESDAY, data={"reason": "以隐瞒取得"})
    assert licences.licence(approved.identifier).state == "revoked"
    while relay(at=TUESDAY):
        pass
    letters = messages.inbox(recipients=[ZHANG])
    assert any("已撤销" in letter.subject for letter in letters)
    assert any("发现问题" in letter.subject for letter in letters)


def test_silence_for_five_days_leads_to_the_decision_and_the_approval_may_stand(approved):
    row = check()
    kernel.perform(row.id, "find_fault", actor=handler("wlj"), at=TUESDAY, data=FAULT)
    while fire_due(at=at("2026-11-18 00:00")):
        pass
    assert Docket.objects.get(pk=row.pk).state == "deciding"
    kernel.perform(
        row.id, "keep", actor=approver("wlj"), at=at("2026-11-18 09:00"), data={"reason": "系同名"}
    )
    assert licences.licence(approved.identifier).standing(date(2026, 11, 18)) == "valid"


def test_a_wrong_entry_is_corrected(approved):
    row = check()
    kernel.perform(row.id, "find_fault", actor=handler("wlj"), at=TUESDAY, data=FAULT)
    kernel.perform(row.id, "hear", actor=CITIZEN, at=TUESDAY, data={"said": "名字多了一个字"})
    with pytest.raises(kernel.MoveRefused, match="没有“生日”"):
        kernel.perform(row.id, "correct", actor=approver("wlj"), at=TUESDAY,
                       data={"entries": ["生日：2000-01-01"], "reason": "更正"})  # fmt: skip
    kernel.perform(
        row.id,
        "correct",
        actor=approver("wlj"),
        at=TUESDAY,
        data={"entries": ["姓名：张明"], "reason": "登记时写错"},
    )
    now = licences.licence(approved.identifier)
    assert (now.fields["name"], now.version) == ("张明", 2)
