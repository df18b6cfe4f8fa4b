"""What a month was published with."""

from __future__ import annotations

from datetime import date

from tongban.oversight.insight.contracts import Closed
from tongban.oversight.insight.months.models import Edition


def closed(month: date) -> Closed | None:
    """The newest edition of a month that was published; None while it is open.

    :param month: any day of it
    """
    found = Edition.objects.filter(month=month.replace(day=1)).order_by("-number").first()
    return None if found is None else told(found)


def told(edition: Edition) -> Closed:
    """An edition as it crosses the door."""
    return Closed(
        edition.month, edition.number, edition.at, edition.by, edition.unit, edition.reason, edition.digest
    )


def last_closed() -> date | None:
    """The first day of the newest month that was published; None where none was."""
    return Edition.objects.order_by("-month").values_list("month", flat=True).first()
