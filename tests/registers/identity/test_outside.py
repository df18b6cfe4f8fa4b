"""An outside provider vouches for a person: linked by the verified identity, refused in every other case."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tests.actors.factories import a_person, a_resident_id
from tests.registers.identity.factories import PASSWORD, a_citizen, an_account, an_app
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.identity.models import Account, OutsideLink
from tongban.registers.identity.outside.contracts import OutsideIdentity
from tongban.registers.identity.outside.providers import DemoProvider

pytestmark = pytest.mark.django_db
HERE = "tongban.registers.identity.outside.providers"


@pytest.fixture(autouse=True)
def province(settings):
    settings.DEMO = True
    settings.OUTSIDE_PROVIDERS = {"province": f"{HERE}.DemoProvider", "down": f"{HERE}.FailingDemo"}


def there_and_back(client, person="", **more):
    """Through the demo's page, as a browser goes."""
    away = client.get("/signin/outside/province")["Location"]
    assert client.get(away).status_code == 200
    answer = client.post(away, {"person": person, **more})
    return client.get(answer["Location"])


def pk(account):
    return account.actor_id.partition(":")[2]


def test_a_verified_identity_finds_its_account_and_is_written_down(client):
    account = a_citizen()
    assert there_and_back(client, pk(account))["Location"] == "/"
    assert client.get("/profile").status_code == 200
    acts = [one.act for one in kernel.history(f"account:{account.pk}", at=timezone.now())]
    assert acts == ["outside-linked", "signed-in"]
    there_and_back(Client(), pk(account))
    assert OutsideLink.objects.count() == 1


def test_no_name_and_no_number_is_in_an_address_or_in_the_link(client):
    account = a_citizen()
    facts = actors.party_facts(account.actor_id)
    away = client.get("/signin/outside/province")["Location"]
    home = client.post(away, {"person": pk(account)})["Location"]
    link = str(OutsideLink.objects.values_list())
    assert not [one for one in (facts.name, facts.number) if one in away + home + link]


def test_somebody_without_an_account_gets_one_without_a_password(client):
    person = a_person()
    there_and_back(client, str(person.pk))
    account = Account.objects.get(actor_id=str(person))
    assert not account.has_usable_password()


def test_somebody_who_is_not_known_here_is_registered(client, monkeypatch):
    number = a_resident_id()
    told = OutsideIdentity(subject="s", name="新来的", number=number, phone="13871010007", verified=True)
    monkeypatch.setattr(DemoProvider, "finish", lambda self, **_given: told)
    there_and_back(client, "1")
    assert actors.party_facts(actors.find_person(number)).name == "新来的"


def test_an_identity_that_is_not_verified_is_refused(client):
    answer = there_and_back(client, pk(a_citizen()), unverified="1")
    assert "还没有实名" in answer.content.decode()
    assert not OutsideLink.objects.exists()


def test_a_name_that_differs_is_refused(client, monkeypatch):
    account = a_citizen()
    number = actors.party_facts(account.actor_id).number
    told = OutsideIdentity(subject="s", name="别人", number=number, verified=True)
    monkeypatch.setattr(DemoProvider, "finish", lambda self, **_given: told)
    assert "不一致" in there_and_back(client, "1").content.decode()


def test_going_back_without_an_identity_is_told(client):
    answer = there_and_back(client, "")
    assert answer.status_code == 422
    assert "没有完成认证" in answer.content.decode()


def test_an_answer_is_bound_to_its_question(client):
    account = a_citizen()
    kept = parse_qs(urlsplit(client.get("/signin/outside/province")["Location"]).query)
    other = Client()
    stolen = {
        "state": kept["state"][0],
        "code": DemoProvider.answer(person=int(pk(account)), nonce=kept["nonce"][0]),
    }
    assert "不是从本页开始" in other.get("/signin/outside/province/back", stolen).content.decode()
    replayed = {**stolen, "code": DemoProvider.answer(person=int(pk(account)), nonce="another")}
    assert client.get("/signin/outside/province/back", replayed).status_code == 422


def test_an_account_with_a_second_factor_still_passes_it(client):
    account = a_citizen()
    an_app(account)
    assert there_and_back(client, pk(account))["Location"] == "/signin/second"


def test_officers_do_not_come_in_this_way(client):
    person = a_person()
    an_account("odd", acts_as=person, kind="officer")
    assert "不能用外部认证" in there_and_back(client, str(person.pk)).content.decode()


def test_a_provider_that_is_down_leaves_the_other_ways_open(client):
    a_citizen()
    answer = client.get("/signin/outside/down")
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "连不上" in page
    assert 'name="password"' in page
    assert client.post("/signin", {"username": "zhang", "password": PASSWORD})["Location"] == "/"


def test_outside_a_demonstration_there_is_neither_demo_nor_its_page(client, settings):
    settings.DEMO = False
    assert client.get("/outside-demo").status_code == 404
    del settings.OUTSIDE_PROVIDERS
    assert "/signin/outside" not in client.get("/signin").content.decode()


def test_the_demo_sends_nobody_elsewhere(client):
    answer = client.post("/outside-demo?return_to=https://evil.example/&state=s&nonce=n", {"person": "1"})
    assert answer["Location"].startswith("/?")
