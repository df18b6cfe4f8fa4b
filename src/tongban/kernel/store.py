"""The one place with hand-written SQL: the hot path of opening dockets and making moves (with `kernel.bulk`).

Measured on one machine, a move of six statements costs 2.4 ms of CPU through the ORM, 0.42 ms on
Django's cursor and 0.21 ms on the bare driver (SQLite). Everything else uses the ORM. Statements
take any number of rows, so that 500 moves cost as many statements as one. The SQL is the same for
SQLite and PostgreSQL but for the row lock; of many rows each gets them the way it takes them fastest (`kernel.bulk`).
This file is long because every statement written by hand is in it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cache, lru_cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from tongban.kernel import bulk
from tongban.kernel.contracts import ClockRow, DocketRow
from tongban.kernel.cursors import hot_cursor, is_bulk
from tongban.kernel.turns import Between, Turns

_DOCKET = [
    "id",
    "number",
    "kind",
    "state",
    "title",
    "unit",
    "officer",
    "applicant",
    "agent",
    "region",
    "channel",
    "subject",
    "parent_id",
    "opened_at",
    "due_at",
    "closed_at",
    "outcome",
    "revision",
    "flow_version",
    "ledger_head",
]
_CLOCK = [
    "id",
    "docket_id",
    "name",
    "label",
    "whose",
    "region",
    "amount",
    "basis",
    "source",
    "started_at",
    "due_at",
    "warn_at",
    "provisional",
    "suspended_at",
    "suspended_for",
    "spans",
    "stopped_at",
    "outcome",
    "on_due",
    "next_at",
    "fired_at",
]
_ENTRY = [
    "stream",
    "sequence",
    "actor",
    "unit",
    "authority",
    "act",
    "body",
    "personal_digest",
    "at",
    "previous",
    "digest",
]
_EVENT = ["topic", "stream", "sequence", "docket", "body", "created_at", "attempts", "error"]
_RECEIPT = ["scope", "actor", "key", "content", "answer", "answered_at"]
_entry_values, _event_values = itemgetter(*_ENTRY), itemgetter(*_EVENT)

# SQLite has one writer. Threads of this process queue here, in order, and then processes, instead of polling the file.
_write_lock = Turns()


@cache
def _between(name: str) -> AbstractContextManager[None]:
    """The turns of those who write a database; one in memory is this process's own."""
    return nullcontext() if ":memory:" in name or "mode=memory" in name else Between(name)


class _Thread(threading.local):
    """The cursor of this thread's write transaction: one for all its statements."""

    cursor: CursorWrapper | None = None


_thread = _Thread()


@contextmanager
def writing() -> Iterator[None]:
    """One write transaction; inside another it joins it. Keep it short: others wait."""
    if _thread.cursor is not None and connection.in_atomic_block:
        yield
    elif connection.in_atomic_block:
        with _one_cursor():
            yield
    elif connection.vendor == "sqlite":
        with (
            _write_lock,
            _between(str(connection.settings_dict["NAME"])),
            transaction.atomic(),
            _one_cursor(),
        ):
            yield
    else:
        with transaction.atomic(), _one_cursor():
            yield


def in_writing() -> bool:
    """Whether this thread is inside `writing`: what must not be undone with it has to wait for its commit."""
    return _thread.cursor is not None and connection.in_atomic_block


@contextmanager
def _one_cursor() -> Iterator[None]:
    _thread.cursor = hot_cursor()
    try:
        yield
    finally:
        _thread.cursor = None


def _run(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    if is_bulk(values):
        with connection.cursor() as own:
            return _execute(own, sql, values)
    return _execute(_thread.cursor or hot_cursor(), sql, values)


def _execute(cursor: CursorWrapper, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    cursor.execute(sql, values)
    return cursor.fetchall() if sql.startswith("SELECT") or "RETURNING" in sql else []


def instant(value: Any) -> Any:
    """An instant as the database driver gave it, made aware: SQLite keeps UTC without saying so."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value is not None and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


@lru_cache(maxsize=512)
def _rows(count: int, width: int) -> str:
    row = "(" + ",".join(["%s"] * width or ["NULL"]) + ")"  # an empty list is none that PostgreSQL knows
    return ",".join([row] * count)


def _among(column: str, values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """A condition that a column has one of the values, and what is bound: for many the text does not grow with them."""
    if len(values) < bulk.FEW:
        return f"{column} IN {_rows(1, len(values))}", values
    if connection.vendor == "sqlite":
        return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(list(values))]  # noqa: S608 - names from code
    return f"{column} = ANY(%s)", [list(values)]


_SELECT_DOCKET = f"SELECT {','.join(_DOCKET)} FROM kernel_docket WHERE"  # noqa: S608 - constants
_SELECT_CLOCK = f"SELECT {','.join(_CLOCK)} FROM kernel_clock WHERE"  # noqa: S608 - constants


def _docket(row: Sequence[Any]) -> DocketRow:
    values = list(row)
    values[13:16] = map(instant, row[13:16])
    return DocketRow(*values)


def lock_dockets(ids: Sequence[int]) -> dict[int, DocketRow]:
    """Lock the dockets and their parents, in the order of their ids, and read them.

    A child's move holds its parent's lock: siblings never wait for each other in a circle.
    """
    lock = "" if connection.vendor == "sqlite" else " FOR UPDATE"
    if len(ids) == 1:
        sql = (
            f"{_SELECT_DOCKET} id IN (%s,(SELECT parent_id FROM kernel_docket WHERE id=%s)) ORDER BY id{lock}"  # noqa: S608 - constants
        )
        rows = _run(sql, (ids[0], ids[0]))
    else:
        found, bound = _among("id", ids)
        parents = _run(
            f"SELECT DISTINCT parent_id FROM kernel_docket WHERE parent_id IS NOT NULL AND {found}",  # noqa: S608 - marks only
            bound,
        )
        found, bound = _among("id", sorted({*ids, *(row[0] for row in parents)}))
        rows = _run(f"{_SELECT_DOCKET} {found} ORDER BY id{lock}", bound)
    return {row[0]: _docket(row) for row in rows}


def line_up(ids: Sequence[int]) -> None:
    """Lock dockets that will be moved one after the other in whatever order; where there is one writer it has them all."""
    if len(several := sorted(set(ids))) > 1 and connection.vendor != "sqlite":
        lock_dockets(several)


def docket_of(*, number: str = "", key: int = 0) -> DocketRow | None:
    """The docket of a number, or else of an id, without locking it."""
    column, value = ("number", number) if number else ("id", key)
    rows = _run(f"SELECT {','.join(_DOCKET)} FROM kernel_docket WHERE {column}=%s", (value,))  # noqa: S608 - constants
    return _docket(rows[0]) if rows else None


def children_of(parents: Sequence[int]) -> list[DocketRow]:
    """The dockets owned by the parents, in the order of opening."""
    found, bound = _among("parent_id", parents)
    return [_docket(row) for row in _run(f"{_SELECT_DOCKET} {found} ORDER BY id", bound)]


def count_each(lists: Sequence[QuerySet[Any, Any]]) -> list[int]:
    """How many rows each list has, in one statement. Each is planned as it would be by itself."""
    parts: list[str] = []
    values: list[Any] = []
    for one in lists:
        try:
            sql, bound = one.query.sql_with_params()
        except EmptyResultSet:  # its conditions contradict each other
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS found)")  # noqa: S608 - the ORM's own statement
        values += bound
    with connection.cursor() as own:  # its text is another for every reader
        return list(_execute(own, f"SELECT {', '.join(parts)}", values)[0])


def _docket_values(row: DocketRow) -> list[Any]:
    return [
        row.number, row.kind, row.state, row.title, row.unit, row.officer, row.applicant, row.agent,
        row.region, row.channel, row.subject, row.parent, row.opened_at, row.due_at,
        row.closed_at, row.outcome, row.revision, row.flow_version, row.ledger_head,
    ]  # fmt: skip


def insert_dockets(rows: Sequence[DocketRow]) -> None:
    """Insert new dockets and set their ids."""
    values = [_docket_values(row) for row in rows]
    ids = {
        number: key for key, number in _insert_returning("kernel_docket", _DOCKET[1:], values, "id, number")
    }
    for row in rows:
        row.id = ids[row.number]


_DOCKET_CHANGES = [
    "state",
    "title",
    "unit",
    "officer",
    "subject",
    "due_at",
    "closed_at",
    "outcome",
    "revision",
    "flow_version",
    "ledger_head",
]


def update_dockets(rows: Sequence[DocketRow], *, read: Sequence[DocketRow] = ()) -> None:
    """Write what a move may change of dockets: one statement for any number of rows.

    :param read: the rows as they were read; then only columns in which any of them differs are written, and no index
        of the others is touched
    """
    names = _changed(rows, read) if read else _DOCKET_CHANGES
    if len(rows) == 1:
        row = rows[0]
        changes = ",".join(f"{name}=%s" for name in names)
        values = [*(getattr(row, name) for name in names), row.id]
        _run(f"UPDATE kernel_docket SET {changes} WHERE id=%s", values)  # noqa: S608 - constants
        return
    values_of = attrgetter(*names, "id")
    bulk.update("kernel_docket", names, [values_of(row) for row in rows], key=["id"])


def _changed(rows: Sequence[DocketRow], read: Sequence[DocketRow]) -> list[str]:
    pairs = list(zip(rows, read, strict=True))
    return [
        name
        for name in _DOCKET_CHANGES
        if any(getattr(row, name) != getattr(then, name) for row, then in pairs)
    ]


def clocks_of(dockets: Sequence[int], *, running_only: bool = True) -> dict[int, list[ClockRow]]:
    """Clocks of the dockets in the order in which they began; by default those not stopped."""
    found: dict[int, list[ClockRow]] = {docket: [] for docket in dockets}
    open_only = " AND stopped_at IS NULL" if running_only else ""
    condition, bound = _among("docket_id", dockets)
    for row in _run(f"{_SELECT_CLOCK} {condition}{open_only} ORDER BY id", bound):
        found[row[1]].append(_clock(row))
    return found


def _clock(row: Sequence[Any]) -> ClockRow:
    values = list(row)
    for place in (9, 10, 11, 13, 16, 19, 20):
        values[place] = instant(row[place])
    values[12], values[15] = bool(row[12]), json.loads(row[15]) if row[15] != "[]" else []
    return ClockRow(*values)


def _clock_values(row: ClockRow) -> list[Any]:
    return [
        row.docket, row.name, row.label, row.whose, row.region, row.amount, row.basis, row.source,
        row.started_at, row.due_at, row.warn_at, row.provisional,
        row.suspended_at, row.suspended_for, _spans(row),
        row.stopped_at, row.outcome, row.on_due, row.next_at, row.fired_at,
    ]  # fmt: skip


def _spans(row: ClockRow) -> str:
    return json.dumps(row.spans, ensure_ascii=False) if row.spans else "[]"


# What may change of a clock that began, beside its spans.
_CLOCK_CHANGES = (
    "whose", "amount", "due_at", "warn_at", "provisional", "suspended_at", "suspended_for", "stopped_at", "outcome",
    "next_at", "fired_at",
)  # fmt: skip
_clock_changes = attrgetter(*_CLOCK_CHANGES)


def save_clocks(rows: Sequence[ClockRow]) -> None:
    """Write the changed clocks, then insert the new ones (id 0): at most two statements.

    In this order, since a clock that begins again takes the name of the one it ends.
    """
    new, old = [row for row in rows if not row.id], [row for row in rows if row.id]
    if len(old) >= bulk.FEW:
        rows_of = [(*_clock_changes(row), _spans(row), row.id) for row in old]
        bulk.update("kernel_clock", [*_CLOCK_CHANGES, "spans"], rows_of, key=["id"])
    elif old:
        put_rows("kernel_clock", _CLOCK, [(row.id, *_clock_values(row)) for row in old], key=["id"])
    insert_rows("kernel_clock", _CLOCK[1:], [_clock_values(row) for row in new])


def insert_entries(entries: Sequence[dict[str, Any]], *, with_ids: bool) -> dict[tuple[str, int], int]:
    """Append ledger entries; the ids, when asked for, by stream and sequence."""
    values = [_entry_values(entry) for entry in entries]
    if not with_ids:
        insert_rows("kernel_entry", _ENTRY, values)
        return {}
    made = _insert_returning("kernel_entry", _ENTRY, values, "id, stream, sequence")
    return {(stream, sequence): key for key, stream, sequence in made}


def insert_personal(rows: Sequence[tuple[int, str, bytes]]) -> None:
    """The personal parts of entries: entry id, subject, sealed bytes."""
    sql = f"INSERT INTO kernel_entry_personal (entry_id, subject, sealed) VALUES {_rows(len(rows), 3)}"  # noqa: S608 - constants
    _run(sql, [value for row in rows for value in row])


def head_of(stream: str) -> tuple[int, str]:
    """Sequence and digest of a stream's last entry, (0, START) for a new one; held until the transaction ends.

    A docket's stream is held by its row. A register's has none: two who write to it at once take turns here.
    """
    if connection.vendor == "postgresql":
        _run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (stream,))
    rows = _run(
        "SELECT sequence, digest FROM kernel_entry WHERE stream=%s ORDER BY sequence DESC LIMIT 1", (stream,)
    )
    return (int(rows[0][0]), str(rows[0][1])) if rows else (0, "0" * 64)


def insert_events(events: Sequence[dict[str, Any]]) -> None:
    """Write events to the outbox."""
    insert_rows("kernel_event", _EVENT, [_event_values(event) for event in events])


class EventRow(NamedTuple):
    """An event that waits, as the relay reads it."""

    id: int
    topic: str
    stream: str
    sequence: int
    docket: int | None
    body: str
    created_at: datetime
    delivered: bool


def lock_events(ids: Sequence[int]) -> list[EventRow]:
    """Lock events and read them, in the order in which they were written; those in other hands are left out."""
    skip = "" if connection.vendor == "sqlite" else " FOR UPDATE SKIP LOCKED"
    found, bound = _among("id", ids)
    rows = _run(
        "SELECT id, topic, stream, sequence, docket, body, created_at, delivered_at IS NOT NULL FROM kernel_event "  # noqa: S608 - marks only
        f"WHERE {found} ORDER BY id{skip}",
        bound,
    )
    return [
        EventRow(key, topic, stream, number, docket, body, instant(made), bool(done))
        for key, topic, stream, number, docket, body, made, done in rows
    ]


def mark_delivered(ids: Sequence[int], *, at: datetime) -> None:
    """Note that every handler of these events has done its part."""
    if ids:
        found, bound = _among("id", ids)
        _run(f"UPDATE kernel_event SET delivered_at=%s, error='' WHERE {found}", (at, *bound))  # noqa: S608 - marks only


def handled(ids: Sequence[int]) -> set[tuple[int, str]]:
    """Which handlers have handled which of these events."""
    found, bound = _among("event_id", ids)
    rows = _run(f"SELECT event_id, handler FROM kernel_event_handled WHERE {found}", bound)  # noqa: S608 - marks only
    return {(row[0], row[1]) for row in rows}


def receipts(scopes: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Content digest and answer by (scope, actor, key)."""
    where = " OR ".join(["(scope=%s AND actor=%s AND key=%s)"] * len(scopes))
    sql = f"SELECT scope, actor, key, content, answer FROM kernel_receipt WHERE {where}"  # noqa: S608 - marks only
    rows = _run(sql, [value for scope in scopes for value in scope])
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}


def insert_receipts(rows: Sequence[dict[str, Any]]) -> None:
    """Remember answers. The unique constraint lets one key through once."""
    sql = f"INSERT INTO kernel_receipt ({','.join(_RECEIPT)}) VALUES {_rows(len(rows), len(_RECEIPT))}"  # noqa: S608 - constants
    _run(sql, [r[n] for r in rows for n in _RECEIPT])


def claim_receipt(row: dict[str, Any]) -> bool:
    """Reserve a key before the work: False when another transaction has it (and has finished)."""
    sql = (
        f"INSERT INTO kernel_receipt ({','.join(_RECEIPT)}) VALUES {_rows(1, len(_RECEIPT))} "  # noqa: S608 - constants
        "ON CONFLICT (scope, actor, key) DO NOTHING RETURNING id"
    )
    return bool(_run(sql, [row[n] for n in _RECEIPT]))


def answer_receipt(scope: tuple[str, str, str], answer: str) -> None:
    """Fill in the answer of a reserved key."""
    _run("UPDATE kernel_receipt SET answer=%s WHERE scope=%s AND actor=%s AND key=%s", (answer, *scope))


def take_serials(scope: str, count: int) -> int:
    """Reserve `count` consecutive serial numbers of a scope; gives the first."""
    rows = _run(
        "INSERT INTO kernel_serial (scope, last) VALUES (%s, %s) "
        "ON CONFLICT (scope) DO UPDATE SET last = kernel_serial.last + excluded.last RETURNING last",
        (scope, count),
    )
    return int(rows[0][0]) - count + 1


def media_types(digests: Sequence[str]) -> dict[str, str]:
    """The media types of stored files, by digest; one that is not stored is left out."""
    sql = f"SELECT digest, media_type FROM kernel_stored_file WHERE digest IN {_rows(1, len(digests))}"  # noqa: S608 - marks only
    return {row[0]: row[1] for row in _run(sql, digests)}


def insert_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of a desk's own table beside its dockets. Names come from code, never from input."""
    if len(rows) >= bulk.FEW:
        bulk.insert(table, columns, rows)
    elif rows:
        _run(_insertion(table, columns, len(rows)), [v for row in rows for v in row])


def _insertion(table: str, columns: Sequence[str], count: int) -> str:
    return f"INSERT INTO {table} ({','.join(columns)}) VALUES {_rows(count, len(columns))}"  # noqa: S608 - names from code


def _insert_returning(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], wanted: str
) -> list[tuple[Any, ...]]:
    """Insert rows and give the `wanted` columns of each."""
    tail = f"RETURNING {wanted}"
    if len(rows) >= bulk.FEW and connection.vendor == "postgresql":
        return bulk.returning(table, columns, rows, tail=tail)
    return _run(f"{_insertion(table, columns, len(rows))} {tail}", [v for row in rows for v in row])


def update_rows(table: str, changes: dict[str, Any], *, where: dict[str, Any]) -> None:
    """Change rows of a desk's own table; None in `where` finds NULL. Names come from code, never from input."""
    key = [name for name, value in where.items() if value is not None]
    null = [name for name, value in where.items() if value is None]
    change_rows(
        table, tuple(changes), [(*changes.values(), *(where[name] for name in key))], key=key, null=null
    )


def change_rows(
    table: str,
    changed: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    key: Sequence[str],
    null: Sequence[str] = (),
) -> None:
    """Change rows of a desk's own table, each found by its own key: see `bulk.update`. Names come from code, never from input."""
    if len(rows) > 1:
        bulk.update(table, changed, rows, key=key, null=null)
        return
    sets = ",".join(f"{name}=%s" for name in changed)
    found = " AND ".join([*(f"{name}=%s" for name in key), *(f"{name} IS NULL" for name in null)])
    _run(f"UPDATE {table} SET {sets} WHERE {found}", rows[0])  # noqa: S608 - names from code


def insert_unless_there(
    table: str, columns: Sequence[str], row: Sequence[Any], *, key: Sequence[str]
) -> bool:
    """Insert one row, unless there is one with its `key` (columns that are unique); gives whether it was inserted."""
    sql = (
        f"INSERT INTO {table} ({','.join(columns)}) VALUES {_rows(1, len(columns))} "  # noqa: S608 - names from code
        f"ON CONFLICT ({','.join(key)}) DO NOTHING RETURNING 1"
    )
    return bool(_run(sql, row))


def put_rows(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, key: Sequence[str]
) -> None:
    """Insert rows; where there is one with the same `key` (columns that are unique), the others take the new values."""
    changes = ",".join(f"{name}=excluded.{name}" for name in columns if name not in key)
    instead = f"UPDATE SET {changes}" if changes else "NOTHING"
    tail = f"ON CONFLICT ({','.join(key)}) DO {instead}"
    if len(rows) >= bulk.FEW:
        bulk.insert(table, columns, rows, tail=tail)
    else:
        _run(f"{_insertion(table, columns, len(rows))} {tail}", [v for row in rows for v in row])


def bulk_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert any number of rows the fastest way the database has (COPY, executemany); inside `writing`.

    Days and instants as `text_of` gives them, JSON as text. Names come from code, never from input.
    """
    if _thread.cursor is None:
        raise RuntimeError("bulk_rows belongs inside writing()")
    bulk.insert(table, columns, rows)


def present(table: str, column: str, values: Sequence[str]) -> set[str]:
    """Which of the values a column holds already. Names come from code, never from input."""
    found, bound = _among(column, values)
    return {row[0] for row in _run(f"SELECT {column} FROM {table} WHERE {found}", bound)}  # noqa: S608 - names from code
