"""Taking a message: once per key, whole or not at all; repeats and floods linked; a caller's privacy."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from tests.desks.hotline.town import (
    CENTRE,
    COUNTY,
    GOOD,
    MARKET,
    NINE,
    URBAN,
    dispatched,
    make,
    message,
    state,
    taken,
    who,
)
from tongban.desks.hotline import alarms, searching
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.limits import limits
from tongban.desks.hotline.models import Alert, Ticket, Turn
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket, DocketLink, Entry
from tongban.kernel.outbox.relay import relay
from tongban.registers.identity.privacy import api as privacy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PHONE = "13907150001"


def refused(**more):
    with pytest.raises(hotline.HotlineRefused) as error:
        hotline.take(message(**more), actor=who("operator"), at=NINE)
    return error.value.fields


class TestMany:
    def test_many_are_taken_as_one_by_one(self):
        told = [message(), message(), message("井盖松了，车一过就响，请派人来修。", caller_phone=PHONE)]
        first, second, third = hotline.take_many(told, actor=who("operator"), at=NINE, key="hour-9")
        assert second.same_as == first.number
        assert DocketLink.objects.filter(source=second.docket, target=first.docket, kind="grouped").exists()
        assert hotline.ticket(third.number, actor=kernel.SYSTEM).has_phone
        again = hotline.take_many(told, actor=who("operator"), at=NINE, key="hour-9")
        assert [(one.number, one.is_new) for one in again] == [
            (one.number, False) for one in (first, second, third)
        ]
        later = hotline.take(message(), actor=who("operator"), at=NINE + timedelta(hours=1))
        assert later.same_as == first.number

    def test_callers_who_send_many_are_marked_within_a_batch_too(self):
        most = limits().flood_tickets
        told = [
            message(f"第{n}次说：城东小区{n}号楼漏水没人修。", caller_phone=PHONE) for n in range(most + 2)
        ]
        floods = [one.flood for one in hotline.take_many(told, actor=who("operator"), at=NINE)]
        assert floods == [False] * most + [True] * 2

    def test_one_that_cannot_be_taken_keeps_all_out(self):
        with pytest.raises(hotline.HotlineRefused):
            hotline.take_many([message(), message("😡😡😡")], actor=who("operator"), at=NINE)
        assert not Ticket.objects.exists()


class TestInput:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "写清楚"),
            ("   \n\t", "写清楚"),
            ("😡😡😡", "只有符号"),
            ("\x00\x07", "写清楚"),
            ("路" * 100_000, "100000"),
        ],
    )
    def test_what_cannot_be_taken_is_said_in_words(self, text, says):
        assert says in refused(text=text)["text"]

    def test_html_emoji_and_other_scripts_are_kept_as_text(self):
        text = "<script>alert(1)</script>路灯坏了😡 Лампа сломана ئەپ ᠮᠣᠩᠭᠣᠯ"
        ticket = taken(text)
        view = hotline.ticket(ticket.number, actor=kernel.SYSTEM)
        assert view.text == text
        assert "<" not in view.title

    def test_a_photo_that_is_none_is_refused_and_nothing_is_kept(self):
        assert "files" in refused(files=(("灯.jpg", b"MZ\x90\x00 this is a program"),))
        assert not Ticket.objects.exists()

    def test_wrong_choices_places_and_phones_are_named_by_field(self):
        found = refused(
            kind="rant",
            urgency="now",
            caller_phone="12",
            latitude=300.0,
            longitude=1.0,
            region="999999999999",
        )
        assert set(found) == {"kind", "urgency", "caller_phone", "latitude", "region"}


class TestRepeats:
    def test_the_same_key_gives_the_first_ticket_and_another_message_is_refused(self):
        first = taken(key="k1")
        again = taken(key="k1")
        assert (again.number, again.is_new) == (first.number, False)
        with pytest.raises(kernel.Conflict):
            taken("城东小区南门的井盖不见了，很危险。", key="k1")
        assert Ticket.objects.count() == 1

    def test_the_same_message_by_five_channels_is_five_tickets_linked_to_the_first(self):
        first, *others = [taken(channel=one) for one in ("phone", "web", "mailbox", "qr", "message")]
        assert [one.same_as for one in others] == [first.number] * 4
        assert DocketLink.objects.filter(target=first.docket, kind="grouped").count() == 4

    def test_a_flood_from_one_number_is_marked_and_kept(self):
        made = [taken(f"第{n}次反映城东小区路灯不亮的问题", caller_phone=PHONE) for n in range(11)]
        assert [one.flood for one in made] == [False] * 10 + [True]
        assert Ticket.objects.count() == 11
        later = taken("隔天再次反映路灯不亮的问题", caller_phone=PHONE, at=NINE + timedelta(hours=2))
        assert not later.flood

    def test_a_message_goes_on_with_a_ticket_and_with_nothing_else(self):
        first = taken()
        later = taken("上次说的路灯还没有人来修，已经五天了。", follows=first.number.lower())
        assert DocketLink.objects.filter(source=later.docket, target=first.docket, kind="grouped").exists()
        Docket.objects.filter(pk=first.docket).update(kind="case")
        assert (
            set(refused(follows=first.number))
            == set(refused(follows="H421200-20260101-0001-0"))
            == {"follows"}
        )


class TestPrivacy:
    def test_the_phone_lies_encrypted_is_found_by_its_index_and_is_in_no_ledger(self):
        ticket = taken(
            f"路灯坏了，我的电话{PHONE}，请回电。", caller_phone="139 0715 0001", caller_name="何秀珍"
        )
        view = hotline.ticket(ticket.number, actor=who("dispatcher"))
        assert (view.caller_phone, view.caller_name) == ("139****0001", "何*珍")
        assert PHONE not in view.title
        stored = (
            Ticket.objects.filter(pk=ticket.docket)
            .extra(select={"raw": "caller_phone"})
            .values("raw")
            .get()["raw"]
        )
        assert PHONE not in stored
        found = hotline.history_of_caller(actor=who("operator"), phone=PHONE)
        assert [one.number for one in found] == [ticket.number]
        make(ticket, "note", "operator", text=f"回拨{PHONE}无人接")
        ledger = "".join(Entry.objects.filter(stream=ticket.number).values_list("body", flat=True))
        assert PHONE not in ledger
        assert "何秀珍" not in ledger
        make(ticket, "dispatch", "dispatcher", unit=URBAN)
        make(ticket, "reply", "urban", reply=GOOD)
        assert "路灯" not in "".join(
            Entry.objects.filter(stream=ticket.number).values_list("body", flat=True)
        )

    def test_who_works_on_it_unmasks_through_the_one_door(self):
        ticket = dispatched(caller_phone=PHONE, caller_name="何秀珍")
        asked = {"purpose": "contact", "reason": "约上门维修的时间", "at": NINE}
        caller = hotline.unmask(ticket.number, actor=who("urban"), **asked)
        assert (caller.phone, caller.name) == (PHONE, "何秀珍")
        assert Entry.objects.filter(stream=f"unmask:{ticket.number}").count() == 1
        with pytest.raises(kernel.NotFound):
            hotline.unmask(ticket.number, actor=who("market"), **asked)
        with pytest.raises(privacy.PrivacyRefused):
            hotline.unmask(ticket.number, actor=who("urban"), purpose="contact", reason="", at=NINE)

    def test_progress_needs_number_and_phone(self):
        ticket = taken(caller_phone=PHONE)
        assert (
            hotline.progress(ticket.number.lower(), phone="+86 13907150001", at=NINE).number == ticket.number
        )
        with pytest.raises(kernel.NotFound):
            hotline.progress(ticket.number, phone="13907150002", at=NINE)
        with pytest.raises(kernel.NotFound):
            hotline.progress("T421202-261120-00001-X", phone=PHONE, at=NINE)

    def test_a_confidential_ticket_is_seen_by_those_named_only(self):
        ticket = taken("举报城东超市卖过期食品，请保密。", kind="report", confidential=True)
        assert state(ticket).title == "保密工单"
        for somebody in ("operator", "centre_head"):
            assert hotline.ticket(ticket.number, actor=who(somebody)).text
        for somebody in ("dispatcher", "supervisor", "urban", "caller_back"):
            with pytest.raises(kernel.NotFound):
                hotline.ticket(ticket.number, actor=who(somebody))
            listed = hotline.page(who(somebody), hotline.Asked())
            assert not listed.items
            waiting = kernel.page(who(somebody), kernel.Filters(unit=CENTRE))
            assert not waiting.rows
        make(ticket, "dispatch", "centre_head", unit=MARKET)
        assert hotline.ticket(ticket.number, actor=who("market_head")).unit == MARKET
        with pytest.raises(kernel.NotFound):
            hotline.ticket(ticket.number, actor=who("market"))
        assert [row.number for row in kernel.page(who("market_head"), kernel.Filters(unit=MARKET)).rows] == [
            ticket.number
        ]
        assert not kernel.page(who("market"), kernel.Filters(unit=MARKET)).rows


class TestManyAndOne:
    def test_five_are_gathered_and_answered_as_one(self):
        main, *others = [
            taken(f"城东小区路灯不亮，第{n}户反映", caller_phone=f"1390715000{n}") for n in range(5)
        ]
        make(main, "dispatch", "dispatcher", unit=URBAN)
        make(main, "gather", "dispatcher", numbers=[one.number for one in others])
        assert {state(one).state for one in others} == {"merged"}
        make(main, "reply", "urban", reply=GOOD)
        make(main, "review", "dispatcher")
        make(main, "call_back", "caller_back", satisfaction="satisfied", solved="yes")
        told = hotline.progress(others[2].number, phone="13907150003", at=NINE)
        assert (told.words, told.reply) == ("已办结", GOOD)
        related = hotline.related(state(main), actor=kernel.SYSTEM)
        assert len(related["merged"]) == 4

    def test_several_things_in_one_call_are_split(self):
        ticket = taken("路灯坏了；还有楼下烧烤店半夜很吵。", caller_phone=PHONE)
        make(ticket, "split", "dispatcher", parts=["楼下烧烤店半夜很吵，影响休息。"])
        part = Ticket.objects.exclude(pk=ticket.docket).get()
        assert part.caller_phone == PHONE
        assert part.docket.state == "taken"
        assert hotline.progress(ticket.number, phone=PHONE, at=NINE).parts == (part.docket.number,)

    def test_refused_only_for_a_ground_of_the_list(self):
        ticket = taken("法院判决不公，请政府改判。")
        with pytest.raises(kernel.MoveRefused) as error:
            make(ticket, "refuse", "dispatcher", ground="busy", instead="不知道")
        assert "litigation" in error.value.possible
        make(ticket, "refuse", "dispatcher", ground="litigation", instead="请向上一级人民法院上诉。")
        assert state(ticket).outcome == "refused"


class TestEmergencies:
    def test_services_are_told_at_once_and_again_until_they_answer(self, settings):
        settings.HOTLINE_ALARMS = "tongban.desks.hotline.alarms.FailingService"
        ticket = taken("城东小区三楼起火，有老人被困受伤", urgency="emergency")
        relay(at=NINE)
        assert hotline.ticket(ticket.number, actor=who("operator")).emergency == ("119?", "120?")
        settings.HOTLINE_ALARMS = alarms.DEMO
        alarms.tell_waiting(at=NINE + timedelta(minutes=1))
        assert hotline.ticket(ticket.number, actor=who("operator")).emergency == ("119", "120")
        assert not Alert.objects.filter(told_at=None)
        assert [row.number for row in hotline.emergencies(actor=who("operator"))] == [ticket.number]
        said = [one.body["data"] for one in kernel.history(ticket.number, at=NINE) if one.act == "alarmed"]
        assert [(one["service"], one["reached"]) for one in said] == [
            ("119", False), ("120", False), ("119", True), ("120", True),
        ]  # fmt: skip
        assert {one["by"] for one in said} == {who("operator").id}
        assert all(one["reference"] for one in said if one["reached"])

    def test_a_service_that_stays_away_is_noted_once(self, settings):
        settings.HOTLINE_ALARMS = "tongban.desks.hotline.alarms.FailingService"
        ticket = taken("城东小区三楼起火了", urgency="emergency")
        relay(at=NINE)
        for minute in range(1, 4):
            alarms.tell_waiting(at=NINE + timedelta(minutes=minute))
        assert [one.act for one in kernel.history(ticket.number, at=NINE)] == ["take", "alarmed"]


class TestUnitsEnd:
    def test_two_hundred_tickets_go_to_the_successor_with_their_clocks(self, capsys):
        made = [dispatched() for _turn in range(200)]
        due = state(made[0]).due_at
        call_command("hotline", "handover", "--from", URBAN, "--to", MARKET)
        assert "移交 200 张工单" in capsys.readouterr().out
        for ticket in made:
            row = state(ticket)
            assert (row.unit, row.due_at) == (MARKET, due)
            assert "reroute" in [item.act for item in kernel.history(row.number, at=NINE)]
        assert Turn.objects.filter(unit=MARKET, ended_at=None).count() == 200
        make(made[0], "reply", "market", reply=GOOD)
        assert state(made[0]).state == "replied"


class TestReplies:
    def test_personal_data_stops_a_reply_other_findings_are_for_the_reviewer(self):
        ticket = dispatched(caller_name="何秀珍")
        for bad in (
            f"{GOOD}请联系{PHONE}。",
            f"何秀珍{GOOD}",
            "已处理。",
            GOOD.replace("您好", "您无理取闹"),
        ):
            with pytest.raises(kernel.InvalidInput):
                make(ticket, "reply", "urban", reply=bad)
        make(
            ticket,
            "reply",
            "urban",
            reply="城东小区南门路灯问题已安排，将尽快按照规定处理，请耐心等待结果通知。",
        )
        with pytest.raises(kernel.InvalidInput) as error:
            make(ticket, "review", "dispatcher")
        rules = {one["rule"] for one in error.value.extra["findings"]}
        assert rules == {"impolite", "no_date", "no_law"}
        make(ticket, "review", "dispatcher", override="来电人只要知道已经安排")
        assert state(ticket).state == "reviewed"


def test_tickets_are_found_by_words_number_and_phone_and_confidential_ones_are_not():
    searching.forget()
    light = taken(caller_phone=PHONE)
    taken("烧烤店油烟太大，晚上不能开窗。")
    taken("举报城东路灯承包商行贿，请保密。", kind="report", confidential=True)

    def found(words, by="dispatcher"):
        return [one.number for one in hotline.find(words, actor=who(by), at=NINE)]

    assert found("路灯 坏了") == [light.number]
    assert found(light.number.lower().replace("-", "")) == found("139 0715 0001") == [light.number]
    assert found("路灯", by="market") == []


def test_lists_by_what_waits_and_by_field():
    urgent = taken("燃气阀门漏气有异味，请马上来看。", urgency="urgent", category="城建/燃气")
    usual = taken(caller_phone=PHONE)
    make(usual, "dispatch", "dispatcher", unit=URBAN)

    def numbers(**asked):
        return [one.number for one in hotline.page(who("dispatcher"), hotline.Asked(**asked)).items]

    assert numbers(waiting="dispatch", unit=CENTRE) == [urgent.number]
    assert numbers(waiting="sign", unit=URBAN) == [usual.number]
    assert numbers(phone=PHONE) == [usual.number]
    assert numbers(urgency="urgent") == numbers(category="城建/燃气") == [urgent.number]
    assert numbers(region=COUNTY) == [usual.number, urgent.number]
    first = hotline.page(who("dispatcher"), hotline.Asked(), size=1)
    assert [
        one.number for one in hotline.page(who("dispatcher"), hotline.Asked(), after=first.after).items
    ] == [urgent.number]
    assert hotline.counts(URBAN, at=NINE).sign == 1
    assert [one.number for one in hotline.page(who("urban"), hotline.Asked()).items] == [usual.number]
    assert not hotline.page(who("market"), hotline.Asked()).items
