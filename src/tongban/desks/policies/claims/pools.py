"""Places and money: one row per measure and period is the lock under which they are given away and come back.

Whoever gives a due its place holds the row of its measure, and of every measure that may not be enjoyed together with
it, in the order of their keys: two claimants of one place, or of two measures that exclude each other, go one after
the other. Locks are taken in the order docket, due, pool.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from tongban.desks.policies.claims.contracts import FREE
from tongban.desks.policies.claims.models import Due, Pool
from tongban.desks.policies.contracts import MeasureInfo
from tongban.kernel import api as kernel


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a pool; None: without end."""

    places: int | None
    fen: int | None

    def holds(self, amount_fen: int) -> bool:
        """Whether there is a place and money for one more."""
        return (self.places is None or self.places > 0) and (self.fen is None or self.fen >= amount_fen)

    def why_not(self, amount_fen: int) -> str:
        """In words why there is none; empty when there is."""
        if self.places is not None and self.places <= 0:
            return _("名额已经用完。")
        if self.fen is not None and self.fen < amount_fen:
            return _("本期预算已经用完。")
        return ""


def lock(measure: MeasureInfo, period: str, *, periods: Mapping[str, str]) -> Pool:
    """Lock the measure's pool, and those of the measures that exclude it; quota and budget as the measure now has them.

    Inside `kernel.writing()`.

    :param periods: the period in which each excluded measure would be enjoyed now, by its key
    """
    wanted = sorted({(measure.key, period), *periods.items()})
    table = Pool._meta.db_table
    for key, span in wanted:
        kernel.insert_unless_there(
            table, ("measure", "period", "taken", "taken_fen"), (key, span, 0, 0), key=("measure", "period")
        )
    found = {
        (one.measure, one.period): one
        for key, span in wanted
        for one in Pool.objects.select_for_update().filter(measure=key, period=span)
    }
    pool = found[(measure.key, period)]
    if (pool.quota, pool.budget_fen) != (measure.quota, measure.budget_fen):
        pool.quota, pool.budget_fen = measure.quota, measure.budget_fen
        pool.save(update_fields=["quota", "budget_fen"])
    return pool


def lock_known(measure: str, period: str) -> Pool:
    """Lock the pool of dues that exist already."""
    return Pool.objects.select_for_update().get(measure=measure, period=period)


def left(pool: Pool) -> Left:
    """What is left of a locked pool."""
    return Left(
        None if pool.quota is None else pool.quota - pool.taken,
        None if pool.budget_fen is None else pool.budget_fen - pool.taken_fen,
    )


def take(pool: Pool, *, places: int, fen: int) -> None:
    """Note that so many places and so much money are taken (negative: given back)."""
    Pool.objects.filter(pk=pool.pk).update(taken=F("taken") + places, taken_fen=F("taken_fen") + fen)
    pool.taken, pool.taken_fen = pool.taken + places, pool.taken_fen + fen


def enjoying(parties: Collection[str], periods: Mapping[str, str]) -> dict[str, str]:
    """Of these parties, those who enjoy one of these measures in its period: the measure's key by party."""
    found: dict[str, str] = {}
    for measure, period in sorted(periods.items()):
        rows = Due.objects.filter(measure=measure, period=period).exclude(state__in=FREE)
        wanted = rows.filter(party__in=list(parties)) if len(parties) <= 500 else rows
        for party in wanted.values_list("party", flat=True):
            if party in parties:
                found.setdefault(party, measure)
    return found


def troubles() -> list[str]:
    """Pools that do not agree with their dues: there must never be one."""
    from django.db.models import Count, Sum

    rows = Due.objects.exclude(state__in=FREE).values("measure", "period")
    sums = {
        (one["measure"], one["period"]): (one["n"], one["fen"])
        for one in rows.annotate(n=Count("pk"), fen=Sum("amount_fen"))
    }
    return [
        f"{pool}: {pool.taken} places, {pool.taken_fen} fen noted, {sums.get((pool.measure, pool.period), (0, 0))} taken"
        for pool in Pool.objects.all()
        if (pool.taken, pool.taken_fen) != sums.get((pool.measure, pool.period), (0, 0))
    ]
