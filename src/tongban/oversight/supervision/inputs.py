"""What the moves of an appeal ask for."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Judgement(Input):
    reason: str = Field(title="裁定理由", min_length=5, max_length=1000, description="申诉单位会看到")


class Withdraw(Input):
    reason: str = Field("", title="撤回原因", max_length=500)


class Note(Input):
    text: str = Field(title="补充说明", min_length=2, max_length=2000)
