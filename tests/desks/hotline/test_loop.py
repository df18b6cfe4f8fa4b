"""The closed loop: what each move does, who may make it, what is refused and what is possible instead."""

from datetime import timedelta

import pytest

from tests.desks.hotline.town import (
    CENTRE,
    COUNTY_DESK,
    GOOD,
    MARKET,
    NINE,
    STREET,
    URBAN,
    clock,
    dispatched,
    make,
    state,
    taken,
    who,
)
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.flow import TICKET
from tongban.desks.hotline.models import Ticket, Turn
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.flow.forms import form_for
from tongban.kernel.flow.versions import migrate
from tongban.kernel.flow.words import moves_for
from tongban.kernel.models import Clock, Docket
from tongban.kernel.outbox.relay import relay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def own(ticket):
    return Ticket.objects.get(pk=ticket.docket)


def to_review(ticket, *, reply=GOOD, at=NINE):
    make(ticket, "sign", "urban", at=at)
    make(ticket, "reply", "urban", at=at, reply=reply)


def reviewed():
    ticket = dispatched()
    to_review(ticket)
    make(ticket, "review", "dispatcher")
    return ticket


class TestLoop:
    def test_a_call_is_taken_done_called_back_and_closed(self):
        ticket = dispatched()
        assert (state(ticket).unit, own(ticket).lead) == (URBAN, URBAN)
        to_review(ticket)
        assert (state(ticket).state, state(ticket).unit) == ("replied", CENTRE)
        make(ticket, "review", "dispatcher")
        done = make(ticket, "call_back", "caller_back", satisfaction="very", solved="yes")
        assert done.state == "called_back"
        assert (state(ticket).state, state(ticket).outcome) == ("closed", "closed")
        turn = Turn.objects.get(docket=ticket.docket)
        assert turn.signed_at == turn.replied_at == NINE
        assert not turn.late

    def test_a_unit_may_answer_without_signing_first(self):
        ticket = dispatched()
        make(ticket, "reply", "urban", reply=GOOD)
        assert own(ticket).signed_at == NINE

    def test_an_operator_answers_at_once(self):
        ticket = taken("公积金贷款最高能贷多少，几年还清？", kind="consultation")
        make(ticket, "answer", "operator", reply="双职工最高贷70万元，最长30年，依据市公积金贷款办法。")
        assert state(ticket).outcome == "answered"

    def test_who_is_unsatisfied_has_it_done_again_by_the_first_responder(self):
        ticket = dispatched()
        to_review(ticket)
        make(ticket, "review", "dispatcher")
        make(ticket, "call_back", "caller_back", satisfaction="unsatisfied", solved="no", said="没修好")
        assert state(ticket).state == "called_back"
        with pytest.raises(kernel.InvalidInput):
            make(ticket, "close", "caller_back")
        make(ticket, "reopen", "caller_back", reason="灯又灭了")
        assert (state(ticket).state, state(ticket).unit, own(ticket).reopened) == ("reopened", URBAN, 1)
        make(ticket, "sign", "urban")
        assert state(ticket).state == "handling"

    def test_after_three_calls_nobody_answered_it_waits_a_day_and_is_closed(self):
        ticket = reviewed()
        for _turn in range(3):
            make(ticket, "no_answer", "caller_back")
        assert (state(ticket).state, own(ticket).satisfaction) == ("called_back", "no_answer")
        fire_due(at=clock("2026-11-24 09:00"))
        assert state(ticket).state == "closed"

    def test_an_unhappy_rating_has_a_limit_after_which_it_is_done_again(self):
        ticket = reviewed()
        make(ticket, "rate", "system", satisfaction="very_unsatisfied", solved="no")
        limit = next(one for one in kernel.clocks_of([ticket.docket])[ticket.docket] if one.name == "decide")
        assert limit.source  # the rule that the city wrote beside the length
        assert (
            limit.due_at == state(ticket).due_at == clock("2026-11-24 00:00")
        )  # the end of the next working day
        fire_due(at=clock("2026-11-23 20:00"))  # warned, nothing more
        assert state(ticket).state == "called_back"
        fire_due(at=clock("2026-11-24 00:00"))
        assert (state(ticket).state, state(ticket).unit, own(ticket).reopened) == ("reopened", URBAN, 1)

    def test_who_decides_in_time_keeps_the_limit(self):
        ticket = reviewed()
        make(ticket, "call_back", "caller_back", satisfaction="satisfied", solved="no")
        make(ticket, "close", "caller_back", note="已向来电人说明，路灯要等立杆")
        assert Clock.objects.get(docket=ticket.docket, name="decide").outcome == "kept"

    def test_what_waited_before_there_was_a_limit_is_settled_when_the_flow_is_migrated(self):
        ticket = reviewed()
        make(ticket, "rate", "system", satisfaction="unsatisfied")
        Docket.objects.filter(pk=ticket.docket).update(flow_version=1)
        migrate(at=NINE)
        while relay(at=NINE):
            pass
        assert state(ticket).state == "reopened"

    def test_who_asked_rates_and_what_is_good_closes(self):
        ticket = hotline.take(
            hotline.NewTicket(kind="help", channel="web", text="路灯坏了三天没人修", caller="person:7", region="421202000000"),
            actor=kernel.Actor(id="person:7", parties=frozenset({"person:7"})), at=NINE,
        )  # fmt: skip
        make(ticket, "dispatch", "dispatcher", unit=URBAN)
        to_review(ticket)
        make(ticket, "review", "dispatcher")
        caller = kernel.Actor(id="person:7", parties=frozenset({"person:7"}))
        kernel.perform(ticket.docket, "rate", actor=caller, at=NINE, data={"satisfaction": "satisfied"})
        assert state(ticket).state == "closed"

    def test_two_dispatchers_at_once_the_second_is_told_who_was_first(self):
        ticket = taken()
        seen = state(ticket).revision
        make(ticket, "dispatch", "dispatcher", seen=seen, unit=URBAN)
        with pytest.raises(kernel.Conflict) as refused:
            make(ticket, "dispatch", "dispatcher", seen=seen, unit=MARKET)
        assert refused.value.code == "stale"
        assert state(ticket).unit == URBAN


class TestReturns:
    def test_without_a_reason_it_is_refused(self):
        ticket = dispatched()
        with pytest.raises(kernel.InvalidInput) as refused:
            make(ticket, "give_back", "urban", reason=" ")
        assert "reason" in refused.value.fields
        assert refused.value.possible
        with pytest.raises(kernel.InvalidInput) as refused:
            make(ticket, "give_back", "urban")
        assert "reason" in refused.value.fields
        assert (
            form_for(TICKET.moves["give_back"].asks).fields["reason"].required
        )  # the page does not call it optional

    def test_after_a_day_it_is_too_late(self):
        ticket = dispatched()
        with pytest.raises(kernel.MoveRefused) as refused:
            make(ticket, "give_back", "urban", at=NINE + timedelta(hours=24), reason="不属于本局职责")
        assert refused.value.code == "too_late"
        assert "协办" in refused.value.possible
        make(ticket, "give_back", "urban", at=NINE + timedelta(hours=23, minutes=59), reason="不属于本局职责")
        assert (state(ticket).state, state(ticket).unit) == ("returning", CENTRE)

    def test_judged_to_stay_it_may_not_be_returned_again(self):
        ticket = dispatched()
        make(ticket, "give_back", "urban", reason="不属于本局职责")
        make(ticket, "overrule", "dispatcher", reason="路灯由城管局管养，见三定规定")
        assert (state(ticket).unit, own(ticket).final_unit) == (URBAN, URBAN)
        with pytest.raises(kernel.MoveRefused) as refused:
            make(ticket, "give_back", "urban", reason="还是不属于")
        assert refused.value.code == "guarded"

    def test_judged_to_be_right_another_unit_has_it(self):
        ticket = dispatched()
        make(ticket, "give_back", "urban", reason="不属于本局职责")
        make(ticket, "uphold", "dispatcher", unit=MARKET, reason="属于市场监管", final=True)
        assert (state(ticket).unit, own(ticket).lead, own(ticket).final_unit) == (MARKET, MARKET, MARKET)
        first = Turn.objects.filter(docket=ticket.docket, unit=URBAN).get()
        assert first.upheld
        assert own(ticket).returns == 1


class TestLevels:
    def test_it_goes_down_step_by_step_and_the_answer_comes_up_the_same_way(self):
        ticket = dispatched(unit=COUNTY_DESK)
        make(ticket, "sign", "county")
        make(ticket, "pass_down", "county", unit=STREET)
        make(ticket, "sign", "street")
        make(ticket, "reply", "street", reply=GOOD)
        assert (state(ticket).state, state(ticket).unit) == ("replied", COUNTY_DESK)
        with pytest.raises(kernel.MoveRefused):
            make(ticket, "review", "county")
        make(ticket, "forward", "county")
        assert (state(ticket).state, state(ticket).unit, own(ticket).lead) == ("replied", CENTRE, COUNTY_DESK)
        make(ticket, "review", "dispatcher")
        assert state(ticket).state == "reviewed"

    def test_down_means_below(self):
        ticket = dispatched()
        with pytest.raises(kernel.MoveRefused) as refused:
            make(ticket, "pass_down", "urban", unit=CENTRE)
        assert refused.value.code == "not_below"

    def test_what_the_lower_unit_returns_is_judged_by_who_sent_it(self):
        ticket = dispatched(unit=COUNTY_DESK)
        make(ticket, "pass_down", "county", unit=STREET)
        make(ticket, "give_back", "street", reason="不在本街道")
        assert (state(ticket).state, state(ticket).unit) == ("returning", COUNTY_DESK)
        make(ticket, "uphold", "county", unit=URBAN, reason="由区城管局办")
        assert (state(ticket).unit, own(ticket).lead) == (URBAN, COUNTY_DESK)

    def test_whoever_had_a_turn_still_sees_it_and_others_do_not(self):
        ticket = dispatched()
        to_review(ticket)
        assert hotline.ticket(ticket.number, actor=who("urban")).lead == URBAN
        with pytest.raises(kernel.NotFound):
            hotline.ticket(ticket.number, actor=who("market"))


class TestJoint:
    def test_the_lead_answers_when_the_helpers_have(self):
        ticket = taken()
        make(ticket, "dispatch", "dispatcher", unit=URBAN, helpers=[MARKET])
        (child,) = kernel.children_of([ticket.docket], actor=kernel.SYSTEM)[ticket.docket]
        with pytest.raises(kernel.MoveRefused) as refused:
            make(ticket, "reply", "urban", reply=GOOD)
        assert "市场监管局" in refused.value.possible
        kernel.perform(child.id, "finish", actor=who("market"), at=NINE, data={"text": "商户已清理门前杂物"})
        make(ticket, "reply", "urban", reply=GOOD)
        assert Turn.objects.get(docket=ticket.docket, part="helper").said == "商户已清理门前杂物"
        assert hotline.ticket(ticket.number, actor=who("market")).number == ticket.number


class TestTime:
    def test_a_holiday_with_make_up_workdays(self):
        # 国庆 1–7 October 2026; 20 September and 10 October are workdays although weekend.
        friday = clock("2026-09-18 09:00")
        ticket = dispatched(at=friday)
        due = hotline.ticket(ticket.number, actor=kernel.SYSTEM).clocks
        handle = next(one for one in due if one.name == "handle")
        assert handle.due_at == clock("2026-09-25 00:00")  # 20 (Sunday, made up), 21, 22, 23, 24

    def test_an_emergency_counts_minutes_day_and_night(self):
        night = clock("2026-10-03 23:50")
        ticket = taken("城东小区三楼起火冒烟", at=night, urgency="emergency")
        (limit,) = hotline.ticket(ticket.number, actor=kernel.SYSTEM).clocks
        assert limit.due_at == clock("2026-10-04 00:05")
        assert "15分钟" in limit.source

    def test_counties_have_their_own_days(self):
        from tongban.desks.hotline.limits import limits

        span = limits().span("handle", kind="complaint", urgency="ordinary", region="421221001000")
        assert (span.amount, span.basis) == (13, "working_days")
        assert (
            limits().span("handle", kind="consultation", urgency="ordinary", region="421281000000").amount
            == 5
        )

    def test_a_delay_is_asked_for_and_granted_once(self):
        ticket = dispatched()
        make(ticket, "sign", "urban")
        before = next(
            c for c in hotline.ticket(ticket.number, actor=kernel.SYSTEM).clocks if c.name == "handle"
        ).due_at
        make(ticket, "ask_delay", "urban", days=5, reason="要等灯具到货")
        make(ticket, "approve_delay", "dispatcher")
        after = next(
            c for c in hotline.ticket(ticket.number, actor=kernel.SYSTEM).clocks if c.name == "handle"
        ).due_at
        assert after == before + timedelta(days=7)
        with pytest.raises(kernel.MoveRefused) as refused:
            make(ticket, "ask_delay", "urban", days=5, reason="还要等灯具到货")
        assert refused.value.code == "no_delay"


class TestWhatIsOffered:
    """A move that cannot be made is listed with its reason, not offered."""

    def refused(self, ticket, by):
        row = state(ticket)
        return {one.move.name: one.reason for one in moves_for(TICKET, row, who(by)) if one.reason}

    def test_confidence_is_taken_back_only_where_there_is_some(self):
        open_one = taken()
        assert "保密" in self.refused(open_one, "dispatcher")["reveal"]
        with pytest.raises(kernel.MoveRefused):
            make(open_one, "reveal", "dispatcher", reason="试试看")
        secret = taken("举报城东超市卖过期食品，请保密。", kind="report", confidential=True)
        assert "reveal" not in self.refused(secret, "centre_head")
        make(secret, "reveal", "centre_head", reason="举报人同意公开")
        assert state(secret).title != "保密诉求"

    def test_a_supervision_is_reported_on_only_while_one_waits(self):
        ticket = dispatched()
        assert "report" in self.refused(ticket, "urban")
        make(ticket, "supervise", "dispatcher", reason="三天内修好")
        assert "report" not in self.refused(ticket, "urban")
        make(ticket, "report", "urban", text="配件已到，明天装")
        assert "report" in self.refused(ticket, "urban")
