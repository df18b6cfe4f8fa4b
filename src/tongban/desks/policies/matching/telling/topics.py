"""Numbers of measures in their periods."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tongban.desks.policies.contracts import MeasureInfo
from tongban.desks.policies.matching.models import Topic
from tongban.desks.policies.matching.telling.rules import period_of
from tongban.kernel import api as kernel


def topics_of(measures: Iterable[MeasureInfo], *, day: date) -> dict[str, int]:
    """The number of each measure in the period in which a day lies; one that has none yet is left out."""
    periods = {one.key: period_of(one.period, day) for one in measures}
    rows = Topic.objects.filter(period__in=set(periods.values())).values_list("key", "period", "pk")
    return {key: number for key, period, number in rows if periods.get(key) == period}


def number(measures: Iterable[MeasureInfo], *, day: date) -> dict[str, int]:
    """The same, where those without a number get one. Writes."""
    measures = list(measures)
    known = topics_of(measures, day=day)
    new = [one for one in measures if one.key not in known]
    if not new:
        return known
    with kernel.writing():
        Topic.objects.bulk_create(
            (Topic(key=one.key, period=period_of(one.period, day)) for one in new), ignore_conflicts=True
        )
    return topics_of(measures, day=day)
