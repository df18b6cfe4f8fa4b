"""The cursor of statements that come again and again: found ready by the driver and, on PostgreSQL, prepared at the server.

On PostgreSQL Django binds values in the client, so the server reads and plans every statement anew. The same 52 statements
of a hotline ticket's life cost the server 11 ms bound in the client and 3 ms prepared, the client 8 ms and 4 ms (one
machine, same hour). On SQLite Django looks for the marks of values in every statement anew, and makes two cursors for each.
Only SQL whose text never changes gains: `kernel.store` and `kernel.prepared` send theirs through here.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX, SQLiteCursorWrapper
from django.db.backends.utils import CursorWrapper

MOST_VALUES = 1_000
"""With more values a statement is a bulk one: none of another round has as many, and the protocol binds 65,535 at most."""

MOST_PREPARED = 400
"""Statements that PostgreSQL keeps for a connection. The driver's own hundred are fewer than the pages of a city send in
turn: each would push out one that the next page needs."""


class _Kept(threading.local):
    """The driver's connection of this thread and the cursor made for it."""

    connection: Any = None
    cursor: CursorWrapper | None = None


_kept = _Kept()


def hot_cursor() -> CursorWrapper:
    """The cursor of this thread for statements that come again; marks of values are ``%s`` on every database.

    Take all rows before the next statement, and do not close it: the next one uses it too. How often a statement comes
    before PostgreSQL keeps it is `config.database`'s; the drivers count and forget the least used.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]  # looked up once: the proxy looks it up for every attribute
    if database.queries_logged:  # the log wants statements with their values
        made: CursorWrapper = database.cursor()
        return made
    database.close_if_health_check_failed()
    database.ensure_connection()
    if _kept.cursor is None or _kept.connection is not database.connection:
        with database.wrap_database_errors:
            cursor = _of_driver(database)
        # Django's wrapper around it: its errors and its watchers know these statements too.
        _kept.cursor, _kept.connection = CursorWrapper(cursor, database), database.connection
    return _kept.cursor


def _of_driver(database: Any) -> Any:
    if database.vendor == "sqlite":
        return database.connection.cursor(factory=_MarksOnce)
    import psycopg

    database.connection.prepared_max = MOST_PREPARED
    # The driver's own cursor binds at the server; Django's connection makes those that bind in the client.
    return psycopg.Cursor(database.connection)


class _MarksOnce(SQLiteCursorWrapper):
    """Django's cursor for SQLite, which remembers what it made of a statement's marks."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        return (
            _marked(query) if param_names is None else super().convert_query(query, param_names=param_names)
        )


@lru_cache(maxsize=1024)
def _marked(query: str) -> str:
    return FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def is_bulk(values: Sequence[Any]) -> bool:
    """Whether a statement with these values belongs to a plain cursor."""
    return len(values) > MOST_VALUES
