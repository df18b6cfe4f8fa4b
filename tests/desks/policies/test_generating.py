"""The generator: every file loads, its examples pass, and the same seed gives the same stock."""

import pytest
from django.core.management import CommandError, call_command

from tests.desks.policies.conftest import read
from tongban.desks.policies import generating


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


@pytest.mark.parametrize("said", [{"departments": 0}, {"departments": 99}, {"count": 2}])
def test_numbers_that_cannot_be_are_refused(tmp_path, said):
    with pytest.raises(CommandError, match="部门数"):
        call_command("policies", "generate", str(tmp_path), **said)
