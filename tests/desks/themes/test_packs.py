"""The themes of the packs: all of the domain, without a fault, and true for every way of answering."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desks.themes.city import AT, CALENDAR, REGION, THEMES, PackCatalogue
from tongban.desks.themes import order, situations
from tongban.desks.themes.answers import next_question
from tongban.desks.themes.check import check_file
from tongban.desks.themes.contracts import UNSURE, Party, PlanRefused
from tongban.desks.themes.load import read_file
from tongban.desks.themes.planning import plan

NATIONAL = {
    "newborn", "school-enrolment", "social-card", "disability-services", "retirement", "company-change",
    "open-transport-company", "open-restaurant", "utilities", "credit-repair", "listing-check",
    "bankruptcy-check", "company-closing",
}  # fmt: skip
REGIONAL = {
    "second-hand-house", "marriage-and-birth", "flexible-work", "veteran", "after-a-death", "company-start", "hiring",
}  # fmt: skip
LOCAL = {
    "new-home-title", "big-data-project", "party-branch-coop", "goji-mark", "road-freight", "public-rental",
}  # fmt: skip
PARSED = {path.stem: read_file(path).theme for path in THEMES}
CATALOGUE = PackCatalogue()


def test_the_themes_of_the_domain_are_there():
    assert len(NATIONAL | REGIONAL | LOCAL) == 26
    assert set(PARSED) >= NATIONAL | REGIONAL | LOCAL


@pytest.mark.parametrize("path", THEMES, ids=lambda path: path.stem)
def test_a_theme_of_the_packs_has_no_fault(path):
    findings = check_file(path, catalogue=CATALOGUE, region=REGION, calendar=CALENDAR)
    assert [str(finding) for finding in findings] == []


@st.composite
def walks(draw):
    """A theme, a party and answers as somebody would click them, 不清楚 included."""
    theme = PARSED[draw(st.sampled_from(sorted(PARSED)))]
    party = Party(draw(st.sampled_from(theme.parties)), REGION)
    at = AT + timedelta(days=draw(st.integers(0, 200)), hours=draw(st.integers(0, 23)))
    today = at.date()
    answers = {}
    while True:
        try:
            question = next_question(theme, answers, party=party, today=today)
        except PlanRefused:
            return theme, party, at, answers, False
        if question is None:
            return theme, party, at, answers, True
        asked = theme.question(question.key)
        choices = list(situations.domain(theme, asked, today))
        if asked.unsure:
            choices.append(UNSURE)
        answers[question.key] = draw(st.sampled_from(choices))


def planned(theme, party, at, answers):
    return plan(theme, answers, party, catalogue=CATALOGUE, at=at, calendar=CALENDAR)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(walks())
def test_a_plan_keeps_its_promises(walk):
    theme, party, at, answers, complete = walk
    if not complete:
        with pytest.raises(PlanRefused):
            planned(theme, party, at, answers)
        return
    found = planned(theme, party, at, answers)
    assert found == planned(theme, party, at, found.answers)
    specs = CATALOGUE.matters(theme.codes, REGION)
    fields_once_and_all(theme, found, specs)
    papers_once_and_covered(found, specs)
    order_and_dates(found)
    for reduction in (
        found.saved.fields, found.saved.papers, found.saved.trips, found.saved.steps, found.saved.days, found.saved.legal_days,
    ):  # fmt: skip
        assert reduction.saved >= 0


def fields_once_and_all(theme, found, specs):
    keys = [item.key for item in found.fields]
    assert len(keys) == len(set(keys))
    left_out = {rule.key for rule in theme.form.fields if rule.when}
    for matter in found.matters:
        for element in specs[matter.code].elements_for(matter.situation):
            if element.key in left_out and element.key not in keys:
                continue
            item = next(item for item in found.fields if item.key == element.key)
            assert matter.code in item.used_by
            assert item.required or not element.required
    for item in found.fields:
        assert (item.source == "copy") == bool(item.copies)
        assert not item.copies or item.copies in keys
        assert not item.given_by or item.given_by in {matter.code for matter in found.matters}


def papers_once_and_covered(found, specs):
    keys = [paper.key for paper in (*found.materials, *found.spared)]
    assert len(keys) == len(set(keys))
    by_key = {paper.key: paper for paper in found.materials}
    waits = order.ancestors({matter.code: matter.after for matter in found.matters})
    for matter in found.matters:
        for paper in specs[matter.code].materials_for(matter.situation):
            assert paper.key in keys
            if merged := by_key.get(paper.key):
                assert matter.code in merged.used_by
                assert merged.necessity <= paper.necessity or (merged.necessity, paper.necessity) == (
                    "3",
                    "2",
                )
                if merged.given_by and paper.required and merged.given_by != matter.code:
                    assert merged.given_by in waits[matter.code]
    assert all(spared.why.zh and spared.why.en for spared in found.spared)


def order_and_dates(found):
    seen = set()
    due = {matter.code: matter.due_on for matter in found.matters}
    for matter in found.matters:
        assert set(matter.after) <= seen
        seen.add(matter.code)
        assert all(due[earlier] <= matter.starts_on for earlier in matter.after)
        assert matter.starts_on <= matter.due_on <= found.promised_on
    assert found.promised_on == max(due.values())
    for survey in found.surveys:
        assert all(due[code] >= survey.on for code in survey.matters)


@pytest.mark.parametrize("code", sorted(PARSED))
def test_a_warm_plan_is_made_within_the_blink_of_an_eye(code):
    """Not a benchmark: that no plan became ten times slower than measured (1 to 2 ms)."""
    import time

    theme = PARSED[code]
    example = theme.examples[0]
    party = Party(example.party, REGION)
    planned(theme, party, AT, example.answers)
    started = time.process_time()
    for _ in range(20):
        planned(theme, party, AT, example.answers)
    assert (time.process_time() - started) / 20 < 0.02
