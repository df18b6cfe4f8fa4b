"""The demo city, and a restaurant to be opened in it: real plan, real form, real papers."""

from __future__ import annotations

from typing import Any

from tests.faces.portal import city

from tongban.desks.cases.contracts import Submission
from tongban.desks.themes import offers
from tongban.desks.themes.contracts import Party, Plan
from tongban.desks.themes.submission import Asked, prepare
from tongban.kernel.contracts import Actor
from tongban.kernel.files.services import store

APPLICANT = city.citizen(1)
AT = city.MONDAY


def load() -> None:
    """Write the demo city into an empty database."""
    city.load()


def plan() -> Plan:
    """The plan of 我要开饭店 with the most matters."""
    examples = [city.example("open-restaurant", index) for index in range(_examples())]
    given = max(examples, key=lambda one: len(one["matters"]))
    return offers.plan_for("open-restaurant", given["answers"], party=Party("person", city.DISTRICT), at=AT)


def submission(of: Plan) -> Submission:
    """What the first demo citizen submits for it: every field filled, every paper handed in."""
    digest = store(content=city.picture(), name="a.jpg", at=AT).digest
    held = city.held_by(of, applicant=APPLICANT.id, by=APPLICANT, at=AT)
    asked = Asked(
        city.left_to_fill(of, held), city.handed_in(of, digest, held=held), delivery=of.delivery.ways[0]
    )
    return prepare(of, asked, applicant=APPLICANT.id, actor=APPLICANT, at=AT)


def actor() -> Actor:
    return APPLICANT


def _examples() -> int:
    path = next(path for path in city.THEMES if path.stem == "open-restaurant")
    found: dict[str, Any] = city.YAML(typ="safe", pure=True).load(path)
    return len(found["examples"])
