"""Every refusal is problem details, whatever is wrong."""

import pytest

from tests.api.conftest import problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def test_who_is_not_signed_in_is_told_how(calls):
    nobody = calls()
    told = problem(nobody.get("/dockets"), 401, "not_signed_in")
    assert told["possible"]
    assert nobody.get("/dockets")["WWW-Authenticate"] == "Bearer"
    nobody.headers["Authorization"] = "Bearer tb_nonsense"
    problem(nobody.get("/dockets"), 401, "not_signed_in")


def test_a_session_alone_opens_no_route(calls):
    """Only a bearer token: a page of somebody else cannot make a browser write."""
    from tongban.registers.identity.models import Account

    caller = calls()
    caller.client.force_login(Account.objects.get(username="zhang"))
    problem(caller.get("/dockets"), 401, "not_signed_in")


def test_unknown_addresses_and_methods(calls):
    li = calls("li")
    problem(li.get("/dragons"), 404, "no_route")
    problem(li.get("/"), 404, "no_route")
    problem(li.get("/dockets/x/y/z"), 404, "no_route")
    response = li.post("/dockets", {})
    problem(response, 405, "no_method")
    assert response["Allow"] == "GET"


def test_broken_bodies(calls):
    li = calls("li")
    problem(li.post("/applications", "{", key="a"), 400, "bad_request")
    problem(li.post("/applications", '{"theme": NaN}', key="a"), 400, "bad_request")
    problem(li.post("/applications", b"\xff\xfe{}", key="a"), 400, "bad_request")
    problem(li.post("/applications", "[" * 100_000, key="a"), 400, "bad_request")
    problem(li.post("/applications", '{"theme": "a\\u0000"}', key="a"), 400, "bad_text")
    problem(li.post("/applications", '{"theme": "\\ud800"}', key="a"), 400, "bad_text")
    problem(li.post("/applications", "[]", key="a"), 422, "invalid")
    problem(li.post("/applications", "theme=x", key="a", content_type="text/plain"), 415, "not_json")
    problem(li.post("/applications", "{" + " " * 5_000_000 + "}", key="a"), 413, "too_big")
    problem(li.get("/matters", q="a\x00"), 400, "bad_text")


def test_a_fault_tells_nothing_of_the_inside(calls, monkeypatch, caplog):
    from tongban.kernel.web import rest

    def fail(*_args, **_more):
        raise RuntimeError("422301198803163153")

    monkeypatch.setattr(rest.kernel, "page", fail)
    response = calls("li").get("/dockets")
    problem(response, 500, "failed")
    assert "422301198803163153" not in response.content.decode() + caplog.text
    assert "RuntimeError" in caplog.text


def test_words_follow_the_reader(calls):
    chinese, english = calls().get("/dockets").json(), calls("", "en").get("/dockets").json()
    assert chinese["type"] == english["type"]
    assert chinese["detail"] != english["detail"]
    assert english["detail"].isascii()
