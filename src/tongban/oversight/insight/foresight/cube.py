"""Two small tables of months, made from the facts each night: requests by topic, place and unit; and watched indicators.

They lie as Parquet under ``DATA/foresight`` and can be made again at any time; nothing in them is not in the facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from ruamel.yaml import YAML

from tongban.oversight.insight import selectors
from tongban.oversight.insight.contracts import Measured, Period, Scope
from tongban.oversight.insight.engine import engine, table
from tongban.oversight.insight.formulas import leaves
from tongban.oversight.insight.packs import Indicator, indicators

MONTHS = 37
DEPTH = 2
_COUNTY = 6
AT_WORK = ("dispatch", "reroute", "uphold", "overrule", "pass_down", "sign", "answer")
REQUESTS = pa.schema(
    [
        ("month", pa.string()),
        ("topic", pa.string()),
        ("place", pa.string()),
        ("unit", pa.string()),
        ("matter", pa.string()),
        ("n", pa.int64()),
    ]
)
WATCHED = pa.schema([("what", pa.string()), ("month", pa.string()), ("unit", pa.string()), ("place", pa.string()), ("part", pa.int64()), ("whole", pa.int64())])  # fmt: skip


@dataclass(frozen=True)
class Cube:
    """Rows of both tables up to the last whole month, and that month's first day."""

    month: date
    requests: tuple[dict[str, Any], ...]
    watched: tuple[dict[str, Any], ...]
    version: int = 0
    """Another one whenever the tables were made anew."""

    def within(self, scope: Scope) -> Cube:
        """What somebody may count."""
        if not scope.regions and not scope.units:
            return self
        return Cube(
            self.month, tuple(_seen(self.requests, scope)), tuple(_seen(self.watched, scope)), self.version
        )


def _seen(rows: tuple[dict[str, Any], ...], scope: Scope) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row["unit"] in scope.units or any(row["place"].startswith(one) for one in scope.regions):
            yield row


def folder() -> Path:
    """Where the tables of this installation lie."""
    return Path(settings.DATA) / "foresight"


def make(*, today: date) -> Cube:
    """Make both tables from the facts; a few seconds in a city's third year."""
    last = selectors.month(today, back=1)
    period = Period(selectors.month(today, back=MONTHS).first, last.last)
    for name, made in (("requests", _requests(period)), ("watched", _watched(period))):
        path = folder() / f"{name}-{last.first:%Y-%m}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        pq.write_table(made, beside)
        beside.replace(path)
    return read(today=today)


def read(*, today: date) -> Cube:
    """The tables up to the month before `today`; made now where nobody made them yet."""
    last = selectors.month(today, back=1).first
    paths = [folder() / f"{name}-{last:%Y-%m}.parquet" for name in ("requests", "watched")]
    if not all(path.exists() for path in paths):
        return make(today=today)
    return _read(last, *paths, sum(path.stat().st_mtime_ns for path in paths))


@lru_cache(maxsize=4)
def _read(month: date, requests: Path, watched: Path, version: int) -> Cube:
    return Cube(
        month,
        tuple(pq.read_table(requests, schema=REQUESTS).to_pylist()),
        tuple(pq.read_table(watched, schema=WATCHED).to_pylist()),
        version,
    )


def _requests(period: Period) -> pa.Table:
    """Each request once: in the month in which it came, at what it was last said to be about, with whom it last lay."""
    with engine() as connection:
        moves = table(connection, "moves", period)
        if moves is None:
            return REQUESTS.empty_table()
        moves = moves.filter(moves.kind == "ticket")
        category, matter = moves.said.get("category"), moves.said.get("matter")
        each = (
            moves.group_by("stream")
            .aggregate(
                first=moves.sequence.min(), day=moves.day.min(), place=moves.region.argmax(moves.sequence),
                topic=category.argmax(moves.sequence, where=category.notnull()),
                matter=matter.argmax(moves.sequence, where=matter.notnull()),
                unit=moves.unit.argmax(moves.sequence, where=moves.act.isin(AT_WORK)),
            )
        )  # fmt: skip
        each = each.filter(each.first == 1).mutate(month=each.day.strftime("%Y-%m"))
        rows = connection.to_pyarrow(each.select("month", "topic", "place", "unit", "matter")).to_pylist()
    return _counted(rows)


def _counted(rows: list[dict[str, Any]]) -> pa.Table:
    found: dict[tuple[str, ...], int] = {}
    for row in rows:
        topic = "/".join((row["topic"] or "").split("/")[:DEPTH])
        key = (row["month"], topic, county(row["place"]), row["unit"] or "", row["matter"] or "")
        found[key] = found.get(key, 0) + 1
    names = REQUESTS.names
    return pa.Table.from_pylist(
        [dict(zip(names, (*key, n), strict=True)) for key, n in sorted(found.items())], schema=REQUESTS
    )


def county(region: str) -> str:
    """The county of a division; of one that belongs to the whole city itself."""
    return region[:_COUNTY].ljust(12, "0")


def _watched(period: Period) -> pa.Table:
    wanted = watched_indicators()
    if not wanted:
        return WATCHED.empty_table()
    series = selectors.figures(wanted, period=period, scope=Scope(), by=("month", "unit", "region"))
    found: dict[tuple[str, ...], list[int]] = {}
    for one in wanted:
        for (month, unit, region), figure in series[one.id].figures.items():
            sums = found.setdefault((one.id, month, unit, county(region)), [0, 0])
            sums[0] += figure.part or 0
            sums[1] += figure.whole or 0
    names = WATCHED.names
    return pa.Table.from_pylist(
        [dict(zip(names, (*key, *sums), strict=True)) for key, sums in sorted(found.items())], schema=WATCHED
    )


def watched_indicators() -> list[Indicator]:
    """Indicators of the pack that can be added up over units: counts, and shares of counts."""
    listed = YAML(typ="safe").load(Path(settings.PACKS) / "insight" / "foresight.yaml")["watched"]
    return [one for key, one in indicators().items() if key in listed and _adds_up(one)]


def _adds_up(one: Indicator) -> bool:
    own = list(leaves(one.formula))
    plain = all(leaf.kind == "count" and not leaf.distinct and leaf.table != "records" for leaf in own)
    return plain and one.measured in (Measured.COUNT, Measured.SHARE)
