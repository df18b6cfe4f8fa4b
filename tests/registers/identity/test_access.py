"""Every page says who may open it; the others are told who grants it."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver

from tests.actors.factories import NOON, a_person, a_unit, acting, an_officer, an_organisation, delegated
from tests.registers.identity.factories import a_citizen, a_signed_officer, an_account
from tongban.actors.contracts import Role
from tongban.kernel.contracts import Actor
from tongban.registers.identity import api, selectors
from tongban.registers.identity.contracts import ANONYMOUS, Access

pytestmark = pytest.mark.django_db


def visit(view, account=None, **headers):
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/some/page?x=1", headers=headers)
    request.user = account or AnonymousUser()
    request.session = {}
    request.actor = selectors.actor_of_account(account=account, at=NOON) if account else ANONYMOUS
    return view(request)


def page(request):
    return HttpResponse("inside")


def test_a_visitor_is_led_to_sign_in_and_back():
    answer = visit(api.citizen_required(page))
    assert answer.status_code == 302
    assert answer["Location"] == "/signin?next=/some/page%3Fx%3D1"


def test_a_fragment_sends_the_whole_page_to_sign_in():
    answer = visit(api.citizen_required(page), **{"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/signin")


def test_marks_say_who_may():
    citizen, handler = a_citizen(), a_signed_officer("handler")
    head_only = api.officer_required(Role.HEAD)(page)
    any_officer = api.officer_required()(page)
    for view, account, status in (
        (api.open_to_all(page), None, 200),
        (api.signed_in_required(page), citizen, 200),
        (api.citizen_required(page), citizen, 200),
        (api.citizen_required(page), handler, 403),
        (any_officer, handler, 200),
        (any_officer, citizen, 403),
        (head_only, handler, 403),
        (head_only, a_signed_officer("head", username="h"), 200),
    ):
        assert visit(view, account).status_code == status
    assert api.access_of(head_only) == Access("officer", ("head",))
    assert api.access_of(page) is None


def test_the_refusal_names_the_role_and_who_grants_it():
    handler = a_signed_officer("handler")
    an_officer("admin", of=a_unit("421202-x"), name="别处的人")
    from tongban.actors.models import Unit

    an_officer("admin", of=Unit.objects.get(pk="421202-scjg"), name="管小平")
    words = visit(api.officer_required(Role.SUPERVISOR)(page), handler).content.decode()
    assert "效能监督" in words
    assert "管小平" in words
    assert "别处的人" not in words


def test_a_delegated_role_opens_the_page_too():
    chief = an_officer(of=a_unit("421202-scjg"))
    delegated(chief, by=a_unit("421202-cgj"), roles=["approver"], matters=["m"])
    account = an_account("chief", acts_as=chief, kind="officer")
    assert visit(api.officer_required(Role.APPROVER)(page), account).status_code == 200


def test_an_officer_whose_appointments_ended_opens_no_page_of_officers():
    account = an_account("gone", acts_as=an_officer(of=a_unit("421202-scjg")), kind="officer")
    assert visit(api.officer_required()(page), account).status_code == 403


def _routes(patterns, prefix=""):
    for one in patterns:
        where = f"{prefix}{one.pattern}"
        if isinstance(one, URLPattern):
            yield where, one.callback
        elif one.app_name != "admin":
            yield from _routes(one.url_patterns, where)


OURS = ("tongban.registers.identity", "tongban.registers.messages")


def test_every_page_of_these_rooms_carries_a_mark():
    found = [
        (where, api.access_of(view))
        for where, view in _routes(get_resolver().url_patterns)
        if view.__module__.startswith(OURS)
    ]
    assert len(found) >= 9
    assert [where for where, access in found if access is None] == []


def test_every_page_of_identity_keeps_to_its_mark_and_breaks_for_nobody():
    """What `tests/boundaries/test_routes.py` does with every role, here with a few and without the city."""
    from tests.boundaries.routes import filled, pages

    weak = a_signed_officer("handler", username="weak")
    people = {"visitor": None, "citizen": a_citizen(), "officer": a_signed_officer("admin", username="boss")}
    wrong = []
    for route, view in pages():
        if not view.__module__.startswith("tongban.registers.identity.web") or route == "signout":
            continue
        audience = api.access_of(view).audience
        for name, account in {**people, "weak": weak}.items():
            client = Client(raise_request_exception=False)
            if account:
                client.force_login(account)
            if name == "weak":
                session = client.session
                del session["tb_strong"]
                session.save()
            for method in ("get", "post"):
                answer = getattr(client, method)(filled(route, {}))
                target = answer.headers.get("Location", "")
                if answer.status_code >= 500:
                    wrong.append(f"{method} {route} as {name}: {answer.status_code}")
                if answer.status_code == 405:
                    continue
                if audience != "all" and name == "visitor" and not target.startswith("/signin"):
                    wrong.append(f"{method} {route} let a visitor in: {answer.status_code} {target}")
                if audience not in {"all", "account"} and name == "weak" and target != "/profile/security":
                    wrong.append(f"{method} {route} let a weak session in: {answer.status_code} {target}")
    assert wrong == []


class TestSwitching:
    def test_a_person_asks_in_the_name_of_a_company_and_back(self, client):
        owner = a_person()
        company = an_organisation(led_by=owner)
        client.force_login(an_account("xing", acts_as=owner))
        assert "咸宁星河商贸有限公司" in client.get("/identity/act-for").content.decode()
        before = client.session.session_key
        client.post("/identity/act-for", {"party": str(company)})
        assert client.session.session_key != before
        assert "checked" in client.get("/identity/act-for").content.decode()
        assert party(client) == str(company)
        client.post("/identity/act-for", {"party": str(owner)})
        assert party(client) == str(owner)

    def test_an_account_may_begin_in_the_name_of_a_company(self, client):
        owner = a_person()
        company = an_organisation(led_by=owner)
        client.force_login(an_account("xing", acts_as=owner, default_party=str(company)))
        assert party(client) == str(company)

    def test_nobody_takes_a_name_that_was_not_given(self, client):
        strangers_company = an_organisation()
        citizen = a_citizen()
        client.force_login(citizen)
        answer = client.post("/identity/act-for", {"party": str(strangers_company)}, follow=True)
        assert "没有委托您办事" in answer.content.decode()
        assert party(client) == citizen.actor_id

    def test_a_name_taken_back_is_gone_at_the_next_page(self, client):
        from django.utils import timezone

        agent, company = a_person(), an_organisation()
        row = acting(agent, for_organisation=company)
        client.force_login(an_account("agent", acts_as=agent))
        client.post("/identity/act-for", {"party": str(company)})
        assert party(client) == str(company)
        row.revoked_at = timezone.now()
        row.save()
        assert party(client) == "", "what was begun for the company does not go on in one's own name"
        told = client.get("/my", follow=True)
        assert told.redirect_chain[0][0] == "/identity/act-for"
        assert "撤回" in told.content.decode()
        client.post("/identity/act-for", {"party": str(agent)})
        assert party(client) == str(agent)

    def test_an_officer_of_two_units_chooses(self, client):
        from tongban.actors.models import Appointment

        first, second = a_unit("421202-a", name="甲局"), a_unit("421202-b", name="乙局")
        officer = an_officer("handler", of=first)
        Appointment.objects.create(officer=officer, unit=second, role="window", from_date="2020-01-01")
        client.force_login(an_account("two", acts_as=officer, kind="officer"))
        assert "甲局</dd>" in client.get("/profile").content.decode()
        client.post("/identity/unit", {"unit": "421202-b"})
        assert "乙局</dd>" in client.get("/profile").content.decode()
        answer = client.post("/identity/unit", {"unit": "421202-c"}, follow=True)
        assert "没有任职" in answer.content.decode()


def party(client):
    response = client.get("/profile")
    return api.party_of(response.wsgi_request)


def test_a_page_that_does_not_ask_who_costs_no_query(django_assert_num_queries):
    from tongban.registers.identity.middleware import CurrentActor

    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        CurrentActor(lambda _request: HttpResponse())(request)


def test_the_repr_of_an_account_tells_no_name():
    assert "zhang" not in repr(a_citizen())
    assert Actor(id="") == ANONYMOUS
