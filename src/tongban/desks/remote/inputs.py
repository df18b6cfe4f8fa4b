"""What each move of a remote session asks for."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tongban.kernel.flow.declaration import personal


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Declined(Input):
    reason: str = Field(title="为什么现在不能接", min_length=2, max_length=300)


class Remarked(Input):
    text: str = Field(title="对对方说", min_length=1, max_length=500, json_schema_extra=personal())


class Ended(Input):
    said: str = Field("", title="商定了什么", max_length=500, json_schema_extra=personal())


class Proposed(Input):
    element: str = Field(title="哪一项", min_length=1, max_length=80, json_schema_extra=personal())
    value: str = Field(title="建议填", min_length=1, max_length=500, json_schema_extra=personal())


class Accepted(Input):
    proposal: int = Field(title="哪一条建议", ge=1)
    anyway: bool = Field(default=False, title="这一项后来改过，仍然采用")


class Refused(Input):
    proposal: int = Field(title="哪一条建议", ge=1)


class Followed(Input):
    shared: str = Field(title="提交后的案卷", max_length=60)
