"""What the moves of orders and providers ask for. Money is integer fen."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tongban.desks.bundles.contracts import MOST_FEN
from tongban.kernel.flow.declaration import apart


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Note(Input):
    text: str = Field(title="备注", min_length=1, max_length=2000)


class Reason(Input):
    reason: str = Field(title="理由", min_length=2, max_length=500, description="对方能看到")


class Chosen(Input):
    """Another offer for the same need."""

    offer: int = Field(title="哪一项服务", ge=1)


class Quote(Input):
    amount_fen: int = Field(title="报价（分）", ge=0, le=MOST_FEN)
    days: int = Field(title="几个工作日交付", ge=1, le=400)
    says: str = Field(title="报价包括什么", min_length=2, max_length=500)


class Delivered(Input):
    says: str = Field(
        title="交付了什么", min_length=2, max_length=1000, description="写交了什么、怎么交的，企业据此确认"
    )


class Paid(Input):
    """A party's statement. Whose it is follows from who makes the move."""

    amount_fen: int = Field(title="金额（分）", ge=1, le=MOST_FEN)
    on: date = Field(title="哪一天")


class Rated(Input):
    level: int = Field(title="满意程度", ge=1, le=5)
    said: str = Field("", title="想说的话", max_length=500, json_schema_extra=apart())


class GoOn(Input):
    ruling: str = Field(
        title="调处结果", min_length=4, max_length=1000, description="双方都能看到，写清各自要做什么"
    )
    days: int = Field(title="再给几个工作日", ge=1, le=200)


class Ruling(Input):
    ruling: str = Field(title="调处结果", min_length=4, max_length=1000, description="双方都能看到")


class Agreement(Input):
    agreement: str = Field(title="协议编号", min_length=2, max_length=60)
    from_date: date = Field(title="协议从哪天起")
    until_date: date = Field(title="到哪天止", description="最多三年，不超过资质的有效期")

    @model_validator(mode="after")
    def _in_order(self) -> Agreement:
        if not self.from_date < self.until_date:
            raise ValueError(_("协议的最后一天要在第一天以后。"))
        return self


class Offered(Input):
    """A new offer. What was shown is replaced by a new one, never changed."""

    need: str = Field(title="哪一类服务", max_length=40)
    title: str = Field(title="服务名称", min_length=2, max_length=60)
    title_en: str = Field("", title="英文名称", max_length=120)
    scope: str = Field(title="包括什么、不包括什么", min_length=10, max_length=500)
    terms: str = Field(title="付款、退款和违约的条件", min_length=10, max_length=500)
    price: Literal["fixed", "free", "quote"] = Field(title="怎么收费")
    price_fen: int | None = Field(None, title="价格（分）", ge=1, le=MOST_FEN)
    unit: str = Field("", title="计价单位", max_length=20)
    days: int = Field(title="承诺几个工作日交付", ge=1, le=400)
    regions: list[str] = Field(default=[], title="服务地区", max_length=20)


class OfferChecked(Input):
    offer: int = Field(title="哪一项服务", ge=1)


class OfferRefused(Input):
    offer: int = Field(title="哪一项服务", ge=1)
    reason: str = Field(
        title="理由", min_length=2, max_length=300, description="服务商能看到，写怎么改才能展示"
    )
