"""Anybody verifies a licence: by code, number, PDF, JSON; every change is told, and what is possible instead."""

import io
import json
import re
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.actors.factories import a_credit_code, a_person, a_unit, an_organisation
from tests.registers.licences.holding import a_holder, a_licence, bureau, root_folder, storage
from tongban.kernel import api as kernel
from tongban.registers.identity.models import FailedSignIn
from tongban.registers.licences import api
from tongban.registers.licences.paper import contracts as codes
from tongban.registers.licences.paper import selectors, verifying
from tongban.registers.licences.paper.services import _made
from tongban.registers.licences.paper.web import limits
from tongban.registers.seals import api as seals

__all__ = ["bureau", "root_folder", "storage"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bureau")]


@pytest.fixture
def now():
    return timezone.now() - timedelta(minutes=1)


@pytest.fixture
def made(now):
    return a_licence(a_holder(name="张小明"), at=now)


def page_of(one, at):
    return f"/verify/{api.paper_info(one.identifier, at=at).token}"


def upload(content, name="licence.pdf", where="/verify"):
    return Client().post(where, {"file": SimpleUploadedFile(name, content)})


def verdict(response):
    return re.search(r'data-verdict="(\w+)"', response.content.decode())[1]


# By code ---------------------------------------------------------------------------------------------------


def test_the_code_leads_to_what_is_on_the_paper_and_no_more(made, now):
    api.paper(made.identifier, at=now)
    page = Client().get(page_of(made, now)).content.decode()
    for words in (
        "食品经营许可证",
        "有效",
        "咸宁市咸安区市场监督管理局",
        "张*明",
        made.number,
        "通过",
        "本页网址应为",
    ):
        assert words in page
    for secret in ("张小明", "13871010007", "万年路", "淦河大道", "热食类"):
        assert secret not in page


def test_the_name_of_a_company_is_no_secret(now):
    firm = an_organisation(led_by=a_person())
    one = a_licence(firm, at=now)
    assert "咸宁星河商贸有限公司" in Client().get(page_of(one, now)).content.decode()


@pytest.mark.parametrize(
    ("act", "word"),
    [("suspend", "暂扣"), ("revoke", "已撤销或吊销"), ("cancel", "已注销"), ("correct", "旧版本")],
)
def test_what_was_decided_later_is_told_at_once(made, now, act, word):
    where = page_of(made, now)
    more = {"fields": {"name": "张家小馆"}} if act == "correct" else {}
    getattr(api, act)(identifier=made.identifier, actor=kernel.SYSTEM, at=timezone.now(), reason="试", **more)
    page = Client().get(where).content.decode()
    assert word in page
    assert "可以使用。" not in page


def test_an_expired_licence_and_one_that_begins_later(now):
    day = timezone.localdate(now)
    old = a_licence(a_holder(), at=now - timedelta(days=400), valid_until=day - timedelta(days=1))
    assert "已过期" in Client().get(page_of(old, now)).content.decode()
    new = a_licence(a_holder(), at=now, valid_from=day + timedelta(days=3))
    assert "未到生效日" in Client().get(page_of(new, now)).content.decode()


def test_a_replaced_licence_says_that_there_is_a_new_one(made, now):
    where = page_of(made, now)
    api.replace(identifier=made.identifier, actor=kernel.SYSTEM, at=timezone.now(), reason="换发")
    assert "已换发" in Client().get(where).content.decode()


def test_the_page_of_a_code_costs_two_statements(made, now, django_assert_max_num_queries):
    api.paper(made.identifier, at=now)
    where, client = page_of(made, now), Client()
    client.get(where)
    with django_assert_max_num_queries(2):
        assert client.get(where).status_code == 200


def test_an_unknown_code_and_how_often_one_may_guess(made):
    page = Client().get("/verify/0000000000000000")
    assert page.status_code == 404
    assert "没有这个核验码" in page.content.decode()
    for _ in range(limits.MOST["token"]):
        last = Client().get("/verify/0000000000000001")
    assert last.status_code == 429
    assert last["Retry-After"] == "900"
    assert Client().get(page_of(made, timezone.now())).status_code == 200  # right ones never count


def test_a_code_may_be_typed_as_it_is_misread(made, now):
    token = api.paper_info(made.identifier, at=now).token
    misread = token.replace("0", "O").replace("1", "l").lower()
    assert selectors.by_token(f" {misread[:4]}-{misread[4:8]} {misread[8:]}", at=now) is not None


# By number -------------------------------------------------------------------------------------------------


def test_by_number_and_by_identifier(made):
    for typed in (made.number, f" {made.number.lower()} ", made.identifier):
        page = Client().post("/verify", {"number": typed})
        assert page.status_code == 200, typed
        assert "张*明" in page.content.decode()
    wrong = Client().post(
        "/verify", {"number": made.identifier[:-1] + ("A" if made.identifier[-1] != "A" else "B")}
    )
    assert wrong.status_code == 422
    assert "校验位" in wrong.content.decode()
    assert Client().post("/verify", {"number": "JY0000"}).status_code == 422
    assert Client().post("/verify", {"number": ""}).status_code == 422


def test_a_number_that_is_an_identity_number_is_masked(now):
    a_unit("421202-gaj", uscc=a_credit_code())
    card = a_licence(
        a_holder(number="422301198803163153"),
        kind="id-card",
        unit="421202-gaj",
        at=now,
        fields={"nation": "汉族"},
    )
    told = selectors.by_text(card.number, at=now)[0]
    assert "8803163" not in told.number
    page = Client().post("/verify", {"number": card.number})
    assert page.content.decode().count("422301198803163153") == 1  # what was typed stays in its field


def test_numbers_cannot_be_tried_one_after_the_other(made):
    for _ in range(limits.MOST["number"]):
        assert Client().post("/verify", {"number": "JY0001"}).status_code == 422
    busy = Client().post("/verify", {"number": made.number})
    assert busy.status_code == 429
    assert "15分钟后" in busy.content.decode()
    assert "张*明" not in busy.content.decode()
    assert not FailedSignIn.objects.filter(subject__contains="JY").exists()


# By file ---------------------------------------------------------------------------------------------------


def test_the_very_file_and_any_changed_byte(made, now):
    content = api.paper(made.identifier, at=now)
    good = upload(content)
    assert good.status_code == 200
    assert verdict(good) == codes.SAME
    assert "盖章单位：" in good.content.decode()
    for place in {
        *range(0, len(content), len(content) // 40),
        *range(content.rindex(b"/Contents"), len(content), 997),
    }:
        changed = bytearray(content)
        changed[place] ^= 1
        told = verifying.by_file(bytes(changed), at=timezone.now())
        assert not told.good, place


@pytest.mark.parametrize("act", ["cut", "half", "appended"])
def test_truncated_and_lengthened_files(made, now, act):
    content = api.paper(made.identifier, at=now)
    given = {"cut": content[:-40], "half": content[: len(content) // 2], "appended": content + b"\n%%EOF\n"}[
        act
    ]
    page = upload(given)
    assert page.status_code == 422
    assert verdict(page) in ({codes.CHANGED} if act == "appended" else {codes.TRUNCATED, codes.CHANGED})


def test_a_forged_file_is_refused(made, now, settings, tmp_path):
    """The same words and the same name on the seal, but of somebody with a root of their own."""
    token, real = api.paper_info(made.identifier, at=now).token, settings.SEAL_ROOT
    settings.SEAL_ROOT = tmp_path / "forger"
    with transaction.atomic():
        forged, said = _made(made, token, at=now)
        transaction.set_rollback(True)
    settings.SEAL_ROOT = real
    api.paper(made.identifier, at=now)
    assert verdict(upload(forged)) == codes.FORGED
    assert verdict(upload(said.encode(), "licence.json")) == codes.FORGED


def test_a_file_without_a_seal_and_one_that_is_no_licence(made, now):
    from tests.registers.seals.fixtures import a_paper

    assert verdict(upload(a_paper())) == codes.UNSIGNED
    letter = seals.seal_pdf(a_paper(), unit=made.unit, reason="决定", at=now, place=(1, 100, 200))
    assert verdict(upload(letter)) == codes.UNKNOWN
    assert verdict(upload(b"\xff\xd8\xff\xe0 a photo", "photo.jpg")) == codes.NO_LICENCE
    assert verdict(upload(b"", "empty.pdf")) == codes.NO_LICENCE


def test_someone_elses_licence_is_told_apart(made, now):
    other = a_licence(a_holder(name="李思雨"), at=now)
    page = upload(api.paper(other.identifier, at=now), where=page_of(made, now))
    assert verdict(page) == codes.OTHER
    assert "李*雨" in page.content.decode()
    own = upload(api.paper(made.identifier, at=now), where=page_of(made, now))
    assert verdict(own) == codes.SAME


def hostile(extra):
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog "
        + extra
        + b" >>\nendobj\nxref\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
    )


def a_bomb():
    packed = zlib.compress(b"0" * 60 * 1024 * 1024, 9)
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /Filter /FlateDecode /Length 1 >>\nstream\n"
        + packed
        + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (hostile(b"/OpenAction << /S /JavaScript /JS (app.alert) >>"), codes.ACTIVE),
        (hostile(b"/Names << /EmbeddedFiles 2 0 R >>"), codes.ACTIVE),
        (hostile(b"/Encrypt 3 0 R"), codes.ENCRYPTED),
        (a_bomb(), codes.TOO_BIG),
        (b"%PDF-" + b"0" * (verifying.MOST_BYTES + 1), codes.TOO_BIG),
    ],
)
def test_hostile_files_are_not_opened(content, code):
    page = upload(content)
    assert verdict(page) == code
    assert page.status_code == 422


# By statement ----------------------------------------------------------------------------------------------


def test_a_statement_is_genuine_or_told_to_be_changed(made, now):
    said = api.statement(made.identifier, at=now)
    assert verdict(upload(json.dumps(said).encode(), "a.json")) == codes.STATEMENT
    said["payload"]["valid_until"] = "2099-12-31"
    changed = upload(json.dumps(said).encode(), "a.json")
    assert verdict(changed) == codes.CHANGED
    assert "证照库里的登记" in changed.content.decode()
    assert "2099" not in changed.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '{"payload": {}}',
        "[" * 100_000,
        "{" + '"a":{' * 50_000,
        '{"format": NaN}',
        '{"a": 1' + "0" * 5000 + "}",
    ],
)
def test_broken_statements_are_told(text):
    told = verifying.by_file(text.encode(), at=timezone.now())
    assert not told.good


def test_a_truncated_statement_says_so(made, now):
    text = json.dumps(api.statement(made.identifier, at=now)).encode()
    assert verifying.by_file(text[: len(text) // 2], at=now).code == codes.TRUNCATED


# By interface ----------------------------------------------------------------------------------------------


def test_the_interface_says_the_same(made, now):
    content = api.paper(made.identifier, at=now)
    client = Client()
    by_number = client.post(
        "/api/v1/licences/verify", json.dumps({"number": made.number}), content_type="application/json"
    )
    assert by_number.json()["items"][0]["standing"] == "valid"
    assert by_number.json()["items"][0]["holder"] == "张*明"
    token = api.paper_info(made.identifier, at=now).token
    assert client.get(f"/api/v1/licences/verify/{token}").json()["signature"] == "signed"
    good = client.post("/api/v1/licences/verify/file", {"file": SimpleUploadedFile("a.pdf", content)})
    assert (good.json()["code"], good.json()["good"]) == (codes.SAME, True)
    bad = client.post("/api/v1/licences/verify/file", {"file": SimpleUploadedFile("a.pdf", content[:-9])})
    assert bad.json()["good"] is False
    assert bad.json()["possible"]
    nothing = client.post(
        "/api/v1/licences/verify", json.dumps({"number": "JY0"}), content_type="application/json"
    )
    assert nothing.status_code == 404
    assert nothing.json()["type"] == "urn:tongban:no_licence"


def test_the_interface_asks_for_patience(made):
    body = json.dumps({"number": "JY0001"})
    for _ in range(limits.MOST["number"]):
        Client().post("/api/v1/licences/verify", body, content_type="application/json")
    busy = Client().post("/api/v1/licences/verify", body, content_type="application/json")
    assert busy.status_code == 429
    assert busy["Retry-After"] == "900"


def test_a_combined_licence_opens_its_parts(now):
    holder = a_holder()
    part = a_licence(holder, at=now)
    a_unit("421202-dsj", uscc=a_credit_code())
    whole = a_licence(
        holder,
        kind="trade-restaurant",
        unit="421202-dsj",
        at=now,
        fields={"name": "张记", "parts": [part.identifier]},
    )
    page = Client().get(page_of(whole, now)).content.decode()
    assert "由这些证照合成" in page
    assert f"/verify/{api.paper_info(part.identifier, at=now).token}" in page
    assert io.BytesIO(api.paper(whole.identifier, at=now)).read(5) == b"%PDF-"
