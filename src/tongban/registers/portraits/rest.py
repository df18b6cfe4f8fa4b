"""`/api/v1/portrait`: one's own portrait."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from tongban.kernel.web.rest import acting
from tongban.registers.identity.rest_auth import signed_in
from tongban.registers.portraits import selectors
from tongban.registers.portraits.contracts import PortraitsError
from tongban.web.problems import Refusal, explain

router = Router(tags=["portraits"])

explain(
    PortraitsError,
    lambda error: Refusal(422, f"portraits:{error.code}", error.reason, possible=error.possible),
)


class FactOut(Schema):
    """One fact. Money is integer fen, a day ISO text, a decimal its text. `standing` is free, given, never or withdrawn: only
    free and given are used for deciding; neither is what is `stale`.
    """

    element: str
    value: Any
    source: str
    source_name: str
    as_of: date
    via: str
    standing: str
    stale: bool


class TagOut(Schema):
    """A tag that holds (`standing` true) or cannot be told (unknown), with the rule and its facts in words."""

    key: str
    name: str
    name_en: str
    standing: str
    reason: dict[str, str]
    missing: list[str]


class PortraitOut(Schema):
    """One file; `revision` counts its changes."""

    party: str
    kind: str
    name: str
    revision: int
    facts: list[FactOut]
    tags: list[TagOut]


class WhoseIn(Schema):
    party: str = Field("", pattern=r"^((person|organisation):\d{1,18})?$")


@router.get("/portrait", response=PortraitOut, auth=signed_in, summary="我的画像 · my own portrait")
def mine(request: HttpRequest, whose: Query[WhoseIn]) -> Any:
    """`party` names one of the parties in whose name the caller may ask; the own when it is left out."""
    actor = acting(request)
    party = whose.party or actor.id
    if party not in actor.parties:
        raise Refusal(
            404,
            "portraits:unknown",
            _("没有这个画像，或者不是您的。"),
            possible=_("只能看自己的和全权委托您的。"),
        )
    return selectors.portrait(party, at=timezone.now())
