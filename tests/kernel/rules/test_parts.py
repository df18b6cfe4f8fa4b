"""A population matched in parts: the same results as in one piece, here and on Spark."""

import os
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tongban.kernel.rules.amounts import Amount
from tongban.kernel.rules.columns import parts
from tongban.kernel.rules.columns.matching import Measure, Plan
from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.elements import Dated, Element, Type
from tongban.kernel.rules.load import Rule

DAY = date(2026, 5, 1)
ELEMENTS = {
    one.key: one
    for one in (
        Element("staff", Type.NUMBER),
        Element("tax", Type.MONEY, max_age=timedelta(days=30)),
        Element("honours", Type.TEXTS),
    )
}
SIZE = 300


def measures():
    rule = {"and": [{">": [{"var": "staff"}, 3]}, {"in": ["老字号", {"var": "honours"}]}]}
    share = {"divide": [{"*": [{"var": "tax"}, 3]}, 10, "down"]}
    return [
        Measure(name, Rule.load(rule, elements=ELEMENTS), made)
        for name, made in (
            ("share", Amount.load(share, elements=ELEMENTS, rounding="down")),
            ("fixed", Amount.load({"yuan": "300"}, elements=ELEMENTS, rounding="down")),
            ("unpaid", None),
        )
    ]


def population():
    def record(n):
        known = {"staff": n % 9, "honours": [["老字号", "名牌"], [], ["名牌"], ["老字号"]][n % 4]}
        if n % 5:
            known["tax"] = Dated(100 * n, DAY - timedelta(days=n % 40))
        return {key: value for key, value in known.items() if (n + len(key)) % 7}

    return Population.of(map(record, range(SIZE)), elements=ELEMENTS.values())


def said(match):
    sets = [match.entitled, match.unknown, match.nearest]
    if match.sums is not None:
        sets.append(match.sums.unknown)
    return match.key, [one.indices().tolist() for one in sets], match.sums and match.sums.by_row()


def in_one_piece():
    return [said(one) for one in Plan(measures(), elements=ELEMENTS).matches(population(), as_of=DAY)]


def run(engine, *, count, address=""):
    found = parts.matches(
        measures(), population(), elements=ELEMENTS, as_of=DAY, engine=engine, parts=count, address=address
    )
    return [said(one) for one in found]


@pytest.mark.parametrize("count", [1, 2, 3, 50])
def test_parts_laid_end_to_end_are_the_whole(count):
    whole = in_one_piece()
    assert all(any(rows) for _key, sets, _fen in whole for rows in sets[:3])
    assert run("here", count=count) == whole


def test_parts_are_cut_at_whole_words_and_hold_every_row():
    cut = parts.cut(population(), 3)
    assert [part.size for part in cut] == [128, 128, 44]
    rows = [part.record(row, keys=ELEMENTS) for part in cut for row in range(part.size)]
    assert rows == [population().record(row, keys=ELEMENTS) for row in range(SIZE)]
    assert [part.size for part in parts.cut(Population(0, {}), 4)] == [0]


def test_the_default_engine_is_this_process():
    assert settings.COLUMN_ENGINE == "here"
    assert run(settings.COLUMN_ENGINE, count=2) == in_one_piece()


def test_an_engine_that_is_not_there_is_told():
    with pytest.raises(ValueError, match="here、spark"):
        run("hadoop", count=2)


def test_without_spark_installed_the_error_says_how(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(ValueError, match="pip install"):
        run("spark", count=2)


@pytest.mark.filterwarnings("default")
def test_spark_gives_the_same_by_configuration_alone(monkeypatch):
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    root = str(Path(__file__).parents[3])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]))
    assert run("spark", count=2, address="local[2]") == in_one_piece()
