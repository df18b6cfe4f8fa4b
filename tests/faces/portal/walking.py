"""A citizen walks the wizard through HTTP, as a browser without JavaScript would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.faces.portal.city import DISTRICT, example, held_by, picture, sample
from tongban.desks.themes import filling, offers
from tongban.desks.themes.contracts import Party, Plan
from tongban.desks.themes.web.forms import groups_of
from tongban.kernel.contracts import Actor


def signed_in(username: str) -> Client:
    """A browser in which a demo account has signed in."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    return client


def photo(name: str = "photo.jpg", colour: str = "white") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(colour), "image/jpeg")


def typed_answer(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def begin(client: Client, slug: str, answers: dict[str, Any], party: str = "person") -> Any:
    """From the start page through every question; gives the response that leads to the notice."""
    assert client.get(f"/themes/{slug}").status_code == 200
    step = client.post(f"/themes/{slug}", {"region": DISTRICT, "party": party})
    while "/questions/" in step["Location"]:
        url = step["Location"]
        assert client.get(url).status_code == 200
        step = client.post(url, {"answer": typed_answer(answers[url.rsplit("/", 1)[1]])})
        assert step.status_code == 302, step.content.decode()[:3000]
    return step


def plan_of(slug: str, answers: dict[str, Any], party: str) -> Plan:
    return offers.plan_for(slug, answers, party=Party(party, DISTRICT), at=timezone.now())


def type_form(client: Client, slug: str, plan: Plan, *, applicant: str, acting: str) -> None:
    """Every page of the form: only what is not known is typed."""
    known = held_by(plan, applicant=applicant, by=Actor(acting), at=timezone.now()).known
    for number, group in enumerate(groups_of(plan), start=1):
        url = f"/themes/{slug}/form/{number}"
        assert client.get(url).status_code == 200
        data = {
            item.key: sample(item) for item in group.fields if item.source == "ask" and item.key not in known
        }
        data |= {
            item.key: filling.shown(item, known[item.key].value)
            for item in group.fields
            if item.source == "ask" and item.key in known and not known[item.key].fixed
        }
        done = client.post(url, data)
        assert done.status_code == 302, done.content.decode()[:5000]


def hand_in(client: Client, slug: str, plan: Plan) -> Any:
    """Every paper as a file, though there may be an easier way."""
    data: dict[str, Any] = {}
    for material in plan.materials:
        if material.brought:
            data[f"way-{material.key}"] = "upload"
            data[material.key] = photo(f"{material.key}.jpg")
    return client.post(f"/themes/{slug}/materials", data)


def key_on(page: Any) -> str:
    found = re.search(r'name="key" value="([0-9a-f]+)"', page.content.decode())
    assert found, page.content.decode()[-4000:]
    return found[1]


def consents_on(page: Any) -> list[str]:
    """Keys of the consents that the check page asks for."""
    return re.findall(r'name="consent" id="[^"]+" value="([^"]+)"', page.content.decode())


def walk(client: Client, slug: str, *, applicant: str, acting: str, index: int = 0) -> tuple[str, Plan, str]:
    """The whole wizard; gives the receipt's address, the plan and the key that was sent."""
    given = example(slug, index)
    party = applicant.partition(":")[0]
    step = begin(client, slug, given["answers"], party)
    assert step["Location"].endswith("/notice")
    assert client.get(step["Location"]).status_code == 200
    plan = plan_of(slug, given["answers"], party)
    type_form(client, slug, plan, applicant=applicant, acting=acting)
    done = hand_in(client, slug, plan)
    assert done.status_code == 302, re.findall(
        r'<div class="tb-summary".*?</div>', done.content.decode(), re.DOTALL
    )
    assert client.post(f"/themes/{slug}/delivery", {"way": "electronic"}).status_code == 302
    page = client.get(f"/themes/{slug}/check")
    key = key_on(page)
    sent = client.post(f"/themes/{slug}/check", {"key": key, "consent": consents_on(page)})
    assert sent.status_code == 302, re.findall(
        r'<div class="tb-summary".*?</div>', sent.content.decode(), re.DOTALL
    )
    return sent["Location"], plan, key


@contextmanager
def read_whole(response: Any) -> Iterator[Any]:
    """A served file, read to its end: closing it early would drop the test's own connection."""
    yield response
    if response.streaming:
        b"".join(response.streaming_content)
