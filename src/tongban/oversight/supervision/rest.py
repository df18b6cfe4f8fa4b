"""`/api/v1/warnings`: warnings of limits that one reads, and their counts by unit. Read only.

An appeal is a docket: it is judged with `POST /dockets/{number}/moves/uphold` or `…/reject`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from tongban.kernel.web.rest import Word, acting
from tongban.oversight.supervision import selectors
from tongban.registers.identity.rest_auth import signed_in

router = Router(tags=["warnings"])


class WarningOut(Schema):
    """One limit near its end (yellow) or missed (red). `over_at` is when it ended, null while it runs.

    `appeal` is the number of the appeal against a late mark, empty without one; `excused` whether it was upheld.
    """

    id: int
    number: str
    kind: str
    limit: str
    unit: str
    region: str
    colour: Literal["yellow", "red"]
    due_at: datetime
    over_at: datetime | None
    explain_by: datetime | None
    reason: str
    appeal: str
    excused: bool


class CountOut(Schema):
    """Warnings of one unit: near, late and running, late without a reason, appeals that wait."""

    unit: str
    yellow: int
    red: int
    unexplained: int
    appealed: int


class WarningsOut(Schema):
    """`after` is the cursor of the next page, null on the last one."""

    items: list[WarningOut]
    units: list[CountOut]
    after: int | None


@router.get(
    "/warnings", response=WarningsOut, auth=signed_in, summary="期限预警 · warnings of limits near or missed"
)
def listed(
    request: HttpRequest,
    what: Annotated[
        Literal["yellow", "red", "unexplained", "appealed", "late", "excused"] | None, Query()
    ] = None,
    unit: Word = "",
    after: Annotated[int | None, Field(ge=1, le=2**53)] = None,
) -> dict[str, Any]:
    """Newest first, 50 a page; only what the caller oversees or answers for."""
    actor = acting(request)
    rows, following = selectors.marks(actor, what=what or "", unit=unit, before=after)
    return {"items": selectors.watched(rows), "units": selectors.counted(actor), "after": following}
