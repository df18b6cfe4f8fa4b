"""Who needs no telling of a measure any more: enjoyed, claimed or listed already."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from tongban.desks.policies.claims.contracts import DueState
from tongban.desks.policies.claims.models import Due, Given
from tongban.desks.policies.matching import api as matching


def taken(pairs: Collection[tuple[str, str]], at: datetime) -> set[tuple[str, str]]:
    """Those of the pairs (party, measure) that have a live due, or were given without payment."""
    del at
    parties = {party for party, _measure in pairs}
    rows = Due.objects.filter(party__in=sorted(parties)).exclude(state=DueState.LEFT)
    given = Given.objects.filter(party__in=sorted(parties)).values_list("party", "measure")
    return (set(rows.values_list("party", "measure")) | set(given)) & set(pairs)


matching.register_taken("claims", taken)
