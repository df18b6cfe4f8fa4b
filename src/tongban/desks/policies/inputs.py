"""What the moves of a policy ask for."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Note(Input):
    text: str = Field(title="备注", min_length=1, max_length=2000)


class Reason(Input):
    reason: str = Field(title="理由", min_length=2, max_length=300)


class Public(Input):
    reason: str = Field(title="为什么停止", min_length=5, max_length=300, description="政策页上会公布这句话")


class Checked(Input):
    opinion: str = Field("", title="复核意见", max_length=500, description="可以不写")


class Drafted(Input):
    """Which version of which measure was saved; `digest` is of its terms."""

    measure: str = Field(title="措施", max_length=60)
    version: int = Field(title="版本", ge=1)
    digest: str = Field(title="内容摘要", max_length=64)
    says: str = Field(title="改了什么", max_length=120)


class Dropped(Input):
    measure: str = Field(title="措施", max_length=60)


class Stopped(Input):
    measure: str = Field(title="措施编号", max_length=60, description="在措施页上")
    reason: str = Field(title="为什么停止", min_length=5, max_length=300, description="政策页上会公布这句话")
