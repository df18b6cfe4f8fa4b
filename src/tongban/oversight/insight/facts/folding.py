"""From entries to facts. Pure: the same entries give the same rows, whoever asks and however often."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tongban.kernel.api import Written
from tongban.oversight.insight.facts.keeping import Kept, words_of

Row = dict[str, Any]
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Fact(NamedTuple):
    """A row, the table it belongs to, and the entry of the ledger that says it."""

    table: str
    stream: str
    sequence: int
    row: Row


_OPENING = ("kind", "unit", "region", "channel", "subject", "party", "parent")
_PEOPLE = ("person:", "organisation:", "officer:")


@dataclass(slots=True)
class _Limit:
    unit: str
    whose: str
    started_at: datetime
    due_at: datetime
    extended: int = 0


@dataclass(slots=True)
class _Docket:
    """What is known of a docket after each of its entries."""

    known: Row
    limits: dict[str, _Limit] = field(default_factory=dict)


def fold(entries: Iterable[Written], *, kept: Kept) -> Iterator[Fact]:
    """The facts of whole streams.

    :param entries: every entry of each stream, by stream and sequence
    """
    for stream, own in groupby(entries, key=lambda entry: entry.stream):
        if ":" in stream:
            yield from _of_record(stream, own, kept)
        else:
            yield from _of_docket(own, kept)


def _of_record(stream: str, entries: Iterable[Written], kept: Kept) -> Iterator[Fact]:
    kind = stream.partition(":")[0]
    words = kept.records.get(kind)
    if words is None:
        return
    place = f"{kind}-{hashlib.sha256(stream.encode()).hexdigest()[:24]}"
    for entry in entries:
        said = words_of(json.loads(entry.body), words)
        row = {**_happened(entry), "stream": place, "kind": kind, "said": list(said.items())}
        yield Fact("records", stream, entry.sequence, row)


def _of_docket(entries: Iterable[Written], kept: Kept) -> Iterator[Fact]:
    docket: _Docket | None = None
    for entry in entries:
        body = json.loads(entry.body)
        if docket is None:
            if body.get("from") != "":  # a stream that is no docket's
                return
            docket = _Docket(_opened(entry, body))
        else:
            docket.known |= {
                k: v for k, v in body.get("set", {}).items() if k in _OPENING and isinstance(v, str)
            }
        said = words_of(body, kept.dockets.get(docket.known["kind"], ()))
        row = {
            **docket.known, **_happened(entry), "before": body.get("from", ""), "after": body.get("to", ""),
            "outcome": body.get("outcome", ""), "delegated": bool(entry.authority), "said": list(said.items()),
        }  # fmt: skip
        yield Fact("moves", entry.stream, entry.sequence, row)
        yield from _limits(docket, entry, body)


def _opened(entry: Written, body: Row) -> Row:
    known = {name: str(body.get(name, "")) for name in _OPENING}
    if known["subject"].startswith(_PEOPLE):  # a docket about a person: facts name nobody
        known["subject"] = known["subject"].partition(":")[0]
    return {**known, "opened_at": _utc(entry.at)}


def _happened(entry: Written) -> Row:
    return {
        "stream": entry.stream, "sequence": entry.sequence, "act": entry.act, "by": entry.actor.partition(":")[0],
        "by_unit": entry.unit, **_times(entry),
    }  # fmt: skip


def _times(entry: Written) -> Row:
    day = entry.at.astimezone(SHANGHAI).date()
    return {"day": day, "at": _utc(entry.at), "recorded_at": _utc(entry.recorded_at)}


def _limits(docket: _Docket, entry: Written, body: Row) -> Iterator[Fact]:
    """Limits in the order of the entry: what ends is told with the limit that began, not with one that begins now."""
    if "from_unit" in body:  # handed over as a whole: the running limits go along
        for running in docket.limits.values():
            if running.unit == body["from_unit"]:
                running.unit = docket.known["unit"]
    for one in body.get("clocks", ()):
        name, act = str(one["clock"]), str(one.get("act", "recompute"))
        limit = docket.limits.get(name)
        if act == "start":
            limit = docket.limits[name] = _begun(docket, entry, one)
        elif limit is None:
            continue
        elif act in {"stop", "drop"}:
            del docket.limits[name]
        elif "due" in one:
            limit.due_at = _instant(one["due"])
            limit.extended += act == "extend"
        if act in {"start", "stop", "drop"}:
            row = _limit_row(docket, entry, name, limit, outcome=str(one.get("outcome", "")), act=act)
            yield Fact("clocks", entry.stream, entry.sequence, row)


def _begun(docket: _Docket, entry: Written, said: Row) -> _Limit:
    return _Limit(
        docket.known["unit"], str(said.get("whose", "unit")), _utc(entry.at), _instant(str(said["due"]))
    )


def _limit_row(docket: _Docket, entry: Written, name: str, limit: _Limit, *, outcome: str, act: str) -> Row:
    return {
        **docket.known, "unit": limit.unit, "stream": entry.stream, "sequence": entry.sequence, "name": name, "whose": limit.whose,
        "ended": act != "start", "outcome": outcome or ("dropped" if act == "drop" else ""),
        "started_at": limit.started_at, "due_at": limit.due_at, "extended": limit.extended,
        **_times(entry),
    }  # fmt: skip


def _instant(text: str) -> datetime:
    return _utc(datetime.fromisoformat(text))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
