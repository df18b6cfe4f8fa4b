"""Facts from the outbox as they happen, and the same facts from the ledger at any time."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path

from tongban.kernel import api as kernel
from tongban.oversight.insight.facts import packing, storing
from tongban.oversight.insight.facts.alone import alone
from tongban.oversight.insight.facts.contracts import TABLES, Verdict
from tongban.oversight.insight.facts.folding import Fact, Remembered, fold
from tongban.oversight.insight.facts.keeping import kept
from tongban.oversight.insight.facts.models import Sighting

BATCH = 20_000
HELD = 200_000
Place = tuple[str, int]
_remembered = Remembered()


def collect(*, root: Path | None = None) -> int:
    """Turn what the outbox told of into facts; gives how many entries. Killed at any point, it is done again.

    A row says what its docket was at that moment: a docket's stream is read from the beginning, or from where this
    process folded it to. Only rows of entries told of are written. The notes of what waits go last.
    """
    root = root or storing.folder()
    done = 0
    with alone(root):
        if not storing.is_current(root):
            _rebuild(root)
        while batch := list(Sighting.objects.order_by("pk").values_list("pk", "stream", "sequence")[:BATCH]):
            facts = _facts_of({(stream, sequence) for _key, stream, sequence in batch})
            for (table, day), rows in storing.by_day(facts).items():
                storing.add(root, table, day, rows)
            with kernel.writing():
                Sighting.objects.filter(pk__among=[key for key, _stream, _sequence in batch]).delete()
            done += len(batch)
    return done


def _facts_of(wanted: Collection[Place]) -> list[Fact]:
    """What these entries say."""
    try:
        found = [
            fact for fact in fold(_left(wanted), kept=kept(), remembered=_remembered) if fact[1:3] in wanted
        ]
        if _remembered.lost:
            again = fold(kernel.written(sorted(_remembered.lost)), kept=kept())
            found += [fact for fact in again if fact[1:3] in wanted]
            _remembered.lost.clear()
    except BaseException:
        _remembered.clear()  # a docket may stand half-way
        raise
    return found


def _left(wanted: Collection[Place]) -> Iterator[kernel.Written]:
    """What is to be read: of a register's stream what it said now, of a docket what was not folded yet."""
    first: dict[str, int] = {}
    for stream, sequence in wanted:
        first[stream] = min(sequence, first.get(stream, sequence))
    read: dict[int, list[str]] = defaultdict(list)
    for stream, sequence in first.items():
        after = sequence - 1 if ":" in stream else _remembered.folded(stream, before=sequence)
        read[after].append(stream)
    for after, streams in read.items():
        yield from kernel.written(sorted(streams), after=after)


def rebuild(*, root: Path | None = None) -> int:
    """All facts anew from the ledger, put in the place of the old ones at the end; gives how many rows."""
    root = root or storing.folder()
    with alone(root):
        return _rebuild(root)


def _rebuild(root: Path) -> int:
    beside = Path(tempfile.mkdtemp(prefix=".facts-", dir=root.parent))
    try:
        rows = _write_all(beside)
        packing.pack(beside)
        storing.mark_current(beside)
        old = root.with_name(root.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        if root.exists():
            root.rename(old)
        beside.rename(root)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return rows


def _write_all(root: Path) -> int:
    count = 0
    for facts in _batched(fold(kernel.whole_ledger(), kept=kept()), HELD):
        for (table, day), rows in storing.by_day(facts).items():
            storing.add(root, table, day, rows)
        count += len(facts)
    return count


def _batched(facts: Iterable[Fact], size: int) -> Iterator[list[Fact]]:
    """Lists of at most `size`."""
    rest = iter(facts)
    while part := list(islice(rest, size)):
        yield part


def verify(*, root: Path | None = None) -> Verdict:
    """Compare the facts with the ledger, day by day: an entry altered by hand or a file touched is found."""
    root = root or storing.folder()
    with tempfile.TemporaryDirectory(prefix="facts-") as name:
        beside = Path(name)
        ledger_rows = _write_all(beside)
        apart, rows = [], 0
        for table in TABLES:
            for day in sorted({*storing.days_of(root, table), *storing.days_of(beside, table)}):
                ours, theirs = storing.read(root, table, day), storing.read(beside, table, day)
                rows += ours.num_rows
                if not ours.equals(theirs):
                    apart.append((table, day))
    return Verdict(rows, ledger_rows, (*apart, *packing.altered(root)))
