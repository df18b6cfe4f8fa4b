"""What was applied for and became a licence can be shown from the list of my things."""

import pytest

from tests.actors.factories import NOON, a_person
from tests.registers.licences.holding import a_licence
from tongban.faces.portal import licensed
from tongban.kernel import api as kernel
from tongban.registers.licences import api as licences

pytestmark = pytest.mark.django_db


def test_a_licence_that_holds_is_found_by_the_case_it_came_of(django_assert_max_num_queries):
    zhang = a_person()
    made = a_licence(zhang, docket="C11")
    ended = a_licence(zhang, docket="C12")
    licences.revoke(identifier=ended.identifier, actor=kernel.SYSTEM, at=NOON, reason="试")
    a_licence(zhang)  # came of no case
    with django_assert_max_num_queries(2):
        found = licensed.by_case(str(zhang), on=NOON.date())
    assert found == {"C11": made.id}
