"""What the door says, to whom, and what it never says."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone
from ruamel.yaml import YAML

from tests.desks.hotline import town as place
from tests.faces.open311.conftest import a_program
from tongban.actors.models import Officer
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.models import Ticket
from tongban.faces.open311 import applications, offered, readers
from tongban.faces.open311.models import Submission
from tongban.kernel import api as kernel
from tongban.kernel.ledger.models import Entry
from tongban.kernel.models import Docket

pytestmark = pytest.mark.django_db
ROOM = "/open311/v2"
SAID = "城东小区5栋302室楼下的路灯坏了，我叫何秀珍，电话13907150001，请来修。"
GIVEN = {
    "service_code": "street-light", "lat": "29.841312", "long": "114.322546", "description": SAID, "first_name": "秀珍",
    "last_name": "何", "phone": "13907150001", "email": "he@example.org",
}  # fmt: skip


def send(key, form="json", headers=None, **more):
    given = {**GIVEN, "api_key": key, **more}
    return Client().post(
        f"{ROOM}/requests.{form}", {k: v for k, v in given.items() if v is not None}, headers=headers
    )


def sent(key, **more):
    answer = send(key, **more)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()[0]["service_request_id"]


def get(path, status=200, **headers):
    answer = Client().get(f"{ROOM}/{path}", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer


def listed(query=""):
    return [one["service_request_id"] for one in get(f"requests.json{query}").json()]


def make(number, move, by, **data):
    row, now = Docket.objects.get(number=number), timezone.now()
    kernel.perform(row.pk, move, actor=place.who(by, at=now), at=now, data=data)


def _officer():
    return Officer.objects.get(staff_number="dispatcher").pk


def answered(number, reply=place.GOOD):
    make(number, "dispatch", "dispatcher", unit=place.URBAN)
    make(number, "reply", "urban", reply=reply)


def test_services_are_categories_of_the_hotline(settings):
    lexicon = YAML(typ="safe").load(settings.PACKS / "hotline" / "lexicon.yaml")["categories"]
    assert len(offered.services()) >= 25
    for one in offered.services().values():
        assert not one.category or one.category in lexicon, one.code
        assert one.kind in hotline.TicketKind.values
        assert all((*one.name, *one.about, *one.group)), one.code
        assert len({asked.code for asked in one.attributes}) == len(one.attributes)


@pytest.mark.usefixtures("town")
class TestForms:
    def test_suffix_then_accept_then_json(self):
        assert get("services.xml")["Content-Type"] == "application/xml; charset=utf-8"
        assert get("services", accept="text/xml")["Content-Type"] == "application/xml; charset=utf-8"
        assert get("services.json", accept="text/xml")["Content-Type"] == "application/json; charset=utf-8"
        assert get("services")["Content-Type"] == "application/json; charset=utf-8"

    def test_everything_that_is_read_is_well_formed_in_both(self, key):
        number = sent(key, description="<b>路灯</b>坏了&不亮 \x0b😀", **{"attribute[publish]": "yes"})
        for path in ("discovery", "services", "services/street-light", "requests", f"requests/{number}"):
            ET.fromstring(get(f"{path}.xml").content)
            assert get(f"{path}.json").json()
        told = ET.fromstring(get(f"requests/{number}.xml").content)
        assert told.findtext("request/description").startswith("<b>路灯</b>坏了&不亮")
        assert [one.tag for one in told] == ["request"]

    def test_other_pages_may_read_and_nobody_elses_may_send(self, key):
        answer = get("services.json", origin="https://app.example")
        assert answer["Access-Control-Allow-Origin"] == "*"
        asked = Client().options(f"{ROOM}/requests.json")
        assert (asked.status_code, "POST" in asked["Access-Control-Allow-Methods"]) == (204, False)
        assert "Access-Control-Allow-Origin" not in send(key).headers

    def test_english_for_who_asks_for_it(self):
        named = {one["service_code"]: one for one in get("services.json", accept_language="en").json()}
        assert named["street-light"]["service_name"] == "Street light out or broken"
        (refused,) = get("requests/none.json", 404, accept_language="en").json()
        assert refused["description"].isascii()

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("nothing.json", 404), ("services/none.json", 404), ("requests/none.json", 404), ("tokens/none.json", 404),
            ("services.html", 404), ("discovery/x.json", 404), ("requests.json?status=lost", 400),
            ("requests.json?start_date=yesterday", 400), ("requests.json?page_size=1001", 400), ("requests.json?page=0", 400),
            ("requests.json?page=11", 400), ("requests.json?after=x", 400), ("requests.json?service_code=none", 404),
            ("requests.json?start_date=2026-01-01&end_date=2026-06-01", 400), ("requests.json?jurisdiction_id=sf", 404),
            ("requests.json?start_date=2026-02-01&end_date=2026-01-01", 400), ("services.json?jurisdiction_id=sf", 404),
        ],
    )  # fmt: skip
    def test_an_error_is_a_list_of_code_and_description(self, path, status):
        (told,) = get(path, status).json()
        assert (told["code"], set(told)) == (status, {"code", "description"})
        answer = get(path.replace(".json", ".xml"), status)
        if answer["Content-Type"].startswith("application/xml"):
            assert ET.fromstring(answer.content).findtext("error/code") == str(status)

    def test_a_method_that_is_not_there(self, key):
        answer = Client().delete(f"{ROOM}/requests.json")
        assert (answer.status_code, answer.json()[0]["code"]) == (405, 405)
        assert Client().post(f"{ROOM}/services.json", {"api_key": key}).status_code == 405


class TestSending:
    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"service_code": ""}, "service_code"), ({"description": ""}, "description"), ({"description": "路" * 4001}, "4000"),
            ({"description": "😀😀"}, "符号"), ({"lat": None, "long": None}, "地点"), ({"long": None}, "一起给"),
            ({"lat": "nan"}, "超出范围"), ({"lat": "39.9", "long": "116.4"}, "不在本市"), ({"address_id": "110000000000"}, "区划"),
            ({"phone": "12"}, "号"), ({"email": "nobody"}, "email"), ({"first_name": "长" * 60}, "60"),
            ({"media_url": "javascript:alert(1)"}, "media_url"), ({"attribute[lamps]": "many"}, "one、few、street"),
            ({"attribute[size]": "1"}, "size"), ({"attribute[publish]": "maybe"}, "publish"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_and_nothing_is_kept(self, key, wrong, words):
        answer = send(key, **wrong)
        assert (answer.status_code, answer.json()[0]["code"]) == (400, 400)
        assert words in answer.json()[0]["description"]
        assert not Docket.objects.exists()
        assert not Submission.objects.exists()

    def test_a_photo_that_is_none_is_told(self, key):
        from django.core.files.uploadedfile import SimpleUploadedFile

        answer = send(key, media=SimpleUploadedFile("x.jpg", b"MZ\x90\x00 this is a program", "image/jpeg"))
        assert answer.status_code == 400
        assert not Docket.objects.exists()

    def test_only_a_registered_program_sends(self, key):
        unregistered = a_program("另一个", username="other", registered=False)
        over = a_program("过期的", username="over", days=-1)
        for given in ("", "tb_guess", unregistered, over):
            answer = send(given)
            assert (answer.status_code, answer.json()[0]["code"]) == (403, 403), given
        applications.end(name="随手拍", at=timezone.now())
        assert send(key).status_code == 403
        assert not Docket.objects.exists()

    @pytest.mark.leaks  # the address is what is tried
    def test_a_key_in_the_address_is_refused_and_one_in_the_header_serves(self, key):
        answer = Client().post(f"{ROOM}/requests.json?api_key={key}", {**GIVEN})
        assert (answer.status_code, "网址" in answer.json()[0]["description"]) == (400, True)
        answer = Client().post(f"{ROOM}/requests.json", GIVEN, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 200
        assert (
            Client().post(f"{ROOM}/requests.json", GIVEN, content_type="application/json").status_code == 400
        )

    def test_an_address_that_reads_too_often_is_told_when_to_come_again(self, town, monkeypatch):
        monkeypatch.setattr(readers, "MOST", 2)
        for _read in range(2):
            assert Client().get(f"{ROOM}/requests.json").status_code == 200
        answer = Client().get(f"{ROOM}/requests.json", headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json()[0]["code"]) == (429, 429)
        assert answer["Retry-After"] == "900"
        assert "at most 2" in answer.json()[0]["description"]
        assert Client().get(f"{ROOM}/services.json").status_code == 200, "what caches keep is not counted"
        assert Client().get(f"{ROOM}/requests.json", REMOTE_ADDR="203.0.113.9").status_code == 200

    def test_the_quota_holds(self, town):
        key = a_program(per_minute=2)
        for n in (1, 2):
            sent(key, description=f"第{n}盏路灯坏了")
        answer = send(key, description="第3盏路灯坏了")
        assert (answer.status_code, answer.json()[0]["code"]) == (429, 429)
        assert int(answer["Retry-After"]) > 0
        assert Docket.objects.count() == 2
        assert send(key, description="第2盏路灯坏了").status_code == 200, "a retry is no new request"

    def test_the_same_again_is_the_same_request(self, key):
        first = sent(key)
        assert sent(key) == first
        other = sent(key, phone="13907150002")
        Submission.objects.update(at=timezone.now() - timedelta(hours=1))
        assert sent(key) not in {first, other}, "an hour later somebody tells of it anew"
        keyed = send(key, headers={"Idempotency-Key": "a1"}).json()[0]["service_request_id"]
        assert send(key, headers={"Idempotency-Key": "a1"}).json()[0]["service_request_id"] == keyed
        assert send(key, headers={"Idempotency-Key": "a1"}, description="别的事情").status_code == 409

    def test_it_is_a_ticket_like_any_other(self, key):
        number = sent(key, media_url="https://example.org/1.jpg", **{"attribute[lamps]": "few"})
        own = hotline.ticket(number, actor=kernel.SYSTEM)
        assert (own.caller_name, own.caller_phone) != ("", "")
        assert "13907150001" not in own.caller_phone
        assert hotline.names_to_strike([own.docket])[own.docket] == "何秀珍 he@example.org"
        assert own.category == "城乡建设/城市建设和市政管理/城市公共设施"
        assert own.text.endswith("有几盏不亮？几盏\n照片网址：https://example.org/1.jpg")
        assert own.region == place.COUNTY, "the township that is nearest"
        chain = "".join(Entry.objects.values_list("body", flat=True))
        assert not any(word in chain for word in ("何秀珍", "13907150001", "he@example.org", "路灯"))

    def test_the_place_in_words_or_by_its_code(self, key):
        by_code = sent(key, lat=None, long=None, address_id=place.TOWN)
        assert hotline.ticket(by_code, actor=kernel.SYSTEM).region == place.TOWN
        in_words = sent(key, lat=None, long=None, address_string="咸安区浮山街道城东小区")
        assert hotline.ticket(in_words, actor=kernel.SYSTEM).place == "咸安区浮山街道城东小区"


class TestReading:
    def test_without_leave_nothing_of_what_was_told_is_shown(self, key):
        number = sent(key, address_string="城东小区5栋302室")
        answered(number)
        make(number, "review", "dispatcher")
        (told,) = get(f"requests/{number}.json").json()
        assert told["description"] is told["media_url"] is told["zipcode"] is None
        assert (told["lat"], told["long"]) == (29.84, 114.32)
        assert (told["service_code"], told["status"], told["agency_responsible"]) == (
            "street-light",
            "open",
            "咸安区城管局",
        )
        assert told["status_notes"] == "已答复，将回访听您意见"
        everything = get("requests.json").content.decode() + get("requests.xml").content.decode()
        assert not any(
            word in everything
            for word in ("何秀珍", "秀珍", "1390715", "example.org", "302", "5栋", "城东", "灯具")
        )

    def test_with_leave_it_is_shown_without_what_identifies_somebody(self, key):
        number = sent(key, address_string="城东小区5栋302室", **{"attribute[publish]": "yes"})
        answered(number)
        before = get(f"requests/{number}.json").json()[0]
        assert "灯具" not in before["status_notes"], "an answer that nobody checked is not shown"
        make(number, "review", "dispatcher")
        told = get(f"requests/{number}.json").json()[0]
        assert "楼下的路灯坏了" in told["description"]
        assert "更换了损坏的灯具" in told["status_notes"]
        assert (told["lat"], told["long"]) == (29.84131, 114.32255)
        assert told["address"].startswith("城东小区")
        everything = get("requests.json").content.decode()
        assert not any(word in everything for word in ("何秀珍", "1390715", "example.org", "302", "8255555"))

    def test_what_is_confidential_or_came_another_way_is_not_there(self, key):
        other = place.taken(at=timezone.now())
        number, hidden = sent(key), sent(key, description="举报城东小区路灯维护的钱不知去向")
        make(hidden, "confide", "dispatcher", named=[f"officer:{_officer()}"], reason="保护举报人")
        assert listed() == [number]
        for one in (other.number, hidden):
            assert get(f"requests/{one}.json", 404).json()[0]["code"] == 404
        assert listed(f"?service_request_id={number},{hidden},{other.number},nonsense") == [number]

    def test_a_merged_request_tells_of_the_one_that_it_went_into(self, key):
        main, other = sent(key), sent(key, description="城东小区门口的路灯还是不亮")
        make(main, "dispatch", "dispatcher", unit=place.URBAN)
        make(main, "gather", "dispatcher", numbers=[other])
        told = get(f"requests/{other}.json").json()[0]
        assert (told["status"], told["agency_responsible"]) == ("open", "咸安区城管局")
        make(main, "reply", "urban", reply=place.GOOD)
        make(main, "review", "dispatcher")
        make(main, "call_back", "caller_back", satisfaction="very", solved="yes")
        assert get(f"requests/{other}.json").json()[0]["status"] == "closed"

    def test_lists_are_narrowed_and_leafed_through(self, key):
        numbers = [sent(key, description=f"第{n}盏路灯坏了") for n in range(5)]
        manhole = sent(key, service_code="manhole", **{"attribute[state]": "loose"})
        answered(numbers[0])
        make(numbers[0], "review", "dispatcher")
        make(numbers[0], "call_back", "caller_back", satisfaction="very", solved="yes")
        assert listed("?service_code=manhole") == [manhole]
        assert listed("?status=closed") == [numbers[0]]
        assert set(listed("?status=open")) == {manhole, *numbers[1:]}
        assert set(listed("?status=open,closed")) == {manhole, *numbers}
        first = get("requests.json?page_size=4")
        assert [one["service_request_id"] for one in first.json()] == [manhole, *numbers[:0:-1]][:4]
        following = first["Link"].partition("<")[2].partition(">")[0].partition("/open311/v2/")[2]
        rest = [one["service_request_id"] for one in get(following).json()]
        assert rest == listed("?page_size=4&page=2") == numbers[1::-1]
        assert "Link" not in get(following).headers
        Submission.objects.filter(number=manhole).update(at=timezone.now() - timedelta(days=91))
        assert manhole not in listed()
        day = (timezone.localdate() - timedelta(days=100)).isoformat()
        assert listed(f"?start_date={day}") == [manhole]

    def test_a_list_costs_the_same_at_any_length(self, key, django_assert_max_num_queries):
        for n in range(6):
            sent(key, description=f"第{n}盏路灯坏了", **{"attribute[publish]": "yes"})
        get("requests.json")
        with django_assert_max_num_queries(8):
            assert len(listed()) == 6

    def test_what_was_destroyed_is_shown_no_more_than_it_is_there(self, key):
        number = sent(key, **{"attribute[publish]": "yes"})
        Ticket.objects.update(text="", place="", latitude=None, longitude=None, caller_name="")
        told = get(f"requests/{number}.json").json()[0]
        assert (told["description"], told["lat"]) == ("", None)
