"""What each move of a hand-over asks for."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tongban.kernel.flow.declaration import personal


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Packed(Input):
    identity: Literal["original", "verified"] = Field(
        title="身份和材料怎么核对的",
        json_schema_extra={
            "labels": {"original": "核对了证件和材料原件", "verified": "网上已实名，材料清晰、齐全"},
        },
    )
    note: str = Field("", title="给对方的话", max_length=500, json_schema_extra=personal())


class Reason(Input):
    reason: str = Field(title="理由", min_length=2, max_length=500)


class Faulty(Input):
    reason: str = Field(title="哪里要补正", min_length=2, max_length=500)
    papers: list[str] = Field(default_factory=list, title="要重新提交的材料（每行一份）", max_length=30)


class Mended(Input):
    text: str = Field("", title="补正说明", max_length=1000, json_schema_extra=personal())
    materials: list[str] = Field(default_factory=list, title="补交的材料", max_length=50)


class Sent(Input):
    package: str = Field(title="数据包编号", max_length=80)
    number: str = Field("", title="对方编号", max_length=80)


class Delayed(Input):
    attempts: int = Field(title="已试次数", ge=1)


class Acknowledged(Input):
    number: str = Field("", title="对方编号", max_length=80)
    promised_on: date | None = Field(None, title="对方承诺办结日")


class Said(Input):
    said: str = Field(title="对方的话", max_length=1000, json_schema_extra=personal())


class Chased(Input):
    note: str = Field(title="怎么催的、对方怎么说", min_length=2, max_length=500)


class Asked(Said):
    purpose: str = Field("", title="请协助的类别", max_length=8)
    reason: str = Field("", title="为什么请协助", max_length=500, json_schema_extra=personal())
    answer_by: date | None = Field(None, title="请在这天前答复")


class Recalled(Input):
    said: str = Field("", title="对方的话", max_length=1000, json_schema_extra=personal())


class Answered(Input):
    letter: str = Field(title="答复编号", max_length=100)
    unit: str = Field(title="答复单位", max_length=100)
    said: str = Field(title="答复", max_length=1000, json_schema_extra=personal())
    files: int = Field(0, title="附件", ge=0)


class Bounced(Input):
    reason: str = Field(title="对方不收的原因", max_length=500)


class Adopted(Input):
    text: str = Field(title="答复怎么用", min_length=2, max_length=500, json_schema_extra=personal())


class Answer(Input):
    text: str = Field(title="答复对方", min_length=2, max_length=1000, json_schema_extra=personal())


class BroughtBack(Input):
    outcome: str = Field(title="对方的决定", max_length=20)


class Handed(Input):
    receiver: str = Field("", title="领取人", max_length=60, json_schema_extra=personal())


class Note(Input):
    text: str = Field("", title="备注", max_length=1000)
