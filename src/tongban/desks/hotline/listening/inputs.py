"""What each move of a session asks for."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Plan(Input):
    planned_at: datetime = Field(title="开始时间")
    planned_until: datetime = Field(title="结束时间")
    host: str = Field(title="接听领导或嘉宾（姓名、职务）", min_length=2, max_length=200)
    place: str = Field(title="地点、电话或频率", min_length=2, max_length=200)

    @field_validator("planned_at", "planned_until")
    @classmethod
    def _in_china(cls, value: datetime) -> datetime:
        """A form's field says no zone: it means the clock on the wall."""
        return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)


class Held(Input):
    attended: str = Field(title="还有谁参加（单位、职务）", max_length=500, default="")
    calls: int = Field(title="接听多少个来电或接待多少人", ge=0, le=10_000)


class Report(Input):
    report: str = Field(
        title="公开报告", min_length=20, max_length=5000, description="谁接听、反映了什么、怎样答复。不写来电人的姓名、电话、住址。",
    )  # fmt: skip


class Reason(Input):
    reason: str = Field(title="理由", min_length=2, max_length=300)


class Note(Input):
    text: str = Field("", title="备注", max_length=1000)
