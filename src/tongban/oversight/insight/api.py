"""The door of insight: indicators in force, their figures, and what a month was published with."""

from __future__ import annotations

from tongban.oversight.insight.access import scope_of
from tongban.oversight.insight.contracts import (
    Closed,
    Figure,
    Good,
    InsightError,
    Measured,
    Period,
    Scope,
    Series,
    Theme,
)
from tongban.oversight.insight.definitions.selectors import indicators
from tongban.oversight.insight.engine import warm
from tongban.oversight.insight.months.selectors import Mark, closed, marked, published
from tongban.oversight.insight.months.selectors import numbers as editions
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.selectors import Behind, behind, figures, month
from tongban.oversight.insight.words import name, shown

__all__ = [
    "Behind",
    "Closed",
    "Figure",
    "Good",
    "Indicator",
    "InsightError",
    "Mark",
    "Measured",
    "Period",
    "Scope",
    "Series",
    "Theme",
    "behind",
    "closed",
    "editions",
    "figures",
    "indicators",
    "marked",
    "month",
    "name",
    "published",
    "scope_of",
    "shown",
    "warm",
]
