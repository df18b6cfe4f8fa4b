"""The queue of letters to partners: nothing is lost when a partner is down, and who waits is told.

Letters are signed and sent outside any transaction; what came of it is a move of the docket in one of its own. The same
letter may arrive twice after a crash: it has one id, and a partner takes an id once.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from tongban.desks.cases.partners import packing, plugins, register
from tongban.desks.cases.partners.contracts import (
    Fate,
    ParcelView,
    PartnerDownError,
    PartnerRefusedError,
    Taken,
    Told,
)
from tongban.desks.cases.partners.models import Handover, Parcel
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import FileGoneError
from tongban.registers.licences import api as licences
from tongban.registers.seals import api as seals

logger = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
BATCH = 50
QUESTION = "question"
MOVING = ("package", QUESTION)
"""Kinds of letters whose fate is a move of their docket."""


def queue_package(own: Handover, *, at: datetime) -> None:
    """Let the present package be sent."""
    Parcel.objects.create(
        letter=own.package, kind="package", partner_id=own.partner_id, docket_id=own.docket_id, next_at=at,
        created_at=at,
    )  # fmt: skip


def queue_news(payload: Mapping[str, Any], *, partner: str, docket: int, at: datetime) -> None:
    """Let news be sent; the same id is queued once."""
    Parcel.objects.get_or_create(
        letter=payload["id"],
        defaults={
            "kind": "news", "partner_id": partner, "docket_id": docket, "next_at": at, "created_at": at,
            "draft": json.dumps(payload, ensure_ascii=False),
        },
    )  # fmt: skip


def queue_question(payload: Mapping[str, Any], *, partner: str, docket: int, at: datetime) -> None:
    """Let a question be sent; its docket hears what becomes of it."""
    Parcel.objects.create(
        letter=payload["id"], kind=QUESTION, partner_id=partner, docket_id=docket, next_at=at, created_at=at,
        draft=json.dumps(payload, ensure_ascii=False),
    )  # fmt: skip


def drop(docket: int) -> int:
    """What waits for a docket is not sent any more."""
    return Parcel.objects.filter(docket_id=docket, fate=Fate.WAITING).update(fate=Fate.DROPPED, next_at=None)


def send_due(*, at: datetime) -> int:
    """Send what is due; gives how much was taken. A partner that is down is asked once per run."""
    due = Parcel.objects.filter(fate=Fate.WAITING, next_at__lte=at).select_related("partner", "docket")
    down: set[str] = set()
    taken = 0
    for parcel in due.order_by("id")[:BATCH]:
        if parcel.partner_id in down:
            continue
        try:
            letter = packing.letter_of(parcel, at=at)
            answer = plugins.send(register.info(parcel.partner), letter)
        except PartnerDownError as error:
            down.add(parcel.partner_id)
            _put_off(parcel, str(error), at)
        except (
            seals.SealsError,
            licences.LicencesError,
            licences.NotMadeError,
            FileGoneError,
            KeyError,
        ) as error:
            logger.error("letter %s cannot be made: %s", parcel.letter, type(error).__name__)  # noqa: TRY400 - its words may quote data
            _put_off(parcel, type(error).__name__, at)
        except PartnerRefusedError as error:
            _refused(parcel, error, at)
        else:
            _sent(parcel, answer, at)
            taken += 1
    return taken


@kernel.writing()
def _put_off(parcel: Parcel, why: str, at: datetime) -> None:
    """Later and later; whoever else waits for the same partner waits as long, at no cost."""
    later = at + min(FIRST_PAUSE * 2 ** min(parcel.attempts, 10), LONGEST_PAUSE)
    Parcel.objects.filter(pk=parcel.pk, fate=Fate.WAITING).update(
        attempts=parcel.attempts + 1, next_at=later, error=why[:300]
    )
    Parcel.objects.filter(partner_id=parcel.partner_id, fate=Fate.WAITING, next_at__lt=later).update(
        next_at=later
    )
    waiting = Q(partner_id=parcel.partner_id, kind__in=MOVING, fate=Fate.WAITING)
    for own in Parcel.objects.filter(waiting, Q(pk=parcel.pk) | Q(attempts=0)):
        if own.pk != parcel.pk or parcel.attempts == 0:
            Parcel.objects.filter(pk=own.pk).update(attempts=max(own.attempts, 1))
            _move(own, "put_off", {"attempts": 1}, at)


@kernel.writing()
def _refused(parcel: Parcel, error: PartnerRefusedError, at: datetime) -> None:
    words = " ".join(part for part in (error.reason, error.possible) if part)
    Parcel.objects.filter(pk=parcel.pk).update(
        fate=Fate.REFUSED, attempts=parcel.attempts + 1, next_at=None, error=words[:300]
    )
    if parcel.kind == "package":
        _move(parcel, "send_back", {"reason": words[:500], "papers": []}, at)
    if parcel.kind == QUESTION:
        _move(parcel, "bounce", {"reason": words[:500]}, at)


@kernel.writing()
def _sent(parcel: Parcel, taken: Taken, at: datetime) -> None:
    Parcel.objects.filter(pk=parcel.pk).update(
        fate=Fate.SENT, attempts=parcel.attempts + 1, next_at=None, sent_at=at, error=""
    )
    if parcel.kind == QUESTION:
        _move(parcel, "deliver", {"package": parcel.letter, "number": taken.number}, at)
    if parcel.kind != "package":
        return
    if not _move(parcel, "send", {"package": parcel.letter, "number": taken.number}, at):
        own = Handover.objects.select_related("docket").get(docket_id=parcel.docket_id)
        if own.docket.state == "given_up":  # given up while it was on its way
            withdraw(own, at=at)


def withdraw(own: Handover, *, at: datetime) -> None:
    """Tell the partner that the applicant does not want it any more."""
    payload = packing.news(
        letter=f"{own.package}.{Told.WITHDRAWN.value}", package=own.package, told=Told.WITHDRAWN.value,
        home=packing.home_of(own.docket.unit), number=own.docket.number, at=at,
    )  # fmt: skip
    queue_news(payload, partner=own.partner_id, docket=own.docket_id, at=at)


def _move(parcel: Parcel, move: str, data: dict[str, Any], at: datetime) -> bool:
    """Make the move that follows; False when the docket has gone on by itself meanwhile."""
    try:
        kernel.perform(
            parcel.docket_id, move, actor=kernel.SYSTEM, at=at, data=data, key=f"parcel-{parcel.pk}-{move}"
        )
    except kernel.MoveRefused:
        return False
    return True


def queue_of(docket: int) -> tuple[ParcelView, ...]:
    """What was and is to be sent for a docket, the last first."""
    rows = Parcel.objects.filter(docket_id=docket).order_by("-id")
    return tuple(
        ParcelView(row.kind, row.fate, row.attempts, row.next_at, row.sent_at, row.error) for row in rows
    )
