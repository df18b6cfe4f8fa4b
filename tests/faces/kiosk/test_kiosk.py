"""A kiosk over HTTP: a code instead of a password, few minutes, and nothing left."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.actors.factories import a_person, a_unit, an_officer
from tests.registers.catalogue.conftest import _fresh_cache, bring, keys
from tests.registers.identity.factories import an_account
from tongban.faces.kiosk import services, stay
from tongban.kernel import api as kernel

__all__ = ["_fresh_cache", "bring", "keys"]
pytestmark = pytest.mark.django_db
REGION = "421202000000"


@pytest.fixture
def zhang():
    return an_account("zhang", acts_as=a_person(name="张晓明"))


@pytest.fixture
def machine(zhang):
    client = Client()
    client.get(f"/kiosk?region={REGION}")
    client.cookies[stay.DEVICE] = REGION
    return client


def a_code(account):
    phone = Client()
    phone.force_login(account)
    page = phone.post("/my/kiosk").content.decode()
    first, second = re.findall(r"ks-digits\">(\d{4}) (\d{4})<", page)[0]
    return first + second


def entered(machine, account):
    return machine.post("/kiosk/enter", {"code": a_code(account)})


def test_a_code_from_the_phone_signs_in_and_ending_leaves_nothing(machine, zhang):
    answer = entered(machine, zhang)
    assert answer["Location"] == "/kiosk/mine"
    mine = machine.get("/kiosk/mine")
    assert "张*明" in mine.content.decode()
    assert "张晓明" not in mine.content.decode()
    assert mine["Cache-Control"] == "no-store"
    assert machine.session[stay.STAY]
    ended = machine.post("/kiosk/end")
    assert ended["Location"] == "/kiosk/cleared"
    assert "storage" in ended["Clear-Site-Data"]
    assert ended.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert "已清除" in machine.get("/kiosk/cleared").content.decode()
    assert machine.get("/kiosk/mine")["Location"].startswith("/signin")
    assert [entry.act for entry in kernel.history(f"kiosk:{zhang.actor_id}", at=timezone.now())] in (
        ["code-made", "signed-in"], ["signed-in", "code-made"],
    )  # fmt: skip


def test_a_code_opens_one_session_only_and_ends_after_two_minutes(zhang, machine):
    code, other = a_code(zhang), Client()
    other.cookies[stay.DEVICE] = REGION
    assert machine.post("/kiosk/enter", {"code": code}).status_code == 302
    assert other.post("/kiosk/enter", {"code": code}).status_code == 422
    actor, now = kernel.Actor(id=zhang.actor_id), timezone.now()
    old = services.make_code(
        account=zhang.pk, party=zhang.actor_id, actor=actor, at=now - timedelta(minutes=3)
    )
    assert "过了2分钟" in other.post("/kiosk/enter", {"code": old.code}).content.decode()


def test_a_machine_that_guesses_must_wait(zhang, machine):
    for guess in range(services.WRONG_CODES):
        assert machine.post("/kiosk/enter", {"code": f"{guess:08}"}).status_code == 422
    assert "15分钟" in machine.post("/kiosk/enter", {"code": a_code(zhang)}).content.decode()


def test_the_server_ends_a_stay_that_somebody_walked_away_from(machine, zhang):
    entered(machine, zhang)
    session, then = machine.session, timezone.now().timestamp() - 1
    session[stay.STAY] = [then, then + 600]
    session.save()
    answer = machine.get("/my")
    assert answer["Location"] == "/kiosk/cleared?why=time"
    assert "storage" in answer["Clear-Site-Data"]
    assert "时间到了" in machine.get(answer["Location"]).content.decode()


def test_a_stay_is_prolonged_to_a_quarter_of_an_hour_at_most(machine, zhang):
    entered(machine, zhang)
    session, now = machine.session, timezone.now().timestamp()
    session[stay.STAY] = [now + 30, now + 60]
    session.save()
    machine.post("/kiosk/longer", {"next": "/kiosk/mine"})
    until, most = machine.session[stay.STAY]
    assert until == most == pytest.approx(now + 60)


@pytest.mark.parametrize(
    ("path", "onward"),
    [
        ("/signin?next=/my", "/kiosk/enter?next=/my"), ("/register", "/kiosk/enter"), ("/", "/kiosk"),
        ("/profile/security", "/kiosk"), ("/my/authorities", "/kiosk"), ("/my/privacy", "/kiosk"), ("/work", "/kiosk"),
        ("/receipts/A1.pdf", "/kiosk/mine"), ("/licences/1.json", "/kiosk/mine"), ("/my/kiosk", "/kiosk"),
    ],
)  # fmt: skip
def test_a_kiosk_opens_no_passwords_no_settings_and_no_files(machine, zhang, path, onward):
    entered(machine, zhang)
    assert machine.get(path)["Location"] == onward


def test_officers_get_no_code_and_another_browser_is_no_kiosk(zhang):
    officer = Client()
    officer.force_login(
        an_account("fan", acts_as=an_officer("window", of=a_unit("421202-dsj")), kind="officer")
    )
    assert officer.post("/my/kiosk").status_code == 403
    home = Client()
    home.force_login(zhang)
    assert home.get("/").status_code == 200
    assert b"data-kiosk-left" not in home.get("/my").content


def test_what_a_visitor_typed_ends_with_his_minutes_too(machine):
    session = machine.session
    session["tb_begun"] = {"newborn": {}}
    session.save()
    machine.get("/kiosk")
    assert machine.session[stay.STAY]


def test_the_list_of_the_catalogue_is_what_a_kiosk_offers(machine, bring):
    from tests.registers.catalogue.conftest import data, draft

    lists = data()["lists"]
    bring(
        draft(name="参保证明打印", lists={**lists, "self_service": True}),
        draft(code="0103100299", name="食品小作坊登记"),
    )
    page = machine.get("/kiosk/matters").content.decode()
    assert f"/apply/0103100200?region={REGION}" in page
    assert "参保证明打印" in page
    assert "食品小作坊登记" not in page
