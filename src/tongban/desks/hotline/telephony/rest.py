"""`POST /api/v1/telephony/events`: what a real exchange tells, signed with a secret that both sides know.

``X-Tongban-Exchange`` names the exchange (`settings.TELEPHONE_KEYS`), ``X-Tongban-Timestamp`` the second of sending, and
``X-Tongban-Signature`` is HMAC-SHA256 in hex over ``timestamp + "." + body``. Events may come twice and in any order.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Header, Router, Schema
from pydantic import AwareDatetime, ConfigDict

from tongban.desks.hotline.telephony.contracts import CallEvent, TelephonyError
from tongban.desks.hotline.telephony.hearing import MOST_EVENTS, record_events
from tongban.desks.hotline.telephony.services import distribute
from tongban.kernel.web.rest import Key
from tongban.web.problems import Refusal, explain

router = Router(tags=["telephony"])
FRESH = 300
"""Seconds within which a signed batch is taken; older ones may be somebody else's recording."""

Kind = Literal[
    "offered", "queued", "ringing", "answered", "transferred", "dropped", "ended", "recorded", "rated"
]
Id = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[!-~]+$")]


class EventIn(Schema):
    """One thing that happened. `line` is the key or the number of the line; needed with `offered`."""

    model_config = ConfigDict(extra="forbid")

    id: Id
    call: Id
    kind: Kind
    at: AwareDatetime
    line: str = Field("", max_length=32)
    caller: str = Field("", max_length=32, description="来电号码，加密保存 · kept encrypted")
    station: str = Field("", max_length=32, description="分机 · extension of the operator")
    to: str = Field("", max_length=32)
    recording: str = Field("", max_length=200)
    rating: int = Field(0, ge=0, le=5, description="1 very satisfied … 5 very dissatisfied")


class EventsIn(Schema):
    """A batch; taken whole or not at all."""

    model_config = ConfigDict(extra="forbid")

    events: list[EventIn] = Field(min_length=1, max_length=MOST_EVENTS)


class EventsOut(Schema):
    """How many events were new, and how many were known already and changed nothing."""

    new: int
    known: int


explain(
    TelephonyError,
    lambda error: Refusal(
        409 if error.code == "changed" else 422,
        f"telephony:{error.code}",
        error.reason,
        possible=error.possible,
    ),
)


@router.post(
    "/telephony/events", response=EventsOut, auth=None, summary="话务事件 · what an exchange tells of calls"
)
def events(
    request: HttpRequest,
    told: EventsIn,
    *,
    exchange: Annotated[str, Header(alias="X-Tongban-Exchange", max_length=32)] = "",
    timestamp: Annotated[str, Header(alias="X-Tongban-Timestamp", max_length=20)] = "",
    signature: Annotated[str, Header(alias="X-Tongban-Signature", max_length=64)] = "",
    key: Annotated[Key | None, Header(alias="Idempotency-Key")] = None,
) -> dict[str, Any]:
    """Each event counts once, by its own id: the batch may be sent again, and `Idempotency-Key` adds nothing."""
    del key
    now = timezone.now()
    _check(exchange, timestamp, signature, request.body, at=now)
    batch = [_event(one) for one in told.events]
    found = record_events(exchange=exchange, events=batch, at=now)
    distribute(at=now)
    return {"new": found.new, "known": found.known}


def _check(exchange: str, timestamp: str, signature: str, body: bytes, *, at: datetime) -> None:
    """:raises Refusal: 403, the same whatever is wrong with the signature"""
    secret = settings.TELEPHONE_KEYS.get(exchange, "")
    wanted = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    fits = hmac.compare_digest(wanted.encode(), signature.lower().encode())
    fresh = timestamp.isascii() and timestamp.isdigit() and abs(int(timestamp) - at.timestamp()) <= FRESH
    if not (secret and fits and fresh):
        raise Refusal(
            403, "telephony:signature", _("签名不对、太旧，或没有登记这台交换机。"),
            possible=_("核对共用密钥和时钟，对时间戳、点号和原样的请求体签名。"),
        )  # fmt: skip


def _event(one: EventIn) -> CallEvent:
    return CallEvent(
        id=one.id, call=one.call, kind=one.kind, at=one.at, line=one.line, caller=one.caller, station=one.station,
        to=one.to, recording=one.recording, rating=one.rating,
    )  # fmt: skip
