"""The facts as tables of an engine: DuckDB in this process, or Spark where a city has it (`settings.INSIGHT_ENGINE`).

Expressions are Ibis, the same for both. A question about a period reads the files of its days and no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings

from tongban.oversight.insight.contracts import Period
from tongban.oversight.insight.facts import api as facts

if TYPE_CHECKING:
    import ibis

_use: ContextVar[str] = ContextVar("use", default="")


def warm() -> None:
    """Load the engine's library, a second of CPU and more. Spark is not begun before it is asked."""
    if settings.INSIGHT_ENGINE != "spark":
        with engine():
            pass


@contextmanager
def engine() -> Iterator[Any]:
    """A connection of the engine; DuckDB's is made anew, it costs a few milliseconds and holds nothing."""
    import ibis

    if settings.INSIGHT_ENGINE == "spark":
        yield from _own_views(ibis.pyspark.connect(_spark()))
        return
    connection = ibis.duckdb.connect()
    try:
        connection.raw_sql("SET TimeZone='Asia/Shanghai'")
        yield connection
    finally:
        connection.disconnect()


def _own_views(connection: Any) -> Iterator[Any]:
    """Spark has one session for the whole process and looks a view up when it is asked: each use has names of its own."""
    before = _use.set(f"_{uuid4().hex}")
    try:
        yield connection
    finally:
        for name in facts.TABLES:
            _spark().catalog.dropTempView(viewed(name))
        _use.reset(before)


def table(connection: Any, name: str, period: Period, *, root: Path | None = None) -> ibis.Table | None:
    """The facts of a period; None where there are none."""
    if not view(connection, name, period, root=root):
        return None
    found: ibis.Table = connection.table(viewed(name))
    return found


def microseconds(instant: Any) -> Any:
    """An instant as a number; either engine has a name of its own for it."""
    import ibis

    name = "unix_micros" if settings.INSIGHT_ENGINE == "spark" else "epoch_us"

    @ibis.udf.scalar.builtin(name=name, signature=((instant.type(),), "int64"))  # type: ignore[untyped-decorator]  # Ibis has no types
    def since_1970(_instant: Any) -> Any: ...

    return since_1970(instant)


def viewed(name: str) -> str:
    """What an engine calls the facts of a table."""
    return f"facts_{name}{_use.get()}"


def view(connection: Any, name: str, period: Period, *, root: Path | None = None) -> bool:
    """Have the engine read the files of a period under the name `viewed`; False where there are none."""
    root = root or facts.folder()
    files = [str(path) for path in facts.files(root, name, period.first, period.last)]
    if not files:
        return False
    if connection.name == "pyspark":
        _spark().read.parquet(*files).createOrReplaceTempView(viewed(name))
        return True
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    own = f"CREATE OR REPLACE TEMP VIEW {viewed(name)} AS SELECT * FROM read_parquet([{listed}])"  # noqa: S608 - our own files
    connection.raw_sql(own)
    return True


def rows(connection: Any, question: Any) -> list[dict[str, Any]]:
    """What an engine answers to an expression, or DuckDB to a statement."""
    if not isinstance(question, str):
        found: list[dict[str, Any]] = connection.to_pyarrow(question).to_pylist()
        return found
    answer = connection.raw_sql(question)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


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
