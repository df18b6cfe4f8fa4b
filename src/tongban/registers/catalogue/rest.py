"""`GET /api/v1/matters`: the catalogue for programs."""

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from tongban.registers.catalogue import api

router = Router(tags=["matters"])


class MatterOut(Schema):
    """One matter found. `code` with `region` finds its guide."""

    code: str
    name: str
    plain_name: str
    department: str
    unit_name: str
    region: str
    score: float


class MattersOut(Schema):
    """Results, best first."""

    items: list[MatterOut]


class Asked(Schema):
    """What is looked for."""

    q: str = Field(min_length=1, max_length=60, description="想办什么 · what somebody wants to do")
    region: str = Field("", pattern=r"^(\d{6}(\d{3}){0,2})?$", description="区划代码 · division code")
    party: str = Field("", pattern="^(person|organisation)?$", description="person 个人 | organisation 单位")
    top: int = Field(10, ge=1, le=50)


@router.get("/matters", response=MattersOut, summary="搜索事项 · search matters", auth=None)
def matters(
    request: HttpRequest,  # noqa: ARG001  ninja wants it first
    asked: Query[Asked],
) -> dict[str, object]:
    """Matters that can be done in the region, best first; everyday words, typos and pinyin work."""
    filters = {"party": [asked.party]} if asked.party else {}
    region = asked.region or settings.ROOT_REGION
    hits = api.search_matters(asked.q, region, filters=filters, top=asked.top)
    return {"items": [{**hit.as_dict(), "unit_name": hit.unit_name} for hit in hits]}
