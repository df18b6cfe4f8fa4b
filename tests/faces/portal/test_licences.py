"""What was applied for and became a licence can be shown from the list of my things."""

from dataclasses import replace

import pytest

from tests.actors.factories import NOON, a_docket, a_person
from tests.registers.licences.holding import a_licence
from tongban.actors import api as actors
from tongban.faces.portal import things
from tongban.kernel import api as kernel
from tongban.registers.licences import api as licences

pytestmark = pytest.mark.django_db


def a_line(number, *, done):
    row = replace(a_docket(), id=number, number=f"A{number}", kind="application", state="done")
    return things.Line(row, "开饭店", "办好", done=done, total=1)


def a_case(number):
    return replace(a_docket(), id=number, number=f"C{number}")


def test_finished_applications_say_which_licences_of_the_reader_came_of_them(django_assert_max_num_queries):
    zhang = a_person()
    made = a_licence(zhang, docket="C11")
    ended = a_licence(zhang, docket="C12")
    licences.revoke(identifier=ended.identifier, actor=kernel.SYSTEM, at=NOON, reason="试")
    lines = [a_line(1, done=1), a_line(2, done=1), a_line(3, done=0)]
    children = {1: [a_case(11), a_case(12)], 2: [a_case(21)], 3: []}
    actor = actors.actor(actor_id=str(zhang), at=NOON)
    with django_assert_max_num_queries(2):
        things._add_licences(lines, children, actor, at=NOON)
    assert [line.licences for line in lines] == [(made.id,), (), ()]


def test_nothing_is_read_for_who_has_nothing_granted(django_assert_num_queries):
    with django_assert_num_queries(0):
        things._add_licences([a_line(1, done=0)], {1: []}, kernel.Actor("person:1"), at=NOON)
