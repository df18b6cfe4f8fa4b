"""Files, submissions, progress and evaluations through the API."""

import pytest
from django.urls import resolve
from django.utils import timezone

from tests.api.conftest import problem
from tests.api.work import party_of, submission
from tests.desks.cases.instantly import LIBRARY
from tests.faces.portal.city import DISTRICT, example, held_by, left_to_fill, picture
from tongban.actors import api as actors
from tongban.desks.cases.models import Application
from tongban.desks.themes import offers
from tongban.desks.themes.contracts import Party
from tongban.kernel.models import Docket
from tongban.registers.licences import api as licences

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def hand_in(caller, content=None, name="a.jpg", **headers):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile(name, content or picture(), "image/jpeg")
    return caller.client.post("/api/v1/files", {"file": file}, headers={**caller.headers, **headers})


def submitted(caller, key="k1", **more):
    digest = hand_in(caller).json()["digest"]
    body = {**submission(party_of("li"), digest=digest), **more}
    return body, caller.post("/applications", body, key=key)


def test_a_submission_is_followed_from_receipt_to_evaluation(calls):
    li = calls("li")
    _body, response = submitted(li)
    receipt = response.json()
    assert response.status_code == 200, receipt
    assert len(receipt["cases"]) >= 4
    progress = li.get(f"/applications/{receipt['number']}").json()
    assert progress["number"] == receipt["number"]
    assert {case["number"] for case in progress["cases"] if case["kind"] == "case"} == set(receipt["cases"])
    assert progress["timeline"][-1]["told"]
    assert any(case["clocks"] for case in progress["cases"])
    assert "form" not in progress
    refused = li.post("/evaluations", {"number": receipt["number"], "level": 1}, key="e")
    problem(refused, 409, "evaluation:open")
    Docket.objects.filter(number=receipt["number"]).update(closed_at=timezone.now(), outcome="delivered")
    body = {"number": receipt["number"], "level": 5, "tags": ["slow"], "text": "太慢"}
    first = li.post("/evaluations", body, key="e2")
    assert first.json() == {"number": receipt["number"], "level": 5, "tags": ["slow"], "bad": True}
    assert li.post("/evaluations", body, key="e2").json() == first.json()
    problem(li.post("/evaluations", {**body, "level": 1}, key="e2"), 409, "key_reused")
    problem(li.post("/evaluations", {**body, "level": 1}), 409, "evaluation:evaluated")
    assert Docket.objects.filter(kind="mending").count() == 1


def test_the_same_key_gives_the_first_receipt_and_other_content_is_refused(calls):
    li = calls("li")
    body, first = submitted(li)
    again = li.post("/applications", body, key="k1")
    assert again.json() == {**first.json(), "replayed": True}
    assert Application.objects.count() == 1
    problem(li.post("/applications", {**body, "delivery": "courier"}, key="k1"), 409, "key_reused")
    # Another person's key is another key.
    other = calls("zhang").post("/applications", body, key="k1")
    assert other.status_code == 422


def test_a_write_without_a_key_is_told_how(calls):
    told = problem(calls("li").post("/applications", {"theme": "newborn"}), 400, "key_missing")
    assert "UUID" in told["possible"][0]
    assert problem(calls("li").post("/applications", {"theme": "newborn"}, key="中文"), 422, "invalid")


def test_every_missing_field_and_paper_is_named_and_nothing_is_kept(calls):
    wang = calls("wang")
    body = submission(party_of("wang"))
    told = problem(
        wang.post("/applications", {**body, "form": {}, "materials": {}}, key="a"), 422, "submission"
    )
    assert any(name.startswith("material:") for name in told["fields"])
    assert any("." in name for name in told["fields"])
    assert Docket.objects.count() == 0
    assert wang.post("/applications", {**body, "answers": {}}, key="b").json()["type"].endswith("unanswered")
    problem(wang.post("/applications", {"theme": "nothing"}, key="c"), 404, "themes:unknown_theme")
    problem(wang.post("/applications", {}, key="d"), 422, "invalid")
    problem(wang.post("/applications", {**body, "surprise": 1}, key="e"), 422, "invalid")


def test_nobody_attaches_a_file_that_somebody_else_handed_in(calls):
    digest = hand_in(calls("zhang")).json()["digest"]
    li = calls("li")
    body = submission(party_of("li"), digest=digest)
    paper = next(iter(body["materials"]))
    body["materials"][paper] = {"way": "upload", "files": [{"digest": digest, "name": "a"}]}
    told = problem(li.post("/applications", body, key="x"), 422, "no_file")
    assert f"material:{paper}" in told["fields"]


def test_nobody_applies_in_a_name_that_was_not_given(calls):
    body = submission(party_of("li"))
    stranger = {**body, "applicant": party_of("zhang")}
    problem(calls("li").post("/applications", stranger, key="x"), 403, "not_permitted")
    problem(calls("scjg").post("/applications", body, key="x"), 403, "not_permitted")


def test_a_company_is_applied_for_by_who_leads_it(calls):
    from tongban.registers.identity import api as identity
    from tongban.registers.identity.models import Account

    account = Account.objects.get(username="xinghe")
    from django.utils import timezone

    parties = identity.parties_open_to(identity.actor_of_account(account=account, at=timezone.now()))
    company = next(one for one in parties if one.startswith("organisation:"))
    xing = calls("xinghe")
    digest = hand_in(xing).json()["digest"]
    body = {**submission(company, "company-closing", digest), "applicant": company}
    response = xing.post("/applications", body, key="c")
    assert response.status_code == 200, response.json()
    row = Docket.objects.get(number=response.json()["number"])
    assert (row.applicant, row.agent) == (company, account.actor_id)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"MZ\x90\x00" + b"\0" * 200, 415, "file_kind"), (b"\xff\xd8\xff\xe0broken", 422, "file_broken")],
)
def test_a_file_of_a_wrong_kind_is_refused_with_words(calls, content, status, code):
    problem(hand_in(calls("li"), content), status, code)


def test_a_file_too_big_is_refused(calls, settings):
    settings.UPLOAD_MAX_BYTES = 100
    problem(hand_in(calls("li"), picture(size=(400, 300))), 413, "file_size")


def test_the_same_file_gives_the_same_digest(calls):
    li = calls("li")
    first = hand_in(li, **{"Idempotency-Key": "f"}).json()
    assert hand_in(li, **{"Idempotency-Key": "f"}).json() == first
    problem(hand_in(li, picture("red"), **{"Idempotency-Key": "f"}), 409, "key_reused")


def test_progress_costs_the_same_number_of_queries_for_any_number_of_cases(
    calls, django_assert_max_num_queries
):
    li = calls("li")
    _body, response = submitted(li)
    number = response.json()["number"]
    li.get(f"/applications/{number}")
    with django_assert_max_num_queries(14):
        li.get(f"/applications/{number}")


def test_the_number_of_something_else_is_no_application(calls):
    li = calls("li")
    _body, response = submitted(li)
    case = response.json()["cases"][0]
    problem(li.get(f"/applications/{case}"), 404, "no_application")
    problem(li.get("/applications/nonsense"), 404, "bad_number")
    wrong = response.json()["number"][:-1] + ("A" if response.json()["number"][-1] != "A" else "B")
    told = problem(li.get(f"/applications/{wrong}"), 404, "bad_number")
    assert "校验码" in told["possible"][0]


def test_themes_and_matters_are_open_to_everybody(calls):
    nobody = calls()
    codes = [theme["code"] for theme in nobody.get("/themes", region="421202000000").json()]
    assert "newborn" in codes
    found = nobody.get("/matters", q="开饭馆", region="421202000000").json()["items"]
    assert found
    plan = nobody.post("/themes/newborn/plan", {"answers": {}}).json()
    assert plan["question"]
    assert plan["plan"] is None
    problem(nobody.post("/themes/nothing/plan", {}), 404, "themes:unknown_theme")
    problem(nobody.get("/matters"), 422, "invalid")
    problem(nobody.get("/themes", region="12"), 422, "invalid")
    told = problem(
        calls("", "en").post("/themes/newborn/plan", {"answers": {"nonsense": 1}}),
        422,
        "themes:unknown_question",
    )
    assert told["question"] == "nonsense"


def test_the_plan_for_a_party_counts_what_is_left_and_names_what_stands_in(calls):
    answers = example("open-restaurant")["answers"]
    asked = {"region": DISTRICT, "answers": answers}
    anybody = calls().post("/themes/open-restaurant/plan", asked).json()
    assert anybody["counts"]["papers_brought"] > 0
    assert {one["kind"] for one in anybody["known"]} == {"usual"}
    zhang = calls("zhang")
    own = zhang.post("/themes/open-restaurant/plan", {**asked, "applicant": party_of("zhang")}).json()
    assert own["counts"] == {
        "fields_asked": 5, "fields_total": 42, "optional": 2, "papers_brought": 0, "papers_total": 16,
    }  # fmt: skip
    card = own["papers"]["legal-rep-id-card"][0]
    assert (card["way"], card["reference"][:14], card["until"]) == ("known", "1.2.156.3005.2", "2038-04-02")
    assert "value" not in own["known"][0], "what is known is told with its source, not with its value"
    stranger = {**asked, "applicant": party_of("li")}
    problem(zhang.post("/themes/open-restaurant/plan", stranger), 403, "not_permitted")
    problem(calls().post("/themes/open-restaurant/plan", stranger), 403, "not_permitted")


def test_a_correction_and_a_named_licence_over_the_api(calls):
    zhang = calls("zhang")
    body = submission(party_of("zhang"), "open-restaurant", digest=hand_in(zhang).json()["digest"])
    wrong = {**body, "form": {**body["form"], "premises.address": "咸安区淦河大道90号1层"}}
    told = problem(zhang.post("/applications", wrong, key="a"), 422, "submission")
    assert "理由" in told["fields"]["premises.address"]
    fixed = {**wrong, "corrections": {"premises.address": {"reason": "租的是隔壁"}}}
    fixed["materials"] = {"legal-rep-id-card": {"way": "known", "licence": "1.2.3"}}
    told = problem(zhang.post("/applications", fixed, key="b"), 422, "submission")
    assert "名下没有" in told["fields"]["material:legal-rep-id-card"]
    done = zhang.post("/applications", {**fixed, "materials": {}}, key="c")
    assert done.status_code == 200, done.content
    seen = zhang.get(f"/applications/{done.json()['number']}").json()
    assert seen["counts"]["papers"] == [0, 16]
    lease = next(one for one in seen["materials"] if one["key"] == "premises-proof")
    assert (lease["evidence"], lease["check"], lease["met"]) == ("shared", "passed", True)


def test_what_was_issued_at_once_is_named_with_the_way_to_its_file(calls, django_capture_on_commit_callbacks):
    li, applicant, now = calls("li"), party_of("li"), timezone.now()
    plan = offers.plan_for(f"{offers.PREFIX}{LIBRARY}", {}, party=Party("person", DISTRICT), at=now)
    form = left_to_fill(plan, held_by(plan, applicant=applicant, at=now))
    body = {"matter": LIBRARY, "region": DISTRICT, "form": form, "delivery": "electronic"}
    with django_capture_on_commit_callbacks(execute=True):
        assert li.post("/applications", body, key="card").json()["licences"] == []
    receipt = li.post("/applications", body, key="card").json()
    (card,) = receipt["licences"]
    (held,) = licences.held_by(applicant, on=actors.day_of(now), kinds=["library-card"])
    assert (card["identifier"], card["kind"]) == (held.identifier, "library-card")
    assert resolve(card["link"]).kwargs == {"licence": held.id}
    assert li.get(f"/applications/{receipt['number']}").json()["licences"] == [card]
