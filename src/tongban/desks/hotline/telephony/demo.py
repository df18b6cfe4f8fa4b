"""Two months of calls for the demo city, as the simulated exchange has them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.telephony.contracts import SHANGHAI
from tongban.desks.hotline.telephony.exchanges import Simulated
from tongban.desks.hotline.telephony.lines import lines
from tongban.desks.hotline.telephony.models import Call
from tongban.desks.hotline.telephony.simulation import SimulatedCall, day_of_calls
from tongban.desks.hotline.telephony.taking_over import CallRecord, take_over

DAYS, CALLS, SEATS = 60, 36, 2
CENTRE = "dsj"


def load_calls(_folder: Path, at: datetime) -> dict[str, int]:
    """Calls of the last two months until now; a second time changes nothing."""
    if Call.objects.filter(exchange=Simulated.name, reference__startswith="demo-").exists():
        return {"calls": 0}
    today = at.astimezone(SHANGHAI).date()
    keys = [one.key for one in lines().values() if one.has_calls]
    officers = _operators(at)
    records: list[CallRecord] = []
    for back in range(DAYS, -1, -1):
        day = today - timedelta(days=back)
        told = day_of_calls(seed=Simulated.seed, day=day, calls=CALLS, seats=SEATS, lines=keys)
        records += [_record(one, officers) for one in told if one.ended_at <= at]
    take_over(exchange=Simulated.name, records=records, at=at)
    return {"calls": len(records)}


def _operators(at: datetime) -> list[str]:
    """Who sits at the telephones of the centre."""
    centre = actors.unit_for(department=CENTRE, region=settings.ROOT_REGION)
    if centre is None:
        return []
    for role in (Role.OPERATOR, Role.DISPATCHER):
        if found := sorted(actors.officers_with(role=role, unit_id=centre.id, at=at)):
            return found
    return []


def _record(one: SimulatedCall, officers: list[str]) -> CallRecord:
    local = one.offered_at.astimezone(SHANGHAI)
    answered = one.answered_at is not None
    return CallRecord(
        call=f"demo-{local:%y%m%d}-{one.number:04d}", line=one.line, caller=one.caller, offered_at=one.offered_at,
        queued_at=one.queued_at, answered_at=one.answered_at, ended_at=one.ended_at,
        officer=officers[(one.seat or 0) % len(officers)] if answered and officers else "",
        recording=f"sim/{local:%Y%m%d}/{one.number:04d}" if answered else "", rating=one.rating,
    )  # fmt: skip
