"""Every theme of the packs: who has everything hands in nothing, who has nothing can still apply.

The examples of a theme name both by their key in the demo city: ``everything``, ``typed``, ``nothing``.
"""

from __future__ import annotations

from datetime import datetime, time

import pytest
from django.conf import settings
from ruamel.yaml import YAML

from tests.desks.themes.city import THEMES
from tests.faces.portal.city import (
    DISTRICT,
    MONDAY,
    handed_in,
    held_by,
    left_to_fill,
    loaded_city,
    picture,
    town,
)
from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.themes import api, filling, notice, papers
from tongban.desks.themes.contracts import Party, PlanRefused
from tongban.desks.themes.load import read_file
from tongban.desks.themes.planning import SHANGHAI
from tongban.desks.themes.submission import Asked, prepare
from tongban.desks.themes.ways import usual
from tongban.kernel.files.services import store
from tongban.registers.licences import api as licences

__all__ = ["loaded_city", "town"]
PARSED = {path.stem: read_file(path).theme for path in THEMES}
NAMED = [
    (code, example)
    for code, theme in PARSED.items()
    for example in theme.examples
    if example.everything or example.nothing
]
IDS = [f"{code}: {example.name}" for code, example in NAMED]
DEFAULT_TYPED = 5
IDENTITY = {"id-card", "household-register", "business-licence"}
"""Who has nothing else has at least these: without them nobody is a person or a company."""


def city() -> dict[tuple[str, str], int]:
    """Ids by kind of party and key."""
    content = YAML(typ="safe").load(settings.PACKS / "demo" / "people.yaml")
    found = {("person", one["key"]): one["id"] for one in content["people"]}
    return found | {("organisation", one["key"]): one["id"] for one in content["organisations"]}


def planned(code, example):
    """The plan of an example, on an ordinary Monday or, where that is too late, on the example's own day."""
    party = Party(example.party, DISTRICT)
    for at in (MONDAY, datetime.combine(datetime.fromisoformat(example.on), time(10), SHANGHAI)):
        try:
            return api.plan_for(code, example.answers, party=party, at=at), at
        except PlanRefused:
            continue
    raise AssertionError(f"{code}: {example.name} is refused")


def who(example, key):
    """The party's id and the actor who applies: the person, or the organisation's representative."""
    applicant = f"{example.party}:{city()[example.party, key]}"
    if example.party == "person":
        return applicant, actors.actor(actor_id=applicant, at=MONDAY)
    head = actors.find_person(actors.party_facts(applicant).representative_number)
    own = actors.actor(actor_id=head, at=MONDAY)
    return applicant, own


@pytest.mark.parametrize("code", sorted(PARSED))
def test_every_theme_names_who_has_everything_and_who_has_nothing(code):
    both = [one for one in PARSED[code].examples if one.everything and one.nothing]
    assert both, f"{code}: no example names everything and nothing"
    keys = {key for _kind, key in city()}
    assert all({one.everything, one.nothing} <= keys for one in both)


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(("code", "example"), [one for one in NAMED if one[1].everything], ids=[
    name for name, one in zip(IDS, NAMED, strict=True) if one[1].everything
])  # fmt: skip
def test_who_has_everything_hands_in_nothing_and_types_next_to_nothing(code, example):
    plan, at = planned(code, example)
    applicant, actor = who(example, example.everything)
    held = held_by(plan, applicant=applicant, by=actor, at=at)
    offers = papers.offers_of(plan, applicant=applicant, held=held)
    brought = {
        key: [one.way for one in own]
        for key, own in offers.items()
        if usual(own) is None and own[0].way != "commit" and own[-1].way != "none"
    }
    assert brought == {}, "these would have to be handed in"
    typed = filling.fill(plan, {}, held.known, today=at.astimezone(SHANGHAI).date()).errors
    most = DEFAULT_TYPED if example.typed is None else example.typed
    assert len(typed) <= most, sorted(typed)

    counted = notice.counts(plan, held, offers, today=at.astimezone(SHANGHAI).date())
    assert (counted.papers_brought, counted.fields_asked) == (0, len(typed))
    promised = {key: papers.Paper("commit") for key, own in offers.items() if own[0].way == "commit"}
    form = {key: value for key, value in left_to_fill(plan, held).items() if key in typed}
    asked = Asked(form, promised, delivery=plan.delivery.ways[0], undertaken=bool(promised))
    if plan.delivery.ways[0] == "courier":
        asked = Asked(form, promised, delivery=plan.delivery.ways[1], undertaken=bool(promised))
    made = prepare(plan, asked, applicant=applicant, actor=actor, at=at)
    assert {one.way for one in made.materials} <= {"known", "form", "earlier", "result", "commit"}
    assert all(one.evidence for one in made.materials if one.way in {"known", "form", "earlier"})
    assert not any(one.files for one in made.materials)
    assert made.notice["counts"]["papers"][0] == 0


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(("code", "example"), [one for one in NAMED if one[1].nothing], ids=[
    name for name, one in zip(IDS, NAMED, strict=True) if one[1].nothing
])  # fmt: skip
def test_who_has_nothing_is_asked_for_it_and_can_still_apply(code, example):
    plan, at = planned(code, example)
    applicant, actor = who(example, example.nothing)
    held = held_by(plan, applicant=applicant, by=actor, at=at)
    kinds = {licences.licence(one.reference).kind for one in held.papers.values() if one.kind == "licence"}
    assert kinds <= IDENTITY
    assert all(one.kind == "licence" for one in held.papers.values())
    digest = store(content=picture(), name="a.jpg", at=at).digest
    form = left_to_fill(plan, held)
    assert form, "somebody who has nothing types something"
    way = next(way for way in plan.delivery.ways if way != "courier")
    asked = Asked(form, handed_in(plan, digest, held=held), delivery=way)
    made = prepare(plan, asked, applicant=applicant, actor=actor, at=at)
    uploaded = [one for one in made.materials if one.way == "upload"]
    brought = [
        one for one in plan.materials
        if one.brought and usual(papers.offers_of(plan, applicant=applicant, held=held)[one.key]) is None
    ]  # fmt: skip
    assert len(uploaded) == len(brought)
    assert isinstance(made, cases.Submission)
