"""Calls as facts: whatever order an exchange tells them in, whoever answers, counted per line and hour."""

import hashlib
import hmac
import json
import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tongban.desks.hotline.telephony import api, rules
from tongban.desks.hotline.telephony.contracts import CallEvent, EventKind, TelephonyError
from tongban.desks.hotline.telephony.exchanges import exchange
from tongban.desks.hotline.telephony.jobs import forget, hear
from tongban.desks.hotline.telephony.lines import LinesError, lines, read
from tongban.desks.hotline.telephony.models import Call, Heard
from tongban.desks.hotline.telephony.simulation import day_of_calls

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = date(2026, 11, 20)
TIAN, SUN = "officer:8", "officer:3"
PHONE = "13871010007"


@pytest.fixture
def simulated(settings):
    settings.TELEPHONE_EXCHANGE = "simulated"


def told(kind, seconds, *, call="c1", at=NOON, **more):
    return CallEvent(f"{call}-{kind}", call, kind, at + timedelta(seconds=seconds), **more)


def a_call(call="c1", *, line="12345", wait=6, talk=120, rating=1, at=NOON):
    """Offered, queued after 10 s, answered after `wait` more."""
    return [
        told("offered", 0, call=call, at=at, line=line, caller=PHONE),
        told("queued", 10, call=call, at=at),
        told("answered", 10 + wait, call=call, at=at, station=TIAN),
        told("recorded", 10 + wait + talk, call=call, at=at, recording="rec/1"),
        told("ended", 10 + wait + talk, call=call, at=at),
        told("rated", 15 + wait + talk, call=call, at=at, rating=rating),
    ]


def record(events, *, name="pbx", at=NOON):
    return api.record_events(exchange=name, events=events, at=at)


class TestLines:
    def test_the_city_has_forty_two_lines_beside_the_one_number(self):
        ways = [one.way for one in lines().values()]
        assert [ways.count(way) for way in ("own", "merged", "parallel", "subcentre")] == [1, 21, 13, 8]
        assert api.line_of("0715-8000001") == api.line_of("water")

    def test_faults_are_told_by_name(self, tmp_path):
        path = tmp_path / "lines.yaml"
        path.write_text(
            "- {key: a, number: '1', name: 甲, name_en: A, way: bought}\n- {key: a, number: '1', name: 乙, way: merged}",
            encoding="utf-8",
        )
        with pytest.raises(LinesError) as refused:
            read(path)
        for words in ("way 只能写", "线路写了两次", "号码 1", "缺 name_en", "way: own"):
            assert words in str(refused.value)


class TestFold:
    @given(
        st.permutations(
            [
                rules.Told(one.id, one.kind, one.at, one.line, one.station, one.to, one.recording, one.rating)
                for one in a_call()
            ]
        )
    )
    def test_any_order_tells_the_same_call(self, events):
        facts = rules.fold(events)
        assert (facts.state, facts.outcome, facts.wait_seconds) == ("ended", "answered", 6)
        assert (facts.line, facts.officer, facts.rating, facts.recording) == ("12345", TIAN, 1, "rec/1")

    def test_who_hangs_up_waiting_dropped_and_who_does_in_the_menu_left(self):
        dropped = rules.fold(
            [rules.Told("1", "queued", NOON), rules.Told("2", "dropped", NOON + timedelta(seconds=40))]
        )
        left = rules.fold([rules.Told("1", "offered", NOON, "12345"), rules.Told("2", "dropped", NOON)])
        assert (dropped.outcome, dropped.wait_seconds, left.outcome) == ("dropped", 40, "left")


@pytest.mark.django_db
class TestHearing:
    def test_twice_late_and_swapped_counts_once(self):
        events = a_call()
        random.Random(3).shuffle(events)
        assert record(events[:2]).new == 2
        assert record([*events, *events]).new == 4
        assert record(events).known == 6
        call = Call.objects.get()
        assert (call.state, call.outcome, call.wait_seconds, call.rating) == ("ended", "answered", 6, 1)
        assert (call.day, call.hour, Heard.objects.count()) == (DAY, 12, 6)

    def test_the_number_is_encrypted_found_blind_and_masked(self):
        from django.db import connection

        record(a_call())
        with connection.cursor() as cursor:
            cursor.execute("SELECT caller, caller_index FROM telephony_call")
            assert PHONE not in "".join(cursor.fetchone())
        assert api.calls_of_number("138 7101 0007", since=NOON - timedelta(days=1)) == 1
        call = Call.objects.get().pk
        assert api.call(call).caller == "138****0007"
        assert api.caller_of(call=call, officer=TIAN) == PHONE
        with pytest.raises(TelephonyError):
            api.caller_of(call=call, officer=SUN)

    def test_an_unknown_line_refuses_the_batch_and_says_so(self):
        bad = told("offered", 0, call="c2", line="99999")
        with pytest.raises(TelephonyError) as refused:
            record([*a_call(), bad])
        assert (refused.value.code, Call.objects.count()) == ("unknown_line", 0)
        assert "99999" in refused.value.reason
        with pytest.raises(TelephonyError, match="分中心"):
            record([told("offered", 0, line="12366")])

    def test_a_known_id_with_other_content_is_refused(self):
        record([told("offered", 0, line="12345")])
        with pytest.raises(TelephonyError) as refused:
            record([told("offered", 1, line="12345")])
        assert refused.value.code == "changed"

    def test_numbers_and_recordings_are_forgotten_the_counts_stay(self):
        record(a_call(at=NOON - timedelta(days=4 * 365)))
        record(a_call("young"))
        forget(NOON)
        old, young = Call.objects.order_by("offered_at")
        assert (old.caller, old.caller_index, old.recording, old.outcome) == ("", "", "", "answered")
        assert young.caller == PHONE


@pytest.mark.django_db
class TestAnswerRate:
    def test_counts_by_line_hour_and_day_with_what_fell_away(self):
        for index, wait in enumerate((3, 15, 16, 40)):
            record(a_call(f"c{index}", wait=wait, rating=1 + index))
        record(
            [
                told("offered", 0, call="d", line="12319"),
                told("queued", 5, call="d"),
                told("dropped", 60, call="d"),
            ]
        )
        record([told("offered", 0, call="l", line="12319"), told("dropped", 8, call="l")])
        found = api.answer_figures(since=DAY, until=DAY)
        assert (found.offered, found.answered, found.in_time, found.dropped, found.left) == (6, 4, 2, 1, 1)
        assert (found.average_wait, found.rated, found.content) == (18.5, 4, 3)
        assert api.answer_rate(since=DAY, until=DAY) == (4, 6)
        assert api.answer_by_line(since=DAY, until=DAY)["12319"].answered == 0
        assert api.answer_by_hour(since=DAY, until=DAY)[12].offered == 6
        assert list(api.answer_by_day(since=DAY, until=DAY)) == [DAY]
        assert api.answer_rate(
            line="12345", since=DAY + timedelta(days=1), until=DAY + timedelta(days=2)
        ) == (0, 0)
        assert api.ratings_by_officer(since=DAY, until=DAY) == {TIAN: (3, 4)}

    def test_one_statement_whatever_there_is(self, django_assert_num_queries):
        record(a_call())
        with django_assert_num_queries(1):
            api.answer_by_line(since=DAY, until=DAY)


@pytest.mark.django_db
@pytest.mark.usefixtures("simulated")
class TestOperators:
    def test_whoever_is_ready_longest_is_rung_and_answers(self):
        api.set_presence(officer=SUN, state="ready", at=NOON)
        api.set_presence(officer=TIAN, state="ready", at=NOON + timedelta(seconds=1), station="801")
        call = api.simulate_call(at=NOON + timedelta(seconds=5))
        assert api.current_call(TIAN) is None
        assert api.current_call(SUN).state == "ringing"
        taken = api.accept(officer=SUN, call=call, at=NOON + timedelta(seconds=9))
        assert (taken.state, taken.wait_seconds, api.presence(SUN).state) == ("talking", 4, "talking")
        with pytest.raises(TelephonyError, match="已经挂断"):
            api.accept(officer=TIAN, call=call, at=NOON + timedelta(seconds=9))
        api.link_ticket(call=call, ticket="T1", at=NOON)
        api.link_ticket(call=call, ticket="T2", at=NOON)
        api.link_ticket(call=call, ticket="T1", at=NOON)
        assert api.current_call(SUN).tickets == ("T1", "T2")
        assert [one.id for one in api.calls_of_ticket("T2")] == [call]
        over = api.end(officer=SUN, call=call, at=NOON + timedelta(seconds=99))
        assert (over.outcome, api.presence(SUN).state, api.current_call(SUN)) == ("answered", "after", None)

    def test_who_lets_it_ring_is_away_and_the_next_one_is_rung(self):
        api.set_presence(officer=SUN, state="ready", at=NOON)
        call = api.simulate_call(at=NOON)
        api.set_presence(officer=TIAN, state="ready", at=NOON + timedelta(seconds=2))
        hear(NOON + timedelta(seconds=21))
        assert api.presence(SUN).state == "away"
        assert api.current_call(TIAN).id == call

    def test_one_call_at_a_time_and_a_station_for_one(self):
        api.set_presence(officer=SUN, state="ready", at=NOON, station="801")
        with pytest.raises(TelephonyError, match="已有人签入"):
            api.set_presence(officer=TIAN, state="ready", at=NOON, station="801")
        first, second = api.simulate_call(at=NOON), api.simulate_call(at=NOON + timedelta(seconds=1))
        api.accept(officer=SUN, call=first, at=NOON)
        with pytest.raises(TelephonyError, match="正在通话"):
            api.accept(officer=SUN, call=second, at=NOON)
        with pytest.raises(TelephonyError, match="正在通话"):
            api.set_presence(officer=SUN, state="away", at=NOON)
        with pytest.raises(TelephonyError, match="不是您接的"):
            api.end(officer=TIAN, call=first, at=NOON)
        moved = api.transfer(officer=SUN, call=first, to="110", at=NOON + timedelta(seconds=30))
        assert (moved.transferred_to, moved.state) == ("110", "ended")

    def test_calls_come_by_themselves_only_while_somebody_is_ready(self):
        hear(NOON)
        assert Call.objects.count() == 0
        api.set_presence(officer=SUN, state="ready", at=NOON)
        hear(NOON)
        call = api.current_call(SUN).id
        api.accept(officer=SUN, call=call, at=NOON)
        hear(NOON + timedelta(seconds=240))
        assert Call.objects.count() == 1  # nobody is ready
        api.end(officer=SUN, call=call, at=NOON + timedelta(seconds=250))
        api.set_presence(officer=SUN, state="ready", at=NOON + timedelta(seconds=260))
        hear(NOON + timedelta(seconds=480))
        assert api.current_call(SUN).id != call


@pytest.mark.django_db
class TestWithoutExchange:
    def test_down_says_so_and_calls_are_written_down_by_hand(self, settings):
        settings.TELEPHONE_EXCHANGE = "down"
        assert not api.exchange_status(at=NOON).up
        assert "登记来电" in api.exchange_status(at=NOON).words
        hear(NOON)
        record([told("offered", 0, line="12345"), told("queued", 1)], name="down")
        with pytest.raises(TelephonyError, match="没有响应"):
            api.accept(officer=SUN, call=Call.objects.get().pk, at=NOON)
        assert api.presence(SUN).state == "off"
        call = api.take_by_hand(officer=SUN, line="12319", caller=PHONE, at=NOON)
        assert (call.state, call.by_hand, api.current_call(SUN).id) == ("talking", True, call.id)
        api.end(officer=SUN, call=call.id, at=NOON + timedelta(seconds=60))
        found = api.answer_figures(since=DAY, until=DAY)
        assert (found.offered, found.answered, found.by_hand) == (1, 0, 1)

    def test_without_demo_data_there_is_no_exchange(self, settings):
        settings.TELEPHONE_EXCHANGE, settings.DEMO = "", False
        exchange.cache_clear()
        assert api.exchange_status(at=NOON).name == "none"
        with pytest.raises(TelephonyError, match="模拟"):
            api.simulate_call(at=NOON)


def test_a_simulated_day_is_the_same_every_time_with_peaks_and_people_who_give_up():
    asked = {"seed": 7, "day": DAY, "calls": 900, "seats": 3, "lines": ["12345", "12319"]}
    calls = day_of_calls(**asked)
    assert calls == day_of_calls(**asked)
    by_hour = [sum(one.offered_at.hour == hour for one in calls) for hour in range(24)]
    assert max(by_hour) == max(by_hour[9:11]) > 8 * by_hour[3]
    lost = [one for one in calls if one.queued_at and not one.answered_at]
    assert 0.02 < len(lost) / len(calls) < 0.8
    assert len(
        [one for one in day_of_calls(**{**asked, "seats": 12}) if one.queued_at and not one.answered_at]
    ) < len(lost)
    assert all(
        one.offered_at
        <= (one.queued_at or one.offered_at)
        <= (one.answered_at or one.ended_at)
        <= one.ended_at
        for one in calls
    )


@pytest.mark.django_db
class TestWebhook:
    def send(self, client, events, *, secret="s3", name="pbx", age=0, tamper=""):
        body = json.dumps({"events": events})
        stamp = str(int(timezone.now().timestamp()) - age)
        mark = hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"X-Tongban-Exchange": name, "X-Tongban-Timestamp": stamp, "X-Tongban-Signature": mark}
        return client.post(
            "/api/v1/telephony/events", body + tamper, content_type="application/json", headers=headers
        )

    @pytest.fixture(autouse=True)
    def _key(self, settings):
        settings.TELEPHONE_KEYS = {"pbx": "s3"}
        settings.TELEPHONE_EXCHANGE = "simulated"

    def test_signed_events_are_taken_once(self, client):
        event = {
            "id": "1",
            "call": "c",
            "kind": "offered",
            "at": NOON.isoformat(),
            "line": "12345",
            "caller": PHONE,
        }
        assert self.send(client, [event]).json() == {"new": 1, "known": 0}
        assert self.send(client, [event]).json() == {"new": 0, "known": 1}
        assert self.send(client, [{**event, "line": "12319"}]).status_code == 409
        wrong = self.send(client, [{**event, "id": "2", "line": "404"}])
        assert (wrong.status_code, wrong.json()["type"]) == (422, "urn:tongban:telephony:unknown_line")

    @pytest.mark.parametrize("more", [{"secret": "x"}, {"name": "nobody"}, {"age": 900}, {"tamper": " "}])
    def test_a_wrong_signature_gets_nothing(self, client, more):
        event = {"id": "1", "call": "c", "kind": "offered", "at": NOON.isoformat(), "line": "12345"}
        answer = self.send(client, [event], **more)
        assert (answer.status_code, Call.objects.count()) == (403, 0)


def test_every_kind_of_event_has_its_rank():
    assert set(rules.RANK) == set(EventKind.values)
