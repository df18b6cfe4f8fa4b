"""`/api/v1/payments`: what one owes and paid, where one pays, and what a provider tells of money that came in.

`POST /payments/notices` is for the provider alone: ``X-Tongban-Timestamp`` names the second of sending and
``X-Tongban-Signature`` is the HMAC-SHA-256 in hex of timestamp, full stop and body with the secret of
`settings.PAYMENT_KEYS`. A plugin may read another form of signature.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Header, Router, Schema
from pydantic import AwareDatetime, ConfigDict

from tongban.kernel.web.rest import Key, acting, number_of
from tongban.registers.identity.rest_auth import signed_in
from tongban.registers.payments import collecting, selectors
from tongban.registers.payments.contracts import MOST_FEN, ForgedError, PaymentsError
from tongban.registers.payments.providers import provider
from tongban.web.problems import Refusal, explain

router = Router(tags=["payments"])
STATUS = {"unknown": 404, "closed": 409, "changed": 409, "key_reused": 409, "down": 503}

explain(
    PaymentsError,
    lambda error: Refusal(
        STATUS.get(error.code, 422), f"payments:{error.code}", error.reason, possible=error.possible
    ),
)


class FeeOut(Schema):
    """One order. Amounts are integer fen; `state` is due, paid, expired or cancelled; `about` the docket it belongs to."""

    number: str
    state: str
    what: str
    basis: str
    about: str
    unit: str
    amount_fen: int
    refunded_fen: int
    asked_at: datetime
    due_at: datetime | None
    paid_at: datetime | None


class FeesOut(Schema):
    items: list[FeeOut]


class CheckoutOut(Schema):
    """Where the payer pays; an address of the provider."""

    address: str


class NoticeIn(Schema):
    """Money that came in. `transaction` is the provider's own number and the same at every repetition."""

    model_config = ConfigDict(extra="forbid")

    transaction: str = Field(pattern=r"^[A-Za-z0-9\-]{1,64}$")
    reference: str = Field(pattern=r"^[A-Za-z0-9\-]{1,40}$")
    amount_fen: int = Field(gt=0, le=MOST_FEN)
    paid_at: AwareDatetime


class NoticeOut(Schema):
    """Whether the transaction was new; a known one changes nothing."""

    new: bool


@router.get("/payments", response=FeesOut, auth=signed_in, summary="我的缴费 · what I owe and paid")
def mine(request: HttpRequest) -> dict[str, Any]:
    """Orders of the parties in whose name the caller may ask, newest first, at most 200 each."""
    actor = acting(request)
    found = [one for party in sorted(actor.parties) for one in selectors.fees_of(party)]
    return {"items": found}


@router.post(
    "/payments/{number}/checkout",
    response=CheckoutOut,
    auth=signed_in,
    summary="去缴费 · where an order is paid",
)
def checkout(
    request: HttpRequest, number: str, key: Annotated[Key | None, Header(alias="Idempotency-Key")] = None
) -> dict[str, Any]:
    """The same order has one payment, however often this is asked: `Idempotency-Key` adds nothing."""
    del key
    actor, known = acting(request), selectors.fee(number_of(number))
    party = known.payer if known.payer in actor.parties else actor.id
    return {"address": collecting.checkout(number=known.number, party=party, at=timezone.now())}


@router.post(
    "/payments/notices", response=NoticeOut, auth=None, summary="到账通知 · a provider tells of money"
)
def notices(
    request: HttpRequest,
    told: NoticeIn,
    *,
    timestamp: Annotated[str, Header(alias="X-Tongban-Timestamp", max_length=20)] = "",
    signature: Annotated[str, Header(alias="X-Tongban-Signature", max_length=64)] = "",
    key: Annotated[Key | None, Header(alias="Idempotency-Key")] = None,
) -> dict[str, Any]:
    """Each transaction counts once, by its own number, however often and late it is told of."""
    del told, timestamp, signature, key  # the plugin reads the body as it was signed
    now = timezone.now()
    try:
        notice = provider().read(request.body, request.headers, at=now)
    except ForgedError as error:
        raise Refusal(
            403, "payments:signature", _("签名不对或太旧，没有记账。"),
            possible=_("核对共用密钥和时钟，对时间戳、点号和原样的请求体签名。"),
        ) from error  # fmt: skip
    return {"new": collecting.take_in(notice, at=now)}
