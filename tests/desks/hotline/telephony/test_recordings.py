"""Listening to a call: who may, for what, in the ledger before anything is heard; clear words when the exchange is away."""

import io
import wave

import pytest

from tests.desks.hotline.town import NINE, taken, who
from tongban.desks.hotline.telephony import api as telephony
from tongban.desks.hotline.telephony import recordings
from tongban.desks.hotline.telephony.contracts import CallEvent, TelephonyError
from tongban.desks.hotline.telephony.models import Call
from tongban.kernel import api as kernel

pytestmark = pytest.mark.usefixtures("town")
ASKED = {"purpose": "dispute", "reason": "来电人说话务员没有登记地点"}


def call(*, recording: str = "sim/20261120/0007", **more: object) -> Call:
    """A call that the operator took, with a ticket."""
    events = [
        CallEvent("e1", "c1", "offered", NINE, line="12345", caller="13871010099"), CallEvent("e2", "c1", "queued", NINE),
        CallEvent("e3", "c1", "answered", NINE, station=who("operator").id), CallEvent("e4", "c1", "ended", NINE),
    ]  # fmt: skip
    if recording:
        events.append(CallEvent("e5", "c1", "recorded", NINE, recording=recording))
    telephony.record_events(exchange="simulated", events=events, at=NINE)
    found = Call.objects.get()
    ticket = taken(**more)
    telephony.link_ticket(call=found.pk, ticket=ticket.number, at=NINE)
    return found


def refusal(one: Call, name: str) -> str:
    with pytest.raises(TelephonyError) as error:
        recordings.ask(one.pk, actor=who(name), at=NINE, **ASKED)
    return error.value.code


def test_each_hearing_is_in_the_ledger_with_purpose_and_reason(settings):
    settings.TELEPHONE_EXCHANGE = "simulated"
    one = call()
    recordings.ask(one.pk, actor=who("supervisor"), at=NINE, **ASKED)
    recordings.ask(one.pk, actor=who("operator"), at=NINE, **ASKED)
    said = kernel.history(f"call:{one.pk}", at=NINE)
    assert [(item.act, item.actor) for item in said] == [
        ("recording_heard", who("supervisor").id), ("recording_heard", who("operator").id),
    ]  # fmt: skip
    assert said[0].body["reason"] == ASKED["reason"]
    with wave.open(io.BytesIO(recordings.sound(one.pk).content)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(2, abs=0.1)


def test_who_has_no_part_in_it_or_gives_no_reason_hears_nothing(settings):
    settings.TELEPHONE_EXCHANGE = "simulated"
    one = call()
    assert refusal(one, "urban") == "not_allowed"
    for wrong in ({"purpose": "fun"}, {"reason": "想听"}):
        with pytest.raises(TelephonyError):
            recordings.ask(one.pk, actor=who("dispatcher"), at=NINE, **{**ASKED, **wrong})
    assert kernel.history(f"call:{one.pk}", at=NINE) == []


def test_a_confidential_ticket_keeps_its_call_to_those_named():
    one = call(confidential=True)
    assert refusal(one, "supervisor") == "not_allowed"


def test_no_recording_and_an_exchange_that_is_away_are_told_apart(settings):
    settings.TELEPHONE_EXCHANGE = "down"
    one = call()
    with pytest.raises(TelephonyError) as error:
        recordings.sound(one.pk)
    assert (error.value.code, "sim/20261120/0007" in error.value.possible) == ("down", True)
    Call.objects.update(recording="")
    assert refusal(one, "dispatcher") == "no_recording"
