"""`/api/v1/benefits`: what the caller's parties are due, take it, claim. Amounts are integer fen; accounts are masked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from tongban.desks.policies.claims import claiming, confirming, selectors
from tongban.desks.policies.claims.contracts import ClaimsError, DueInfo, NewAccount
from tongban.kernel.web.rest import Key, acting
from tongban.registers.identity.rest_auth import signed_in
from tongban.web.problems import Refusal, explain

router = Router(tags=["benefits"])
STATUS = {
    "unknown": 404, "state": 409, "twice": 409, "excluded": 409, "closed": 409, "ended": 409, "not": 409, "party": 409,
}  # fmt: skip
Number = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{5,48}$", description="编号 · number of a benefit")]
Party = Annotated[
    str,
    Query(
        pattern=r"^(person|organisation):[0-9]{1,18}$",
        description="在谁的名下 · in whose name: organisation:3",
    ),
]

explain(
    ClaimsError,
    lambda error: Refusal(
        STATUS.get(error.code, 422), f"claims:{error.code}", error.reason, possible=error.possible, fields=error.fields
    ),
)  # fmt: skip


class BenefitOut(Schema):
    """One benefit. `state` is listed, held, waiting, aside, claimed, queued, confirmed, paying, paid, returned, left or
    recovered; `way` none (nothing is applied for) or quick; `words` say why it is held, left or did not arrive.
    """

    number: str
    measure: str
    version: int
    title: str
    title_en: str
    article: str
    period: str
    party: str
    way: str
    unit: str
    amount_fen: int
    state: str
    words: str
    account: str
    bank: str
    at: datetime
    paid_at: datetime | None
    confirm_until: datetime | None


class BenefitsOut(Schema):
    items: list[BenefitOut]


class AccountIn(Schema):
    """Where the money is to go."""

    model_config = ConfigDict(extra="forbid")

    holder: str = Field(min_length=2, max_length=100)
    account: str = Field(pattern=r"^[0-9]{6,32}$")
    bank: str = Field(min_length=2, max_length=60)

    def new(self) -> NewAccount:
        """The account as the desk takes it."""
        return NewAccount(self.holder, self.account, self.bank)


class ConfirmIn(Schema):
    """Without an account the money goes to the one that is known."""

    model_config = ConfigDict(extra="forbid")

    account: AccountIn | None = None


class ClaimIn(Schema):
    """A measure that is claimed 快申快享. What is not known is proven on the page, where papers are uploaded."""

    model_config = ConfigDict(extra="forbid")

    measure: str = Field(pattern=r"^[a-z][a-z0-9-]{2,59}$")
    party: str = Field(pattern=r"^(person|organisation):[0-9]{1,18}$")
    account: AccountIn | None = None
    said: str = Field("", max_length=1000)


class ClaimOut(Schema):
    """A claim. `rank` is the place in the queue, 0 where it waits for none; `pay_by` the last day of its clock."""

    number: str
    state: str
    rank: int
    pay_by: datetime | None
    due: BenefitOut


def _whose(request: HttpRequest, party: str) -> str:
    actor = acting(request)
    if party not in actor.parties:
        raise Refusal(
            403, "claims:party", _("您不能用这个名义办。"), possible=_("用本人或者您代表的单位的名义。")
        )
    return party


@router.get(
    "/benefits", response=BenefitsOut, auth=signed_in, summary="我的政策资金 · what my parties are due"
)
def mine(request: HttpRequest) -> dict[str, Any]:
    """Of every party in whose name the caller may ask, newest first, at most 200 each."""
    return {"items": [one for party in sorted(acting(request).parties) for one in selectors.dues_of(party)]}


@router.post("/benefits/claims", response=ClaimOut, auth=signed_in, summary="申领 · claim a measure")
def claim(
    request: HttpRequest, asked: ClaimIn, key: Annotated[Key | None, Header(alias="Idempotency-Key")] = None
) -> Any:
    """The same key is the same claim. A full quota queues it; `rank` says where."""
    new = claiming.NewClaim(
        measure=asked.measure, party=_whose(request, asked.party), key=(key or asked.measure)[:80],
        account=asked.account.new() if asked.account else None, said=asked.said,
    )  # fmt: skip
    return claiming.claim(new, actor=acting(request), at=timezone.now())


@router.post(
    "/benefits/{number}/confirm",
    response=BenefitOut,
    auth=signed_in,
    summary="确认领取 · take what is waiting",
)
def confirm(
    request: HttpRequest, number: Number, party: Party, asked: ConfirmIn,
    key: Annotated[Key | None, Header(alias="Idempotency-Key")] = None,
) -> DueInfo:  # fmt: skip
    """Again, it gives the same answer: `Idempotency-Key` adds nothing."""
    del key
    return confirming.confirm(
        number=number.upper(), party=_whose(request, party), actor=acting(request), at=timezone.now(),
        account=asked.account.new() if asked.account else None,
    )  # fmt: skip
