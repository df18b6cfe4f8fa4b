"""Every route states who may use it, and keeps to it: every address with every role, none of them a fault."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.actors.factories import an_officer
from tests.boundaries.routes import filled, operations, pages
from tests.desks.cases.town import restaurant
from tests.registers.identity.factories import an_account
from tongban.actors import api as actors
from tongban.actors.models import Unit
from tongban.desks.cases import api as cases
from tongban.registers.identity import api as identity
from tongban.registers.identity.models import Account
from tongban.registers.identity.rest_auth import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

HALL = "421202-dsj"
CITIZENS = ("zhang", "li")
SOME = ("anonymous", "zhang", "handler", "supervisor")
"""Where one role stands for others: a mark turns away whoever posts as it does whoever looks."""


@pytest.fixture
def samples(town):
    """What stands in the places of addresses: an application of zhang's, one of its cases, a theme."""
    account = Account.objects.get(username="zhang")
    now = timezone.now()
    actor = actors.actor(actor_id=account.actor_id, at=now)
    receipt = cases.submit(restaurant(applicant=account.actor_id), actor=actor, at=now)
    return {
        "number": receipt.number, "code": "0103100200", "slug": "open-restaurant", "theme": "open-restaurant",
        "region": "421202000000", "move": "accept", "unit": HALL,
    }  # fmt: skip


@pytest.fixture
def roles(town):
    """An account for everybody who may be at the other end, by role."""
    of = Unit.objects.get(pk=HALL)
    found = {name: Account.objects.get(username=name) for name in CITIZENS}
    for role in actors.Role:
        officer = an_officer(role.value, of=of, name=f"走{role.value}")
        found[role.value] = an_account(f"walk-{role.value}", acts_as=officer, kind="officer")
    found["root"] = Account.objects.create_superuser("root-walk", "chang-an-jie-8")
    return found


def allowed(access, role):
    """Whether the mark lets the role in."""
    if access.audience == "all":
        return True
    if role == "anonymous":
        return False
    if access.audience in {"signed_in", "account"}:
        return True
    if access.audience == "citizen":
        return role in CITIZENS
    return role in access.roles or (not access.roles and role not in {*CITIZENS, "root"})


def turned_away(response):
    """Led to sign in, or told that the page is not for them."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith("/signin")
    return to_sign_in or response.status_code in {401, 403} or bool(response.headers.get("HX-Redirect"))


def test_every_page_states_who_may_use_it():
    unmarked = [route for route, view in pages() if identity.access_of(view) is None]
    assert unmarked == [], "\n".join(unmarked)
    assert len(list(pages())) >= 60


def session_of(account):
    client = Client(raise_request_exception=False)
    if account is not None:
        client.force_login(account)
    return client


def visit(account, address, method):
    return ask(session_of(account), address, method)


def ask(client, address, method):
    response = getattr(client, method)(address)
    response.close()
    return response


def test_every_page_keeps_to_it_for_every_role(roles, samples):
    wrong = []
    accounts = {"anonymous": None, **roles}
    people = {role: session_of(account) for role, account in accounts.items()}
    for route, view in pages():
        access, address = identity.access_of(view), filled(route, samples)
        if access is None or route.startswith(("signout", "static/")):
            continue
        for role, account in accounts.items():
            may = allowed(access, role)
            # A kiosk keeps the browser to itself; whatever else is asked here leaves a session as it was.
            client = session_of(account) if route.startswith("kiosk") else people[role]
            for method in ("get",) if may or role not in SOME else ("get", "post"):
                response = ask(client, address, method)
                if response.status_code >= 500 and route != "healthz":  # the worker is away here
                    wrong.append(f"{method} {route} as {role}: {response.status_code}")
                elif not may and not turned_away(response) and response.status_code != 405:
                    wrong.append(f"{method} {route} as {role} was let in: {response.status_code}")
                elif may and access.audience != "all" and turned_away(response) and not _row(response):
                    wrong.append(f"{method} {route} as {role} was turned away: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def _row(response):
    """A page that says itself why it is not theirs: a question of rows or units, not of roles."""
    return response.status_code == 403 and b"data-refused" in response.content


@pytest.mark.parametrize("role", SOME)
def test_an_empty_post_breaks_no_page(roles, samples, role):
    account = roles.get(role)
    faults = []
    for route, view in pages():
        access = identity.access_of(view)
        if access is not None and allowed(access, role):
            response = visit(account, filled(route, samples), "post")
            if response.status_code >= 500 and route != "healthz":  # the worker is away here
                faults.append(f"{route}: {response.status_code}")
    assert faults == []


def test_every_operation_of_the_api_keeps_to_its_authentication(roles, samples):
    wrong = []
    tokens = {
        role: identity.issue_token(username=roles[role].username, label="walk", at=timezone.now()).secret
        for role in SOME[1:]
    }
    for method, path, operation in operations():
        address = "/api/v1" + path.replace("{number}", samples["number"]).replace(
            "{code}", "newborn"
        ).replace("{move}", "note")
        for role in SOME:
            headers = {"Authorization": f"Bearer {tokens[role]}"} if role != "anonymous" else {}
            client = Client(raise_request_exception=False)
            call = getattr(client, method)
            more = {"data": "{}", "content_type": "application/json"} if method == "post" else {}
            response = call(address, headers={**headers, "Idempotency-Key": f"{role}"}, **more)
            if response.status_code >= 500:
                wrong.append(f"{method} {path} as {role}: {response.status_code}")
            if operation.auth_param is signed_in and (response.status_code == 401) != (role == "anonymous"):
                wrong.append(f"{method} {path} as {role}: {response.status_code}")
            if operation.auth_param is None and response.status_code == 401:
                wrong.append(f"{method} {path} is open and asked for a token")
    assert not wrong, "\n".join(wrong)


def test_the_admin_face_is_for_staff_only(roles):
    for role, account in roles.items():
        response = visit(account, "/admin/", "get")
        assert (response.status_code == 200) == (role == "root"), role
    assert visit(None, "/admin/", "get").status_code == 302
