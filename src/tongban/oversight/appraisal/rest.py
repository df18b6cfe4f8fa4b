"""`POST /api/v1/evaluations`: one evaluation, 1 to 5, after an application is over."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Header, Router, Schema
from pydantic import ConfigDict

from tongban.kernel.once import once
from tongban.kernel.web.rest import Key, acting, number_of
from tongban.oversight.appraisal.contracts import EvaluationRefused
from tongban.oversight.appraisal.services import evaluate
from tongban.registers.identity.rest_auth import signed_in
from tongban.web.problems import Refusal, explain

router = Router(tags=["evaluations"])
STATUS = {"not_yours": 403, "open": 409, "evaluated": 409}


class EvaluationIn(Schema):
    """What somebody thinks of how it went. Levels of GB/T 39046: 1 very satisfied, 5 very dissatisfied."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(max_length=60)
    level: Literal[1, 2, 3, 4, 5]
    tags: list[Annotated[str, Field(max_length=16)]] = Field([], max_length=10)
    text: str = Field("", max_length=500)


class EvaluationOut(Schema):
    """What was kept. A bad one (4, 5) is called back and mended."""

    number: str
    level: int
    tags: list[str]
    bad: bool


explain(
    EvaluationRefused,
    lambda error: Refusal(
        STATUS.get(error.code, 422), f"evaluation:{error.code}", error.reason, possible=error.possible
    ),
)


@router.post(
    "/evaluations", response=EvaluationOut, auth=signed_in, summary="评价一次办事 · evaluate what was done"
)
def create(
    request: HttpRequest,
    asked: EvaluationIn,
    key: Annotated[Key | None, Header(alias="Idempotency-Key")] = None,
) -> dict[str, Any]:
    """Once per application; the same again changes nothing and gives the same answer."""
    actor, now = acting(request), timezone.now()

    def work() -> dict[str, Any]:
        made = evaluate(
            number=number_of(asked.number), level=asked.level, actor=actor, at=now, tags=asked.tags,
            text=asked.text, channel="api",
        )  # fmt: skip
        return {"number": made.number, "level": made.level, "tags": made.tags, "bad": made.level >= 4}

    content = asked.model_dump(mode="json")
    return once(work, scope="rest:evaluations", actor=actor.id, key=key or "", content=content, at=now)[0]
