"""What each move of a ticket asks for."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from tongban.desks.hotline.contracts import Satisfaction, Service, Solved, TicketKind, Urgency
from tongban.desks.hotline.rules import cleaned, starred
from tongban.kernel.flow.declaration import apart, personal

# What officers write goes into the ledger: numbers of persons are starred before.
Said = Annotated[str, AfterValidator(lambda text: starred(cleaned(text)))]
Text = Annotated[str, AfterValidator(cleaned)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=40)]
MOST_REPLY = 5000


class Input(BaseModel):
    """Text is stripped; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Reason(Input):
    reason: Said = Field(title="理由", min_length=2, max_length=500)


class Note(Input):
    text: Said = Field("", title="备注", max_length=2000)


class Amend(Input):
    """Classification put right; what is left empty stays."""

    kind: TicketKind | None = Field(None, title="诉求类型")
    urgency: Urgency | None = Field(None, title="紧急程度")
    category: str = Field("", title="分类", max_length=120)
    matter: str = Field("", title="规范事项", max_length=64)
    title: str = Field("", title="标题", max_length=60)


class Answer(Input):
    """Answered at once, without a unit."""

    reply: Text = Field(title="答复", min_length=2, max_length=MOST_REPLY, json_schema_extra=apart())
    satisfaction: Satisfaction | None = Field(None, title="来电人当场评价")
    override: Said = Field("", title="核查提示不采纳的理由", max_length=300)


class Dispatch(Input):
    unit: str = Field(title="承办单位", min_length=3, max_length=64)
    matter: str = Field("", title="规范事项", max_length=64)
    category: str = Field("", title="分类", max_length=120)
    helpers: list[str] = Field(default_factory=list, title="协办单位", max_length=8)
    opinion: Said = Field("", title="派单意见", max_length=500)


class Sorted(Input):
    """What sorting proposed, before anybody decided: no text of the caller, words of the lexicon only."""

    version: str = Field(title="模型版本", max_length=64)
    category: str = Field("", title="建议的分类", max_length=120)
    confidence: float = Field(title="把握", ge=0, le=1)
    words: list[str] = Field(default_factory=list, title="依据的词", max_length=20)
    matter: str = Field("", title="建议的规范事项", max_length=64)
    unit: str = Field("", title="建议的承办单位", max_length=64)
    threshold: float | None = Field(None, title="自动派单门槛")
    automatic: bool = Field(default=False, title="按门槛自动派单")


class PassDown(Input):
    unit: str = Field(title="下级承办单位", min_length=3, max_length=64)
    opinion: Said = Field("", title="交办意见", max_length=500)


class Return(Input):
    """The reason is needed; an empty one is refused by the move itself, which says what else is possible."""

    reason: Said = Field(title="退单理由", max_length=500)
    law: Said = Field("", title="依据（法规或职责清单）", max_length=200)
    suggested: Said = Field("", title="建议的承办单位", max_length=64)


class Judge(Input):
    """The return does not hold: the unit keeps it and may not return it again."""

    reason: Said = Field(title="审核意见", min_length=2, max_length=500)


class Uphold(Input):
    """The return holds: another unit."""

    unit: str = Field(title="改派给", min_length=3, max_length=64)
    reason: Said = Field(title="审核意见", min_length=2, max_length=500)
    final: bool = Field(default=False, title="指定承办，不得再退")


class Helpers(Input):
    units: list[str] = Field(title="协办单位", min_length=1, max_length=8)
    opinion: Said = Field("", title="要协办什么", max_length=500)


class AskDelay(Input):
    days: int = Field(title="延期几个工作日", ge=1, le=60)
    reason: Said = Field(title="延期理由", min_length=5, max_length=500)


class Reply(Input):
    reply: Text = Field(title="答复", min_length=2, max_length=MOST_REPLY, json_schema_extra=apart())
    result: Solved | None = Field(None, title="办理结果")


class Review(Input):
    opinion: Said = Field("", title="审核意见", max_length=500)
    override: Said = Field("", title="核查提示不采纳的理由", max_length=300)


class CallBack(Input):
    satisfaction: Satisfaction = Field(title="满意度")
    operator: Satisfaction | None = Field(None, title="对话务员的评价")
    solved: Solved = Field(Solved.UNKNOWN, title="是否解决")
    said: Text = Field("", title="来电人说", max_length=1000, json_schema_extra=personal())
    close: bool = Field(default=True, title="满意就办结")


class Rate(Input):
    """The caller's own word, by web or message."""

    satisfaction: Satisfaction = Field(title="满意度")
    solved: Solved = Field(Solved.UNKNOWN, title="是否解决")
    said: Text = Field("", title="说明", max_length=1000, json_schema_extra=personal())


class Added(Input):
    """What the caller says afterwards: kept with the message, proven in the ledger by a digest."""

    text: Text = Field(title="补充的情况", min_length=2, max_length=2000, json_schema_extra=apart())


class Close(Input):
    note: Said = Field("", title="办结说明", max_length=500)


class Merge(Input):
    into: Number = Field(title="并入哪张工单")


class Gather(Input):
    numbers: list[Number] = Field(title="并进来的工单", min_length=1, max_length=100)


class Split(Input):
    parts: list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=5000)]] = (
        Field(title="拆出来的诉求", min_length=1, max_length=5)
    )


class Refuse(Input):
    ground: str = Field(title="不予受理的情形", min_length=2, max_length=40)
    instead: Said = Field(title="可以怎么办", min_length=2, max_length=500)


class Confide(Input):
    named: list[str] = Field(title="知情人", min_length=1, max_length=12)
    reason: Said = Field(title="理由", min_length=2, max_length=300)


class Alarm(Input):
    services: list[Service] = Field(title="通知哪里", min_length=1, max_length=3)
    said: Said = Field("", title="对方接警人和回话", max_length=300)


class Alarmed(Input):
    """What an emergency service answered, or that it was not reached; told by `by`."""

    service: Service = Field(title="通知哪里")
    reached: bool = Field(title="已接警")
    reference: Said = Field("", title="对方回执", max_length=200)
    by: str = Field("", title="由谁要求通知", max_length=64)


class Supervise(Input):
    level: Said = Field("督办", title="督办方式", max_length=20)
    reason: Said = Field(title="督办要求", min_length=2, max_length=500)


class Report(Input):
    text: Said = Field(title="督办反馈", min_length=2, max_length=1000)


class Done(Input):
    text: Text = Field(title="协办结果", min_length=2, max_length=2000, json_schema_extra=apart())


class Rerouted(Input):
    """A unit ended: who has its work now."""

    unit: str = Field(title="移交给", min_length=3, max_length=64)
    reason: Said = Field(title="理由", min_length=2, max_length=300)
