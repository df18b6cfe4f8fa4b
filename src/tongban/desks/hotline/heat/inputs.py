"""What each move of an affair and of a review of repeats asks for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from tongban.desks.hotline.contracts import Satisfaction, Solved
from tongban.desks.hotline.inputs import MOST_REPLY, Input, Said, Text
from tongban.kernel.flow.declaration import apart

Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=40)]


class Assign(Input):
    unit: str = Field(title="责任单位", min_length=3, max_length=64)
    opinion: Said = Field("", title="交办意见", max_length=500)


class Measures(Input):
    reply: Text = Field(
        title="处置措施（同时答复这一组的每一张工单）",
        min_length=2,
        max_length=MOST_REPLY,
        json_schema_extra=apart(),
    )
    result: Solved | None = Field(None, title="办理结果")


class CallRound(Input):
    """Callers of one group who were asked together, at the place or one after the other, and said the same."""

    numbers: list[Number] = Field(title="回访了哪些工单的来电人", min_length=1, max_length=100)
    satisfaction: Satisfaction = Field(title="满意度")
    solved: Solved = Field(Solved.UNKNOWN, title="是否解决")
    how: Said = Field(title="怎么回访的", min_length=2, max_length=300)


class Close(Input):
    summary: Said = Field(title="办结说明", min_length=2, max_length=500)


class TakeOut(Input):
    numbers: list[Number] = Field(title="不是这件事的工单", min_length=1, max_length=100)
    reason: Said = Field("", title="说明", max_length=300)


class Rise(Input):
    level: int = Field(title="级别", ge=1, le=9)
    people: int = Field(title="人数", ge=1)


class Join(Input):
    into: Number = Field(title="并入哪一个")
