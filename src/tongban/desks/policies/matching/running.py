"""Runs: all measures for everybody, one measure for everybody, all measures for one party.

A run is asked for, waits, and is carried out by the job; nobody who asks waits for it. Runs over everything are reckoned
in a child process that only reads, so that the serving one goes on answering; its findings are written here, in short
transactions (:mod:`~tongban.desks.policies.matching.storing`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Max, Q

from tongban.desks.policies import api as policies
from tongban.desks.policies.contracts import Standing
from tongban.desks.policies.matching import aside, handing, packing, selectors, storing
from tongban.desks.policies.matching.computing import Part, compute
from tongban.desks.policies.matching.contracts import Cause, RunInfo, RunState
from tongban.desks.policies.matching.models import Changed, Renewed, Run
from tongban.desks.policies.matching.reasons import standing_of
from tongban.desks.policies.matching.standing import outcomes_of
from tongban.kernel import api as kernel
from tongban.kernel.rules.columns.single import Outcome
from tongban.registers.portraits.contracts import KINDS

LEASE = timedelta(minutes=20)
"""A run that was begun so long ago and has not ended was killed; it is carried out again."""
MOST_SINGLY: Final = 500
"""More parties changed than this: matching everybody anew costs less than matching each by itself."""
MOST_MEASURES: Final = 20
"""The same of measures that were published."""
_OPEN = (RunState.WAITING, RunState.COMPUTING, RunState.WRITING)

logger = logging.getLogger(__name__)


def ask(
    party_kind: str, *, key: str = "", cause: Cause, at: datetime, actor: kernel.Actor = kernel.SYSTEM
) -> RunInfo:
    """Ask for a run; one that waits already is the same one. The job takes it up within seconds.

    :param key: of one measure; empty: all
    """
    with kernel.writing():
        run = Run.objects.filter(party_kind=party_kind, key=key, state=RunState.WAITING).first()
        if run is None:
            run = Run.objects.create(party_kind=party_kind, key=key, cause=cause, asked_by=actor.id, at=at)
    return selectors.run_info(run)


def run_all(at: datetime, *, cause: Cause = Cause.NIGHT, apart: bool = False) -> tuple[RunInfo, ...]:
    """All measures for all companies, then for all persons, now.

    :param apart: reckon in a child process
    """
    return tuple(_now(kind, "", cause=cause, at=at, apart=apart) for kind in KINDS)


def run_measure(key: str, at: datetime) -> RunInfo:
    """One measure for everybody, now. One that is not in force on the day loses its result.

    :raises UnknownMeasureError: none of that key was ever published
    """
    return _now(policies.measure(key).party, key, cause=Cause.PUBLISHED, at=at, apart=False)


def run_party(party: str, at: datetime) -> list[Outcome]:
    """All measures for one party, now: counts instead of its row in every run up to now. Gives the outcomes."""
    return _alone(party, at=at, times=None)


def _alone(party: str, *, at: datetime, times: int | None) -> list[Outcome]:
    """:param times: how often its portrait had changed when this was begun; if it has not since, it waits no longer"""
    # Read before the portrait: a run asked for meanwhile knows at least as much as we do.
    after = Run.objects.aggregate(last=Max("pk"))["last"] or 0
    kind, found = outcomes_of(party, at=at)
    with kernel.writing():
        Renewed.objects.update_or_create(
            party=party,
            defaults={
                "party_kind": kind,
                "at": at,
                "after": after,
                "packed": packing.pack_standings(_stood(found)),
            },
        )
        if times is not None:
            Changed.objects.filter(party=party, times=times).delete()
    return found  # fmt: skip


def _stood(found: list[Outcome]) -> dict[str, tuple[str, int | None]]:
    """By measure, standing and fen of all but *not*."""
    stood = ((one, standing_of(one.entitled, nearest=one.nearest)) for one in found)
    return {one.measure.key: (said.value, one.fen) for one, said in stood if said is not Standing.NOT}


def _now(kind: str, key: str, *, cause: Cause, at: datetime, apart: bool) -> RunInfo:
    number = ask(kind, key=key, cause=cause, at=at).number
    carry_out(number, at=at, apart=apart)
    return selectors.run_info(Run.objects.get(pk=number))


def work(*, at: datetime) -> int:
    """Carry out what waits, single measures first; gives how many runs. Those that were killed wait again."""
    with kernel.writing():
        killed = Q(state__in=_OPEN[1:], began_at__lte=at - LEASE)
        Run.objects.filter(killed).update(state=RunState.WAITING)
    _gather(at)
    waiting = list(
        Run.objects.filter(state=RunState.WAITING, at__lte=at).order_by("-key", "pk").values_list("pk", "key")
    )
    for number, key in waiting:
        carry_out(number, at=at, apart=not key)
    return len(waiting)


@kernel.writing()
def _gather(at: datetime) -> None:
    """Very many single measures wait, as after loading a city's policies: one run over all takes their place."""
    for kind in KINDS:
        single = Run.objects.filter(party_kind=kind, state=RunState.WAITING, at__lte=at).exclude(key="")
        if single.count() > MOST_MEASURES:
            single.delete()
            ask(kind, cause=Cause.PUBLISHED, at=at)


def carry_out(number: int, *, at: datetime, apart: bool) -> None:
    """Reckon and write one run that waits; nothing where somebody else has taken it up.

    What goes wrong is written on the run, and the results before it stay.
    """
    with kernel.writing():
        taken = Run.objects.filter(pk=number, state=RunState.WAITING).update(
            state=RunState.COMPUTING, began_at=at, trouble=""
        )
    if not taken:
        return
    run = Run.objects.get(pk=number)
    try:
        with _parts(run, apart=apart) as parts:
            storing.store(run, parts, at=at)
    except Exception as error:
        logger.exception("matching: run %s failed", number)
        with kernel.writing():
            Run.objects.filter(pk=number).update(
                state=RunState.FAILED, finished_at=at, trouble=type(error).__name__
            )


@contextmanager
def _parts(run: Run, *, apart: bool) -> Iterator[Iterator[Part]]:
    """What a run finds: reckoned here as it is read, or by a child process first."""
    if not apart:
        yield compute(run.party_kind, at=run.at, key=run.key)
        return
    with aside.file(f"run-{run.pk}") as path:
        aside.run("compute", "--kind", run.party_kind, "--at", run.at.isoformat(), "--into", str(path))
        yield handing.read(path)


def changed(party: str, *, at: datetime) -> None:
    """Note that a party's portrait changed; in the caller's transaction."""
    if not Changed.objects.filter(party=party).update(at=at, times=F("times") + 1):
        Changed.objects.create(party=party, at=at)


def renew(*, at: datetime) -> list[tuple[str, list[Outcome]]]:
    """Match the parties that changed: each by itself, or, where they are very many, everybody anew.

    :returns: who was matched by itself, with the outcomes
    """
    rows = Changed.objects.order_by("at", "party").values_list("party", "times")
    waiting = list(rows[: MOST_SINGLY + 1])
    if len(waiting) <= MOST_SINGLY:
        return [(party, _alone(party, at=at, times=times)) for party, times in waiting]
    for kind in KINDS:
        with kernel.writing():
            gone, _per_table = Changed.objects.filter(party__startswith=f"{kind}:").delete()
            if gone:
                ask(kind, cause=Cause.CHANGES, at=at)
    return []
