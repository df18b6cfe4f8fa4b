"""The door of foresight: what is out of its band, what is expected, both as data and as sentences."""

from __future__ import annotations

from datetime import date

from tongban.oversight.insight import shelf
from tongban.oversight.insight.contracts import Scope
from tongban.oversight.insight.foresight import contracts, cube, looking
from tongban.oversight.insight.foresight.contracts import (
    Anomaly,
    BackTest,
    By,
    Contributor,
    Expected,
    Outlook,
    Rate,
)
from tongban.oversight.insight.foresight.services import answer, hand, may_hand
from tongban.oversight.insight.foresight.words import explained, sentence, verdict

__all__ = [
    "Anomaly",
    "BackTest",
    "By",
    "Contributor",
    "Expected",
    "Outlook",
    "Rate",
    "anomalies",
    "answer",
    "explained",
    "hand",
    "may_hand",
    "outlook",
    "sentence",
    "verdict",
]


def anomalies(*, month: date, today: date, scope: Scope | None = None) -> list[Anomaly]:
    """What was out of its usual band in a month that is over, the farthest out first, as far as somebody may count.

    :param month: any day of it; the last whole month before `today`, or an earlier one
    """
    return looking.anomalies(cube.read(today=today).within(scope or Scope()), month=month.replace(day=1))


def outlook(*, today: date) -> Outlook:
    """What is expected of the month of `today`, from the months before it, for the whole city; worked out and tested on the past
    once for each making of the tables.
    """
    found = cube.read(today=today)
    told = ("outlook", shelf.layout(contracts), str(cube.folder()), found.month, found.version)
    return shelf.kept(told, lambda: looking.outlook(found))
