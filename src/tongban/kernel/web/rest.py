"""Dockets over the API: lists, one docket with its open moves, the moves, the ledger.

The kernel lies below identity: `config.api` gives the authentication in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Header, Query, Router, Schema
from pydantic import Field, StringConstraints

from tongban.kernel import api as kernel
from tongban.web.problems import Refusal, explain

MOST = 200
Key = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$")]
IdempotencyKey = Annotated[
    Key, Header(alias="Idempotency-Key", description="幂等键：重试用同一个 · the same key for a retry")
]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:_.\-]{0,64}$")]


class ClockOut(Schema):
    """One running clock. `due_at` is the end of the limit; `whose` unit or applicant."""

    name: str
    label: str
    whose: str
    due_at: datetime
    warn_at: datetime | None
    provisional: bool = Field(description="暂按现有日历，公布后重算 · reckoned past the published calendar")
    suspended_at: datetime | None
    suspended_for: str
    source: str


class DocketOut(Schema):
    """One docket. `unit`, `officer`, `applicant`, `agent` and `region` are ids."""

    number: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    title: str
    unit: str
    officer: str
    applicant: str
    agent: str
    region: str
    channel: str
    subject: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str
    revision: int
    clocks: list[ClockOut]


class DocketsOut(Schema):
    """One page; `after` is the cursor of the next one, empty on the last, `before` that of the one before."""

    items: list[DocketOut]
    after: str
    before: str


class MoveOut(Schema):
    """A move that the caller may make; `reason` says why one is not open now."""

    name: str
    label: str
    open: bool
    reason: str
    primary: bool
    danger: bool
    input: dict[str, Any] = Field(description="JSON Schema of the body")


class DocketDetailOut(DocketOut):
    """A docket with what can be done, what owns it and what it owns, as far as the caller sees them."""

    parent: str
    children: list[str]
    moves: list[MoveOut]


class DoneOut(Schema):
    """What the move came to. `replayed`: the key was used before, nothing was done again."""

    number: str
    move: str
    state: str
    revision: int
    outcome: str
    replayed: bool


class EntryOut(Schema):
    """One ledger entry. `internal`: told to officers only, the chain shows that it is there."""

    sequence: int
    at: datetime
    act: str
    label: str
    actor: str
    unit: str
    authority: str
    internal: bool
    body: dict[str, Any]
    previous: str
    digest: str


class LedgerOut(Schema):
    """A docket's ledger, oldest first. Personal fields lie beside the chain and are not here."""

    number: str
    entries: list[EntryOut]


class Asked(Schema):
    """What a list is narrowed by."""

    kind: Word = ""
    state: Word = ""
    unit: Word = ""
    officer: Word = ""
    subject: Word = ""
    mine: bool = Field(False, description="officers: assigned to me; citizens see only theirs anyway")
    open: bool = Field(True, description="only what is not closed, nearest deadline first")
    decided: bool = Field(False, description="only what is closed, newest first, whatever `open` says")
    outcome: Word = Field("", description="only what is closed and ended so: granted, rejected, withdrawn …")
    late: bool = Field(False, description="only what is past its deadline")
    after: str = Field("", max_length=200, description="cursor of the page before")
    before: str = Field("", max_length=200, description="cursor of the page behind: what comes before it")
    size: int = Field(50, ge=1, le=MOST)


def acting(request: HttpRequest) -> kernel.Actor:
    """The actor that the authentication found."""
    return cast("kernel.Actor", request.actor)  # type: ignore[attr-defined]  # set by the authentication


def number_of(text: str) -> str:
    """A number from an address, mended as people type it.

    :raises Refusal: 404 when its check character does not fit
    """
    try:
        return kernel.normalise(text[:60])
    except ValueError as wrong:
        raise Refusal(
            404, "bad_number", _("没有这个编号。"), possible=f"{wrong}。", fields={"number": str(wrong)}
        ) from None


def docket_out(row: kernel.DocketRow, clocks: list[kernel.ClockRow]) -> dict[str, Any]:
    """A docket as the API shows it."""
    flow = kernel.flow_of(row.kind)
    state = flow.states.get(row.state)
    names = (
        "number", "kind", "state", "title", "unit", "officer", "applicant", "agent", "region", "channel",
        "subject", "opened_at", "due_at", "closed_at", "outcome", "revision",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names},
        "kind_label": str(flow.label),
        "state_label": str(state.label) if state else row.state,
        "clocks": [clock_out(clock) for clock in clocks],
    }


def clock_out(clock: kernel.ClockRow) -> dict[str, Any]:
    """A clock as the API shows it."""
    names = (
        "name", "label", "whose", "due_at", "warn_at", "provisional", "suspended_at", "suspended_for", "source",
    )  # fmt: skip
    return {name: getattr(clock, name) for name in names}


def _refused(error: kernel.MoveRefused) -> Refusal:
    moves = [{"name": name, "label": label} for name, label in error.open_moves]
    return Refusal(
        error.status, error.code, error.reason, possible=error.possible, fields=error.fields,
        open_moves=moves, changes=error.extra,
    )  # fmt: skip


explain(kernel.MoveRefused, _refused)


def _filters(asked: Asked, actor: kernel.Actor) -> kernel.Filters:
    known = [flow.kind for flow in kernel.all_flows()]
    if asked.kind and asked.kind not in known:
        raise Refusal(
            422, "no_kind", _("没有这一类案卷。"), possible=known, fields={"kind": "、".join(known)}
        )
    over = asked.decided or bool(asked.outcome) or _is_final(asked.kind, asked.state)
    return kernel.Filters(
        kind=asked.kind, state=asked.state, unit=asked.unit, subject=asked.subject, outcome=asked.outcome,
        officer=asked.officer or (actor.id if asked.mine and actor.is_officer else ""),
        open_only=(asked.open or asked.late) and not over, closed_only=asked.decided,
        due_before=timezone.now() if asked.late else None,
    )  # fmt: skip


def _is_final(kind: str, state: str) -> bool:
    """Whether dockets of this kind (of any, where none is named) end in the state: it asks for closed ones."""
    flows = [flow for flow in kernel.all_flows() if kind in ("", flow.kind)]
    found = [flow.states[state].final for flow in flows if state in flow.states]
    return bool(found) and all(found)


def _seen_revision(if_match: str, seen: int | None) -> int | None:
    plain = if_match.strip().removeprefix("W/").strip('"')
    if not plain or plain == "*":
        return seen
    if not plain.isascii() or not plain.isdecimal() or len(plain) > 9:
        raise Refusal(400, "bad_revision", _("If-Match要写案卷的revision。"), possible='If-Match: "3"')
    return int(plain)


def _page(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Dockets that the caller sees. Costs the same at any number of dockets."""
    actor = acting(request)
    found = kernel.page(
        actor, _filters(asked, actor), after=asked.after, before=asked.before, size=asked.size
    )
    items = [docket_out(row, found.clocks.get(row.id, [])) for row in found.rows]
    return {"items": items, "after": found.after, "before": found.before}


def _one(request: HttpRequest, number: str) -> dict[str, Any]:
    """One docket, its clocks, and the moves with the JSON Schema of what each asks for."""
    actor = acting(request)
    row = kernel.docket(number_of(number), actor=actor)
    flow = kernel.flow_of(row.kind)
    moves = [
        {
            "name": item.move.name, "label": str(item.move.label), "open": item.is_open,
            "reason": item.reason, "primary": item.move.primary, "danger": item.move.danger,
            "input": item.move.asks.model_json_schema(),
        }
        for item in kernel.moves_for(flow, row, actor)
    ]  # fmt: skip
    children = kernel.children_of([row.id], actor=actor)[row.id]
    return {
        **docket_out(row, kernel.clocks_of([row.id])[row.id]),
        "parent": _parent(row, actor),
        "children": [child.number for child in children],
        "moves": moves,
    }


def _parent(row: kernel.DocketRow, actor: kernel.Actor) -> str:
    if row.parent is None:
        return ""
    try:
        return kernel.docket_by_id(row.parent, actor=actor).number
    except kernel.NotFound:
        return ""


def _move(  # noqa: PLR0917 - ninja reads the parameters of the request from here
    request: HttpRequest,
    number: str,
    move: str,
    key: IdempotencyKey,
    data: Annotated[dict[str, Any], Body(description="input of the move")] = {},  # noqa: B006 - read only
    if_match: Annotated[str, Header(alias="If-Match", description="revision that was seen")] = "",
    seen: Annotated[int | None, Query(ge=0, le=2**31)] = None,
) -> dict[str, Any]:
    """Make a move. Refused, it says why and which moves are open; nothing is changed then."""
    actor = acting(request)
    row = kernel.docket(number_of(number), actor=actor)
    revision = _seen_revision(if_match, seen)
    done = kernel.perform(
        row.id, move[:40], actor=actor, at=timezone.now(), data=data, key=key, seen=revision
    )
    names = ("number", "move", "state", "revision", "outcome", "replayed")
    return {name: getattr(done, name) for name in names}


def _ledger(request: HttpRequest, number: str) -> dict[str, Any]:
    """The entries with their digests. What the house keeps to itself is told to officers only."""
    actor = acting(request)
    row = kernel.docket(number_of(number), actor=actor)
    flow = kernel.flow_of(row.kind)
    inside, entries, previous = actor.is_officer or actor.is_system, [], "0" * 64
    for item in kernel.history(row.number, at=timezone.now()):
        step = flow.moves.get(item.act) or flow.opens.get(item.act)
        hidden = not inside and not (step and str(step.tells))
        entries.append({
            "sequence": item.sequence, "at": item.at, "previous": previous, "digest": item.digest,
            "unit": item.unit, "internal": hidden,
            "act": "" if hidden else item.act,
            "label": "" if hidden else str(step.label) if step else item.act,
            "actor": item.actor if inside else "",
            "authority": item.authority if inside else "",
            "body": item.body if inside else {},
        })  # fmt: skip
        previous = item.digest
    return {"number": row.number, "entries": entries}


def dockets(*, auth: Callable[..., Any]) -> Router:
    """The routes of dockets, each behind `auth`."""
    router = Router(tags=["dockets"])
    router.get("/dockets", response=DocketsOut, auth=auth, summary="案卷列表 · dockets that you see")(_page)
    router.get(
        "/dockets/{number}",
        response=DocketDetailOut,
        auth=auth,
        summary="一个案卷 · one docket and its moves",
    )(_one)
    router.post(
        "/dockets/{number}/moves/{move}", response=DoneOut, auth=auth, summary="做一个动作 · make a move"
    )(_move)
    router.get(
        "/dockets/{number}/ledger", response=LedgerOut, auth=auth, summary="台账 · the ledger with digests"
    )(_ledger)
    return router
