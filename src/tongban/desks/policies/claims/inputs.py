"""What the moves of runs, claims and recoveries ask for."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tongban.kernel.flow.declaration import apart


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Note(Input):
    text: str = Field(title="备注", min_length=1, max_length=2000)


class Told(Input):
    reason: str = Field(title="理由", min_length=4, max_length=400, description="对方能看到，不写姓名和号码")


class Done(Input):
    text: str = Field(
        title="做了什么", min_length=2, max_length=400, description="对方能看到，不写姓名和号码"
    )


class Place(Input):
    place: int = Field(title="名单第几位", ge=1)


class Excluded(Place):
    reason: str = Field(
        title="为什么不再享受", min_length=4, max_length=400, description="对方能看到，不写姓名和号码"
    )


class Released(Place):
    reason: str = Field(
        title="核查的结果", min_length=4, max_length=400, description="提出异议的人能看到，不写姓名和号码"
    )


class Succeeded(Place):
    uscc: str = Field(
        title="承继单位的统一社会信用代码", min_length=18, max_length=18, pattern=r"^[0-9A-Z]{18}$"
    )
    reason: str = Field(
        title="依据", min_length=4, max_length=400, description="合并协议、登记通知书等，不写号码"
    )


class Objected(Place):
    """An objection was raised; its words lie in the desk's own table."""

    objection: int
    by: str = Field(max_length=40)


class Supplied(Input):
    text: str = Field(
        title="补充说明",
        min_length=2,
        max_length=1000,
        json_schema_extra=apart(),
        description="材料在页面上传",
    )


class Sent(Input):
    batch: str = Field(max_length=40)


class Bounced(Input):
    reason: str = Field("", max_length=300)


class Booked(Input):
    fee: str = Field("", max_length=40)


class Proof(Input):
    reason: str = Field(title="理由和依据", min_length=4, max_length=400, description="不写姓名和号码")
