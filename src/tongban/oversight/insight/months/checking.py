"""Ledger and facts compared, and which figures rest on what was found: nothing altered by hand stays unseen."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.oversight.insight.conditions import meets, of_unit
from tongban.oversight.insight.contracts import Period
from tongban.oversight.insight.counting import together
from tongban.oversight.insight.definitions import selectors as definitions
from tongban.oversight.insight.engine import engine, table
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.formulas import STOCKS, Leaf, leaves
from tongban.oversight.insight.months.models import Check
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.selectors import month

_PLACE = re.compile(r"(?P<stream>\S+?)(?:#(?P<sequence>\d+))?: (?P<says>.*)", re.DOTALL)
MOST = 200
Marks = dict[str, dict[str, list[list[str]]]]


def check(row: Check, *, at: datetime) -> Check:
    """Verify every chain of the ledger and every day of the facts, and mark the figures that rest on what is wrong."""
    facts.collect()
    verdict = _verified(at)
    faults = [_fault(said) for said in verdict.faults]
    apart = facts.verify().days
    today = actors.day_of(at)
    row.entries, row.faults = verdict.entries, faults[:MOST]
    row.days = [[name, day.isoformat()] for name, day in apart]
    row.marks = marks({str(one["stream"]) for one in faults} - {""}, apart, today=today)
    row.anchored_until = datetime.fromisoformat(verdict.anchored_until) if verdict.anchored_until else None
    row.done_at = at
    with kernel.writing():
        row.save()
    return row


def _verified(at: datetime) -> kernel.LedgerVerdict:
    """The ledger beside its newest anchor: who rewrites a chain to its end is found too; without one only what breaks a chain."""
    anchor = kernel.newest_anchor()
    try:
        return kernel.verify_ledger(anchor=anchor, at=at)
    except (OSError, EOFError, ValueError, LookupError, zlib.error):
        if anchor is None:
            raise
        verdict = kernel.verify_ledger(anchor=None, at=at)
        verdict.faults.append("the newest anchor cannot be read")
        return verdict


def _fault(said: str) -> dict[str, Any]:
    """What is wrong and where; with the anchor itself no stream is."""
    found = _PLACE.fullmatch(said)
    if found is None:
        return {"stream": "", "sequence": 0, "says": said}
    return {"stream": found["stream"], "sequence": int(found["sequence"] or 0), "says": found["says"]}


def marks(streams: Iterable[str], apart: Sequence[tuple[str, date]], *, today: date) -> Marks:
    """Figures of each month that count a fact of these streams, or of these tables and days."""
    wanted = list(definitions.indicators(on=today).values())
    found: Marks = defaultdict(lambda: defaultdict(list))
    names = {name: stream for stream in streams for name in (stream, facts.hidden(stream))}
    if names:
        for key, name, place in _resting(wanted, names, today):
            own = found[name][key]
            if place not in own and len(own) < MOST:
                own.append(place)
    for name, day in apart:
        for one in wanted:
            if any(leaf.table == name for leaf in leaves(one.formula)):
                for reached in _months(name, day, today):
                    found[reached][one.id].insert(0, ["", "", ""])
    return {name: dict(own) for name, own in found.items()}


def _resting(
    wanted: Sequence[Indicator], names: Mapping[str, str], today: date
) -> Iterable[tuple[str, str, list[str]]]:
    """Indicator, month and place of each fact of these streams that an indicator counts; every table is read once."""
    ever = Period(date.min, today)
    by_leaf: dict[Leaf, list[str]] = defaultdict(list)
    for one in wanted:
        for leaf in leaves(one.formula):
            by_leaf[leaf].append(one.id)
    with engine() as connection:
        for own in together(by_leaf, by_unit=True):
            read = table(connection, own[0].table, ever)
            if read is None:
                continue
            for row in _rows(connection, read, own, list(names)):
                place = [row["unit"], row["region"], names[row["stream"]]]
                for number, leaf in enumerate(own):
                    if row[f"leaf_{number}"]:
                        for key in by_leaf[leaf]:
                            for reached in _months(own[0].table, row["day"], today):
                                yield key, reached, place


def _rows(connection: Any, read: Any, own: Sequence[Leaf], streams: list[str]) -> list[dict[str, Any]]:
    read = of_unit(read.filter(read.stream.isin(streams)), own[0])
    unit = next((name for name in ("unit", "by_unit") if name in read.columns), "")
    read = read.mutate(
        **({"unit": read[unit]} if unit else {"unit": read.stream.substr(0, 0)}),
        **({} if "region" in read.columns else {"region": read.stream.substr(0, 0)}),
    )
    counts = {f"leaf_{number}": read.count(where=meets(read, leaf.where)) for number, leaf in enumerate(own)}
    asked = read.group_by("stream", "unit", "region", "day").aggregate(**counts)
    return list(connection.to_pyarrow(asked).to_pylist())


def _months(name: str, day: date, today: date) -> list[str]:
    """The months whose figures a fact is in; a stock stays until today."""
    if name != STOCKS:
        return [f"{day:%Y-%m}"]
    found, back = [], 0
    while (first := month(today, back=back).first) >= day.replace(day=1):
        found.append(f"{first:%Y-%m}")
        back += 1
    return found
