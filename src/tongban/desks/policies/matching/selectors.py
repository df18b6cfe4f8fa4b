"""Reading what runs left: who is entitled, how many, what is missing most, how the runs went."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.contracts import Standing
from tongban.desks.policies.matching import packing
from tongban.desks.policies.matching.contracts import (
    Cause,
    Counts,
    Entitled,
    Lacking,
    MatchingError,
    RunInfo,
    RunState,
)
from tongban.desks.policies.matching.models import Renewed, Result, Roll, Run

LATEST = 20


def run_info(run: Run) -> RunInfo:
    """A run as it crosses the door."""
    return RunInfo(
        number=run.pk, party_kind=run.party_kind, key=run.key, cause=Cause(run.cause), asked_by=run.asked_by,
        state=RunState(run.state), at=run.at, began_at=run.began_at, finished_at=run.finished_at, done=run.done,
        measures=run.measures, parties=run.parties, entitled=run.entitled, unknown=run.unknown, nearest=run.nearest,
        fen=int(run.fen), lacking=_lacking(run.lacking), trouble=run.trouble,
    )  # fmt: skip


def _lacking(kept: Iterable[list[object]]) -> tuple[Lacking, ...]:
    return tuple(Lacking(*one) for one in kept)  # type: ignore[arg-type]  # key and counts, as `storing` wrote them


def run(number: int) -> RunInfo:
    """One run. :raises MatchingError: none of that number"""
    found = Run.objects.filter(pk=number).first()
    if found is None:
        raise MatchingError(_("没有这次运行。"), code="unknown")
    return run_info(found)


def latest_runs(*, limit: int = LATEST) -> list[RunInfo]:
    """The last runs, newest first."""
    return [run_info(one) for one in Run.objects.order_by("-pk")[:limit]]


def last_complete(party_kind: str) -> RunInfo | None:
    """The last run over all measures of a kind that everybody reads; None before the first."""
    rows = Run.objects.filter(party_kind=party_kind, key="", state=RunState.COMPLETE)
    found = rows.order_by("-pk").first()
    return run_info(found) if found else None


def counts(keys: Collection[str] | None = None, *, party_kind: str = "") -> list[Counts]:
    """Measures over everybody as their last runs left them, by key; one query, no set is read.

    :param keys: only these; None: all that have a result
    """
    rows = Result.objects.filter(current=True).select_related("run").order_by("key")
    if keys is not None:
        rows = rows.filter(key__in=list(keys))
    if party_kind:
        rows = rows.filter(party_kind=party_kind)
    return [
        Counts(
            key=row.key, version=row.version, party_kind=row.party_kind, run=row.run_id, at=row.run.at,
            parties=row.run.parties, entitled=row.entitled, unknown=row.unknown, nearest=row.nearest, unpaid=row.unpaid,
            fen=int(row.fen), lacking=_lacking(row.lacking),
        )
        for row in rows
    ]  # fmt: skip


@lru_cache(maxsize=4)
def roll(stamp: str) -> tuple[str, ...]:
    """The parties of a roll, by row. A roll never changes; its stamp says what is in it."""
    return packing.unpack_roll(bytes(Roll.objects.values_list("packed", flat=True).get(stamp=stamp)))


def entitled(key: str, *, at: datetime | None = None) -> Entitled:
    """Who is entitled to a measure: its last run, and whoever was matched by itself since.

    :param at: leave out who has ended by then; None: as the run left it
    :raises MatchingError: the measure has no result: it is not in force, or was never matched
    """
    row = (
        Result.objects.filter(current=True, key=key)
        .select_related("run__roll", "sets")
        .defer("run__roll__packed")
        .first()
    )
    if row is None or row.run.roll is None:
        raise MatchingError(
            _("这项措施还没有匹配过，或者不在执行期内。"),
            possible=_("公布以后几秒内会自动匹配。"),
            code="unknown",
        )
    parties = roll(row.run.roll.stamp)
    whole = packing.unpack_rows(bytes(row.sets.entitled), len(parties))
    unpaid = packing.unpack_rows(bytes(row.sets.unpaid), len(parties))
    fen: dict[str, int | None] = {parties[one]: None for one in whole.indices().tolist()}
    if row.sets.fen:
        paid = (whole - unpaid).indices()
        amounts = packing.unpack_fen(bytes(row.sets.fen), paid.size)
        fen |= {parties[one]: amount for one, amount in zip(paid.tolist(), amounts.tolist(), strict=True)}
    since = renewed_since(row.party_kind, row.run_id)
    unknown_rows = packing.unpack_rows(bytes(row.sets.unknown), len(parties))
    unknown = {parties[one] for one in unknown_rows.indices().tolist()} if since else set()
    count = _put_over(key, fen, unknown, since) if since else len(unknown_rows)
    if at is not None:
        gone = actors.ended(row.party_kind, on=actors.day_of(at))
        fen = {party: amount for party, amount in fen.items() if party not in gone}
    stamp = f"{row.run.census_stamp}/{row.run.measures_stamp}"
    return Entitled(key, row.version, row.run_id, row.run.at, stamp, fen, count)


def _put_over(
    key: str,
    fen: dict[str, int | None],
    unknown: set[str],
    since: dict[str, dict[str, tuple[Standing, int | None]]],
) -> int:
    """Lay what was found for single parties over a run; gives how many are unknown then."""
    for party, standings in since.items():
        fen.pop(party, None)
        unknown.discard(party)
        stood, amount = standings.get(key, (Standing.NOT, None))
        if stood is Standing.ENTITLED:
            fen[party] = amount
        elif stood is Standing.UNKNOWN:
            unknown.add(party)
    return len(unknown)


def renewed_since(party_kind: str, number: int) -> dict[str, dict[str, tuple[Standing, int | None]]]:
    """Who was matched alone since a run was asked for: by party and measure, standing and amount of all but *not*."""
    rows = Renewed.objects.filter(party_kind=party_kind, after__gte=number).order_by("party")
    return {
        party: {
            key: (Standing(stood), fen)
            for key, (stood, fen) in packing.unpack_standings(bytes(packed)).items()
        }
        for party, packed in rows.values_list("party", "packed")
    }
