"""Single keys can be put elsewhere or switched off; ui.md section 4."""

import json

import pytest

from tests.registers.identity.factories import a_signed_officer
from tongban.web import shortcuts

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    account = a_signed_officer("handler")
    client.force_login(account)
    return account


def given(**changed):
    return {"shortcuts": "on", **shortcuts.DEFAULTS, **changed}


def test_a_key_put_elsewhere_is_told_to_the_script_and_to_the_list_of_keys(client, officer):
    assert client.post("/profile/keys", given(select="s")).status_code == 302
    page = client.get("/work").content.decode()
    assert "data-keymap" in page
    officer.refresh_from_db()
    assert officer.keymap == {"select": "s"}
    assert json.loads(shortcuts.for_script(officer.keymap)) == {"x": "", "s": "x"}
    assert "<kbd>s</kbd>" in page


def test_two_keys_can_change_places(client, officer):
    client.post("/profile/keys", given(down="k", up="j"))
    officer.refresh_from_db()
    assert json.loads(shortcuts.for_script(officer.keymap)) == {"j": "k", "k": "j"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"select": "j"}, "已经给了"), ({"select": "1"}, "数字键"), ({"select": ""}, "请填一个键")],
)
def test_a_key_that_cannot_be_is_told_at_its_field(client, officer, changed, words):
    answer = client.post("/profile/keys", given(**changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    officer.refresh_from_db()
    assert officer.keymap == {}


def test_everything_can_be_put_back_and_switched_off(client, officer):
    client.post("/profile/keys", given(select="s"))
    client.post("/profile/keys", {"reset": "1"})
    assert "data-keymap" not in client.get("/work").content.decode()
    off = given()
    del off["shortcuts"]
    client.post("/profile/keys", off)
    assert 'data-keys="off"' in client.get("/work").content.decode()


def test_nobody_who_changed_nothing_gets_a_map(client, officer):
    assert "data-keymap" not in client.get("/work").content.decode()
