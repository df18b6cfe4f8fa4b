"""Five citizens raise a warning; it is answered and closed as one; nobody is warned twice; repeats are reviewed by two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F

from tests.desks.hotline import town as place
from tests.desks.hotline.heat.messages import LAMPS, PARKING, PLANT
from tests.desks.hotline.town import CENTRE, COUNTY, NINE, URBAN, make, state, who
from tongban.actors.models import Appointment, Officer
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.heat import api as heat
from tongban.desks.hotline.heat import memory, services
from tongban.desks.hotline.heat.models import Group, Mention, Warned
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import relay
from tongban.registers.messages import api as messages

pytestmark = pytest.mark.django_db
ANSWER = (
    "您好！您反映的清水湾小区旁水泥厂噪音和粉尘扰民问题，我局执法人员已于11月20日到现场核实，责令水泥厂夜间停止生产，"
    "机器加装隔音棚，料场全部覆盖防尘网，12月5日前完成。感谢您的来电，有问题请打0715-8255555。"
)


@pytest.fixture
def town(db):
    place.build()
    leader = Officer.objects.create(name="leader", unit_id=CENTRE, staff_number="leader")
    Appointment.objects.create(officer=leader, unit_id=CENTRE, role="leader", from_date="2020-01-01")
    second = Officer.objects.create(name="second", unit_id=CENTRE, staff_number="second")
    Appointment.objects.create(officer=second, unit_id=CENTRE, role="dispatcher", from_date="2020-01-01")
    place.actors.forget()
    memory.forget()


def tell(affair, *, first=0, phone=None, minutes=0, unit=""):
    """Each message of an affair by another citizen, in order; dispatched when a unit is named; then the outbox."""
    made = []
    for number, (title, text) in enumerate(affair):
        at = NINE + timedelta(minutes=minutes + number)
        caller = phone or f"1390715{first + number:04d}"
        ticket = place.taken(text, title=title, caller_phone=caller, place="", at=at)
        if unit:
            make(ticket, "dispatch", "dispatcher", at=at, unit=unit)
        made.append(ticket)
    later = NINE + timedelta(hours=1)
    relay(at=later)
    heat.place_waiting(at=later)
    relay(at=later)  # the news of an affair
    return made


def warnings(name):
    officer = f"officer:{Officer.objects.get(staff_number=name).pk}"
    return [one for one in messages.inbox(recipients=[officer]) if "人反映" in one.subject]


def the_affair():
    return Docket.objects.get(kind="affair")


@pytest.mark.usefixtures("town")
class TestWarning:
    def test_four_citizens_are_a_group_and_no_warning(self):
        tell(PLANT[:4])
        group = Group.objects.get()
        assert (group.tickets, group.people, group.docket) == (4, 4, None)
        assert "清水湾" in group.place

    def test_the_fifth_raises_it_once_and_the_unit_and_the_leader_know(self):
        tell(PLANT[:5], unit=URBAN)
        row = the_affair()
        assert (row.state, row.unit, row.region) == ("raised", URBAN, COUNTY)
        assert len(warnings("urban_head")) == len(warnings("leader")) == 1
        tell(PLANT[5:], first=50, minutes=60, unit=URBAN)
        assert Docket.objects.filter(kind="affair").count() == 1
        assert len(warnings("urban_head")) == len(warnings("leader")) == 1
        assert Warned.objects.count() == 1

    def test_one_citizen_five_times_is_one_person(self):
        tell(PLANT[:5], phone="13907150099")
        assert Group.objects.get().people == 1
        assert not Docket.objects.filter(kind="affair").exists()

    def test_other_matters_of_the_estate_do_not_count(self):
        tell((*PLANT[:4], *PARKING, *LAMPS))
        assert not Docket.objects.filter(kind="affair").exists()
        assert sorted(Group.objects.values_list("tickets", flat=True)) == [3, 3, 4]

    def test_a_higher_level_warns_once_more(self):
        more = [(title, text + "请尽快处理。") for title, text in PLANT]
        tell(PLANT[:5], unit=URBAN)
        tell(more, first=100, minutes=60, unit=URBAN)
        assert Group.objects.get().people == 11
        assert Group.objects.get().level == 2
        assert len(warnings("leader")) == 2

    def test_what_is_confidential_stays_out(self):
        place.taken(PLANT[0][1], title=PLANT[0][0], confidential=True, caller_phone="13907150001", place="")
        tell(PLANT[1:3], first=10)
        assert Mention.objects.count() == 2

    def test_a_ticket_is_placed_once_and_other_processes_are_caught_up(self):
        first = tell(PLANT[:2])[0]
        assert heat.note(first.docket, at=NINE) == heat.note(first.docket, at=NINE)
        memory.forget()  # another process begins
        tell(PLANT[2:4], first=20)
        assert Group.objects.get().tickets == 4

    def test_a_ticket_that_cannot_be_placed_holds_up_no_other_and_is_tried_again(self, monkeypatch):
        message = services._message
        monkeypatch.setattr(
            services, "_message", lambda row: 1 / 0 if row.docket == bad.docket else message(row)
        )
        bad = place.taken(PLANT[0][1], title=PLANT[0][0], caller_phone="13907150001", place="", at=NINE)
        tell(PLANT[1:3], first=10)
        assert Group.objects.get().tickets == 2
        monkeypatch.undo()
        soon, later = NINE + timedelta(hours=1), NINE + timedelta(hours=3)
        assert (heat.place_waiting(at=soon), heat.place_waiting(at=later)) == (0, 1)
        assert Group.objects.get().tickets == 3

    def test_what_another_process_stored_meanwhile_is_weighed_too(self, monkeypatch):
        tell(PARKING[:1], first=50)
        first, second = (
            place.taken(text, title=title, caller_phone=f"1390715000{n}", place="", at=NINE)
            for n, (title, text) in enumerate(PLANT[:2])
        )
        placed = memory.place

        def another_is_faster(*given, **more):
            made = placed(*given, **more)
            if not Mention.objects.filter(docket=first.docket).exists():
                Mention.objects.create(docket_id=first.docket, group=first.docket, at=NINE, person="x")
            return made

        monkeypatch.setattr(memory, "place", another_is_faster)
        assert heat.note(second.docket, at=NINE) == first.docket

    @pytest.mark.parametrize("broken", ["_mention", "_grow"])
    def test_what_was_placed_and_undone_is_not_alike_to_itself(self, monkeypatch, broken):
        tell(PARKING[:1], first=50)
        ticket = place.taken(PLANT[0][1], title=PLANT[0][0], caller_phone="13907150001", place="", at=NINE)
        with monkeypatch.context() as failing:
            failing.setattr(services, broken, lambda *_given: 1 / 0)
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                heat.note(ticket.docket, at=NINE)
        assert not Mention.objects.filter(docket=ticket.docket).exists()
        placed = services.memory.place
        told = []
        monkeypatch.setattr(
            services.memory, "place", lambda *a, **k: told.append(placed(*a, **k)) or told[-1]
        )
        heat.note(ticket.docket, at=NINE)
        assert [(one.group, one.alike) for one in told[0]] == [(ticket.docket, 0.0)]


@pytest.mark.usefixtures("town")
class TestAsOne:
    def test_from_the_warning_to_closed_with_all_its_tickets(self):
        tickets = tell(PLANT[:5])
        affair = the_affair()
        perform = lambda move, by, **data: kernel.perform(  # noqa: E731
            affair.pk, move, actor=who(by), at=NINE + timedelta(hours=2), data=data
        )
        assert affair.unit == CENTRE
        perform("assign", "dispatcher", unit=URBAN, opinion="请一并处理")
        assert {state(one).state for one in tickets} == {"dispatched"}
        assert {state(one).unit for one in tickets} == {URBAN}
        relay(at=NINE + timedelta(hours=2))
        assert len(warnings("urban_head")) == 1
        perform("take_up", "urban_head")
        perform("tell", "urban_head", reply=ANSWER, result="yes")
        assert {state(one).state for one in tickets} == {"replied"}
        perform("review", "dispatcher")
        assert {state(one).state for one in tickets} == {"reviewed"}
        perform("close", "dispatcher", summary="已经停产整改。")
        affair.refresh_from_db()
        assert (affair.state, affair.outcome) == ("closed", "closed")

    def test_it_does_not_close_over_an_unanswered_ticket(self):
        tell(PLANT[:5], unit=URBAN)
        affair = the_affair()
        kernel.perform(affair.pk, "take_up", actor=who("urban_head"), at=NINE)
        late = tell(PLANT[5:], first=60, minutes=90)[0]
        kernel.perform(affair.pk, "tell", actor=who("urban_head"), at=NINE, data={"reply": ANSWER})
        assert state(late).state == "taken"
        with pytest.raises(kernel.MoveRefused, match="1件没有答复"):
            kernel.perform(affair.pk, "close", actor=who("urban_head"), at=NINE, data={"summary": "停产"})

    def test_a_ticket_that_tells_of_something_else_is_taken_out(self):
        wrong = tell(PLANT[:5], unit=URBAN)[0]
        affair = the_affair()
        kernel.perform(affair.pk, "take_up", actor=who("urban_head"), at=NINE)
        kernel.perform(
            affair.pk, "take_out", actor=who("urban_head"), at=NINE, data={"numbers": [wrong.number]}
        )
        kernel.perform(affair.pk, "tell", actor=who("urban_head"), at=NINE, data={"reply": ANSWER})
        assert state(wrong).state == "dispatched"
        assert heat.group_of_ticket(wrong.docket) == 0

    def test_after_closing_it_takes_five_new_citizens_to_warn_again(self):
        tell(PLANT[:5], unit=URBAN)
        first = the_affair()
        kernel.perform(
            first.pk,
            "dismiss",
            actor=who("dispatcher"),
            at=NINE + timedelta(minutes=30),
            data={"reason": "误报"},
        )
        more = [(title, text + "还是这样。") for title, text in PLANT[:5]]
        tell(more[:4], first=200, minutes=60, unit=URBAN)
        assert Docket.objects.filter(kind="affair").count() == 1
        tell(more[4:], first=300, minutes=90, unit=URBAN)
        again = Docket.objects.filter(kind="affair").latest("pk")
        assert again.pk != first.pk
        assert kernel.linked(again.pk, "grouped") == [first.pk]


@pytest.mark.usefixtures("town")
class TestRepeats:
    def answered(self):
        tickets = tell([PLANT[0], PLANT[1], PLANT[3], PLANT[5]], phone="13907150077")
        make(tickets[0], "answer", "dispatcher", reply=ANSWER)
        return tickets

    def test_it_takes_four_messages_one_of_them_answered(self):
        tickets = tell(PLANT[:2], phone="13907150077")
        with pytest.raises(heat.HeatRefused, match="2次"):
            heat.propose(tickets[0].number, actor=who("dispatcher"), at=NINE)

    def test_the_same_words_are_the_same_matter_whatever_group_each_message_is_in(self):
        tickets = tell([PLANT[0]] * 4, phone="13907150077")
        make(tickets[0], "answer", "dispatcher", reply=ANSWER)
        Mention.objects.update(group=F("docket"))
        number = heat.propose(tickets[3].number, actor=who("dispatcher"), at=NINE)
        grouped = kernel.linked(Docket.objects.get(number=number).pk, "grouped")
        assert sorted(grouped) == [one.docket for one in tickets]

    def test_another_officer_reviews_the_caller_appeals_and_nothing_is_dropped(self):
        tickets = self.answered()
        number = heat.propose(tickets[1].number, actor=who("dispatcher"), at=NINE)
        review = Docket.objects.get(number=number)
        with pytest.raises(kernel.MoveRefused, match="不能自己认定"):
            kernel.perform(review.pk, "mark", actor=who("dispatcher"), at=NINE, data={"reason": "同一件事"})
        kernel.perform(review.pk, "mark", actor=who("second"), at=NINE, data={"reason": "同一件事已答复"})
        assert heat.standing(tickets[1].docket) == number
        again = place.taken(PLANT[4][1], caller_phone="13907150077", place="")
        assert state(again).state == "taken"
        kernel.perform(review.pk, "appeal", actor=who("operator"), at=NINE, data={"reason": "没有解决"})
        with pytest.raises(kernel.MoveRefused, match="不能自己维持"):
            kernel.perform(review.pk, "keep", actor=who("second"), at=NINE, data={"reason": "维持"})
        kernel.perform(review.pk, "lift", actor=who("second"), at=NINE, data={"reason": "来电人有理"})
        assert heat.standing(tickets[1].docket) == ""

    def test_the_caller_reads_of_the_mark_and_of_what_the_objection_came_to(self):
        tickets = self.answered()
        review = Docket.objects.get(number=heat.propose(tickets[1].number, actor=who("dispatcher"), at=NINE))

        def read():
            told = hotline.progress(tickets[1].number, phone="13907150077", at=NINE)
            return " ".join(words for _at, words in told.events)

        assert "认定" not in read()
        assert "申诉" not in read()
        for move, name, words in (
            ("mark", "second", "不同意可以申诉"), ("appeal", "operator", "申诉正在复核"), ("lift", "second", "认定已撤销"),
        ):  # fmt: skip
            kernel.perform(review.pk, move, actor=who(name), at=NINE, data={"reason": "同一件事已答复"})
            assert words in read()

    def test_nobody_is_proposed_twice_or_anonymously(self):
        tickets = self.answered()
        heat.propose(tickets[1].number, actor=who("dispatcher"), at=NINE)
        with pytest.raises(heat.HeatRefused, match="已经在审核"):
            heat.propose(tickets[2].number, actor=who("dispatcher"), at=NINE)
        unknown = place.taken("没有留电话的人说路灯不亮，请来看看。", caller_phone="", place="")
        with pytest.raises(heat.HeatRefused, match="匿名"):
            heat.propose(unknown.number, actor=who("dispatcher"), at=NINE)


@pytest.mark.usefixtures("town")
def test_lists_portraits_and_who_sees_them():
    tell((*PLANT[:5], *PARKING), unit=URBAN)
    later = NINE + timedelta(days=1)
    found = heat.groups(actor=who("dispatcher"), at=later)
    assert [one.tickets for one in found] == [5, 3]
    assert found[0].heat > found[1].heat
    assert sum(found[0].trend) == 5
    assert [one.tickets for one in heat.groups(actor=who("urban"), at=later)] == [5, 3]
    assert heat.groups(actor=who("market"), at=later) == []
    names = {one.name for one in heat.subjects(actor=who("dispatcher"), at=later)}
    portrait = heat.portrait(min(names), actor=who("dispatcher"), at=later)
    assert portrait is not None
    assert sum(count for _month, count in portrait.months) == portrait.subject.tickets
    assert portrait.units[0][0] == URBAN
    assert heat.portrait(min(names), actor=who("market"), at=later) is None
