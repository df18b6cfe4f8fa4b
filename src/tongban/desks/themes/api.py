"""The door of the themes desk.

Regions are 12-digit division codes. A theme published in a region is offered there and in every division
below it; a division's own version goes before one from above.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tongban.desks.themes import answers as answering
from tongban.desks.themes import keeping_plans, planning, selectors, services
from tongban.desks.themes.contracts import Party, Plan, Question, ThemeCard, VersionLine
from tongban.desks.themes.days import working_days_of
from tongban.desks.themes.entrusting import Choice, choice, covered, names_of, told
from tongban.desks.themes.format import Theme
from tongban.desks.themes.generating import fill_up
from tongban.desks.themes.schools.retaking import refused_photos
from tongban.kernel.contracts import Actor
from tongban.registers.catalogue import api as catalogue

__all__ = [
    "Choice",
    "adopt",
    "choice",
    "covered",
    "fill_up",
    "history",
    "names_of",
    "next_question",
    "plan_for",
    "publish",
    "published",
    "refused_photos",
    "theme",
    "told",
    "withdraw",
]


def published(region: str) -> list[ThemeCard]:
    """Every theme offered in a region, by code."""
    return selectors.cards(selectors.in_force(region))


def theme(code: str, region: str, version: int | None = None) -> Theme:
    """A theme offered in a region; with `version`, that one even if it is withdrawn since.

    :raises UnknownTheme: none; names those that are offered
    """
    return selectors.parsed(selectors.row_of(code, region, version).text)


def next_question(
    code: str, answers: Mapping[str, Any], *, party: Party, at: datetime, version: int | None = None
) -> Question | None:
    """The first question that arises and is not answered, or None when `plan_for` can be asked.

    :raises UnknownTheme: not offered in the party's region
    :raises PlanRefused: an answer is impossible, or shows that the party cannot be helped here
    """
    found = theme(code, party.region, version)
    today = at.astimezone(planning.SHANGHAI).date()
    return answering.next_question(found, answers, party=party, today=today)


def plan_for(
    code: str, answers: Mapping[str, Any], *, party: Party, at: datetime, version: int | None = None
) -> Plan:
    """The one notice for these answers: see `contracts.Plan`.

    :param version: plan with the version under which somebody began; default the one in force
    :raises UnknownTheme: not offered in the party's region
    :raises PlanRefused: see `planning.plan`
    """
    row = selectors.row_of(code, party.region, version)
    return keeping_plans.plan(
        selectors.parsed(row.text),
        answers,
        party,
        catalogue=catalogue,
        at=at,
        calendar=working_days_of(party.region),
        version=row.version,
    )


def publish(
    text: str, *, region: str, actor: Actor, at: datetime, file: str = "theme.yaml", check_region: str = ""
) -> ThemeCard:
    """Publish a theme file. :raises ThemeFaulty: with every finding; nothing is written"""
    row = services.publish_text(text, region=region, actor=actor, at=at, file=file, check_region=check_region)
    return selectors.card(row)


def withdraw(*, code: str, region: str, actor: Actor, at: datetime) -> None:
    """Take a theme off. :raises UnknownTheme: none in force; :raises ThemeRefused: not this region's own"""
    services.withdraw(code=code, region=region, actor=actor, at=at)


def adopt(
    *,
    code: str,
    source: str,
    region: str,
    actor: Actor,
    at: datetime,
    limits: Mapping[str, int] | None = None,
) -> ThemeCard:
    """Take over another region's theme, with limits that may be shorter only: see `services.adopt`."""
    row = services.adopt(code=code, source=source, region=region, actor=actor, at=at, limits=limits)
    return selectors.card(row)


def history(code: str, region: str) -> list[VersionLine]:
    """Every version of a theme in exactly this region, newest first."""
    return selectors.history(code, region)
