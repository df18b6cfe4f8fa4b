"""What the moves of orders, refunds, differences and batches ask for."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tongban.kernel.flow.declaration import apart


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Note(Input):
    text: str = Field(title="备注", min_length=1, max_length=2000)


class Reason(Input):
    reason: str = Field(title="理由", min_length=2, max_length=500)


class Told(Input):
    reason: str = Field(title="理由", min_length=2, max_length=500, description="缴费人能看到")


class Booked(Input):
    """Which money settled an order."""

    taking: int


class Sent(Input):
    transaction: str = Field("", max_length=64)


class Failed(Input):
    reason: str = Field("", max_length=200)


class ByHand(Input):
    proof: str = Field(
        title="怎么退的、凭证号",
        min_length=4,
        max_length=200,
        description="写线下退款的方式和凭证号，不写账号",
    )


class Settled(Input):
    words: str = Field(
        title="核对的结果",
        min_length=4,
        max_length=500,
        description="写和银行核对了什么、为什么可以销差，不写个人信息",
    )


class Result(Input):
    """What became of one item."""

    place: int
    state: Literal["paid", "returned", "waiting"]
    attempt: int
    transaction: str = ""
    reason: str = Field("", max_length=200)


class Answered(Input):
    results: list[Result] = Field(min_length=1, max_length=500)


class Corrected(Input):
    place: int = Field(title="第几笔", ge=1)
    account: str = Field(
        title="正确的账号", pattern=r"^[0-9]{6,32}$", json_schema_extra=apart(), description="只填数字"
    )
    holder: str = Field(title="户名", min_length=2, max_length=100, json_schema_extra=apart())
    bank: str = Field(title="开户银行", min_length=2, max_length=60)
    reason: str = Field(title="依据", min_length=2, max_length=300, description="向谁核实的、凭什么材料")


class Amended(Input):
    """A corrected account, as the payee gave it."""

    place: int = Field(ge=1)
    account: str = Field(pattern=r"^[0-9]{6,32}$", json_schema_extra=apart())
    holder: str = Field(min_length=2, max_length=100, json_schema_extra=apart())
    bank: str = Field(min_length=2, max_length=60)
    payee: str = Field(max_length=40)


class Place(Input):
    place: int = Field(title="第几笔", ge=1)


class Dropped(Input):
    place: int = Field(title="第几笔", ge=1)
    reason: str = Field(title="为什么不再发放", min_length=2, max_length=300)
