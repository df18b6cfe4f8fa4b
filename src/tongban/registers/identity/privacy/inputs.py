"""What the moves of an erasure ask for."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Input(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Erase(Input):
    checked: str = Field(title="怎样核对是本人提出的", min_length=2, max_length=200)


class Refuse(Input):
    reason: str = Field(title="不予删除的理由", min_length=2, max_length=500)
    remedies: str = Field(
        "对拒绝有异议的，可以依法向人民法院提起诉讼（个人信息保护法 第五十条）。",
        title="救济途径",
        min_length=10,
        max_length=300,
    )


class Note(Input):
    text: str = Field("", title="备注", max_length=1000)
