"""The hotline over the API: messages from other systems, lines and sub-centres; lists, one ticket, its moves.

Officers take messages for anybody when they work at a desk of the hotline; citizens for themselves. A phone never
stands in an address: whoever looks for a caller asks by POST.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Field, Header, Query, Router, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, StringConstraints

from tongban.desks.hotline import lists, selectors, taking
from tongban.desks.hotline.access import desk_regions
from tongban.desks.hotline.contracts import KIND, HotlineRefused, NewTicket, TicketView
from tongban.kernel import api as kernel
from tongban.kernel.web.rest import ClockOut, DoneOut, IdempotencyKey, acting, clock_out, number_of
from tongban.kernel.web.rest_files import handed_in
from tongban.registers.identity.rest_auth import signed_in
from tongban.web.problems import Refusal, explain

router = Router(tags=["hotline"])
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:_.\-]{0,64}$")]
Path = Annotated[str, StringConstraints(max_length=120)]


class FileIn(Schema):
    """A photo or paper handed in before at `/files`."""

    model_config = ConfigDict(extra="forbid")

    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str = Field("", max_length=200)


class TicketIn(Schema):
    """A message as it came in. Lengths are checked in words that help: see the errors."""

    model_config = ConfigDict(extra="forbid")

    kind: Word = Field(
        "help", description="help, consultation, suggestion, complaint, report, praise, invalid"
    )
    channel: Word = Field(
        "message", description="message, line, phone, web, qr, mailbox, grid, window, leaders, broadcast"
    )
    urgency: Word = Field("ordinary", description="ordinary, urgent, emergency")
    text: str = Field(description="1–5,000 characters; HTML is text")
    title: str = Field("", max_length=200)
    place: str = Field("", max_length=2000)
    latitude: float | None = Field(None, description="WGS 84")
    longitude: float | None = None
    region: Word = Field("", description="division code of the place; empty: the city's")
    caller_name: str = Field("", max_length=200)
    caller_phone: str = Field("", max_length=60)
    confidential: bool = False
    category: Path = ""
    matter: Word = ""
    line: Word = Field("", description="key of the line that it came by")
    call: Word = ""
    reference: str = Field("", max_length=200, description="its number where it came from")
    follows: Word = Field("", description="number of an earlier ticket")
    files: list[FileIn] = Field(default=[], max_length=20)


class TakenOut(Schema):
    """The ticket. `is_new` is false when the key was used before; `same_as` and `flood` only tell, nothing is dropped."""

    number: str
    is_new: bool
    same_as: str
    flood: bool


class TicketOut(Schema):
    """A ticket. Name and phone are masked."""

    number: str
    state: str
    state_label: str
    kind: str
    kind_label: str
    channel: str
    channel_label: str
    urgency: str
    title: str
    text: str
    place: str
    latitude: float | None
    longitude: float | None
    region: str
    category: str
    matter: str
    line: str
    call: str
    unit: str
    lead: str = Field(description="首接单位 · first responder")
    caller_name: str
    caller_phone: str
    confidential: bool
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str
    revision: int
    reply: str
    replied_at: datetime | None
    satisfaction: str
    solved: str
    returns: int
    reopened: int
    urged: int
    supervised: bool
    emergency: list[str] = Field(description="services told; with a question mark: not reached yet")
    flood: bool
    clocks: list[ClockOut]


class TicketsOut(Schema):
    """One page; `after` is the cursor of the next one, empty on the last."""

    items: list[TicketOut]
    after: str


def _in_utc(value: datetime) -> datetime:
    """The same instant without its zone, which a database may not know; :raises ValueError: before the year 1"""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Narrowed(Schema):
    """What a list is narrowed by."""

    waiting: Word = Field("", description="dispatch, sign, work, returns, delays, review, call_back, close")
    state: Word = ""
    unit: Word = ""
    officer: Word = ""
    region: Word = ""
    kind: Word = ""
    channel: Word = ""
    urgency: Word = ""
    category: Path = ""
    matter: Word = ""
    line: Word = ""
    lead: Word = ""
    satisfaction: Word = ""
    solved: Word = ""
    reference: Path = ""
    flood: bool = False
    open: bool = Field(False, description="only what is not closed")
    late: bool = Field(False, description="only what is past a limit")
    near: bool = Field(False, description="only what is near a limit")
    opened_from: Instant | None = None
    opened_before: Instant | None = None
    after: str = Field("", max_length=200)
    size: int = Field(50, ge=1, le=lists.MOST)


class CallerIn(Schema):
    """Whose tickets: by phone, in any usual spelling."""

    model_config = ConfigDict(extra="forbid")

    phone: str = Field(min_length=3, max_length=60)
    size: int = Field(50, ge=1, le=lists.MOST)


explain(
    HotlineRefused,
    lambda error: Refusal(422, "not_taken", error.reason, possible=error.possible, fields=error.fields),
)


@router.post("/hotline/tickets", response=TakenOut, auth=signed_in, summary="受理一条诉求 · take a message")
def take(request: HttpRequest, data: TicketIn, key: IdempotencyKey) -> dict[str, Any]:
    """Take a message; the same key with the same message gives the first ticket again."""
    actor = acting(request)
    given = data.dict(exclude={"files"})
    if desk_regions(actor):
        given["unit"] = next(iter(desk_regions(actor).values()))
    elif actor.is_officer:
        raise Refusal(
            403, "not_permitted", _("只有热线的工作人员可以替人登记。"), possible=_("请转告12345。")
        )
    else:
        given |= {"caller": actor.id, "line": "", "call": "", "matter": "", "channel": "message"}
    stored = tuple((one.digest, one.name) for one in data.files)
    if stored and handed_in([digest for digest, _name in stored], actor=actor.id) != {
        one[0] for one in stored
    }:
        raise Refusal(422, "no_file", _("有文件没有先交上来。"), possible="POST /files")
    made = taking.take(NewTicket(**given, stored=stored), actor=actor, at=timezone.now(), key=key)
    return {"number": made.number, "is_new": made.is_new, "same_as": made.same_as, "flood": made.flood}


@router.get(
    "/hotline/tickets", response=TicketsOut, auth=signed_in, summary="工单列表 · tickets that you see"
)
def page(request: HttpRequest, narrowed: Query[Narrowed]) -> dict[str, Any]:
    """Tickets, newest first; what waits, nearest limit first. Costs the same at any number of tickets."""
    now = timezone.now()
    given = narrowed.dict(exclude={"open", "late", "near", "after", "size"})
    asked = lists.Asked(
        **given,
        open_only=narrowed.open,
        late_at=now if narrowed.late else None,
        near_at=now if narrowed.near else None,
    )
    found = lists.page(acting(request), asked, after=narrowed.after, size=narrowed.size)
    return {"items": [ticket_out(one) for one in found.items], "after": found.after}


@router.post(
    "/hotline/callers",
    response=TicketsOut,
    auth=signed_in,
    summary="同一来电人的工单 · tickets of the same caller",
)
def of_caller(request: HttpRequest, data: CallerIn) -> dict[str, Any]:
    """What the same phone asked before, newest first, as far as you see it."""
    actor = acting(request)
    found = (
        selectors.history_of_caller(actor=actor, phone=data.phone, most=data.size) if actor.is_officer else []
    )
    return {"items": [ticket_out(one) for one in found], "after": ""}


@router.get("/hotline/tickets/{number}", response=TicketOut, auth=signed_in, summary="一张工单 · one ticket")
def one(request: HttpRequest, number: str) -> dict[str, Any]:
    """One ticket by its number, with its clocks."""
    return ticket_out(selectors.ticket(number_of(number), actor=acting(request)))


@router.post(
    "/hotline/tickets/{number}/moves/{move}",
    response=DoneOut,
    auth=signed_in,
    summary="做一个动作 · make a move",
)
def make(  # noqa: PLR0917 - ninja reads the parameters of the request from here
    request: HttpRequest,
    number: str,
    move: str,
    key: IdempotencyKey,
    data: Annotated[dict[str, Any], Body(description="input of the move: see /dockets/{number}")] = {},  # noqa: B006 - read only
    seen: Annotated[int | None, Query(ge=0, le=2**31)] = None,
    if_match: Annotated[str, Header(alias="If-Match", description="revision that was seen")] = "",
) -> dict[str, Any]:
    """Make a move of a ticket: dispatch, sign, give_back, reply, review, call_back … Refused, it says which are open."""
    actor = acting(request)
    row = kernel.docket(number_of(number), actor=actor)
    if row.kind != KIND:
        raise kernel.NotFound("no_ticket", _("这个编号不是热线工单。"), possible=_("用 /dockets/ 查看。"))
    plain = if_match.strip().removeprefix("W/").strip('"')
    revision = int(plain) if plain.isdecimal() and plain.isascii() and len(plain) < 10 else seen
    done = kernel.perform(
        row.id, move[:40], actor=actor, at=timezone.now(), data=data, key=key, seen=revision
    )
    return {
        name: getattr(done, name) for name in ("number", "move", "state", "revision", "outcome", "replayed")
    }


_SAME = tuple(name for name in TicketOut.model_fields if name not in {"clocks", "emergency"})


def ticket_out(view: TicketView) -> dict[str, Any]:
    """A ticket as the API shows it."""
    return {
        **{name: getattr(view, name) for name in _SAME},
        "emergency": list(view.emergency),
        "clocks": [clock_out(clock) for clock in view.clocks],
    }
