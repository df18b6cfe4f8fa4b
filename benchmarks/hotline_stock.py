"""A million tickets of the hotline by bulk SQL: five years of a city, a few thousand of them open."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

UNITS = (
    "421202-cgj",
    "421202-scjg",
    "421202-zjj",
    "421202-gaj",
    "421202-jtj",
    "421202-sthj",
    "421202-rsj",
    "421202-jyj",
)
CENTRE = "421200-dsj"
OPEN = 10_000
_END = int(datetime(2026, 11, 20, 2, 0, tzinfo=UTC).timestamp())
_TABLES = ("kernel_docket", "kernel_clock", "hotline_ticket", "hotline_turn")

_DOCKETS = """
INSERT INTO kernel_docket (number, kind, state, title, unit, officer, applicant, agent, region, channel, subject, parent_id,
  opened_at, due_at, closed_at, outcome, revision, flow_version, ledger_head)
SELECT 'T421202-STOCK-' || i, 'ticket',
  CASE WHEN i > {closed} THEN (ARRAY['taken','dispatched','handling','replied','reviewed'])[1 + i % 5]
       WHEN i % 400 = 0 THEN 'refused' WHEN i % 90 = 0 THEN 'merged' WHEN i % 12 = 0 THEN 'answered_at_once' ELSE 'closed' END,
  '反映第' || i || '件事', CASE WHEN i > {closed} AND i % 5 IN (1, 2) THEN ({units})[1 + i % 8] ELSE '{centre}' END,
  '', '', '', (ARRAY['421202000000','421221000000','421222000000','421223000000','421224000000','421281000000'])[1 + i % 6],
  'phone', '', NULL, to_timestamp({start} + i * {pace}),
  CASE WHEN i > {closed} THEN to_timestamp({start} + i * {pace} + 432000) END,
  CASE WHEN i > {closed} THEN NULL ELSE to_timestamp({start} + i * {pace} + 300000) END,
  CASE WHEN i > {closed} THEN '' ELSE 'closed' END, 1, 1, repeat('0', 64)
FROM generate_series(1::bigint, {count}) AS i
"""
_CLOCKS = """
INSERT INTO kernel_clock (docket_id, name, label, whose, region, amount, basis, source, started_at, due_at, warn_at,
  provisional, suspended_at, suspended_for, spans, stopped_at, outcome, on_due, next_at, fired_at)
SELECT id, 'handle', '办结', unit, region, 5, 'working_days', '', opened_at, coalesce(due_at, closed_at),
  coalesce(due_at, closed_at) - interval '1 day', false, NULL, '', '[]', closed_at,
  CASE WHEN closed_at IS NULL THEN '' ELSE 'kept' END, '', due_at, NULL FROM kernel_docket WHERE number LIKE 'T421202-STOCK-%'
"""
_TICKETS = """
INSERT INTO hotline_ticket (docket_id, kind, channel, urgency, title, text, place, category, matter, line, call, reference,
  caller_name, caller_phone, phone_index, content, flood, confidential, lead, final_unit, returns, reopened, delays,
  delay_days, urged, reply, result, replied_by, findings, attempts, satisfaction, operator_satisfaction, solved, latitude,
  longitude)
SELECT id, (ARRAY['help','complaint','consultation','help','suggestion','report','praise'])[1 + id % 7],
  (ARRAY['phone','phone','phone','web','mailbox','qr','line','message'])[1 + id % 8],
  CASE WHEN id % 500 = 0 THEN 'emergency' WHEN id % 40 = 0 THEN 'urgent' ELSE 'ordinary' END, title,
  '城东小区第' || id || '栋的路灯坏了三天，晚上看不见路，老人孩子都不敢出门，请派人来修。', '城东小区',
  '城市管理/' || (id % 60), '', CASE WHEN id % 8 = 6 THEN 'line-' || (id % 21) ELSE '' END, '', '', '', '',
  md5((id % 200000)::text), md5(id::text), false, false, ({units})[1 + id % 8], '', 0, 0, 0, 0, 0,
  CASE WHEN closed_at IS NULL THEN '' ELSE '已修好' END, '', '', '', 0,
  CASE WHEN closed_at IS NULL THEN '' WHEN id % 20 = 0 THEN 'unsatisfied' WHEN id % 3 = 0 THEN 'satisfied' ELSE 'very' END,
  '', '', 29.8 + (id % 1000) / 5000.0, 114.3 + (id % 997) / 5000.0
FROM kernel_docket WHERE number LIKE 'T421202-STOCK-%'
"""
_TURNS = """
INSERT INTO hotline_turn (docket_id, unit, sender, part, sent_at, opinion, said, late, signed_at, replied_at, ended_at)
SELECT d.id, t.lead, '{centre}', 'lead', d.opened_at, '', '', false, d.opened_at, d.closed_at, d.closed_at
FROM kernel_docket d JOIN hotline_ticket t ON t.docket_id = d.id WHERE d.number LIKE 'T421202-STOCK-%'
"""
# One unit helped with every third ticket: in so many turns its lists are looked for.
_HELPED = """
INSERT INTO hotline_turn (docket_id, unit, sender, part, sent_at, opinion, said, late, signed_at, replied_at, ended_at)
SELECT d.id, '421202-cgj', '{centre}', 'helper', d.opened_at, '', '', false, d.opened_at, d.closed_at, d.closed_at
FROM kernel_docket d WHERE d.number LIKE 'T421202-STOCK-%' AND d.id % 3 = 0
"""


def load(count: int) -> None:
    """Write `count` tickets beside what is there; PostgreSQL only."""
    words = {
        "count": count, "closed": count - min(OPEN, count // 10), "pace": max(1, 157_000_000 // count),
        "start": _END - count * max(1, 157_000_000 // count), "centre": CENTRE,
        "units": "ARRAY[" + ",".join(f"'{one}'" for one in UNITS) + "]",
    }  # fmt: skip
    kept = _take_indexes_away()
    with connection.cursor() as cursor:
        for sql in (_DOCKETS, _CLOCKS, _TICKETS, _TURNS, _HELPED):
            cursor.execute(sql.format(**words).replace("%", "%%"), [])
        for sql in kept:
            cursor.execute(sql)
        cursor.execute("VACUUM ANALYZE")


def _take_indexes_away() -> list[str]:
    """Drop the plain indexes for the load; gives the statements that make them again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint)",
            [list(_TABLES)],
        )
        found = cursor.fetchall()
        for name, _sql in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [sql for _name, sql in found]
