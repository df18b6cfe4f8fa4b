"""What the moves of a question ask for."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Note(Input):
    text: str = Field("", title="备注", max_length=2000)


class Reason(Input):
    reason: str = Field(title="理由", min_length=2, max_length=500)


class Answered(Input):
    entry: str = Field(title="回答它的条目", max_length=60, description="已发布条目的键，在条目页上")


class Declined(Input):
    reason: str = Field(
        title="为什么不收进知识库",
        min_length=5,
        max_length=500,
        description="提问的人凭编号能看到；说明还可以怎么办",
    )


class Handed(Input):
    unit: str = Field(title="转给哪个单位", max_length=64, description="单位编号，如 421202-rsj")
    reason: str = Field(title="理由", min_length=2, max_length=500)


class Confirmed(Input):
    months: int = Field(12, title="几个月后再复核", ge=1, le=36)
    basis: str = Field(title="核对了什么", min_length=2, max_length=500)
