"""What the moves of a correction ask for."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tongban.kernel.flow.declaration import personal


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Note(Input):
    text: str = Field("", title="备注", max_length=2000)


class Reason(Input):
    reason: str = Field(title="理由", min_length=2, max_length=1000)


class Corrected(Input):
    value: str = Field(
        "", title="更正为", max_length=500, description="不填就按提出的更正；金额以元计，是否写“是”或“否”",
        json_schema_extra=personal(),
    )  # fmt: skip
    basis: str = Field(title="核实的依据", min_length=2, max_length=500, description="提出人会看到")


class Maintained(Input):
    reason: str = Field(
        title="为什么不改", min_length=5, max_length=1000, description="提出人会看到；说明还可以怎么办"
    )
