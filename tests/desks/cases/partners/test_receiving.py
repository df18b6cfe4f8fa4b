"""Received by a partner for us: through the API, wholly or not at all, and its result goes back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.desks.cases.partners.far import FAR, HOME, MATTER, NEAR, PDF, news, package, packed, signed
from tests.desks.cases.town import DISTRICT, HALL, approver, handler
from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import api as partners
from tongban.desks.cases.partners import hearing, plugins, register, sending
from tongban.desks.cases.partners.contracts import Letter, PartnerDownError, PartnerRefusedError
from tongban.desks.cases.partners.models import Heard, Incoming, Parcel
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import relay

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(far, client):
    """Hands a letter in over HTTP, as a partner's system does."""

    def run(payload, *, files=(PDF,), where="packages", text=None, at=None):
        statement = signed(payload, far, at=at or timezone.now())
        sent = text(statement) if text else json.dumps(statement, ensure_ascii=False)
        given = [SimpleUploadedFile(f"f{n}", content) for n, content in enumerate(files)]
        return client.post(f"/api/v1/partners/{where}", {"statement": sent, "files": given})

    return run


def nothing_kept():
    return not Docket.objects.exists() and not Heard.objects.exists() and not Parcel.objects.exists()


def test_a_package_becomes_an_application_decided_here_and_the_same_again_is_the_same(post):
    answer = post(package())
    assert answer.status_code == 200, answer.content.decode()
    receipt = answer.json()
    row = kernel.docket(receipt["number"], actor=kernel.SYSTEM)
    (case,) = cases.cases_of(row.id)
    assert (row.unit, row.region, row.channel) == (HALL, DISTRICT, "partner")
    assert (case.docket.unit, case.docket.state, case.matter) == ("421202-scjg", "received", MATTER)
    crossed = cases.crossed([row.id])[row.id]
    assert (crossed.received_region, crossed.decided_region) == (FAR, HOME)
    said = kernel.history(row.number, at=timezone.now())[0].body["data"]
    assert (said["received_at"], said["decided_in"]) == (FAR, DISTRICT)
    assert cases.form_of(cases.application_of(row.id))["business.name"] == "小店"
    assert cases.materials_of(row.id)[0].met_at is not None
    again = post(package()).json()
    assert (again["number"], again["replayed"]) == (receipt["number"], True)
    assert Incoming.objects.count() == 1
    (count,) = cases.crossing_counts(
        {HOME}, since=timezone.now() - timedelta(hours=1), until=timezone.now() + timedelta(hours=1)
    )
    assert count.received_region == FAR
    assert Parcel.objects.get().letter.endswith("acknowledged")  # and the partner hears that we have it


def _cut(statement):
    return json.dumps(statement)[:-40]


def _changed(statement):
    return json.dumps({**statement, "payload": {**statement["payload"], "form": {"business.name": "别家"}}})


def _unsigned(statement):
    return json.dumps({**statement, "signatures": [], "certificates": {}})


WRONG = (
    ({}, {"text": _cut}, 400, "unreadable"),
    ({}, {"text": lambda _s: "[]"}, 400, "unreadable"),
    ({}, {"text": lambda _s: '{"payload": {"from": 1}}'}, 400, "unreadable"),
    ({}, {"text": _changed}, 403, "forged"),
    ({}, {"text": _unsigned}, 403, "forged"),
    ({"from": {**package()["from"], "region": NEAR, "city": NEAR}}, {}, 403, "forged"),
    ({"from": {**package()["from"], "region": "110000000000", "city": "110000000000"}}, {}, 403, "unknown_partner"),
    ({"to": {"region": "430600000000"}}, {}, 422, "wrong_place"),
    ({"matter": {"code": "9999999999"}}, {}, 422, "unknown_matter"),
    ({"matter": {"code": "0103100299"}}, {}, 422, "unknown_matter"),
    ({"mode": "joint"}, {}, 422, "unknown_matter"),
    ({"situation": "nothing"}, {}, 422, "unknown_matter"),
    ({}, {"files": ()}, 422, "files"),
    ({}, {"files": (PDF + b"x",)}, 422, "files"),
    ({}, {"files": (PDF, b"more")}, 422, "files"),
    ({"applicant": {**package()["applicant"], "number": "422301198803163154"}}, {}, 422, "applicant"),
    ({"applicant": {**package()["applicant"], "name": "王五"}}, {}, 422, "applicant"),
    ({"surprise": 1}, {}, 422, "unreadable"),
    ({}, {"at": timezone.now() - timedelta(days=8)}, 422, "stale"),
)  # fmt: skip


def test_a_letter_that_is_not_right_is_told_why_and_what_is_possible(post):
    """One town for all of them: whatever is refused leaves nothing behind."""
    for changes, more, status, code in WRONG:
        answer = post(package(**changes), **more)
        told = answer.json()
        assert (answer.status_code, code_of(answer)) == (status, code), told
        assert told["possible"], code
        assert "422301" not in answer.content.decode()
        assert nothing_kept(), code


def code_of(answer):
    return answer.json()["type"].rpartition("letter_")[2]


def test_an_id_is_never_used_for_two_things(post):
    post(package())
    answer = post(package(form={"business.name": "别家"}))
    assert (answer.status_code, code_of(answer)) == (409, "conflict")
    assert Incoming.objects.count() == 1


def decide(application, at):
    (case,) = cases.cases_of(application)
    kernel.perform(case.docket_id, "accept", actor=handler("scjg"), at=at)
    kernel.perform(
        case.docket_id, "propose", actor=handler("scjg"), at=at, data={"opinion": "grant", "text": "符合条件"}
    )
    kernel.perform(case.docket_id, "grant", actor=approver("scjg"), at=at)


def test_progress_and_result_go_back_signed(post, far):
    at = timezone.now()
    docket = kernel.docket(post(package()).json()["number"], actor=kernel.SYSTEM).id
    decide(docket, at)
    relay(at=at + timedelta(seconds=2))
    told = [json.loads(row.draft)["told"] for row in Parcel.objects.order_by("id")]
    assert told == ["acknowledged", "progress", "result"]
    assert json.loads(Parcel.objects.order_by("-id")[0].draft)["results"][0]["outcome"] == "granted"
    assert sending.send_due(at=at + timedelta(minutes=1)) == 3
    view = partners.incoming_of(docket)
    assert [one.fate for one in view.queue] == ["sent"] * 3


def test_missing_papers_are_asked_for_through_the_partner_and_come_with_a_new_package(post):
    at = timezone.now()
    docket = kernel.docket(post(package()).json()["number"], actor=kernel.SYSTEM).id
    (case,) = cases.cases_of(docket)
    said = {"papers": ["平面图"], "why": "看不清"}
    kernel.perform(case.docket_id, "report_missing", actor=handler("scjg"), at=at, data=said)
    relay(at=at + timedelta(seconds=2))
    returned = json.loads(Parcel.objects.order_by("-id")[0].draft)
    assert (returned["told"], returned["papers"], returned["said"]) == ("returned", ["平面图"], "看不清")
    again = post(package(id="WH-2026-000001.2", replaces="WH-2026-000001.1"))
    assert again.status_code == 200, again.content.decode()
    assert kernel.docket_by_id(docket, actor=kernel.SYSTEM).state == "handling"
    third = post(package(id="WH-2026-000001.3", replaces="WH-2026-000001.2"))
    assert (third.status_code, code_of(third)) == (409, "over")


def test_a_partner_withdraws_what_it_handed_over(post):
    number = post(package()).json()["number"]
    answer = post(news("withdrawn", package="WH-2026-000001.1"), files=(), where="news")
    assert answer.status_code == 200, answer.content.decode()
    assert kernel.docket(number, actor=kernel.SYSTEM).state == "withdrawn"
    unknown = post(news("withdrawn", package="WH-2026-000009.1", id="WH-9.x"), files=(), where="news")
    assert (unknown.status_code, code_of(unknown)) == (404, "unknown_package")


def test_a_result_with_its_sealed_paper_comes_in_over_http(post, far):
    at = timezone.now()
    receipt = packed(at=at)
    sending.send_due(at=at)
    file = package()["materials"][0]["files"][0]
    answer = post(
        news("result", package=f"{receipt.number}.1", outcome="granted", files=[file], results=[]),
        where="news",
    )
    assert answer.status_code == 200, answer.content.decode()
    from tongban.kernel.files.selectors import attachments

    assert [one.name for one in attachments(receipt.docket, slot=hearing.RESULT_SLOT)] == ["平面图.pdf"]


def test_a_place_that_runs_the_same_platform_is_reached_over_http(post, far, client, monkeypatch):
    """The plugin's own body goes through our own door."""
    letter = Letter("WH-2026-000001.1", "package", signed(package(), far, at=timezone.now()), {"d": PDF})
    body, media_type = plugins.multipart(letter)
    answer = client.generic("POST", "/api/v1/partners/packages", body, content_type=media_type)
    assert answer.status_code == 200, answer.content.decode()
    row = register.PartnerInfo(**{**_fields(far), "address": "http://127.0.0.1:9", "seconds": 1})
    with pytest.raises(PartnerDownError):
        plugins.Http().send(row, letter)


def _fields(far):
    return {name: getattr(far, name) for name in far.__slots__}


@pytest.mark.parametrize(
    ("status", "error"), [(503, PartnerDownError), (429, PartnerDownError), (422, PartnerRefusedError)]
)
def test_what_an_http_answer_means(status, error):
    import io
    import urllib.error

    body = io.BytesIO(json.dumps({"detail": "没有这个事项", "possible": ["换一个"]}).encode())
    made = plugins._refusal(urllib.error.HTTPError("http://x", status, "", {}, body))  # type: ignore[arg-type]
    assert isinstance(made, error)


def test_the_list_of_what_may_be_received_elsewhere_is_open(far, client):
    found = client.get("/api/v1/partners/matters").json()
    assert [one["code"] for one in found["items"]] == [MATTER]
