"""`/api/v1/policies` and `/api/v1/measures`: what is published, for everybody and every program. No sign-in."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Path, Query, Router, Schema

from tongban.actors import api as actors
from tongban.desks.policies import searching, selectors
from tongban.desks.policies.contracts import MeasureInfo, PoliciesError
from tongban.kernel.web.rest import number_of
from tongban.web.problems import Refusal, explain

router = Router(tags=["policies"])
STATUS = {"unknown": 404, "forbidden": 403}
MOST = 200
Key = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{2,59}$")]

explain(
    PoliciesError,
    lambda error: Refusal(
        STATUS.get(error.code, 422), f"policies:{error.code}", error.reason, possible=error.possible
    ),
)


class MeasureOut(Schema):
    """One version of a measure. Money in integer fen; `condition` and `amount` are JSONLogic over portrait elements;
    `amount` null: nothing is paid. Both days of a span belong to it; a day that is null leaves the span open.
    """

    key: str
    version: int
    policy: str
    unit: str
    region: str
    title: str
    title_en: str
    party: str
    gives: str
    article: str
    says: str
    says_en: str
    condition: Any
    amount: Any
    way: str
    matter: str
    period: str
    valid_from: date
    valid_until: date | None
    opens_on: date | None
    closes_on: date | None
    quota: int | None
    budget_fen: int | None
    publicity_days: int


class MeasuresOut(Schema):
    """`next` is the offset of what follows, null at the end."""

    items: list[MeasureOut]
    count: int
    next: int | None


class Written(Schema):
    """A published policy as it was written. `withdrawn`: it was stopped before its time."""

    number: str
    title: str
    title_en: str
    document: str
    unit: str
    issued_on: date
    valid_from: date
    valid_until: date | None
    summary: str
    summary_en: str
    withdrawn: bool


class PolicyRow(Written):
    """A published policy in a list; `measures`: how many hold on the day asked for."""

    region: str
    medium: str
    measures: int


class PoliciesOut(Schema):
    """`next` is the offset of what follows, null at the end."""

    items: list[PolicyRow]
    count: int
    next: int | None


class PolicyOut(Written):
    """A published policy with the measures that hold today."""

    explained: str
    explained_en: str
    measures: list[MeasureOut]


class AskedPolicies(Schema):
    """What is looked for: words of title, document and summary; of one unit; those that hold (`in_force`), ended, or all."""

    q: str = Field("", max_length=60)
    unit: str = Field("", pattern=r"^([0-9]{6,12}-[a-z]{2,8})?$")
    region: str = Field("", pattern=r"^([0-9]{12})?$")
    state: Literal["in_force", "ended", "all"] = "in_force"
    on: date | None = None
    offset: int = Field(0, ge=0, le=100_000)


class Asked(Schema):
    """What is looked for; a day other than today tells what held then."""

    q: str = Field("", max_length=60)
    party: str = Field("", pattern=r"^(organisation|person)?$")
    gives: str = Field("", max_length=20)
    on: date | None = None
    offset: int = Field(0, ge=0, le=100_000)


@router.get("/measures", response=MeasuresOut, auth=None, summary="政策措施 · measures in force")
def measures(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """At most 200 at once, best first where words are looked for."""
    del request
    on = asked.on or actors.day_of(timezone.now())
    found = searching.search(asked.q.strip(), party=asked.party, gives=asked.gives, on=on)
    page = found[asked.offset : asked.offset + MOST]
    more = asked.offset + MOST if asked.offset + MOST < len(found) else None
    return {"items": page, "count": len(found), "next": more}


@router.get("/measures/{key}", response=MeasureOut, auth=None, summary="一项措施 · one measure")
def measure(request: HttpRequest, key: Key, on: date | None = None) -> MeasureInfo:
    """The version that holds on a day, today by default."""
    del request
    return selectors.measure(key, on=on or actors.day_of(timezone.now()))


@router.get("/policies", response=PoliciesOut, auth=None, summary="政策 · published policies")
def policies(request: HttpRequest, asked: Query[AskedPolicies]) -> dict[str, Any]:
    """At most 200 at once, the newest first."""
    del request
    on = asked.on or actors.day_of(timezone.now())
    rows = searching.policies(asked.q, unit=asked.unit, region=asked.region, state=asked.state, on=on)
    page, count = list(rows[asked.offset : asked.offset + MOST]), rows.count()
    held = Counter(one.policy for one in selectors.measures(on=on))
    names = (
        "number",
        "title",
        "title_en",
        "document",
        "unit",
        "region",
        "issued_on",
        "valid_from",
        "valid_until",
    )
    items = [
        {name: getattr(row, name) for name in (*names, "summary", "summary_en", "medium")}
        | {"withdrawn": row.withdrawn_at is not None, "measures": held[row.number]}
        for row in page
    ]
    more = asked.offset + MOST if asked.offset + MOST < count else None
    return {"items": items, "count": count, "next": more}


@router.get("/policies/{number}", response=PolicyOut, auth=None, summary="一个政策 · one policy")
def policy(request: HttpRequest, number: str) -> dict[str, Any]:
    """A policy that was published, withdrawn ones too."""
    del request
    row = selectors.policy_row(number_of(number))
    if row.published_at is None:
        raise Refusal(404, "policies:unknown", _("没有这个政策。"))
    found = selectors.policy(row, on=actors.day_of(timezone.now()))
    names = ("number", "title", "title_en", "document", "unit", "issued_on", "valid_from", "valid_until")
    more = ("summary", "summary_en", "explained", "explained_en", "measures")
    return {name: getattr(found, name) for name in (*names, *more)} | {
        "withdrawn": found.withdrawn_at is not None
    }
