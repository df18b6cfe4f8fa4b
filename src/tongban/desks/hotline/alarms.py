"""Emergencies go to 110, 119, 120 at once, through a plugin; what could not be told stays in sight until somebody did.

`settings.HOTLINE_ALARMS` is the dotted path of a class with `tell`; the demo one answers with a number, the failing one is
for tests and drills. Telling happens right after the ticket is kept, by event, and again every minute by job; who asked, when it was
told and what was answered stands in the ticket's ledger.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from tongban.desks.hotline.contracts import KIND
from tongban.desks.hotline.flow import TICKET
from tongban.desks.hotline.models import Alert, Ticket
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.models import Docket

logger = logging.getLogger(__name__)
DEMO: Final = "tongban.desks.hotline.alarms.DemoService"


class Unreachable(Exception):  # noqa: N818 - an answer, not a fault
    """The service did not take it; it is told again."""


@dataclass(frozen=True, slots=True, repr=False)
class Alarm:
    """What an emergency service is told. The repr tells the number only."""

    number: str
    service: str
    text: str
    place: str
    latitude: float | None
    longitude: float | None
    phone: str

    def __repr__(self) -> str:
        return f"Alarm({self.number}, {self.service})"


class AlarmService(Protocol):
    """How 110, 119 and 120 are reached."""

    def tell(self, alarm: Alarm) -> str:
        """Tell it; gives their reference. :raises Unreachable: it was not taken"""


class DemoService:
    """Answers at once, as a demonstration."""

    def tell(self, alarm: Alarm) -> str:
        return f"{alarm.service}-{alarm.number[-7:]}（演示）"


class FailingService:
    """Never reached: for drills and tests."""

    def tell(self, alarm: Alarm) -> str:
        raise Unreachable(alarm.service)


@lru_cache(maxsize=4)
def _service(path: str) -> AlarmService:
    made: AlarmService = import_string(path)()
    return made


def ask(docket: int, services: Iterable[str], *, by: str, at: datetime, reference: str = "") -> None:
    """Write down that services have to be told; with a `reference` they were, by a person."""
    Alert.objects.bulk_create(
        [
            Alert(docket_id=docket, service=one, asked_at=at, by=by, told_at=at if reference else None, reference=reference)
            for one in services
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def tell_waiting(*, at: datetime, docket: int = 0) -> int:
    """Tell whatever waits (of one ticket, or all); gives how many were told."""
    waiting = Alert.objects.filter(told_at=None).order_by("asked_at")
    told = 0
    for alert in waiting.filter(docket=docket) if docket else waiting[:200]:
        told += _tell(alert, at)
    return told


def _tell(alert: Alert, at: datetime) -> bool:
    path = getattr(settings, "HOTLINE_ALARMS", DEMO)
    try:
        reference = _service(path).tell(_alarm(alert))
    except Unreachable:
        Alert.objects.filter(pk=alert.pk).update(tries=alert.tries + 1)
        logger.warning("alert %s: %s was not reached", alert.pk, alert.service)
        if not alert.tries:  # once: a service that is away for an hour does not fill the ledger
            _note(alert, at, reached=False)
        return False
    with kernel.writing():
        if Alert.objects.filter(pk=alert.pk, told_at=None).update(told_at=at, reference=reference[:200]):
            _note(alert, at, reached=True, reference=reference[:200])
    return True


def _note(alert: Alert, at: datetime, *, reached: bool, reference: str = "") -> None:
    """Who asked for it, when it was told and what was answered, in the ticket's own ledger."""
    said = {"service": alert.service, "reached": reached, "reference": reference, "by": alert.by}
    key = f"alarm:{alert.pk}:{int(reached)}"
    kernel.perform(alert.docket_id, "alarmed", actor=kernel.SYSTEM, at=at, data=said, key=key)


def _alarm(alert: Alert) -> Alarm:
    own = Ticket.objects.select_related("docket").get(pk=alert.docket_id)
    return Alarm(
        number=own.docket.number, service=alert.service, text=own.text, place=own.place, latitude=own.latitude,
        longitude=own.longitude, phone=own.caller_phone,
    )  # fmt: skip


def told(dockets: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """What of each ticket was told to whom: ``119 已通知`` or ``119 未接通``; one query."""
    found: dict[int, tuple[str, ...]] = {}
    for docket, service, told_at in Alert.objects.filter(docket__in=list(dockets)).values_list(
        "docket", "service", "told_at"
    ):
        found[docket] = (*found.get(docket, ()), service if told_at else f"{service}?")
    return found


def emergencies(*, actor: kernel.Actor, most: int = 50) -> list[kernel.DocketRow]:
    """Open emergencies that the actor sees, the oldest first: they stay in sight until they are closed."""
    found = Docket.objects.filter(ticket__urgency="emergency", closed_at=None, kind=KIND).order_by("id")[
        : most * 2
    ]
    return [row for row in map(kernel.row_of, found) if actor.is_system or TICKET.sees(actor, row)][:most]


@TICKET.effect("alarm")
def _alarm_move(step: Step) -> None:
    given = step.data.model_dump(mode="json")
    ask(step.docket.id, given["services"], by=step.actor.id, at=step.at, reference=given["said"])
