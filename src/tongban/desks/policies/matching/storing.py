"""Writing what a run found. Until its last record is written nobody reads any of it; then one short transaction puts it
in the place of what was there. So a run that is killed has changed nothing, and one that finds the same stamps again
writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import islice

from django.db.models import Exists, OuterRef

from tongban.desks.policies.matching import events
from tongban.desks.policies.matching.computing import Found, Head, Part, Tail
from tongban.desks.policies.matching.contracts import RunState
from tongban.desks.policies.matching.models import Renewed, Result, Roll, Run, Sets
from tongban.kernel import api as kernel

BATCH = 50
"""Measures written in one transaction: a few megabytes, a few tens of milliseconds."""
MOST_TOLD = 20
"""Elements kept of those that leave pairs open."""
_OPEN = (RunState.WAITING, RunState.COMPUTING, RunState.WRITING)


def store(run: Run, parts: Iterable[Part], *, at: datetime) -> RunState:
    """Write a run's findings and put them in the place of older ones.

    :returns: how it ended: `COMPLETE`; `SAME` where the last run over everything saw the same day, census and measures
    :raises ValueError: the findings have no head or no tail: nothing is replaced
    """
    remaining = iter(parts)
    head = next(remaining, None)
    if not isinstance(head, Head):
        raise ValueError("findings without their head")  # noqa: TRY004 - what came is wrong, not its type
    if not run.key and _same(run, head):
        return _ended(run, RunState.SAME, at)
    _begin(run, head)
    tail = _write(run, remaining)
    if tail is None:
        raise ValueError("findings without their tail")
    state = _replace(run, tail, at)
    clear()
    return state


def _same(run: Run, head: Head) -> bool:
    """Whether the last complete run over everything already said this, and its results are the current ones."""
    last = (
        Run.objects.filter(party_kind=run.party_kind, key="", state=RunState.COMPLETE).order_by("-pk").first()
    )
    return last is not None and (last.day, last.census_stamp, last.measures_stamp) == (
        head.day,
        head.census_stamp,
        head.measures_stamp,
    )


@kernel.writing()
def _begin(run: Run, head: Head) -> None:
    """The roll, and an empty run: what an earlier attempt at it had written goes."""
    roll, _new = Roll.objects.get_or_create(
        stamp=sha256(f"{run.party_kind} {head.census_stamp}".encode()).hexdigest(),
        defaults={"party_kind": run.party_kind, "size": head.parties, "packed": head.roll},
    )
    Result.objects.filter(run=run).delete()
    run.roll, run.state, run.day = roll, RunState.WRITING, head.day
    run.census_stamp, run.measures_stamp = head.census_stamp, head.measures_stamp
    run.parties, run.measures, run.done = head.parties, head.measures, 0
    run.entitled = run.unknown = run.nearest = 0
    run.fen = 0
    run.save()


def _write(run: Run, parts: Iterator[Part]) -> Tail | None:
    """Write the findings in batches; gives the tail, None where there is none."""
    while batch := list(islice(parts, BATCH)):
        found = [one for one in batch if isinstance(one, Found)]
        with kernel.writing():
            rows = Result.objects.bulk_create(_result(run, one) for one in found)
            Sets.objects.bulk_create(
                Sets(
                    result=row, entitled=one.entitled_set, unknown=one.unknown_set, nearest=one.nearest_set,
                    unpaid=one.unpaid_set, fen=one.amounts,
                )
                for row, one in zip(rows, found, strict=True)
            )  # fmt: skip
            run.done += len(found)
            run.entitled += sum(one.entitled for one in found)
            run.unknown += sum(one.unknown for one in found)
            run.nearest += sum(one.nearest for one in found)
            run.fen += sum(one.fen for one in found)
            run.save(update_fields=["done", "entitled", "unknown", "nearest", "fen"])
        if isinstance(batch[-1], Tail):
            return batch[-1]
    return None


def _result(run: Run, found: Found) -> Result:
    lacking = sorted(found.lacking.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOLD]
    return Result(
        run=run, key=found.key, version=found.version, party_kind=run.party_kind, entitled=found.entitled,
        unknown=found.unknown, nearest=found.nearest, unpaid=found.unpaid, fen=found.fen, lacking=lacking,
        fingerprint=found.fingerprint,
    )  # fmt: skip


@kernel.writing()
def _replace(run: Run, tail: Tail, at: datetime) -> RunState:
    """The one step that everybody sees. A measure whose current result is of a run asked for later keeps it."""
    rows = Result.objects.filter(party_kind=run.party_kind, current=True)
    if run.key:
        rows = rows.filter(key=run.key)
    told = rows.values_list("key", "version", "fingerprint", "run")
    before = {key: (version, mark) for key, version, mark, number in told if number < run.pk}
    newer = {key for key, _version, _mark, number in told if number > run.pk}
    mine = Result.objects.filter(run=run).exclude(key__in=newer)
    found = {
        key: (version, mark)
        for key, version, mark in mine.order_by("key").values_list("key", "version", "fingerprint")
    }
    rows.exclude(key__in=newer).update(current=False)
    mine.update(current=True)
    if not run.key:
        # Who was matched alone before this run was asked for is in it, as known then or better.
        Renewed.objects.filter(party_kind=run.party_kind, after__lt=run.pk).delete()
    run.lacking = [list(one) for one in tail.lacking[:MOST_TOLD]]
    overtaken = bool(newer) and not found
    state = _ended(run, RunState.OVERTAKEN if overtaken else RunState.COMPLETE, at)
    changed = [(key, version) for key, (version, mark) in found.items() if before.get(key) != (version, mark)]
    _announce(run, changed, sorted(before.keys() - found.keys()))
    return state


def _announce(run: Run, changed: list[tuple[str, int]], gone: list[str]) -> None:
    """One entry in the ledger for the run, one event for each measure that came out otherwise than before."""
    entry = {
        "run": run.pk, "key": run.key, "day": run.day, "parties": run.parties, "measures": run.measures,
        "entitled": run.entitled, "unknown": run.unknown, "fen": int(run.fen), "changed": len(changed), "gone": gone,
        "census": run.census_stamp, "stamp": run.measures_stamp,
    }  # fmt: skip
    place = kernel.record(
        stream=f"matching:{run.party_kind}", act="matched", actor=kernel.SYSTEM, at=run.at, data=entry
    )
    for key, version in changed:
        body = {"key": key, "version": version, "run": run.pk, "party_kind": run.party_kind}
        kernel.announce(topic=events.MEASURE_MATCHED, place=place, at=run.at, body=body)


@kernel.writing()
def _ended(run: Run, state: RunState, at: datetime) -> RunState:
    run.state, run.finished_at, run.trouble = state, at, ""
    run.save()
    return state


def clear() -> int:
    """Throw away results that nobody reads any more, a batch at a time; gives how many."""
    gone = 0
    while True:
        old = Result.objects.filter(current=False).exclude(run__state__in=_OPEN).order_by("pk")
        keys = list(old.values_list("pk", flat=True)[: 4 * BATCH])
        if not keys:
            break
        with kernel.writing():
            Result.objects.filter(pk__in=keys).delete()
        gone += len(keys)
    with kernel.writing():
        used = Result.objects.filter(run=OuterRef("pk"))
        Run.objects.exclude(state__in=_OPEN).filter(roll__isnull=False).exclude(Exists(used)).update(
            roll=None
        )
        Roll.objects.exclude(Exists(Run.objects.filter(roll=OuterRef("pk")))).delete()
    return gone
