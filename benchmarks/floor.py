"""The floor of a database figure: the very same statements on the bare driver.

`recording` notes every statement that a piece of work sends; a `Bare` sends them again through
sqlite3 or psycopg alone, on a copy of the database in the same state, and nothing else.
"""

from __future__ import annotations

import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Protocol

from django.db import connection

from tongban.kernel import bulk

Transaction = list[tuple[str, tuple[Any, ...]]]
_TALK = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def recording(into: list[Transaction]) -> Iterator[Callable[[], None]]:
    """Note statements; call the yielded function after each piece of work to close a transaction."""
    current: Transaction = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if many:
            current.extend((sql, tuple(row)) for row in params)
        elif not sql.startswith(_TALK):
            current.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    def close() -> None:
        into.append(list(current))
        current.clear()

    few, bulk.FEW = bulk.FEW, sys.maxsize  # what goes by COPY is no statement
    try:
        with connection.execute_wrapper(note):
            yield close
    finally:
        bulk.FEW = few


def row_by_row(transaction: Transaction) -> Transaction:
    """The same writes as a loop written by hand sends them: no reading, one row a statement."""
    found: Transaction = []
    for sql, params in transaction:
        head, values, tail = sql.partition(" VALUES ")
        if sql.startswith("UPDATE"):
            found.append((sql, params))
        elif head.startswith("INSERT"):
            marks = re.match(r"(\([?%s, ]+\)(?:, ?)?)+", tail)
            rows = marks[0].count("(") if marks else 1
            width = len(params) // rows
            one = "(" + ",".join(["%s"] * width) + ")"
            rest = tail[marks.end() :] if marks else ""
            found += [
                (f"{head}{values}{one} {rest}", params[start : start + width])
                for start in range(0, len(params), width)
            ]
    return found


class Bare(Protocol):
    """A bare driver."""

    def run(self, transactions: Sequence[Transaction]) -> float:
        """Send the statements; gives the CPU seconds of this process."""
        ...

    def close(self) -> None: ...


class BareSqlite:
    """The sqlite3 module, with the settings that the platform uses."""

    def __init__(self, path: str, pragmas: str) -> None:
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.executescript(pragmas)

    def run(self, transactions: Sequence[Transaction]) -> float:
        work = [[(sql.replace("%s", "?"), _texts(params)) for sql, params in one] for one in transactions]
        began = time.process_time()
        for one in work:
            self.database.execute("BEGIN IMMEDIATE")
            for sql, params in one:
                self.database.execute(sql, params).fetchall()
            self.database.execute("COMMIT")
        return time.process_time() - began

    def close(self) -> None:
        self.database.close()


class BarePostgres:
    """psycopg alone, as it comes: values bound at the server, what comes again prepared. The server's time is not counted."""

    def __init__(self, dsn: str) -> None:
        import psycopg

        self.database = psycopg.connect(dsn)

    def run(self, transactions: Sequence[Transaction]) -> float:
        with self.database.cursor() as cursor:
            began = time.process_time()
            for one in transactions:
                for sql, params in one:
                    cursor.execute(sql, params)
                    if cursor.description:
                        cursor.fetchall()
                self.database.commit()
            return time.process_time() - began

    def close(self) -> None:
        self.database.close()


def _texts(params: Sequence[Any]) -> tuple[Any, ...]:
    """Instants as the platform hands them to SQLite: made before the watch runs."""
    return tuple(
        str(value) if isinstance(value, datetime) else value.isoformat() if isinstance(value, date) else value
        for value in params
    )


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process for a piece of work."""
    began = time.process_time()
    work()
    return time.process_time() - began
