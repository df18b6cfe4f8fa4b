"""Dockets through the API: lists, moves, stale pages, and who sees which rows."""

import pytest

from tests.api.conftest import problem
from tests.api.work import DISTRICT
from tests.desks.cases.town import restaurant
from tongban.actors import api as actors
from tongban.actors.models import Officer
from tongban.desks.cases import api as cases
from tongban.kernel import api as kernel
from tongban.registers.identity.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "no_polls")]


@pytest.fixture
def application(town):
    """A restaurant of citizen zhang, opened in the district."""
    from django.utils import timezone

    account = Account.objects.get(username="zhang")
    actor = actors.actor(actor_id=account.actor_id, at=timezone.now())
    made = restaurant(applicant=account.actor_id)
    receipt = cases.submit(made, actor=actor, at=timezone.now())
    return kernel.docket(receipt.number, actor=kernel.SYSTEM)


def case_of(application, matter="0703100100"):
    found = kernel.children_of([application.id], actor=kernel.SYSTEM)[application.id]
    return next(row for row in found if row.subject == matter)


def test_a_handler_sees_the_case_its_moves_and_their_schemas(calls, application):
    case = case_of(application)
    detail = calls("scjg").get(f"/dockets/{case.number}").json()
    assert (detail["state"], detail["revision"]) == (case.state, case.revision)
    moves = {move["name"]: move for move in detail["moves"]}
    assert moves["accept"]["open"]
    assert moves["accept"]["primary"]
    assert moves["refuse"]["input"]["required"] == ["reason", "law", "instead"]
    assert detail["clocks"]


def test_a_move_is_made_once_per_key(calls, application):
    case, scjg = case_of(application), calls("scjg")
    path = f"/dockets/{case.number}/moves/accept"
    first = scjg.post(path, {}, key="m", **{"If-Match": f'"{case.revision}"'}).json()
    assert (first["state"], first["replayed"]) == ("review", False)
    assert scjg.post(path, {}, key="m").json() == {**first, "replayed": True}
    problem(scjg.post(path, {"note": "别的"}, key="m"), 409, "key_reused")
    problem(scjg.post(path, {}), 400, "key_missing")


def test_a_refused_move_names_what_is_open_instead(calls, application):
    case, scjg = case_of(application), calls("scjg")
    told = problem(scjg.post(f"/dockets/{case.number}/moves/propose", {}, key="a"), 409, "not_open")
    assert {"name": "accept", "label": "受理"} in told["open_moves"]
    problem(scjg.post(f"/dockets/{case.number}/moves/fly", {}, key="b"), 409, "no_move")
    told = problem(scjg.post(f"/dockets/{case.number}/moves/refuse", {}, key="c"), 422, "invalid")
    assert set(told["fields"]) == {"reason", "law", "instead"}
    zhang = calls("zhang")
    problem(zhang.post(f"/dockets/{case.number}/moves/accept", {}, key="d"), 403, "not_permitted")
    assert kernel.docket(case.number, actor=kernel.SYSTEM).revision == case.revision


def test_a_stale_page_is_told_who_changed_what(calls, application):
    case, scjg = case_of(application), calls("scjg")
    scjg.post(f"/dockets/{case.number}/moves/accept", {}, key="a")
    path = f"/dockets/{case.number}/moves/note"
    told = problem(scjg.post(path, {"text": "看"}, key="b", **{"If-Match": '"1"'}), 409, "stale")
    assert told["changes"]["changes"][0]["act"] == "accept"
    assert problem(scjg.post(f"{path}?seen=1", {"text": "看"}, key="c"), 409, "stale")
    problem(scjg.post(path, {}, key="d", **{"If-Match": "now"}), 400, "bad_revision")


def test_refusals_are_in_the_readers_language(calls, application):
    case = case_of(application)
    told = calls("scjg", "en").post(f"/dockets/{case.number}/moves/propose", {}, key="a")
    assert (
        told.json()["title"]
        != calls("scjg").post(f"/dockets/{case.number}/moves/propose", {}, key="b").json()["title"]
    )


def test_lists_are_narrowed_and_turned_page_by_page(calls, application):
    scjg = calls("scjg")
    unit = case_of(application).unit
    both = scjg.get("/dockets", unit=unit, kind="case").json()
    assert len(both["items"]) == 2
    first = scjg.get("/dockets", unit=unit, kind="case", size=1).json()
    second = scjg.get("/dockets", unit=unit, kind="case", size=1, after=first["after"]).json()
    assert [row["number"] for row in first["items"] + second["items"]] == [r["number"] for r in both["items"]]
    assert second["after"] == ""
    assert scjg.get("/dockets", kind="case", mine=True).json()["items"] == []
    assert scjg.get("/dockets", late=True).json()["items"] == []
    assert len(scjg.get("/dockets", subject="0703100100").json()["items"]) == 1
    problem(scjg.get("/dockets", kind="dragon"), 422, "no_kind")
    problem(scjg.get("/dockets", after="bm9uc2Vuc2U="), 422, "bad_cursor")
    problem(scjg.get("/dockets", size=100000), 422, "invalid")


def test_what_is_decided_can_be_listed(calls, application):
    case, scjg = case_of(application), calls("scjg")
    assert scjg.get("/dockets", kind="case", decided=True).json()["items"] == []
    said = {"reason": "不在本机关职权", "law": "行政许可法第三十二条", "instead": "请向住建部门申请"}
    assert scjg.post(f"/dockets/{case.number}/moves/refuse", said, key="r").status_code == 200
    for asked in ({"outcome": "refused"}, {"state": "refused"}, {"decided": True, "outcome": "refused"}):
        rows = scjg.get("/dockets", kind="case", **asked).json()["items"]
        assert [row["number"] for row in rows] == [case.number], asked
    decided = scjg.get("/dockets", kind="case", decided=True).json()["items"]
    assert case.number in [row["number"] for row in decided]
    assert all(row["closed_at"] for row in decided)
    assert scjg.get("/dockets", kind="case", outcome="granted").json()["items"] == []
    assert case.number not in [row["number"] for row in scjg.get("/dockets", kind="case").json()["items"]]


def test_the_ledger_shows_the_chain_and_no_personal_data(calls, application):
    case, scjg = case_of(application), calls("scjg")
    scjg.post(f"/dockets/{case.number}/moves/accept", {"note": "收"}, key="a")
    entries = scjg.get(f"/dockets/{case.number}/ledger").json()["entries"]
    assert [entry["sequence"] for entry in entries] == [1, 2]
    assert entries[1]["previous"] == entries[0]["digest"]
    assert entries[1]["body"]["to"] == "review"
    seen = calls("zhang").get(f"/dockets/{case.number}/ledger").json()["entries"]
    assert [entry["digest"] for entry in seen] == [entry["digest"] for entry in entries]
    assert all(entry["body"] == {} and entry["actor"] == "" for entry in seen)
    words = str(calls("scjg").get(f"/dockets/{application.number}/ledger").content) + str(entries)
    assert "13800005678" not in words


def strangers():
    """Accounts that have nothing to do with a restaurant in the district: a citizen, and every role elsewhere."""
    return ["li", "xinghe", "elder"]


def _officers_elsewhere(unit):
    """An account for every role, appointed in a unit of another county."""
    from tests.actors.factories import an_officer
    from tests.registers.identity.factories import an_account
    from tongban.actors.models import Unit

    of = Unit.objects.get(pk=unit)
    for role in actors.Role:
        officer = an_officer(role.value, of=of, name=f"外{role.value}")
        yield role, an_account(f"far-{role.value}", acts_as=officer, kind="officer").username


def leaks(caller, rows):
    """Every way in which one of the rows could be told to the caller."""
    numbers = {row.number for row in rows}
    found = []
    for query in (
        {}, {"open": False}, {"kind": "case"}, {"kind": "application"}, {"unit": rows[0].unit},
        {"unit": rows[1].unit}, {"unit": rows[1].unit, "kind": "case"}, {"subject": rows[1].subject},
        {"subject": rows[0].subject}, {"mine": True}, {"open": False, "unit": rows[1].unit}, {"size": 200},
    ):  # fmt: skip
        items = caller.get("/dockets", **query).json()["items"]
        found += [(query, item["number"]) for item in items if item["number"] in numbers]
    for row in rows:
        for path in (
            f"/dockets/{row.number}",
            f"/dockets/{row.number}/ledger",
            f"/applications/{row.number}",
        ):
            answer = caller.get(path)
            if answer.status_code != 404 or row.title in answer.content.decode():
                found.append((path, answer.status_code))
        answer = caller.post(f"/dockets/{row.number}/moves/note", {"text": "看"}, key="leak")
        if answer.status_code != 404 or "stale" in answer.content.decode():
            found.append((row.number, answer.status_code))
    return found


def test_no_row_leaks_to_strangers_of_any_role(calls, application):
    rows = [application, *kernel.children_of([application.id], actor=kernel.SYSTEM)[application.id]]
    for username in strangers():
        assert leaks(calls(username), rows) == [], username
    for role, username in _officers_elsewhere("421221-scjg"):
        assert leaks(calls(username), rows) == [], role


def test_a_department_sees_its_case_and_not_its_neighbours(calls, application):
    """Expanding must not widen: neither children nor parent are told to who does not see them."""
    food = case_of(application, "0104300100")
    xfjy = calls("xfjy") if Account.objects.filter(username="xfjy").exists() else None
    if xfjy is None:
        officer = Officer.objects.filter(appointments__unit_id=food.unit).first()
        xfjy = calls(Account.objects.get(actor_id=f"officer:{officer.pk}").username)
    detail = xfjy.get(f"/dockets/{food.number}").json()
    assert detail["number"] == food.number
    assert detail["parent"] == ""
    listed = {row["number"] for row in xfjy.get("/dockets").json()["items"]}
    assert case_of(application).number not in listed
    assert application.number not in listed


def test_the_applicant_sees_the_application_and_all_of_its_cases(calls, application):
    zhang = calls("zhang")
    detail = zhang.get(f"/dockets/{application.number}").json()
    assert len(detail["children"]) == 4
    listed = {row["number"] for row in zhang.get("/dockets", size=200).json()["items"]}
    assert {application.number, *detail["children"]} <= listed
    assert zhang.get(f"/dockets/{detail['children'][0]}").json()["parent"] == application.number


def test_a_list_costs_the_same_number_of_queries_for_one_docket_and_for_many(
    calls, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    def cost():
        with CaptureQueriesContext(connection) as taken:
            assert zhang.get("/dockets", size=200).status_code == 200
        return len(taken)

    account = Account.objects.get(username="zhang")
    actor = actors.actor(actor_id=account.actor_id, at=timezone.now())
    zhang = calls("zhang")
    cases.submit(restaurant(applicant=account.actor_id, region=DISTRICT), actor=actor, at=timezone.now())
    zhang.get("/dockets")
    few = cost()
    for _ in range(5):
        cases.submit(restaurant(applicant=account.actor_id, region=DISTRICT), actor=actor, at=timezone.now())
    assert cost() == few <= 12
