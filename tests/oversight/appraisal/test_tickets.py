"""A caller's word on a ticket is one fact: the ticket's own, taken by one door, counted with the evaluations."""

from datetime import timedelta

import pytest

from tests.desks.hotline import town as place
from tests.desks.hotline.town import COUNTY, GOOD, NINE, URBAN, dispatched, make, state
from tongban.desks.hotline import api as hotline
from tongban.faces.screen import figures
from tongban.faces.screen.figures import Share
from tongban.kernel import api as kernel
from tongban.oversight.appraisal import api as appraisal
from tongban.oversight.appraisal.models import Evaluation


@pytest.fixture(autouse=True)
def town(db):
    place.build()


def reviewed():
    """A ticket whose answer was reviewed."""
    ticket = dispatched()
    make(ticket, "reply", "urban", reply=GOOD, result="yes")
    make(ticket, "review", "dispatcher")
    return ticket


def rate(ticket, level: int):
    return appraisal.evaluate(number=ticket.number, level=level, actor=kernel.SYSTEM, at=NINE)


def test_a_rating_is_the_tickets_own_and_closes_it_and_nothing_is_kept_twice():
    ticket = reviewed()
    assert rate(ticket, 2).level == 2
    assert (state(ticket).state, hotline.ticket(ticket.number, actor=kernel.SYSTEM).satisfaction) == (
        "closed",
        "satisfied",
    )
    assert not Evaluation.objects.exists()
    with pytest.raises(appraisal.EvaluationRefused) as error:
        rate(ticket, 5)
    assert error.value.code == "evaluated"


def test_there_has_to_be_an_answer_first():
    with pytest.raises(appraisal.EvaluationRefused) as error:
        rate(dispatched(), 1)
    assert error.value.code == "open"


@pytest.mark.parametrize("error", [kernel.InvalidInput, kernel.NotPermitted, kernel.Conflict])
def test_what_the_desk_itself_refuses_keeps_its_words(monkeypatch, error):
    ticket = reviewed()

    def refuses(*_asked, **_more):
        raise error("no", "太长了。", fields={"said": "最多200字。"})

    monkeypatch.setattr(kernel, "perform", refuses)
    with pytest.raises(error) as refused:
        rate(ticket, 1)
    assert refused.value.fields == {"said": "最多200字。"}


def test_call_backs_and_ratings_are_counted_in_the_same_levels():
    rate(reviewed(), 1)
    unhappy = reviewed()
    make(unhappy, "call_back", "caller_back", satisfaction="very_unsatisfied", solved="no")
    missed = reviewed()
    make(missed, "call_back", "caller_back", satisfaction="no_answer")
    found = appraisal.ticket_figures(units=[URBAN], since=NINE, until=NINE + timedelta(days=1))
    assert found[URBAN] == appraisal.Figures(total=2, good=1, bad=1)
    assert found[URBAN] + appraisal.Figures(3, 3, 0, 1) == appraisal.Figures(5, 4, 1, 1)


def test_the_leaders_screen_counts_them_with_the_evaluations():
    rate(reviewed(), 1)
    rate(reviewed(), 5)
    screen = figures.reckon(region=COUNTY, at=NINE)
    assert screen.good == Share(1, 2)
    assert {line.unit: line.good for line in screen.units}[URBAN] == Share(1, 2)


def test_the_address_for_evaluating_leads_to_the_page_of_the_answer(client):
    ticket = reviewed()
    answer = client.get(f"/evaluate/{ticket.number}")
    assert answer.headers["Location"] == f"/12345/follow/{ticket.number}"
    asked = client.get(answer.headers["Location"], follow=True)  # not signed in: the phone is asked for
    assert ticket.number in asked.content.decode()
    assert GOOD not in asked.content.decode()
