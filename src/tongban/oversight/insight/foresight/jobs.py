"""Scheduled work of foresight."""

from __future__ import annotations

from datetime import datetime

from tongban.actors import api as actors
from tongban.kernel.jobs.declaration import daily, job
from tongban.oversight.insight.foresight import cube


@job("foresight.make", every=daily(4, 10))
def make(at: datetime) -> None:
    """The tables of months anew, so that late facts are in them."""
    cube.make(today=actors.day_of(at))
