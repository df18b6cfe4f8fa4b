"""The same indicators, counted by Spark, give the figures that DuckDB gives."""

import shutil
from datetime import date, timedelta

import pytest

from tests.kernel.toy import at, make_flow
from tests.oversight.insight import test_figures as figures
from tests.oversight.insight import test_stocks as stocks
from tests.oversight.insight.facts.test_facts import lived
from tongban.kernel.flow import registry
from tongban.oversight.insight import packs, selectors
from tongban.oversight.insight.contracts import Period, Scope

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("default"),  # Spark's way to Arrow goes through deprecated pandas
    pytest.mark.skipif(
        shutil.which("java") is None, reason="Spark needs Java: deploy/test-tools installs it"
    ),
]
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
COUNTY = Scope(regions=("421202",), units=("u2",))


@pytest.fixture
def city(settings, tmp_path):
    flow = registry.register(make_flow())
    settings.DATA = tmp_path
    yield
    registry.forget(flow.kind)


@pytest.fixture
def spark(settings):
    """Spark counts from here on; its session is this test's alone."""
    from pyspark.sql import SparkSession

    def begins():
        settings.INSIGHT_ENGINE, settings.SPARK_MASTER = "spark", "local[2]"

    yield begins
    if session := SparkSession.getActiveSession():
        session.stop()


def asked():
    own = [*figures.TOYS, *stocks.ASKED]
    some = list(packs.indicators().values())[::9]  # of every file; Spark takes its time to plan
    return {
        "year": selectors.figures([*own, *some], period=YEAR, scope=Scope()),
        "county": selectors.figures(own, period=YEAR, scope=COUNTY, by=("month",)),
        "behind": selectors.behind(stocks.ASKED[0], period=YEAR, scope=Scope()),
    }


def test_figures_of_spark_are_those_of_duckdb(city, spark):
    lived(3, collects=False)
    monday = at("2026-09-07 10:00")
    stocks.told([stocks.matter(f"m{n}", online=n % 3 > 0) for n in range(9)], moment=monday)
    moved = [
        stocks.matter("m1", unit="u2"), stocks.matter("m2", gone=True), stocks.matter("m3", abolished="many"),
        stocks.matter("m4", abolished="NaN"),
    ]  # fmt: skip
    stocks.told(moved, moment=monday + timedelta(days=40))
    stocks.rung(*[stocks.call(f"c{n}", monday, "dropped" if n > 3 else "answered") for n in range(5)], moment=monday)  # fmt: skip
    stocks.rung(stocks.call("c4", monday, rating=1), moment=monday + timedelta(hours=1))
    stocks.counted()
    here = asked()
    assert here["year"]["matters"].figures[()].value == 8
    assert here["year"]["abolished"].figures[()].unread == 2
    assert here["year"]["toy.opened"].figures[()].value > 3
    spark()
    assert asked() == here
