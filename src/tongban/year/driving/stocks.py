"""What a city has when its year begins: the packs' matters and themes, and through the importer, marked as generated, those it lacks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from tongban.desks.policies import api as policies
from tongban.desks.themes import api as themes
from tongban.kernel import api as kernel
from tongban.registers.catalogue import api as catalogue
from tongban.registers.identity import api as identity
from tongban.year.contracts import Profile
from tongban.year.driving.staffing import delegate

PACKS: Final = ("city", "accounts", "catalogue", "knowledge", "partners", "themes")
MATTERS: Final = (
    "matters", "regulated", "online", "no_visit", "cross_province", "cross_city", "sunk", "nearby", "commitment", "tolerance",
    "high_frequency", "convenience",
)  # fmt: skip
"""Published keys that are the catalogue's own figures."""
CHIEFS: Final = "chiefs"
POLICIES: Final = {"measures": "measures", "policy_departments": "departments"}
THEMES: Final = {"themes": "themes", "own_themes": "own"}
MADE_UP: Final = frozenset({*MATTERS, "online_rate", "no_visit_rate", *THEMES, *POLICIES, CHIEFS})
"""What is topped up before the year begins; the report says so."""


def has_stocks(profile: Profile) -> bool:
    """Whether the city published how many it has of anything that can be made up."""
    return any(key in profile.published for key in MADE_UP)


def fill(profile: Profile, *, seed: int, at: datetime) -> None:
    """Load the packs and make up what the published figures have beyond them; again changes nothing."""
    steps = {step.name: step.loader for step in identity.demo_steps()}
    for name in PACKS:
        steps[name](Path(settings.PACKS) / "demo", at)
    published = profile.published
    wanted = {key: int(published[key].value) for key in MATTERS if key in published}
    if wanted:
        catalogue.fill_up(wanted=wanted, region=settings.ROOT_REGION, seed=seed, actor=kernel.SYSTEM, at=at)
    own = {name: int(published[key].value) for key, name in THEMES.items() if key in published}
    if CHIEFS in published:
        delegate(int(published[CHIEFS].value), folder=Path(settings.PACKS) / "demo", at=at)
    if all(key in published for key in POLICIES):
        given = {name: int(published[key].value) for key, name in POLICIES.items()}
        policies.fill_up(measures=given["measures"], departments=given["departments"], seed=seed, at=at)
    if own:
        themes.fill_up(wanted=own, seed=seed, actor=kernel.SYSTEM, at=at)


def take_stock(*, at: datetime) -> None:
    """Have the ledger say what a day brings or ends of itself, such as lines and officers with delegations."""
    steps = {step.name: step.loader for step in identity.demo_steps()}
    if "stocks" in steps:
        steps["stocks"](Path(settings.PACKS) / "demo", at)
