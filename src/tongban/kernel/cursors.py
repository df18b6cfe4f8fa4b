"""The cursor of statements that come again and again: on PostgreSQL these are prepared at the server.

Django binds values in the client, so the server reads and plans every statement anew. The same 52 statements of a hotline
ticket's life cost the server 11 ms bound in the client and 3 ms prepared, the client 8 ms and 4 ms (one machine, same hour).
Only SQL whose text never changes gains: `kernel.store` and `kernel.prepared` send theirs through here.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

MOST_VALUES = 1_000
"""With more values a statement is a bulk one: none of another round has as many, and the protocol binds 65,535 at most."""


class _Kept(threading.local):
    """The driver's connection of this thread and the cursor made for it."""

    connection: Any = None
    cursor: Any = None


_kept = _Kept()


def hot_cursor() -> CursorWrapper:
    """The cursor of this thread for statements that come again; the server keeps one from its third time on.

    Take all rows before the next statement, and do not close it: the next one uses it too. How often a statement comes
    before it is kept is `config.database`'s; the driver counts and forgets the least used.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]  # looked up once: the proxy looks it up for every attribute
    if (
        database.vendor != "postgresql" or database.queries_logged
    ):  # the log wants statements with their values
        made: CursorWrapper = database.cursor()
        return made
    database.close_if_health_check_failed()
    database.ensure_connection()
    if _kept.connection is not database.connection:
        import psycopg

        with database.wrap_database_errors:
            # The driver's own cursor binds at the server; Django's connection makes those that bind in the client.
            _kept.cursor = psycopg.Cursor(database.connection)
        _kept.connection = database.connection
    # Django's wrapper around it: its errors and its watchers know these statements too.
    wrapped: CursorWrapper = database._prepare_cursor(_kept.cursor)  # noqa: SLF001 - no public name for it
    return wrapped


def is_bulk(values: Sequence[Any]) -> bool:
    """Whether a statement with these values belongs to a plain cursor."""
    return len(values) > MOST_VALUES
