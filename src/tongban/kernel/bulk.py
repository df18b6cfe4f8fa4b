"""Many rows in one go, the fastest way each database has: the other half of `kernel.store`.

SQLite takes a statement of one row again and again, which costs it a fraction of reading a long one. PostgreSQL takes
COPY; changes come as one value in JSON, so that the statement's text is the same for any number of rows and its plan is kept
(an array for each column costs the client ten times as much). Names of tables and columns come from code, never from input.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db import connection

from tongban.kernel.cursors import hot_cursor

FEW = 16
"""With fewer rows a statement of all of them is as fast, and its text comes again."""

Row = Sequence[Any]


@lru_cache(maxsize=256)  # all that one act writes bears the same instant
def text_of(value: date) -> str:
    """A day or an instant as SQLite keeps it: instants in UTC without saying so. PostgreSQL reads it the same."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(" ")[:-6]
    return value.isoformat()


sqlite3.register_adapter(datetime, text_of)
sqlite3.register_adapter(date, text_of)


def insert(table: str, columns: Sequence[str], rows: Sequence[Row], *, tail: str = "") -> None:
    """Insert rows.

    :param tail: what follows them in the statement, such as ON CONFLICT
    """
    cursor, names = hot_cursor(), ",".join(columns)
    if cursor.db.vendor == "sqlite":
        marks = ",".join(["%s"] * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) {tail}"  # noqa: S608 - names from code
        cursor.executemany(sql, rows)
    elif tail:
        returning(table, columns, rows, tail=tail)
    else:
        _copy(cursor, f"COPY {table} ({names}) FROM STDIN", rows)


def _copy(cursor: Any, sql: str, rows: Sequence[Row]) -> None:
    told = cursor.debug_sql(sql) if cursor.db.queries_logged else nullcontext()
    with told, cursor.db.wrap_database_errors, cursor.cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def returning(table: str, columns: Sequence[str], rows: Sequence[Row], *, tail: str) -> list[tuple[Any, ...]]:
    """Insert rows on PostgreSQL and give what `tail` returns of them."""
    cursor = hot_cursor()
    names, record = ",".join(columns), _record(table, tuple(columns), ())
    sql = f"INSERT INTO {table} ({names}) SELECT * FROM {record} {tail}"  # noqa: S608 - names from code
    cursor.execute(sql, [_text_of_all(rows)])
    return list(cursor.fetchall()) if "RETURNING" in tail else []


def update(
    table: str, changed: Sequence[str], rows: Sequence[Row], *, key: Sequence[str], null: Sequence[str] = ()
) -> None:
    """Change rows of a table, each found by its own key.

    :param rows: the new values of `changed`, then those of `key`; of one key no more than one
    :param null: columns that must be NULL in what is changed
    """
    cursor = hot_cursor()
    more = "".join(f" AND {table}.{name} IS NULL" for name in null)
    if cursor.db.vendor == "sqlite":
        sets, found = ",".join(f"{name}=%s" for name in changed), " AND ".join(f"{name}=%s" for name in key)
        sql = f"UPDATE {table} SET {sets} WHERE {found}{more}"  # noqa: S608 - names from code
        cursor.executemany(sql, rows)
        return
    sets = ",".join(f"{name}=new.{name}" for name in changed)
    found = " AND ".join(f"{table}.{name}=new.key_{name}" for name in key)
    record = _record(table, tuple(changed), tuple(key))
    sql = f"UPDATE {table} SET {sets} FROM {record} WHERE {found}{more}"  # noqa: S608 - names from code
    cursor.execute(sql, [_text_of_all(rows)])


def _text_of_all(rows: Sequence[Row]) -> str:
    """Rows as `_record` reads them: each an object whose keys are places."""
    keys = [str(place) for place in range(len(rows[0]))]
    return json.dumps(
        [dict(zip(keys, row, strict=True)) for row in rows], default=text_of, ensure_ascii=False
    )


@cache
def _record(table: str, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    """Rows out of one value, each column of its own type."""
    types, names = _types(table), [*columns, *(f"key_{name}" for name in key)]
    places = ",".join(
        f'"{place}" {types[name.strip(chr(34))]}' for place, name in enumerate((*columns, *key))
    )
    chosen = ",".join(f'"{place}" AS {name}' for place, name in enumerate(names))
    return f"(SELECT {chosen} FROM json_to_recordset(%s::json) AS given({places})) AS new"  # noqa: S608 - names from code


@cache
def _types(table: str) -> Mapping[str, str]:
    """The types of a table's columns on PostgreSQL, lengths left out: a cast to a length would cut without a word."""
    model = next(one for one in apps.get_models(include_auto_created=True) if one._meta.db_table == table)
    fields = model._meta.local_concrete_fields
    return {str(field.column): str(field.db_type(connection)).partition("(")[0] for field in fields}
