"""What each move of a visit asks for."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Arrange(Input):
    visit_at: datetime = Field(title="什么时候上门")
    bring: str = Field("", title="请对方备好什么", max_length=300)

    @field_validator("visit_at")
    @classmethod
    def _in_china(cls, value: datetime) -> datetime:
        """A form's field says no zone: it means the clock on the wall."""
        return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)


class Visited(Input):
    served: str = Field(title="办了什么、接下来怎样", min_length=2, max_length=500)


class Decline(Input):
    reason: str = Field(title="为什么不能上门", min_length=2, max_length=300)
    instead: str = Field(title="可以怎么办", min_length=2, max_length=300)


class PassOn(Input):
    unit: str = Field(title="转给哪个服务站", min_length=3, max_length=64)
    reason: str = Field(title="理由", min_length=2, max_length=300)


class Cancel(Input):
    reason: str = Field("", title="为什么不用了", max_length=300)


class Note(Input):
    text: str = Field("", title="备注", max_length=1000)
