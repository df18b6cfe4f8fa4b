"""Personal data stays where it belongs: not in logs, addresses, the ledger's chain, events or error pages."""

from __future__ import annotations

import json
import logging

import pytest
from django.conf import settings
from django.test import Client
from ruamel.yaml import YAML

from tests.api.conftest import Caller
from tests.api.work import party_of, submission
from tests.faces.portal.city import picture
from tongban.kernel.ledger.models import Entry
from tongban.kernel.models import Docket
from tongban.kernel.outbox.models import Event
from tongban.registers.identity.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def secrets():
    """Identity numbers and phones of everybody in the demo city."""
    city = YAML(typ="safe").load(settings.PACKS / "demo" / "people.yaml")
    found = set()
    waiting = [city]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += item.values()
            found |= {
                str(item[key]) for key in ("number", "id_number", "phone", "resident_id") if item.get(key)
            }
        elif isinstance(item, list):
            waiting += item
    return {text for text in found if len(text) >= 11 and text[:6].isdigit()}


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage()
        if record.exc_info:
            words += logging.Formatter().formatException(record.exc_info)
        self.lines.append(words)


@pytest.fixture
def log():
    """Everything that is logged, but the text of SQL, which only a developer turns on."""
    kept, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    sql = logging.getLogger("django.db.backends")
    before, sql.level = sql.level, logging.WARNING
    yield kept
    root.removeHandler(kept)
    root.setLevel(level)
    sql.level = before


def leaked(text, known):
    return sorted(secret for secret in known if secret in text)


def test_a_small_story_leaves_no_personal_data_behind(log):
    from django.core.files.uploadedfile import SimpleUploadedFile

    known = secrets()
    assert len(known) >= 10
    li = Caller("li")
    file = SimpleUploadedFile("photo.jpg", picture(), "image/jpeg")
    digest = li.client.post("/api/v1/files", {"file": file}, headers=li.headers).json()["digest"]
    body = submission(party_of("li"), digest=digest)
    number = li.post("/applications", body, key="k").json()["number"]
    broken = {**body, "form": {**body["form"], "person.id": next(iter(sorted(known)))[:-1] + "?"}}
    refusals = [li.post("/applications", broken, key="b"), Caller("zhang").get(f"/applications/{number}")]
    browser = Client(raise_request_exception=False)
    browser.force_login(Account.objects.get(username="li"))
    addresses, seen = [], set()
    for address in ("/", "/my", f"/my/{number}", "/profile", "/signin"):
        page = browser.get(address, follow=True)
        addresses += [target for target, _status in page.redirect_chain]
        for part in page.content.decode(errors="replace").split('href="')[1:]:
            seen.add(part.split('"', 1)[0])
    guess = Client(raise_request_exception=False)
    for secret in sorted(known)[:2]:
        addresses.append(
            guess.post("/signin", {"username": secret, "password": secret}).headers.get("Location", "")
        )
    chain = "".join(entry.body for entry in Entry.objects.all())
    events = "".join(json.dumps(row) for row in Event.objects.values_list("body", flat=True))
    titles = "".join(Docket.objects.values_list("title", flat=True))
    assert leaked("\n".join(log.lines), known) == []
    assert leaked("\n".join([*addresses, *seen]), known) == []
    assert leaked("".join(refusal.content.decode() for refusal in refusals), known) == []
    assert leaked(chain + events + titles, known) == []


@pytest.mark.parametrize("address", ["/nothing/{}", "/matters/{}", "/progress/{}", "/my/{}"])
def test_error_pages_do_not_repeat_what_was_typed_into_the_address(address):
    secret = min(secrets())
    page = Client(raise_request_exception=False).get(address.format(secret))
    assert page.status_code in {302, 404}
    assert secret not in page.content.decode()
