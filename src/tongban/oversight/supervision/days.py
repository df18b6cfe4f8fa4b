"""How the end of a limit is written in a table."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from tongban.web import formats


def last_day(moment: datetime) -> str:
    """The last day, or the minute, before an instant: what ends at 24:00 ends on the day before."""
    local = timezone.localtime(moment)
    if local.time() == time():
        return formats.iso(local.date() - timedelta(days=1))
    return f"{formats.iso(local.date())} {local:%H:%M}"
