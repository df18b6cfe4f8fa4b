"""`/api/v1/benefits`: how the caller's party stands with every measure, and why with one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from tongban.desks.policies.matching import standing
from tongban.desks.policies.matching.contracts import (
    ConditionInfo,
    Known,
    MatchingError,
    PairInfo,
    Remedy,
    Said,
    Why,
)
from tongban.kernel.web.rest import acting
from tongban.registers.identity.rest_auth import signed_in
from tongban.web.problems import Refusal, explain

router = Router(tags=["benefits"])
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,59}$")]
Party = Annotated[
    str,
    Query(pattern=r"^(person|organisation):[0-9]{1,18}$", description="在谁的名下 · in whose name: person:7"),
]
STATUS = {"unknown": 404, "party": 409, "ended": 409}

explain(
    MatchingError,
    lambda error: Refusal(
        STATUS.get(error.code, 422), f"matching:{error.code}", error.reason, possible=error.possible
    ),
)


class SaidOut(Schema):
    """One text in both languages."""

    zh: str
    en: str


class StandingOut(Schema):
    """One measure. `standing` is entitled, not_yet (one condition is not met), not or unknown (`missing` names the data).

    `amount_fen` is null where nothing is paid or the amount cannot be told; `until` is the last day, if there is one.
    """

    key: str
    version: int
    title: SaidOut
    standing: str
    amount_fen: int | None
    missing: list[str]
    nearest: list[SaidOut]
    until: date | None


class StandingsOut(Schema):
    items: list[StandingOut]


class KnownOut(Schema):
    """A value that was read. `lack` says why it cannot be used: missing, stale or consent; empty where it can."""

    element: str
    name: SaidOut
    value: SaidOut
    source: SaidOut
    as_of: date | None
    lack: str


class RemedyOut(Schema):
    """What can be done about something unknown."""

    element: str
    says: SaidOut


class ConditionOut(Schema):
    """One condition: met, unmet or open. `joined` is all or any of `parts`, empty for a single one."""

    wanted: SaidOut
    holds: str
    known: list[KnownOut]
    remedies: list[RemedyOut]
    joined: str
    parts: list[ConditionOut]


class AmountOut(Schema):
    """How much, and how it is reckoned."""

    formula: SaidOut
    fen: int | None
    known: list[KnownOut]
    remedies: list[RemedyOut]


class WhyOut(Schema):
    """Why one measure: every condition in the order of the rule, as of `day`."""

    key: str
    version: int
    title: SaidOut
    standing: str
    day: date
    conditions: list[ConditionOut]
    amount: AmountOut | None


@router.get(
    "/benefits/standings",
    response=StandingsOut,
    auth=signed_in,
    summary="我能享受什么 · how I stand with every measure",
)
def standings(request: HttpRequest, party: Party | None = None) -> dict[str, Any]:
    """Of the caller's own party, or of one that the caller acts for in everything."""
    pairs = standing.standing(_whose(request, party or ""), at=timezone.now())
    return {"items": [_pair(one) for one in pairs]}


@router.get("/benefits/standings/{key}", response=WhyOut, auth=signed_in, summary="为什么 · why one measure")
def why(request: HttpRequest, key: Annotated[Key, Path()], party: Party | None = None) -> dict[str, Any]:
    """Every condition with what is known, its source and day, what is wanted, and how to mend what is unknown."""
    return _why(standing.why(_whose(request, party or ""), key, at=timezone.now()))


def _whose(request: HttpRequest, party: str) -> str:
    actor = acting(request)
    if party and party not in actor.parties:
        raise Refusal(
            403, "matching:party", _("不能看这个主体的政策匹配。"), possible=_("请本人来问，或取得全权委托。")
        )
    if not party and actor.id not in actor.parties:
        raise Refusal(
            403,
            "matching:party",
            _("工作人员没有自己的政策匹配。"),
            possible=_("请在工作台“核对一家（一人）”里说明用途后查看。"),
        )
    return party or actor.id


def _pair(one: PairInfo) -> dict[str, Any]:
    return {
        "key": one.key, "version": one.version, "title": _title(one.measure.title, one.measure.title_en),
        "standing": one.standing.value, "amount_fen": one.amount_fen, "missing": list(one.missing),
        "nearest": [said.both for said in one.nearest], "until": one.until,
    }  # fmt: skip


def _title(zh: str, en: str) -> dict[str, str]:
    return Said(zh, en or zh).both


def _why(found: Why) -> dict[str, Any]:
    amount = found.amount
    return {
        "key": found.measure.key, "version": found.measure.version, "day": found.day,
        "title": _title(found.measure.title, found.measure.title_en), "standing": found.standing.value,
        "conditions": [_condition(one) for one in found.conditions],
        "amount": None if amount is None else {
            "formula": amount.formula.both, "fen": amount.fen, "known": [_known(one) for one in amount.known],
            "remedies": [_remedy(one) for one in amount.remedies],
        },
    }  # fmt: skip


def _condition(one: ConditionInfo) -> dict[str, Any]:
    return {
        "wanted": one.wanted.both, "holds": one.holds.value, "known": [_known(each) for each in one.known],
        "remedies": [_remedy(each) for each in one.remedies], "joined": one.joined,
        "parts": [_condition(part) for part in one.parts],
    }  # fmt: skip


def _known(one: Known) -> dict[str, Any]:
    return {
        "element": one.element, "name": one.name.both, "value": one.value.both, "source": one.source.both,
        "as_of": one.as_of, "lack": one.lack.value if one.lack else "",
    }  # fmt: skip


def _remedy(one: Remedy) -> dict[str, Any]:
    return {"element": one.element, "says": one.says.both}
