"""What a fact is. Three tables; a row is known by its place in the ledger, ``stream`` and ``sequence``."""

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
limit it is; `whose` says applicant where it is for the citizen to keep it, and unit else."""

RECORDS: Final = pa.schema(
    [
        *_PLACE,
        pa.field("kind", _WORD, nullable=False),
        pa.field("act", _WORD, nullable=False),
        pa.field("by", _WORD, nullable=False),
        pa.field("by_unit", _WORD, nullable=False),
        pa.field("said", _SAID, nullable=False),
        *_TIMES,
    ]
)
"""One row for each entry of a register's record that is counted. `stream` is a digest: some of them name people."""

TABLES: Final = {"moves": MOVES, "clocks": CLOCKS, "records": RECORDS}


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
