"""What the moves of a mending docket ask for."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tongban.kernel.flow.declaration import personal


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Note(Input):
    text: str = Field("", title="备注", max_length=2000)


class Reason(Input):
    reason: str = Field(title="理由", min_length=2, max_length=1000)


class Contact(Input):
    how: Literal["phone", "visit", "message"] = Field(
        title="怎么联系的",
        json_schema_extra={"labels": {"phone": "电话", "visit": "上门", "message": "短信或站内信"}},
    )
    said: str = Field(title="对方反映的情况", min_length=2, max_length=2000, json_schema_extra=personal())
    days: int = Field(title="整改需要的工作日", ge=5, le=15, description="5到15个工作日")


class Reply(Input):
    text: str = Field(title="答复内容", min_length=5, max_length=1000, description="评价人会在站内信里看到")


class Measure(Input):
    kind: Literal["mended", "explained"] = Field(
        title="怎么处理的",
        json_schema_extra={"labels": {"mended": "已整改", "explained": "情况属实但无法整改，已说明"}},
    )
    measure: str = Field(title="做了什么", min_length=5, max_length=2000)


class Exclude(Input):
    why: Literal["mistaken", "malicious"] = Field(
        title="为什么不应计入",
        json_schema_extra={"labels": {"mistaken": "误评", "malicious": "恶意评价"}},
    )
    evidence: str = Field(title="依据", min_length=5, max_length=2000)


class CalledBack(Input):
    said: str = Field(title="回访时对方怎么说", min_length=2, max_length=1000, json_schema_extra=personal())
    result: str = Field(title="告诉评价人的处理结果", min_length=2, max_length=500)
