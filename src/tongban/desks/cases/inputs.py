"""What each move asks for: validated here, shown as a form by the kernel."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ConfigDict, Field, field_validator

from tongban.kernel.flow.declaration import personal

REMEDIES = gettext_lazy("可以在收到之日起60日内申请行政复议，或者6个月内提起行政诉讼。")


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Note(Input):
    text: str = Field("", title="备注", max_length=2000)


class Reason(Input):
    reason: str = Field(title="理由", min_length=2, max_length=1000)


class Accept(Input):
    note: str = Field("", title="备注", max_length=500)


class Missing(Input):
    papers: list[str] = Field(title="缺哪些材料", min_length=1, max_length=30, description="一行一份")
    why: str = Field(title="为什么需要、怎样才合格", min_length=2, max_length=1000)


class Notify(Input):
    text: str = Field("", title="给申请人的话", max_length=1000)


class LookedUp(Input):
    material: str = Field(title="材料", min_length=1, max_length=64)
    found: bool = Field(title="查到了")
    register_key: str = Field(title="共享库", max_length=64)
    reference: str = Field("", title="凭据", max_length=200)


class Supply(Input):
    materials: list[str] = Field(
        default_factory=list, title="补交的材料", max_length=60, description="材料的键，文件另行上传"
    )
    text: str = Field("", title="说明", max_length=1000, json_schema_extra=personal())


class Refuse(Input):
    reason: str = Field(title="不予受理的理由", min_length=2, max_length=1000)
    law: str = Field(title="依据", min_length=2, max_length=200)
    instead: str = Field(title="申请人可以怎么办", min_length=2, max_length=500)


class Surveyed(Input):
    findings: str = Field(title="结论", min_length=2, max_length=2000)


class Procedure(Input):
    kind: Literal["hearing", "test", "expert_review", "publicity"] = Field(
        title="程序",
        json_schema_extra={
            "labels": {
                "hearing": "听证",
                "test": "检验检测",
                "expert_review": "专家评审",
                "publicity": "公示",
            }
        },
    )
    days: int = Field(
        title="需要的工作日", ge=1, le=180, description="书面告知申请人（行政许可法 第四十五条）"
    )
    reason: str = Field(title="理由", min_length=2, max_length=500)


class Propose(Input):
    opinion: Literal["grant", "reject"] = Field(
        title="意见", json_schema_extra={"labels": {"grant": "建议批准", "reject": "建议不予批准"}}
    )
    text: str = Field(title="审查情况", min_length=2, max_length=2000)


class Grant(Input):
    conditions: str = Field("", title="附带条件", max_length=500)
    document: str = Field("", title="文号或证号", max_length=60)


class Reject(Input):
    reason: str = Field(title="不予批准的理由", min_length=2, max_length=1000)
    law: str = Field(title="依据", min_length=2, max_length=200)
    remedies: str = Field(str(REMEDIES), title="救济途径", min_length=10, max_length=500)


class Transfer(Input):
    unit: str = Field(title="转给哪个单位", min_length=3, max_length=64)
    reason: str = Field(title="理由", min_length=2, max_length=500)


class Withdraw(Input):
    reason: str = Field("", title="撤回原因", max_length=500)


class HandOut(Input):
    received_by: str = Field(title="领取人", min_length=1, max_length=60, json_schema_extra=personal())
    window: str = Field("", title="窗口", max_length=40)


class Send(Input):
    carrier: str = Field("EMS", title="快递公司", max_length=40)
    tracking: str = Field(title="快递单号", min_length=6, max_length=40, pattern=r"^[A-Za-z0-9-]+$")


class Schedule(Input):
    held_at: datetime = Field(title="勘验时间")
    note: str = Field("", title="请准备", max_length=500)

    @field_validator("held_at")
    @classmethod
    def _with_zone(cls, value: datetime) -> datetime:
        from django.utils.timezone import is_naive, make_aware

        return make_aware(value) if is_naive(value) else value


class SurveyReport(Input):
    passed: Literal["yes", "mend", "no"] = Field(
        title="结论", json_schema_extra={"labels": {"yes": "符合", "mend": "整改后符合", "no": "不符合"}}
    )
    findings: str = Field(title="勘验情况", min_length=2, max_length=3000)

    @field_validator("findings")
    @classmethod
    def _says_what_to_mend(cls, value: str) -> str:
        if not any("\u4e00" <= char <= "\u9fff" for char in value) and len(value) < 10:
            raise ValueError(_("请写清现场看到的情况。"))
        return value
