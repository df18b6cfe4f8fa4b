"""From entries to facts. The same entries give the same rows, whoever asks and however often."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tongban.kernel.api import Written
from tongban.oversight.insight.facts.hiding import hidden
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


class Remembered:
    """What dockets were after the last entry that was folded, so that what follows is read from there.

    It is held against the chain: what does not follow the very entry that was folded last is folded from the beginning.
    """

    def __init__(self, most: int = 50_000) -> None:
        self._most = most
        self._held: OrderedDict[str, tuple[int, str, _Docket]] = OrderedDict()
        self.lost: set[str] = set()
        """Streams of which entries came that do not follow what is remembered."""

    def folded(self, stream: str, *, before: int) -> int:
        """Up to which sequence a stream is folded; 0 where that is not below `before`."""
        sequence = self._held[stream][0] if stream in self._held else 0
        return sequence if sequence < before else 0

    def follows(self, entry: Written) -> _Docket | None:
        """What the docket of an entry was before it."""
        sequence, digest, docket = self._held.pop(entry.stream, (0, "", None))
        if (sequence + 1, digest) == (entry.sequence, entry.previous):
            return docket
        self.lost.add(entry.stream)
        return None

    def keep(self, last: Written, docket: _Docket) -> None:
        """Remember what a docket was after an entry."""
        self._held[last.stream] = (last.sequence, last.digest, docket)
        if len(self._held) > self._most:
            self._held.popitem(last=False)

    def clear(self) -> None:
        """Know nothing any more."""
        self._held.clear()
        self.lost.clear()


def fold(entries: Iterable[Written], *, kept: Kept, remembered: Remembered | None = None) -> Iterator[Fact]:
    """The facts of streams.

    :param entries: every entry of each stream, by stream and sequence; of a register's stream any of them, of a docket
        those that follow what is `remembered` of it
    """
    for stream, own in groupby(entries, key=lambda entry: entry.stream):
        if stream.partition(":")[0] in kept.listing and ":" in stream:
            yield from _of_list(stream, own, kept)
        elif ":" in stream:
            yield from _of_record(stream, own, kept)
        else:
            yield from _of_docket(own, kept, remembered)


def _of_record(stream: str, entries: Iterable[Written], kept: Kept) -> Iterator[Fact]:
    kind = stream.partition(":")[0]
    words = kept.records.get(kind)
    if words is None:
        return
    place, untold, only = hidden(stream), kept.untold.get(kind, ()), kept.only.get(kind)
    for entry in entries:
        if entry.act in untold or (only is not None and entry.act not in only):
            continue
        body = json.loads(entry.body)
        row = {
            **_happened(entry), "stream": place, "kind": kind, "said": list(words_of(body, words, kept.lists).items()),
            "unit": str(body.get("unit") or entry.unit), "region": str(body.get("region", "")),
        }  # fmt: skip
        if "counts_at" in body:  # what takes away stands on the day of what it takes from
            row |= _on(_instant(body["counts_at"]))
        yield Fact("records", stream, entry.sequence, row)


def _of_list(stream: str, entries: Iterable[Written], kept: Kept) -> Iterator[Fact]:
    """Each thing and each call that the entries list; what else a register wrote there is no fact."""
    place = hidden(stream)
    for entry in entries:
        body = json.loads(entry.body)
        for item, one in enumerate(body.get("stock", ())):
            words = kept.stocks.get(str(one.get("kind", "")))
            if words is not None:
                row = _thing(one, words) | {"stream": place, "item": item, "sequence": entry.sequence}
                yield Fact("stocks", stream, entry.sequence, {**row, **_times(entry)})
        for item, one in enumerate(body.get("calls", ())):
            row = _call(one) | {"stream": place, "item": item, "sequence": entry.sequence}
            times = {**_times(entry), **_on(datetime.fromisoformat(one["at"]))}
            yield Fact("calls", stream, entry.sequence, {**row, **times})


def _thing(one: Row, words: tuple[str, ...]) -> Row:
    key = str(one["key"])
    return {
        "kind": one["kind"], "key": hidden(key) if key.startswith(_PEOPLE) else key, "unit": str(one.get("unit", "")),
        "region": str(one.get("region", "")), "gone": bool(one.get("gone")),
        "said": list(words_of(one, words).items()),
    }  # fmt: skip


def _call(one: Row) -> Row:
    return {
        "key": str(one["key"]), "line": str(one.get("line", "")), "outcome": str(one.get("outcome", "")),
        "waited": int(one.get("waited") or 0), "rating": int(one.get("rating") or 0), "by_hand": bool(one.get("by_hand")),
        "gone": bool(one.get("gone")),
    }  # fmt: skip


def _of_docket(entries: Iterable[Written], kept: Kept, remembered: Remembered | None) -> Iterator[Fact]:
    docket: _Docket | None = None
    for entry in entries:
        body = json.loads(entry.body)
        if docket is None and entry.sequence > 1 and remembered is not None:
            docket = remembered.follows(entry)
            if docket is None:
                return
        if docket is None:
            if body.get("from") != "":  # a stream that is no docket's
                return
            docket = _Docket(_opened(entry, body))
        else:
            changed = {k: v for k, v in body.get("set", {}).items() if k in _OPENING and isinstance(v, str)}
            if changed:
                docket.known |= _unnamed({**docket.known, **changed})
        said = words_of(body, kept.dockets.get(docket.known["kind"], ()), kept.lists)
        row = {
            **docket.known, **_happened(entry), "before": body.get("from", ""), "after": body.get("to", ""),
            "outcome": body.get("outcome", ""), "delegated": bool(entry.authority), "said": list(said.items()),
        }  # fmt: skip
        yield Fact("moves", entry.stream, entry.sequence, row)
        yield from _limits(docket, entry, body)
        yield from _excused(entry, body)
    if docket is not None and remembered is not None and not body.get("outcome"):
        remembered.keep(entry, docket)


def _opened(entry: Written, body: Row) -> Row:
    return {**_unnamed(body), "opened_at": _utc(entry.at)}


def _unnamed(said: Row) -> Row:
    """What a docket is, without whom it is about: of a person, a company or an officer only that it is one."""
    known = {name: str(said.get(name, "")) for name in _OPENING}
    if known["subject"].startswith(_PEOPLE):
        known["subject"] = known["subject"].partition(":")[0]
    return known


def _happened(entry: Written) -> Row:
    return {
        "stream": entry.stream, "sequence": entry.sequence, "act": entry.act, "by": entry.actor.partition(":")[0],
        "by_unit": entry.unit, **_times(entry),
    }  # fmt: skip


def _times(entry: Written) -> Row:
    return {**_on(entry.at), "recorded_at": _utc(entry.recorded_at)}


def _on(moment: datetime) -> Row:
    return {"day": moment.astimezone(SHANGHAI).date(), "at": _utc(moment)}


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


def _excused(entry: Written, body: Row) -> Iterator[Fact]:
    """A late mark that an appeal took away counts where and when it was given; it opens to the appeal that says so."""
    told = body.get("note", {}).get("excuses")
    if told is None:
        return
    ended, known = _instant(told["ended"]), _unnamed(told)
    row = {
        **known, "stream": entry.stream, "sequence": entry.sequence, "name": told["clock"], "whose": "unit", "ended": True,
        "outcome": "excused", "started_at": _instant(told["started"]), "due_at": _instant(told["due"]),
        "opened_at": _instant(told["opened"]), "extended": 0, "day": ended.astimezone(SHANGHAI).date(), "at": ended,
        "recorded_at": _utc(entry.recorded_at),
    }  # fmt: skip
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
