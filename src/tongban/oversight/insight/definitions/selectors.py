"""Which definition of an indicator holds on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tongban.oversight.insight import packs
from tongban.oversight.insight.packs import Indicator


def indicators(*, on: date) -> Mapping[str, Indicator]:  # noqa: ARG001 - packs hold on every day
    """Indicators in force on a day by id, in the order they are shown in."""
    return packs.indicators()
