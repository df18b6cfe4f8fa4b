"""A small flow that has every kind of move: for tests of the kernel alone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from pydantic import BaseModel, ConfigDict, Field

from tongban.actors.api import any_of, applicant, system_only
from tongban.kernel.contracts import Actor, Capacity, DocketRow, Grant, Opening
from tongban.kernel.flow.declaration import (
    ANY,
    Flow,
    Limit,
    Move,
    Opens,
    State,
    natural_days,
    personal,
    working_days,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """An instant of Shanghai, written as on a wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class Asks(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: str = Field(title="理由", min_length=2, max_length=50)
    phone: str = Field("", title="电话", json_schema_extra=personal())


def clerk(actor: Actor, docket: DocketRow) -> Capacity | None:
    return Capacity(unit=docket.unit) if actor.holds("clerk", docket.unit) else None


def make_flow(kind: str = "toy", prefix: str = "Z") -> Flow:
    return Flow(
        kind,
        "玩具",
        prefix=prefix,
        version=1,
        states=(State("new", "新"), State("work", "办理"), State("wait", "等申请人", waits=True), State("done", "完", final=True)),
        opens=(
            Opens("open", "开立", "new", starts=(Limit("notice", "告知", working_days(5), on_due="deem"),), tells="已收到"),
        ),
        moves=(
            Move("take", "受理", frm="new", to="work", by=clerk, stops=("notice",),
                 starts=(Limit("decide", "决定", working_days(20), warn=working_days(2), source="行政许可法 第四十二条"),)),
            Move("deem", "视为受理", frm="new", to="work", by=system_only, stops=("notice",),
                 starts=(Limit("decide", "决定", working_days(20)),)),
            Move("ask", "要求补正", frm="work", to="wait", by=clerk, asks=Asks, suspends=(ANY,),
                 starts=(Limit("supply", "补正", natural_days(10), whose="applicant", on_due="lapse"),), tells="请补"),
            Move("supply", "补正", frm="wait", to="work", by=applicant, stops=("supply",), resumes=(ANY,)),
            Move("lapse", "逾期", frm="wait", to="done", by=system_only, outcome="lapsed"),
            Move("note", "备注", frm=ANY, to=None, by=any_of(clerk, applicant), asks=Asks),
            Move("finish", "办结", frm="work", to="done", by=clerk, stops=("decide",), outcome="granted", tells="办好了", primary=True),
            Move("drop", "撤回", frm=ANY, to="done", by=applicant, outcome="withdrawn", danger=True),
        ),
        scope=lambda actor: Q(unit__in=actor.units_of("clerk")) | Q(applicant__in=actor.parties),
        sees=lambda actor, row: actor.holds("clerk", row.unit) or row.applicant in actor.parties,
    )  # fmt: skip


CLERK = Actor("officer:1", unit="u1", grants=frozenset({Grant("clerk", "u1")}))
STRANGER = Actor("officer:2", unit="u2", grants=frozenset({Grant("clerk", "u2")}))
CITIZEN = Actor("person:1", parties=frozenset({"person:1"}))


def opening(**changes) -> Opening:
    fields = {
        "kind": "toy", "way": "open", "title": "一件事", "unit": "u1", "applicant": "person:1",
        "region": "421202000000", "subject": "m1", **changes,
    }  # fmt: skip
    return Opening(**fields)
