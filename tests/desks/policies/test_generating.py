"""The generator: every file loads, its examples pass, and the same seed gives the same stock."""

import pytest
from django.core.management import CommandError, call_command

from tests.actors.factories import CITY, NOON, a_unit
from tests.desks.policies.conftest import read
from tongban.actors import api as actors
from tongban.desks.policies import api, generating


def test_what_is_generated_loads_and_its_examples_pass(tmp_path, db):
    call_command("policies", "generate", str(tmp_path), count=62, seed=3)
    stock = read(tmp_path)
    measures = [one for _source, pack in stock.packs for policy in pack.policies for one in policy.measures]
    assert (len(stock.packs), len(measures)) == (31, 62)
    assert stock.warnings == ()


def test_the_same_seed_gives_the_same_stock():
    once = generating.written(count=12, departments=3, seed=1)
    assert once == generating.written(count=12, departments=3, seed=1)
    assert once != generating.written(count=12, departments=3, seed=2)


def test_a_city_is_filled_up_with_measures_that_hold_on_the_day(db):
    for department in generating.DEPARTMENTS[:2]:
        a_unit(f"{CITY[:6]}-{department}", region=CITY, department=department)
    for changed in (4, 0):
        done = api.fill_up(measures=4, departments=2, seed=7, at=NOON)
        assert done["measures"] == changed
        assert len(api.measures(on=actors.day_of(NOON))) == 4


@pytest.mark.parametrize("said", [{"departments": 0}, {"departments": 99}, {"count": 2}])
def test_numbers_that_cannot_be_are_refused(tmp_path, said):
    with pytest.raises(CommandError, match="部门数"):
        call_command("policies", "generate", str(tmp_path), **said)
