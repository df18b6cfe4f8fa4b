"""What the moves of instant approval, of making licences and of checking afterwards ask for."""

from __future__ import annotations

from pydantic import Field

from tongban.desks.cases.inputs import Input
from tongban.kernel.flow.declaration import personal


class Instantly(Input):
    """What an instant approval rests on. Which values were read is personal and lies beside the chain."""

    rules_version: str = Field(title="规则版本", min_length=64, max_length=64)
    matter_version: int = Field(title="事项版本", ge=0)
    registers: list[str] = Field(default_factory=list, title="用到的共享库", max_length=40)
    kinds: list[str] = Field(default_factory=list, title="用到的证照种类", max_length=40)
    inputs_digest: str = Field(title="所依据数据的摘要", max_length=64, json_schema_extra=personal())
    licences: list[str] = Field(
        default_factory=list, title="用到的证照", max_length=60, json_schema_extra=personal()
    )


class Complete(Input):
    """The entries that were missing, one a line."""

    entries: list[str] = Field(
        title="补全的内容", min_length=1, max_length=40, description="一行一项，写成“名称：内容”",
        json_schema_extra=personal(),
    )  # fmt: skip


class GiveUp(Input):
    reason: str = Field(title="为什么不用制证", min_length=2, max_length=500)


class Sound(Input):
    note: str = Field("", title="核对情况", max_length=1000, json_schema_extra=personal())


class Fault(Input):
    reason: str = Field(
        title="发现的问题", min_length=2, max_length=2000, description="申请人会看到",
        json_schema_extra=personal(),
    )  # fmt: skip
    law: str = Field(title="依据", min_length=2, max_length=200)


class Heard(Input):
    said: str = Field(title="陈述和申辩", min_length=2, max_length=2000, json_schema_extra=personal())


class Corrected(Input):
    entries: list[str] = Field(
        title="更正的内容", min_length=1, max_length=40, description="一行一项，写成“名称：内容”",
        json_schema_extra=personal(),
    )  # fmt: skip
    reason: str = Field(title="更正的理由", min_length=2, max_length=500)


class Revoked(Input):
    reason: str = Field(title="撤销的理由", min_length=2, max_length=500)
    law: str = Field("行政许可法 第六十九条", title="依据", min_length=2, max_length=200)
    remedies: str = Field(
        "可以在收到之日起60日内申请行政复议，或者6个月内提起行政诉讼。", title="救济途径", min_length=10,
        max_length=500,
    )  # fmt: skip
