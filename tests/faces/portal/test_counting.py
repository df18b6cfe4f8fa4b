"""What is counted: queries of a page with many papers, and wrong guesses at a number."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desks.cases.town import CITIZEN, restaurant
from tests.faces.portal.city import example
from tests.faces.portal.walking import begin, plan_of, signed_in
from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.registers.identity.jobs import forget_failures

pytestmark = pytest.mark.usefixtures("town", "no_polls")


def queries(work):
    with CaptureQueriesContext(connection) as found:
        answer = work()
    return answer, [one["sql"] for one in found]


def test_the_papers_page_asks_for_broken_undertakings_once_however_many_papers():
    client, answers = signed_in("long-name"), example("open-restaurant")["answers"]
    begin(client, "open-restaurant", answers)
    plan = plan_of("open-restaurant", answers, "person")
    slots = [paper for paper in plan.materials if paper.brought]
    url = "/themes/open-restaurant/materials"
    assert client.get(url).status_code == 200
    page, seen = queries(lambda: client.get(url))
    assert len(re.findall('id="slot-(?!undertaken)', page.content.decode())) == len(slots) > 5
    assert len([sql for sql in seen if "cases_breach" in sql]) == 1
    # Taking over, checking and drawing again ask once, for licences as well.
    answer, sent = queries(lambda: client.post(url, {}))
    assert answer.status_code == 422
    assert len([sql for sql in sent if "cases_breach" in sql]) == 1
    assert len([sql for sql in sent if 'FROM "licences_licence"' in sql]) <= 3
    assert len(seen) < 30


def test_wrong_guesses_at_progress_are_counted_for_all_processes_and_forgotten_after_a_while():
    number = cases.submit(restaurant(), actor=CITIZEN, at=timezone.now()).number

    def guess(last, name=number):
        cache.clear()  # another process has an empty one
        return Client().post("/progress", {"number": name, "last": last}).content.decode()

    right = signed_in("zhang")
    last = actors.party_facts("person:1").phone[-4:]
    assert "市场监督管理局" in guess(last)
    wrong = "0000" if last != "0000" else "1111"
    for _ in range(5):
        assert "对不上" in guess(wrong)
    assert "15分钟" in guess(last)
    assert "市场监督管理局" in right.post("/progress", {"number": number}).content.decode()
    forget_failures(timezone.now() + timedelta(minutes=16))
    assert "市场监督管理局" in guess(last)
