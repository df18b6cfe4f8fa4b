"""What callers said of the answers, by the unit that answered: one column of the ticket, read by whoever counts satisfaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count

from tongban.desks.hotline.contracts import Satisfaction
from tongban.desks.hotline.models import Ticket


def rated(units: Collection[str], *, since: datetime, until: datetime) -> dict[str, dict[str, int]]:
    """How many callers said what, from `since` (inclusive) to `until` (exclusive): unit → satisfaction → count.

    Who was not reached or did not rate is not counted. One query, from an index alone.
    """
    rows = (
        Ticket.objects.filter(called_back_at__gte=since, called_back_at__lt=until, replied_by__in=units)
        .exclude(satisfaction__in=("", Satisfaction.NO_ANSWER))
        .values_list("replied_by", "satisfaction").annotate(n=Count("pk")).order_by("replied_by")
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    for unit, said, n in rows:
        found.setdefault(unit, {})[said] = n
    return found
