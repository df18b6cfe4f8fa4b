"""The facts as tables of an engine: DuckDB in this process, or Spark where a city has it (`settings.INSIGHT_ENGINE`).

Expressions are Ibis, the same for both. A question about a period reads the files of its days and no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from tongban.oversight.insight.contracts import Period
from tongban.oversight.insight.facts import api as facts

if TYPE_CHECKING:
    import ibis


@contextmanager
def engine() -> Iterator[Any]:
    """A connection of the engine; DuckDB's is made anew, it costs a few milliseconds and holds nothing."""
    import ibis

    if settings.INSIGHT_ENGINE == "spark":
        from pyspark.sql import SparkSession

        master = settings.SPARK_MASTER or "local[2]"
        yield ibis.pyspark.connect(SparkSession.builder.master(master).appName("tongban").getOrCreate())
        return
    connection = ibis.duckdb.connect()
    try:
        connection.raw_sql("SET TimeZone='Asia/Shanghai'")
        yield connection
    finally:
        connection.disconnect()


def table(connection: Any, name: str, period: Period, *, root: Path | None = None) -> ibis.Table | None:
    """The facts of a period; None where there are none."""
    root = root or facts.folder()
    days = [day for day in _days(root, name) if period.first <= day <= period.last]
    if not days:
        return None
    found: ibis.Table = connection.read_parquet([str(facts.file_of(root, name, day)) for day in days])
    return found


def _days(root: Path, name: str) -> list[date]:
    return facts.days_of(root, name)
