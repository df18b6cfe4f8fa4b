"""Who needs no telling of a measure any more: enjoyed, claimed or listed already in its period."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from tongban.actors import api as actors
from tongban.desks.policies.claims import sources
from tongban.desks.policies.claims.contracts import DueState
from tongban.desks.policies.claims.models import Due, Given
from tongban.desks.policies.matching import api as matching


def taken(pairs: Collection[tuple[str, str]], at: datetime) -> set[tuple[str, str]]:
    """Those of the pairs (party, measure) that have a live due, or were given without payment, in the period of that day."""
    parties = sorted({party for party, _measure in pairs})
    periods = sources.periods({measure for _party, measure in pairs}, on=actors.day_of(at))
    dues = Due.objects.filter(party__in=parties).exclude(state=DueState.LEFT)
    given = Given.objects.filter(party__in=parties)
    rows = [row for held in (dues, given) for row in held.values_list("party", "measure", "period")]
    return {(party, key) for party, key, period in rows if periods.get(key) == period} & set(pairs)


matching.register_taken("claims", taken)
