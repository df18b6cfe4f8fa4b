"""Personal data stays where it belongs: not in logs, addresses, the ledger's chain, events or error pages.

`tests/leaks.py` watches every test of the suite; here are a whole story looked at in every corner, the watch itself, the net
under the log, and everything that is generated and served as it lies.
"""

from __future__ import annotations

import json
import logging

import pytest
from django.conf import settings
from django.test import Client
from ruamel.yaml import YAML

from tests import leaks
from tests.api.conftest import Caller
from tests.api.work import party_of, submission
from tests.faces.portal.city import picture
from tongban.kernel.ledger.models import Entry
from tongban.kernel.models import Docket
from tongban.kernel.outbox.models import Event
from tongban.kernel.redaction import Redacting, redacted
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
        self.lines.append(Redacting("{levelname} {name} {message}", style="{").format(record))


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


@pytest.mark.leaks  # the address itself is the visitor's own typing
@pytest.mark.parametrize("address", ["/nothing/{}", "/matters/{}", "/progress/{}", "/my/{}"])
def test_error_pages_do_not_repeat_what_was_typed_into_the_address(address):
    secret = min(secrets())
    page = Client(raise_request_exception=False).get(address.format(secret))
    assert page.status_code in {302, 404}
    assert secret not in page.content.decode()


class TestTheWatch:
    """What watches the whole suite finds what it is there for."""

    pytestmark = pytest.mark.leaks

    def test_a_number_in_a_log_line_or_a_traceback(self):
        secret = min(secrets(), key=len)
        logging.getLogger("tongban.test").warning("who is %s", "张明远")
        assert leaks.WATCH.leaks == ["log tongban.test: ['张明远']"]
        assert leaks.found_in(f"x {secret} y") == [secret]

    def test_an_address_with_a_phone(self):
        Client().get(f"/search?q={min(secrets(), key=len)}")
        assert any(one.startswith("address") for one in leaks.WATCH.leaks)

    def test_people_are_known(self):
        names, numbers = leaks.people()
        assert len(names) >= 10
        assert len(numbers) >= 20


class TestTheNetUnderTheLog:
    """`Redacting`: a library's words are not ours to choose."""

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("Key (phone)=(13871010007) already exists", "Key (phone)=(138****0007) already exists"),
            ("Not Found: /my/42230119880316315X", "Not Found: /my/422301************"),
            ("Not Found: /x/%E5%BC%A0%E6%98%8E%E8%BF%9C", "Not Found: /x/…"),
            ("docket A421202-261122-00001-9 at 2026-11-22", "docket A421202-261122-00001-9 at 2026-11-22"),
            (
                "took 13871010007123 ns, digest 4223011988031631531234",
                "took 13871010007123 ns, digest 4223011988031631531234",
            ),
        ],
    )
    def test_numbers_are_starred_and_dockets_are_not(self, line, told):
        assert redacted(line) == told

    def test_the_installation_writes_through_it_tracebacks_too(self):
        formatter = settings.LOGGING["formatters"]["line"]
        assert formatter["()"] == "tongban.kernel.redaction.Redacting"
        assert [
            name for name, one in settings.LOGGING["handlers"].items() if one["formatter"] != "line"
        ] == []
        try:
            int("phone 13871010007")
        except ValueError as error:
            record = logging.LogRecord(
                "x", logging.ERROR, "", 0, "failed", (), (ValueError, error, error.__traceback__)
            )
        line = Redacting("{message}", style="{").format(record)
        assert "13871010007" not in line
        assert "138****0007" in line

    def test_what_a_visitor_types_into_an_address_is_not_logged(self, log):
        secret = next(one for one in sorted(secrets()) if len(one) == 18)
        Client().get(f"/my/nothing/{secret}/here")
        assert leaked("\n".join(log.lines), {secret}) == []


def test_nothing_generated_or_served_as_it_lies_has_anybody_in_it():
    from pathlib import Path

    import tongban

    source = Path(tongban.__file__).parent
    roots = [
        source / "web" / "static",
        source / "locale",
        source.parents[1] / "docs",
        source.parents[1] / "deploy",
    ]
    roots += [path for path in source.glob("**/static") if path.is_dir()]
    seen, wrong = 0, []
    for root in roots:
        for path in root.rglob("*"):
            if path.is_file() and path.suffix not in {".png", ".gif", ".jpg", ".woff2", ".gz", ".mo"}:
                seen += 1
                if leaks.found_in(path.read_text(encoding="utf-8", errors="replace")):
                    wrong.append(str(path))
    assert seen > 30
    assert wrong == []


def test_no_address_of_the_platform_takes_a_number_of_a_person():
    """Places in addresses are ids, codes and numbers of dockets; people are found by posting."""
    from tests.boundaries.routes import pages

    strange = [
        route
        for route, _view in pages()
        if any(word in route for word in ("resident", "id_number", "phone", "<name"))
    ]
    assert strange == []
