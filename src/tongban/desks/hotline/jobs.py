"""Scheduled work of the hotline. Warnings and missed limits are the kernel's clocks'; see `handlers`."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline import alarms, lists
from tongban.kernel.jobs.declaration import daily, every, job
from tongban.registers.messages import api as messages


@job("hotline.alarms", every=every(timedelta(minutes=1)))
def tell_again(at: datetime) -> None:
    """Tell 110, 119, 120 what they did not take."""
    alarms.tell_waiting(at=at)


@job("hotline.reminders", every=daily(8, 30))
def remind(at: datetime) -> None:
    """Every morning each unit's heads read how much waits for it: to sign, near due, overdue, to call back."""
    for unit, counts in lists.waiting_by_unit(at=at).items():
        if not counts.any:
            continue
        for role in (Role.HEAD, Role.CALLBACK) if counts.call_back else (Role.HEAD,):
            for officer in actors.officers_with(role=role.value, unit_id=unit, at=at):
                messages.send(
                    to=officer, template="ticket.morning", at=at, key=f"morning:{at:%Y-%m-%d}:{unit}",
                    context={
                        "sign": counts.sign, "near": counts.near, "late": counts.late, "call_back": counts.call_back,
                    },
                )  # fmt: skip
