"""The floor of a database figure: the very same statements on the bare driver.

`record` notes every statement that a piece of work sends; `replay` sends them again through
sqlite3 or psycopg alone, on a database in the same state, and nothing else.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

Transaction = list[tuple[str, tuple[Any, ...]]]


@contextmanager
def recording(into: list[Transaction]) -> Iterator[Callable[[], None]]:
    """Note statements; call the yielded function after each piece of work to close a transaction."""
    current: Transaction = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            current.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    def close() -> None:
        into.append(list(current))
        current.clear()

    with connection.execute_wrapper(note):
        yield close


def replay_sqlite(path: str, transactions: list[Transaction], pragmas: str) -> float:
    """CPU seconds of the bare sqlite3 module."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(pragmas)
    work = [[(sql.replace("%s", "?"), params) for sql, params in one] for one in transactions]
    began = time.process_time()
    for one in work:
        database.execute("BEGIN IMMEDIATE")
        for sql, params in one:
            database.execute(sql, params).fetchall()
        database.execute("COMMIT")
    used = time.process_time() - began
    database.close()
    return used


def replay_postgres(dsn: str, transactions: list[Transaction]) -> float:
    """CPU seconds of bare psycopg in this process (the server's are the same on both sides)."""
    import psycopg

    with psycopg.connect(dsn) as database, database.cursor() as cursor:
        began = time.process_time()
        for one in transactions:
            for sql, params in one:
                cursor.execute(sql, params)
                if cursor.description:
                    cursor.fetchall()
            database.commit()
        return time.process_time() - began


def cpu(work: Callable[[], None]) -> float:
    """CPU seconds of this process for a piece of work."""
    began = time.process_time()
    work()
    return time.process_time() - began
