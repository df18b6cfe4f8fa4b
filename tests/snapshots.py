"""What was loaded once is put back quickly: a copy of the test database's rows, kept by the test process.

A demo city takes ten seconds to load and a part of one to copy. Nothing of it is a short cut for the code under test:
the rows are those that the loaders wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, Protocol

from django.db import connection

_kept: dict[str, Copy] = {}


class Copy(Protocol):
    """All rows of a database at one moment."""

    def put_back(self) -> None:
        """Replace every row of the database by the copied ones."""


class _SQLite:
    def __init__(self) -> None:
        connection.ensure_connection()
        self._rows = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(self._rows)

    def put_back(self) -> None:
        connection.ensure_connection()
        self._rows.backup(connection.connection)


class _PostgreSQL:
    def __init__(self) -> None:
        self._tables: dict[str, list[bytes]] = {}
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT BINARY)') as rows:
                    self._tables[table] = [bytes(part) for part in rows]
            cursor.execute("SELECT schemaname, sequencename, last_value FROM pg_sequences")
            self._sequences = [row for row in cursor.fetchall() if row[2] is not None]

    def put_back(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SET session_replication_role = replica"
            )  # neither triggers nor foreign keys meanwhile
            names = ", ".join(f'"{table}"' for table in self._tables)
            cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
            for table, parts in self._tables.items():
                with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT BINARY)') as rows:
                    for part in parts:
                        rows.write(part)
            for schema, name, value in self._sequences:
                cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{schema}"."{name}"', value])
            cursor.execute("SET session_replication_role = DEFAULT")


def restored(name: str, load: Callable[[], Any]) -> None:
    """Fill an empty database with what `load` writes: by calling it the first time, from the copy afterwards."""
    if name in _kept:
        _kept[name].put_back()
        return
    load()
    _kept[name] = _PostgreSQL() if connection.vendor == "postgresql" else _SQLite()
