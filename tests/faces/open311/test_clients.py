"""Two clients of other people, unmodified, against a real server: `three` sends and reads, `georeport` reads."""

from __future__ import annotations

import io
import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.desks.hotline import town as place
from tests.faces.open311.conftest import a_program
from tests.faces.portal.city import picture
from tongban.actors.models import Region
from tongban.desks.hotline import api as hotline
from tongban.kernel import api as kernel
from tongban.kernel.files.selectors import attachments
from tongban.kernel.models import Docket

POINT = {"lat": 29.84131, "long": 114.32254}
SAID = "城东小区南门的路灯坏了三天，晚上看不见路。"


@pytest.fixture
def three(monkeypatch):
    """The package `three` was written for Python 2: it imports one name that is now the builtin `filter`."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    return pytest.importorskip("three")


@pytest.fixture
def served(transactional_db, live_server):
    """The town behind a real server, and its program's key."""
    place.build()
    Region.objects.filter(code=place.TOWN).update(latitude=29.8413, longitude=114.3225)
    place.actors.forget()
    return f"{live_server}/open311/v2", a_program()


def done(number):
    """The hotline does its work: to the unit, answered, checked, the caller rung, closed."""
    ticket = Docket.objects.get(number=number)
    steps = (
        ("dispatch", "dispatcher", {"unit": place.URBAN}), ("sign", "urban", {}), ("reply", "urban", {"reply": place.GOOD}),
        ("review", "dispatcher", {}), ("call_back", "caller_back", {"satisfaction": "very", "solved": "yes"}),
    )  # fmt: skip
    for move, by, data in steps:
        now = timezone.now()
        kernel.perform(ticket.pk, move, actor=place.who(by, at=now), at=now, data=data)


def test_a_request_goes_in_with_three_and_its_answer_comes_back_with_both(served, three):
    from georeport import GeoReport

    address, key = served
    sends = three.Three(address, api_key=key)
    reads = GeoReport(address)
    assert sends.discovery()["endpoints"][0]["url"] == address
    services = {one["service_code"]: one for one in reads.get_service_list()}
    assert services == {one["service_code"]: one for one in sends.services()}
    assert services["street-light"]["metadata"] is True
    asked = reads.get_service_definition("street-light")["attributes"]
    assert asked == sends.services("street-light")["attributes"]
    assert {"lamps", "publish"} <= {one["code"] for one in asked}

    (sent,) = sends.post(
        "street-light", **POINT, address="城东小区南门", name="Xiuzhen He", phone="13907150001", email="he@example.org",
        description=SAID, media=("lamp.jpg", io.BytesIO(picture()), "image/jpeg"),
        **{"attribute[publish]": "yes", "attribute[lamps]": "one"},
    )  # fmt: skip
    number = sent["service_request_id"]
    assert sends.token(sent["token"])[0]["service_request_id"] == number
    own = hotline.ticket(number, actor=kernel.SYSTEM)
    assert (own.channel, own.kind, own.region) == ("open311", "help", place.COUNTY)
    assert "有几盏不亮？一盏" in own.text
    assert len(attachments(own.docket)) == 1
    before = reads.get_service_request(number)
    assert (before["status"], before["description"], before["media_url"]) == ("open", SAID, None)
    assert sends.request(number)[0] == before
    done(number)
    after = reads.get_service_request(number)
    assert (after["status"], after["agency_responsible"]) == ("closed", "咸安区城管局")
    assert "更换了损坏的灯具" in after["status_notes"]
    listed = sends.requests("street-light", status="closed", count=10)
    assert [one["service_request_id"] for one in listed] == [number]
    assert reads.get_service_requests(service_request_id=number, status="closed")[0] == after
    assert sends.requests("manhole") == []


def test_xml_is_read_by_georeport_and_says_the_same(served, three):
    from georeport import GeoReport

    address, key = served
    sends = three.Three(address, api_key=key, jurisdiction=place.CITY)
    numbers = {
        sends.post("manhole", **POINT, description=f"第{n}个井盖不见了", **{"attribute[state]": "missing"})[0]["service_request_id"]
        for n in (1, 2)
    }  # fmt: skip
    reads = GeoReport(address, jurisdiction=place.CITY, output_format="xml")
    assert {one["service_code"] for one in reads.get_service_list()} == {
        one["service_code"] for one in sends.services()
    }
    asked = reads.get_service_definition("manhole")["attributes"]["attribute"]
    assert (asked[0]["code"], asked[0]["required"]) == ("state", "true")
    assert [one["key"] for one in asked[0]["values"]["value"]] == ["missing", "broken", "loose"]
    today = timezone.now()
    found = reads.get_service_requests(
        start_date=(today - timedelta(days=1)).isoformat(), end_date=(today + timedelta(hours=1)).isoformat()
    )
    assert {one["service_request_id"] for one in found} == numbers
    assert reads.get_service_request(min(numbers))["status"] == "open"


def test_what_is_refused_reaches_the_client_in_words(served, three):
    import requests
    from georeport import GeoReport

    address, key = served
    (refused,) = three.Three(address, api_key="tb_wrong").post("street-light", **POINT, description=SAID)
    assert (refused["code"], "api_key" in refused["description"]) == (403, True)
    sends = three.Three(address, api_key=key)
    (refused,) = sends.post("manhole", description="井盖不见了")
    assert refused["code"] == 400
    assert "lat和long" in refused["description"]
    assert "attribute[state]" in refused["description"]
    (refused,) = sends.post("no-such-service", **POINT, description=SAID)
    assert refused["code"] == 404
    with pytest.raises(requests.HTTPError, match="404"):
        GeoReport(address, jurisdiction="elsewhere.gov").get_service_list()
