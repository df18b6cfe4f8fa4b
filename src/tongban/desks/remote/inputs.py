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
