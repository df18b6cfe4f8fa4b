"""Tickets through HTTP, as programs and other lines speak to the hotline: a call to its end, a return fought over, five as one."""

import json
from datetime import date

import pytest
from django.test import Client

from tests.desks.hotline import town as place
from tests.desks.hotline.town import CENTRE, COUNTY, GOOD, MARKET, STAFF, URBAN
from tongban.actors.models import Appointment, Officer
from tongban.kernel.models import Docket
from tongban.registers.identity.models import Account
from tongban.registers.identity.services import issue_token

pytestmark = pytest.mark.django_db


class Speaker:
    """An officer's program with a token."""

    def __init__(self, name):
        from django.utils import timezone

        officer = Officer.objects.get(staff_number=name)
        account = Account.objects.create(username=name, kind="officer", actor_id=f"officer:{officer.pk}")
        account.set_unusable_password()
        account.save()
        self.token = issue_token(username=name, label="line", at=timezone.now()).secret
        self.client, self.turn = Client(), 0

    def _asked(self, method, path, body=None, key=""):
        self.turn += 1
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or f"k{self.turn}"}
        answer = self.client.generic(
            method, f"/api/v1/hotline{path}", json.dumps(body) if body is not None else "", content_type="application/json",
            headers=headers,
        )  # fmt: skip
        return answer.status_code, answer.json()

    def take(self, key="", **said):
        told = {
            "kind": "help",
            "channel": "phone",
            "region": COUNTY,
            "text": "城东小区南门路灯坏了三天，晚上看不见路。",
            **said,
        }
        return self._asked("POST", "/tickets", told, key)

    def move(self, number, move, key="", **data):
        return self._asked("POST", f"/tickets/{number}/moves/{move}", data, key)

    def read(self, number):
        status, said = self._asked("GET", f"/tickets/{number}")
        assert status == 200, said
        return said

    def listed(self, query):
        return [one["number"] for one in self._asked("GET", f"/tickets?{query}")[1]["items"]]

    def callers(self, phone):
        return self._asked("POST", "/callers", {"phone": phone})


@pytest.fixture
def staff(db):
    place.build()
    for name in ("urban", "market"):  # who answers also judges nothing: one more role would hide a hole
        assert Appointment.objects.filter(officer__staff_number=name, from_date=date(2020, 1, 1)).count() == 1
    return {
        name: Speaker(name) for name in STAFF if name not in {"street", "county", "supervisor", "centre_head"}
    }


def test_a_call_is_taken_dispatched_answered_called_back_and_closed(staff):
    status, taken = staff["operator"].take(
        key="call-17", caller_phone="13907150001", caller_name="何秀珍", call="17"
    )
    assert (status, taken["is_new"]) == (200, True)
    assert (
        staff["operator"].take(key="call-17", caller_phone="13907150001", caller_name="何秀珍", call="17")[1][
            "is_new"
        ]
        is False
    )
    number = taken["number"]
    assert staff["urban"].take()[0] == 403
    assert staff["dispatcher"].listed(f"waiting=dispatch&unit={CENTRE}") == [number]
    assert staff["dispatcher"].move(number, "dispatch", unit=URBAN)[0] == 200
    assert staff["urban"].move(number, "sign")[1]["state"] == "handling"
    status, refused = staff["urban"].move(number, "reply", reply="已处理")
    assert status == 422
    assert refused["changes"]["findings"][0]["rule"] == "short"
    assert staff["urban"].move(number, "reply", reply=GOOD)[0] == 200
    assert staff["dispatcher"].move(number, "review")[1]["state"] == "reviewed"
    assert staff["caller_back"].listed("waiting=call_back") == [number]
    assert staff["caller_back"].move(number, "call_back", satisfaction="very", solved="yes")[0] == 200
    ticket = staff["dispatcher"].read(number)
    assert (ticket["state"], ticket["satisfaction"], ticket["lead"]) == ("closed", "very", URBAN)
    assert (ticket["caller_name"], ticket["caller_phone"]) == ("何*珍", "139****0001")
    assert [one["number"] for one in staff["operator"].callers("139 0715 0001")[1]["items"]] == [number]


def test_a_return_is_fought_over_judged_and_may_not_be_repeated(staff):
    number = staff["operator"].take()[1]["number"]
    staff["dispatcher"].move(number, "dispatch", unit=URBAN)
    status, refused = staff["urban"].move(number, "give_back")
    assert (status, "reason" in refused["fields"]) == (422, True)
    assert staff["urban"].move(number, "give_back", reason="不属于本局职责")[1]["state"] == "returning"
    assert staff["urban"].move(number, "overrule", reason="自己审自己")[0] == 403
    assert staff["dispatcher"].move(number, "overrule", reason="路灯由城管管养")[1]["state"] == "dispatched"
    status, refused = staff["urban"].move(number, "give_back", reason="仍然不属于")
    assert (status, refused["type"]) == (409, "urn:tongban:guarded")
    assert "协办" in refused["detail"]
    seen = staff["urban"].read(number)["revision"]
    assert staff["urban"].move(number, "sign")[0] == 200
    status, stale = staff["urban"]._asked(
        "POST", f"/tickets/{number}/moves/reply?seen={seen}", {"reply": GOOD}
    )
    assert (status, stale["type"]) == (409, "urn:tongban:stale")
    assert staff["market"].move(number, "reply", reply=GOOD)[0] == 404


def test_five_tell_of_one_thing_and_it_is_closed_as_one(staff):
    numbers = [
        staff["operator"].take(text=f"桂花小区{n}栋停水两天了，没人管。")[1]["number"] for n in range(1, 6)
    ]
    main, *others = numbers
    staff["dispatcher"].move(main, "dispatch", unit=MARKET)
    assert staff["dispatcher"].move(main, "gather", numbers=others)[0] == 200
    assert {staff["dispatcher"].read(number)["state"] for number in others} == {"merged"}
    reply = GOOD.replace("城东小区南门", "桂花小区").replace("路灯不亮", "桂花小区停水")
    assert staff["market"].move(main, "reply", reply=reply)[0] == 200
    staff["dispatcher"].move(main, "review")
    staff["caller_back"].move(main, "call_back", satisfaction="satisfied", solved="yes")
    assert Docket.objects.filter(kind="ticket", closed_at=None).count() == 0


def test_other_lines_and_programs_bring_messages_that_are_linked_and_sent_on_once(staff):
    """Another government line with its own number, a program, and the same message again by each of five channels."""
    line = staff["dispatcher"]
    text = "城东小区南门的井盖不见了，昨晚有人掉下去，请马上来看看。"
    status, first = line.take(
        key="12319-0007", channel="line", line="12319", reference="12319-20261120-0007", text=text
    )
    assert (status, first["is_new"]) == (200, True)
    assert line.take(key="12319-0007", channel="line", line="12319", reference="12319-20261120-0007", text=text)[1] == {
        **first, "is_new": False,
    }  # fmt: skip
    others = [line.take(channel=channel, text=text)[1] for channel in ("message", "web", "mailbox", "grid")]
    assert {one["same_as"] for one in others} == {first["number"]}
    assert len({one["number"] for one in (first, *others)}) == 5
    assert line.listed("reference=12319-20261120-0007") == [first["number"]]
    assert set(line.listed("channel=message")) == {others[0]["number"]}
    assert line.read(first["number"])["line"] == "12319"
    status, refused = line.take(channel="pigeon", text=text)
    assert (status, "channel" in str(refused)) == (422, True)


def test_of_two_dispatchers_at_once_the_second_reads_who_was_first(staff):
    number = staff["operator"].take()[1]["number"]
    seen = staff["dispatcher"].read(number)["revision"]
    path = f"{number}/moves/dispatch?seen={seen}"
    assert staff["dispatcher"]._asked("POST", f"/tickets/{path}", {"unit": URBAN})[0] == 200
    status, said = staff["dispatcher"]._asked("POST", f"/tickets/{path}", {"unit": MARKET})
    assert status == 409
    assert "'act': 'dispatch'" in str(said), "who did what meanwhile"
    assert staff["dispatcher"].read(number)["unit"] == URBAN
