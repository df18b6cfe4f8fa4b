"""How the end of a limit is said: what ends at 24:00 ends on the day before."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from tongban.web import formats


def end_of(moment: datetime) -> date | datetime:
    """The last day of what ends at 24:00; else the instant itself."""
    local = timezone.localtime(moment)
    return local.date() - timedelta(days=1) if local.time() == time() else local


def last_day(moment: datetime) -> str:
    """The last day, or the minute, for a table."""
    end = end_of(moment)
    return f"{formats.iso(end)} {end:%H:%M}" if isinstance(end, datetime) else formats.iso(end)
