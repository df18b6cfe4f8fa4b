"""Ten thousand or a million open dockets, each with a running clock and a ledger entry, by bulk SQL.

Twenty units, a hundred officers and a hundred applicants share them evenly; `DUE` clocks have come due.
Indexes are dropped for the load and made again from the same definitions.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection
from tests.kernel import toy

NOW = toy.at("2026-11-09 10:00")
DUE = 200
_TABLES = ("kernel_docket", "kernel_clock", "kernel_entry")
_START = int(datetime(2026, 11, 9, 2, 0, tzinfo=UTC).timestamp())

_DOCKETS = """
INSERT INTO kernel_docket (id, number, kind, state, title, unit, officer, applicant, agent, region, channel,
  subject, parent_id, opened_at, due_at, closed_at, outcome, revision, flow_version, ledger_head)
SELECT i, 'Z' || i, 'toy', 'new', '一件事', 'u' || (i % 20), 'officer:' || (i % 100), 'person:' || (i % 100), '',
  '421202000000', 'web', 'm1', NULL, {opened}, {due}, NULL, '', 1, 1, {head} FROM {series}
"""
_CLOCKS = """
INSERT INTO kernel_clock (id, docket_id, name, label, whose, region, amount, basis, source, started_at, due_at,
  warn_at, provisional, suspended_at, suspended_for, spans, stopped_at, outcome, on_due, next_at, fired_at)
SELECT i, i, 'notice', '告知', 'u' || (i % 20), '421202000000', 5, 'working_days', '', {opened}, {due}, NULL,
  {false}, NULL, '', '[]', NULL, '', 'deem', {due}, NULL FROM {series}
"""
_ENTRIES = """
INSERT INTO kernel_entry (id, stream, sequence, actor, unit, authority, act, body, personal_digest, at, previous,
  digest, recorded_at)
SELECT i, 'Z' || i, 1, 'person:' || (i % 100), '', '', 'open', '{{"from":"","to":"new"}}', '', {opened}, {zeros},
  {head}, {opened} FROM {series}
"""


def load(count: int) -> None:
    """Write `count` dockets into empty tables."""
    kept = _take_indexes_away()
    for sql in (_DOCKETS, _CLOCKS, _ENTRIES):
        with connection.cursor() as cursor:
            cursor.execute(sql.format(**_words(count)))
    with connection.cursor() as cursor:
        for sql in kept:
            cursor.execute(sql)
        if connection.vendor == "postgresql":
            for table in _TABLES:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {count})")
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")


def _words(count: int) -> dict[str, Any]:
    """The first `DUE` dockets fell due in the last hour, the others do in the coming sixty days."""
    late, ahead = f"{_START} - i", f"{_START} + 3600 + (i * 7919) % 5184000"
    if connection.vendor == "postgresql":
        due = f"to_timestamp(CASE WHEN i <= {DUE} THEN {late} ELSE {ahead} END)"
        return {
            "series": f"generate_series(1::bigint, {count}) AS i", "opened": f"to_timestamp({_START} - 86400 - i)", "due": due,
            "false": "false", "head": "repeat('0', 56) || lpad(i::text, 8, '0')", "zeros": "repeat('0', 64)",
        }  # fmt: skip
    due = f"datetime(CASE WHEN i <= {DUE} THEN {late} ELSE {ahead} END, 'unixepoch')"
    numbers = (
        f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n)"
    )
    return {
        "series": numbers, "opened": f"datetime({_START} - 86400 - i, 'unixepoch')", "due": due, "false": "0",
        "head": "substr('" + "0" * 64 + "' || i, -64)", "zeros": f"'{'0' * 64}'",
    }  # fmt: skip


def _take_indexes_away() -> list[str]:
    """Drop the plain indexes; gives the statements that make them again."""
    if connection.vendor == "postgresql":
        find = (
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint)"
        )
        values: list[Any] = [list(_TABLES)]
    else:
        find = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (%s, %s, %s)"
        values = list(_TABLES)
    with connection.cursor() as cursor:
        cursor.execute(find, values)
        found = cursor.fetchall()
        for name, _sql in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [sql for _name, sql in found]
