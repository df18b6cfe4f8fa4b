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
        yield ibis.pyspark.connect(_spark())
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
    files = [str(facts.file_of(root, name, day)) for day in days]
    if connection.name == "pyspark":  # Ibis gives Spark one path only
        _spark().read.parquet(*files).createOrReplaceTempView(f"facts_{name}")
    found: ibis.Table = (
        connection.table(f"facts_{name}") if connection.name == "pyspark" else connection.read_parquet(files)
    )
    return found


def _spark() -> Any:
    """The session of this process; on this machine with as many parts as it has cores, on a cluster as its master says."""
    from pyspark.sql import SparkSession

    master = settings.SPARK_MASTER or "local[2]"
    builder = SparkSession.builder.master(master).appName("tongban")
    builder = builder.config("spark.sql.session.timeZone", "Asia/Shanghai").config(
        "spark.ui.enabled", "false"
    )
    if master.startswith("local"):
        builder = builder.config("spark.sql.shuffle.partitions", "2")
    return builder.getOrCreate()


def _days(root: Path, name: str) -> list[date]:
    return facts.days_of(root, name)
