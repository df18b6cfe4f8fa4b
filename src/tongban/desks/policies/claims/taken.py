"""Who needs no telling of a measure any more: enjoyed, claimed or listed already."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from tongban.desks.policies.claims.contracts import DueState
from tongban.desks.policies.claims.models import Due
from tongban.desks.policies.matching import api as matching


def taken(pairs: Collection[tuple[str, str]], at: datetime) -> set[tuple[str, str]]:
    """Those of the pairs (party, measure) that have a live due."""
    del at
    parties = {party for party, _measure in pairs}
    rows = Due.objects.filter(party__in=sorted(parties)).exclude(state=DueState.LEFT)
    return set(rows.values_list("party", "measure")) & set(pairs)


matching.register_taken("claims", taken)
