"""The demo city as citizens meet it: units, people, calendar, catalogue and the themes, loaded once a module."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from PIL import Image
from ruamel.yaml import YAML

from tests.snapshots import restored
from tongban.actors import api as actors
from tongban.desks.themes import api as themes
from tongban.desks.themes.contracts import FormField, Plan
from tongban.desks.themes.holdings import NOTHING, Holdings, gather
from tongban.desks.themes.papers import Paper
from tongban.desks.themes.ways import OF_ITSELF, ways_for
from tongban.kernel.contracts import SYSTEM, Actor
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.loading import load_packs
from tongban.registers.identity import api as identity
from tongban.registers.licences import demo as licences

DISTRICT = "421202000000"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
THEMES = sorted((Path(settings.PACKS) / "themes").glob("*.yaml"))
ACCOUNTS = {
    "open-restaurant": "zhang",
    "newborn": "li",
    "second-hand-house": "wang",
    "school-enrolment": "chen",
    "company-closing": "xinghe",
    "utilities": "lantian",
}
"""Who of the demo city asks for which theme."""


def load(*, at: datetime = MONDAY) -> None:
    """Write the city into an empty database."""
    packs = Path(settings.PACKS)
    call_command("calendar", "seed", verbosity=0)
    actors.load_city(folder=packs / "demo")
    identity.load_accounts(folder=packs / "demo", at=timezone.now())
    load_packs(folder=packs, root=settings.ROOT_REGION, actor=SYSTEM, at=at, skip_faulty=True)
    licences.load_holdings(packs / "demo", at)
    for path in THEMES:
        themes.publish(
            path.read_text("utf-8"), region=settings.ROOT_REGION, actor=SYSTEM, at=at, file=path.name,
            check_region=DISTRICT,
        )  # fmt: skip


def forget() -> None:
    """Let no process memory outlive the rows it was read from."""
    from tongban.kernel.calendar import selectors as calendars

    actors.forget()
    catalogue.forget()
    calendars.forget()


@pytest.fixture(scope="module")
def loaded_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo city, committed for one module and flushed after it."""
    with django_db_blocker.unblock():
        forget()
        restored("city", load)
        forget()
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)
        forget()


@pytest.fixture
def town(loaded_city: None, db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """The demo city for one test, its files in a folder of its own."""
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = storages
    yield
    forget()


def example(code: str, index: int = 0) -> dict[str, Any]:
    """One of the examples written in a theme file: party, answers and the matters that must come of them."""
    path = Path(settings.PACKS) / "themes" / f"{code}.yaml"
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(path)["examples"][index]
    return found


def citizen(number: int, *organisations: int) -> Actor:
    own = f"person:{number}"
    return Actor(own, parties=frozenset({own, *(f"organisation:{one}" for one in organisations)}))


SAMPLES = {
    "date": "2026-11-02",
    "number": "3",
    "money": "1200.50",
    "yesno": "yes",
    "id": "422301198803163153",
    "uscc": "91421202TB0002293L",
    "phone": "13871010007",
    "address": "咸安区温泉街道淦河大道88号2单元301室",
}


def sample(item: FormField) -> str:
    """Something that may be typed into a field."""
    if item.type == "choice":
        return item.choices[0]
    return SAMPLES.get(item.type, "样例文字"[: item.maximum or 4])


def filled(plan: Plan) -> dict[str, str]:
    """Every field that is asked, typed."""
    return {item.key: sample(item) for item in plan.asked}


def held_by(plan: Plan, *, applicant: str, by: Actor | None = None, at: datetime = MONDAY) -> Holdings:
    """What is known of an applicant for this plan, as the wizard gathers it."""
    return gather(plan, applicant=applicant, by=by or Actor(applicant), at=at)


def left_to_fill(plan: Plan, held: Holdings) -> dict[str, str]:
    """Every field that is asked and not known, typed."""
    return {key: value for key, value in filled(plan).items() if key not in held.known}


def handed_in(plan: Plan, digest: str = "", *, held: Holdings = NOTHING) -> dict[str, Paper]:
    """Every paper that does not come of itself, handed in as a file; uploads need the digest of a stored file."""
    papers = {}
    for material in plan.materials:
        ways = [one.way for one in ways_for(material, trusted=True, held=held)]
        if ways[0] != "result" and ways[0] not in OF_ITSELF:
            papers[material.key] = Paper("upload", ((digest, f"{material.key}.jpg"),))
    return papers


def picture(colour: str = "white", size: tuple[int, int] = (40, 30)) -> bytes:
    """A small JPEG."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()
