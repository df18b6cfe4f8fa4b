"""Everybody of one kind in columns: held in memory and on disk, brought up to date row by row.

Every change of a portrait draws a mark by lot. What is held remembers the mark of every row: rows that bear another one
are read anew, everything else stays. So a city is read once, a changed portrait costs its own row, and a database that was
put back to an earlier state is noticed.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tongban.actors import api as actors
from tongban.kernel.rules.columns.column import Column
from tongban.kernel.rules.columns.population import Population
from tongban.registers.portraits import columns, filing, packs, shelf
from tongban.registers.portraits.contracts import Census
from tongban.registers.portraits.models import Portrait

BATCH = 5000
"""Rows read at once: their facts as Python objects are the peak of memory."""
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stock:
    """Columns of every portrait of a kind, rows by number of the portrait; parties that have ended are in it.

    :param pack: digest of the elements it was made by
    :param last: turn and mark of the portrait that changed last when it was made
    :param parties: numbers of the parties (``organisation:3`` is 3)
    """

    pack: str
    last: tuple[int, int]
    ids: Numbers
    marks: Numbers
    parties: Numbers
    columns: Mapping[str, Column]

    @cached_property
    def digest(self) -> str:
        """Says what is in it: a portrait and its mark stand for all its facts."""
        said = hashlib.sha256(self.pack.encode())
        for numbers in (self.ids, self.marks):
            said.update(numbers.tobytes())
        return said.hexdigest()


_stocks: dict[str, Stock] = {}
_censuses: dict[str, Census] = {}
_one_at_a_time = threading.Lock()


def census(party_kind: str, *, at: datetime) -> Census:
    """Everybody of a kind of whom something is known and who has not ended by `at`, in columns.

    A row holds what :func:`selectors.record` gives for its party. The same stamp is the same rows in the same order.

    :raises PackError: the pack is faulty
    """
    with _one_at_a_time:
        stock = _current(party_kind)
        ended = sorted(actors.ended(party_kind, on=actors.day_of(at)))
        stamp = hashlib.sha256(f"{stock.digest} {' '.join(ended)}".encode()).hexdigest()[:32]
        held = _censuses.get(party_kind)
        if held is None or held.stamp != stamp:
            held = _censuses[party_kind] = _without(ended, party_kind, stock, stamp, at)
    return Census(party_kind, held.parties, held.population, stamp, at)


def forget() -> None:
    """Hold nothing in memory: the next census begins with what lies on disk, as another process would."""
    with _one_at_a_time:
        _stocks.clear()
        _censuses.clear()


def _without(ended: list[str], kind: str, stock: Stock, stamp: str, at: datetime) -> Census:
    gone = np.array([int(one.partition(":")[2]) for one in ended], dtype=np.int64)
    there = np.flatnonzero(~np.isin(stock.parties, gone))
    numbers, parts = stock.parties[there], stock.columns
    if there.size < stock.parties.size:
        parts = {key: columns.picked(column, there) for key, column in parts.items()}
    parties = tuple(f"{kind}:{number}" for number in numbers.tolist())
    return Census(kind, parties, Population(len(parties), parts), stamp, at)


def _current(kind: str) -> Stock:
    pack = pack_digest(kind)
    stock = _stocks.get(kind)
    if stock is None or stock.pack != pack:
        stock = shelf.taken(kind, pack) or _nobody(pack)
    last = Portrait.objects.filter(kind=kind).order_by("-turn", "-mark").values_list("turn", "mark").first()
    if last is not None and last != stock.last:
        stock = _brought_up(kind, stock, last)
        shelf.put(kind, stock)
    elif last is None:
        stock = _nobody(pack)
    _stocks[kind] = stock
    return stock


def pack_digest(kind: str) -> str:
    """Says by which elements columns are made: their types, and what may be used without asking."""
    said = [(key, one.type.value, one.consent) for key, one in packs.elements(kind).items()]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _nobody(pack: str) -> Stock:
    none = np.empty(0, dtype=np.int64)
    return Stock(pack, (0, 0), none, none, none, {})


def _brought_up(kind: str, stock: Stock, last: tuple[int, int]) -> Stock:
    """The stock with every row read anew that bears another mark; who is gone leaves, who is new comes."""
    rows = Portrait.objects.filter(kind=kind, gone=False).order_by("pk").values_list("pk", "mark")
    now = np.array(list(rows), dtype=np.int64).reshape(-1, 2)
    held = dict(zip(stock.ids.tolist(), stock.marks.tolist(), strict=True))
    other = [pk for pk, mark in now.tolist() if held.get(pk) != mark]
    stays = np.flatnonzero(
        np.isin(stock.ids, now[:, 0]) & ~np.isin(stock.ids, np.array(other, dtype=np.int64))
    )
    kept = {key: columns.picked(column, stays) for key, column in stock.columns.items()}
    parts: list[tuple[int, Mapping[str, Column]]] = [(stays.size, kept)]
    fresh = [(stock.ids[stays], stock.marks[stays], stock.parties[stays])]
    elements = packs.rule_elements(kind)
    for batch in _batches(kind, other):
        rows_read = [(filing.facts_of(row), row.agreed) for row in batch]
        parts.append((len(batch), columns.made(rows_read, packs.elements(kind))))
        said = [(row.pk, row.mark, int(row.party.partition(":")[2])) for row in batch]
        read = np.array(said, dtype=np.int64).reshape(-1, 3)
        fresh.append((read[:, 0], read[:, 1], read[:, 2]))
    ids, marks, parties = (np.concatenate(part) for part in zip(*fresh, strict=True))
    order = np.argsort(ids, kind="stable")
    whole = {
        key: columns.picked(column, order) for key, column in columns.joined_all(parts, elements).items()
    }
    return Stock(stock.pack, last, ids[order], marks[order], parties[order], columns.without_empty(whole))


def _batches(kind: str, keys: list[int]) -> Iterator[list[Portrait]]:
    """The portraits of these numbers, in order, so many at a time; one that has gone meanwhile is left out."""
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        # Between the first and the last of them: a list of thousands of numbers is slow to read for a database.
        rows = Portrait.objects.filter(kind=kind, gone=False, pk__gte=some[0], pk__lte=some[-1])
        wanted = set(some)
        yield [row for row in rows.order_by("pk").iterator(chunk_size=BATCH) if row.pk in wanted]
