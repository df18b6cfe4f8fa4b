"""What a fact is. Five tables; a row is known by its place in the ledger: ``stream``, ``sequence`` and, where an entry says
several things, which of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa

_WORD = pa.string()
_INSTANT = pa.timestamp("us", tz="UTC")
_SAID = pa.map_(pa.string(), pa.string())

_PLACE = [pa.field("stream", _WORD, nullable=False), pa.field("sequence", pa.int32(), nullable=False)]
# `day` is the day of `at` in Shanghai.
_TIMES = [
    pa.field("day", pa.date32(), nullable=False),
    pa.field("at", _INSTANT, nullable=False),
    pa.field("recorded_at", _INSTANT, nullable=False),
]

# What is known of a docket when something happens to it; the stream of a docket is its number.
_DOCKET = [
    pa.field("kind", _WORD, nullable=False),
    pa.field("unit", _WORD, nullable=False),
    pa.field("region", _WORD, nullable=False),
    pa.field("channel", _WORD, nullable=False),
    pa.field("subject", _WORD, nullable=False),
    pa.field("party", _WORD, nullable=False),
    pa.field("parent", _WORD, nullable=False),
    pa.field("opened_at", _INSTANT, nullable=False),
]

MOVES: Final = pa.schema(
    [
        *_PLACE,
        *_DOCKET,
        pa.field("act", _WORD, nullable=False),
        pa.field("before", _WORD, nullable=False),
        pa.field("after", _WORD, nullable=False),
        pa.field("outcome", _WORD, nullable=False),
        pa.field("by", _WORD, nullable=False),
        pa.field("by_unit", _WORD, nullable=False),
        pa.field("delegated", pa.bool_(), nullable=False),
        pa.field("said", _SAID, nullable=False),
        *_TIMES,
    ]
)
"""One row for each thing that happened to a docket: `unit` is who was responsible after it, `by` whether a person, an
organisation, an officer or the system did it, `by_unit` for which unit; `opened_at` when the docket was opened; `said`
the words of the entry that `packs/insight/facts.yaml` keeps."""

CLOCKS: Final = pa.schema(
    [
        *_PLACE,
        pa.field("name", _WORD, nullable=False),
        pa.field("whose", _WORD, nullable=False),
        *_DOCKET,
        pa.field("ended", pa.bool_(), nullable=False),
        pa.field("outcome", _WORD, nullable=False),
        pa.field("started_at", _INSTANT, nullable=False),
        pa.field("due_at", _INSTANT, nullable=False),
        pa.field("extended", pa.int32(), nullable=False),
        *_TIMES,
    ]
)
"""One row when a limit begins (`ended` is false) and one when it ends, `outcome` kept, missed or dropped. `unit` is whose
limit it is; `whose` says applicant where it is for the citizen to keep it, and unit else. An appeal that was upheld adds a
row with `outcome` excused: all of the missed limit, on the day on which that was missed, with the appeal's own place."""

RECORDS: Final = pa.schema(
    [
        *_PLACE,
        pa.field("kind", _WORD, nullable=False),
        pa.field("act", _WORD, nullable=False),
        pa.field("unit", _WORD, nullable=False),
        pa.field("region", _WORD, nullable=False),
        pa.field("by", _WORD, nullable=False),
        pa.field("by_unit", _WORD, nullable=False),
        pa.field("said", _SAID, nullable=False),
        *_TIMES,
    ]
)
"""One row for each entry of a register's record that is counted. `stream` is a digest: some of them name people. `unit` and
`region` as the entry says them, else whose unit wrote it, and no region: it belongs to the whole city. An entry that takes
something away says with `counts_at` when that was: the row stands on that day."""

STOCKS: Final = pa.schema(
    [
        *_PLACE,
        pa.field("item", pa.int32(), nullable=False),
        pa.field("kind", _WORD, nullable=False),
        pa.field("key", _WORD, nullable=False),
        pa.field("unit", _WORD, nullable=False),
        pa.field("region", _WORD, nullable=False),
        pa.field("gone", pa.bool_(), nullable=False),
        pa.field("said", _SAID, nullable=False),
        *_TIMES,
    ]
)
"""One row whenever a register says how a thing stands: a matter, a theme, a kind of licence. The newest row of a thing holds
until there is a newer one; with `gone` there is no such thing any more. `key` is a digest where it would name somebody."""

CALLS: Final = pa.schema(
    [
        *_PLACE,
        pa.field("item", pa.int32(), nullable=False),
        pa.field("key", _WORD, nullable=False),
        pa.field("line", _WORD, nullable=False),
        pa.field("outcome", _WORD, nullable=False),
        pa.field("waited", pa.int32(), nullable=False),
        pa.field("rating", pa.int32(), nullable=False),
        pa.field("by_hand", pa.bool_(), nullable=False),
        pa.field("gone", pa.bool_(), nullable=False),
        *_TIMES,
    ]
)
"""One row for each telephone call that is over, on the day on which it reached the line, as it was told last. `waited` seconds for a person, `rating` 1 to 5 and 0 where nobody rated."""

TABLES: Final = {"moves": MOVES, "clocks": CLOCKS, "records": RECORDS, "stocks": STOCKS, "calls": CALLS}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comparing the facts with the ledger found: rows of each, and the days on which they are apart."""

    rows: int
    ledger_rows: int
    days: tuple[tuple[str, date], ...]

    @property
    def same(self) -> bool:
        """Whether every day of every table is what the ledger says."""
        return not self.days
