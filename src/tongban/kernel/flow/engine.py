"""The only writer of a docket's state: `perform` and `perform_many`.

One transaction: lock, replay, access, permission, state, input, effect, clocks, ledger, outbox,
then whatever the law makes part of the same act (nested moves, the parent's hook). One move is a
batch of one, so there is one path; every statement takes any number of rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from tongban.kernel import store
from tongban.kernel.contracts import Actor, Capacity, DocketRow, Done, Request
from tongban.kernel.flow import registry, words
from tongban.kernel.flow.declaration import ChildrenMoved, Flow, GuardOfMany, Move
from tongban.kernel.flow.errors import (
    Conflict,
    InvalidInput,
    MoveRefused,
    NotFound,
    NotPermitted,
    Refused,
)
from tongban.kernel.flow.opening import open_children
from tongban.kernel.flow.step import Family, Nested, Step, fresh
from tongban.kernel.flow.writing import write_steps
from tongban.kernel.ledger.rules import content_digest

BATCH = 500
MAX_DEPTH = 8


def perform(
    docket: int,
    move: str,
    *,
    actor: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
    key: str = "",
    seen: int | None = None,
) -> Done:
    """Make one move.

    :param data: input of the move, validated against what it asks for
    :param key: idempotency key; the same key with the same content gives the first answer again
    :param seen: the docket's revision that the actor was looking at
    :raises NotFound: no docket that the actor may see
    :raises NotPermitted: the actor may not make this move
    :raises MoveRefused: the state or a rule forbids it; the error names the open moves
    :raises InvalidInput: `data` does not fit; the error names the fields
    :raises Conflict: stale `seen`, or `key` was used with other content
    """
    request = Request(docket, move, data or {}, key, seen)
    (result,) = perform_many([request], actor=actor, at=at, atomic=True)
    if isinstance(result, Refused):
        raise result.error
    return result


def perform_many(
    requests: Iterable[Request], *, actor: Actor, at: datetime, atomic: bool = False
) -> list[Done | Refused]:
    """Make many moves; one result per request, in order.

    A refused move stops no other, unless `atomic`: then the first refusal is raised and nothing
    is changed. Costs a constant number of statements per 500 dockets, plus what effects read.
    Requests that name their own actor and instant stand in the order of time; each is checked, written and dated
    as if it had been made alone.
    """
    wanted = [
        one if one.actor and one.at else replace(one, actor=one.actor or actor, at=one.at or at)
        for one in requests
    ]
    results: dict[int, Done | Refused] = {}
    if atomic:
        with store.writing():
            for batch in _batches(list(enumerate(wanted))):
                results.update(_batch(batch, atomic=True, depth=0))
    else:
        for batch in _batches(list(enumerate(wanted))):
            with store.writing():
                results.update(_batch(batch, atomic=False, depth=0))
    return [results[index] for index in range(len(wanted))]


def _batches(items: Sequence[tuple[int, Request]]) -> Iterator[list[tuple[int, Request]]]:
    """Cut into batches in which no docket occurs twice: later moves see what earlier ones did."""
    batch: list[tuple[int, Request]] = []
    present: set[int] = set()
    for item in items:
        if len(batch) == BATCH or item[1].docket in present:
            yield batch
            batch, present = [], set()
        batch.append(item)
        present.add(item[1].docket)
    if batch:
        yield batch


def _batch(batch: Sequence[tuple[int, Request]], *, atomic: bool, depth: int) -> dict[int, Done | Refused]:
    if depth > MAX_DEPTH:
        raise RecursionError("a move leads to itself through nested moves")
    rows = store.lock_dockets([request.docket for _index, request in batch])
    answers, stopped = _answered(batch), _stopped(batch, rows)
    results: dict[int, Done | Refused] = {}
    steps: list[tuple[int, Step]] = []
    for index, request in batch:
        try:
            replayed = _replay(request, answers)
            if replayed:
                results[index] = replayed
                continue
            steps.append((index, _admit(request, rows, stopped)))
        except MoveRefused as error:
            if atomic:
                raise
            results[index] = Refused(request.docket, request.move, error)
    ready = _run_effects(steps, results, atomic=atomic)
    if ready:
        write_steps([step for _index, step in ready])
        for index, step in ready:
            results[index] = _done(step)
            if step.openings:
                open_children(step.openings, parent=step.docket, actor=step.actor, at=step.at)
        _remember(ready)
        _follow_up([step for _index, step in ready], rows, depth)
    return results


def _answered(batch: Sequence[tuple[int, Request]]) -> dict[tuple[str, str, str], tuple[str, str]]:
    scopes = [_scope(request) for _index, request in batch if request.key]
    return store.receipts(scopes) if scopes else {}


def _scope(request: Request) -> tuple[str, str, str]:
    return (f"docket:{request.docket}", request.actor.id if request.actor else "", request.key)


def _replay(request: Request, answers: dict[tuple[str, str, str], tuple[str, str]]) -> Done | None:
    first = answers.get(_scope(request)) if request.key else None
    if first is None:
        return None
    content, answer = first
    if content != content_digest(request.move, request.data):
        raise Conflict("key_reused", _("这个幂等键已用于另一项内容。"), possible=_("换一个新键再提交。"))
    return Done(**{**json.loads(answer), "replayed": True})


def _stopped(
    batch: Sequence[tuple[int, Request]], rows: dict[int, DocketRow]
) -> dict[tuple[str, int], str | None]:
    """What guards that look at many dockets say of those of a batch, by move and docket."""
    looks: dict[str, tuple[GuardOfMany, list[DocketRow]]] = {}
    for _index, request in batch if len(batch) > 1 else ():
        row = rows.get(request.docket)
        move = registry.flow_of(row.kind).moves.get(request.move) if row else None
        if row and move and isinstance(move.guard, GuardOfMany):
            looks.setdefault(move.name, (move.guard, []))[1].append(row)
    found: dict[tuple[str, int], str | None] = {}
    for name, (guard, those) in looks.items():
        reasons = guard.look(those)
        found |= {(name, row.id): reasons.get(row.id) for row in those}
    return found


def _admit(request: Request, rows: dict[int, DocketRow], stopped: dict[tuple[str, int], str | None]) -> Step:
    actor, at, row = request.actor, request.at, rows.get(request.docket)
    assert actor is not None, "given by `perform_many`"
    assert at is not None, "given by `perform_many`"
    if row is None:
        raise NotFound("no_docket", _("没有这个案卷，或者您无权查看。"))
    flow = registry.flow_of(row.kind)
    if not actor.is_system and not flow.sees(actor, row):
        raise NotFound("no_docket", _("没有这个案卷，或者您无权查看。"))
    move = flow.moves.get(request.move)
    if move is None:
        raise MoveRefused(
            "no_move", _("没有“%s”这个动作。") % request.move, open_moves=words.open_moves(flow, row, actor)
        )
    if request.seen is not None and request.seen != row.revision:
        raise Conflict(
            "stale",
            _("这个案卷刚才已有变动，您看到的不是最新内容。"),
            possible=_("您写的还在；看过新内容后再做一次。"),
            extra=words.what_changed(row, request.seen),
        )
    if not flow.allows(move, row.state):
        raise MoveRefused(
            "not_open",
            _("“%(move)s”在“%(state)s”时不能做。")
            % {"move": move.label, "state": flow.states[row.state].label},
            open_moves=words.open_moves(flow, row, actor),
        )
    capacity = move.by(actor, row)
    if capacity is None:
        raise NotPermitted(
            "not_permitted",
            _("您没有做“%s”的权限。") % move.label,
            open_moves=words.open_moves(flow, row, actor),
        )
    asked = (move.name, row.id)
    reason = stopped[asked] if asked in stopped else move.guard(row, actor) if move.guard else None
    if reason:
        raise MoveRefused("guarded", reason, open_moves=words.open_moves(flow, row, actor))
    return _step(flow, move, row, request=request, actor=actor, capacity=capacity, at=at)


def _step(
    flow: Flow,
    move: Move,
    row: DocketRow,
    *,
    request: Request,
    actor: Actor,
    capacity: Capacity,
    at: datetime,
) -> Step:
    data = validate(move.asks, request.data)
    docket = fresh(row)
    docket.state = move.to or row.state
    return Step(flow, move, docket, row, actor, capacity, data, at, key=request.key, asked=request.data)


def validate(schema: type[BaseModel], data: dict[str, Any]) -> BaseModel:
    """Check a move's input.

    :raises InvalidInput: with the words for every field
    """
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        fields = words.field_errors(schema, error)
        raise InvalidInput("invalid", _("有%d处需要改。") % len(fields), fields=fields) from None


def _run_effects(
    steps: Sequence[tuple[int, Step]], results: dict[int, Done | Refused], *, atomic: bool
) -> list[tuple[int, Step]]:
    _load_clocks([step for _index, step in steps])
    ready: list[tuple[int, Step]] = []
    for prepare, group in _prepared(steps):
        prepare(group)
    for index, step in steps:
        try:
            step.move_clocks()
            effect = step.flow.effects.get(step.move.name)
            if effect:
                effect(step)
            step.start_clocks()
            step.settle()
        except MoveRefused as error:
            if atomic:
                raise
            results[index] = Refused(step.docket.id, step.move.name, error)
            continue
        ready.append((index, step))
    return ready


def _prepared(steps: Sequence[tuple[int, Step]]) -> Iterator[tuple[Any, list[Step]]]:
    flows: dict[str, list[Step]] = {}
    for _index, step in steps:
        flows.setdefault(step.flow.kind, []).append(step)
    for group in flows.values():
        if group[0].flow.prepare:
            yield group[0].flow.prepare, group


def _load_clocks(steps: Sequence[Step]) -> None:
    needing = [
        step for step in steps if step.move.touches_clocks or step.flow.states[step.docket.state].final
    ]
    if needing:
        found = store.clocks_of([step.docket.id for step in needing])
        for step in needing:
            step.loaded = found[step.docket.id]


def _done(step: Step) -> Done:
    row = step.docket
    return Done(row.id, row.number, step.move.name, row.state, row.revision, row.outcome)


def _answer(step: Step) -> str:
    """What `Done` is made of, for whoever sends the same key again."""
    row = step.docket
    said = {"docket": row.id, "number": row.number, "move": step.move.name, "state": row.state}
    return json.dumps({**said, "revision": row.revision, "outcome": row.outcome})


def _remember(ready: Sequence[tuple[int, Step]]) -> None:
    rows = [
        {
            "scope": f"docket:{step.docket.id}",
            "actor": step.actor.id,
            "key": step.key,
            "content": content_digest(step.move.name, step.asked),
            "answer": _answer(step),
            "answered_at": step.at,
        }
        for _index, step in ready
        if step.key
    ]
    if rows:
        store.insert_receipts(rows)


def _follow_up(steps: Sequence[Step], rows: dict[int, DocketRow], depth: int) -> None:
    """What the law makes part of the same act: nested moves, then the parents' hooks."""
    nested = [further for step in steps for further in step.nested]
    if nested:
        _make_nested(nested, depth=depth)
    hooked = [step for step in steps if step.docket.parent and _hook_of(rows[step.docket.parent])]
    if not hooked:
        return
    # Parents are as locked unless a move of this act changed them: then they are read again.
    own = {step.docket.id for step in steps}
    moved = bool(nested) or any(step.docket.parent in own for step in hooked)
    families = _families(hooked, store.lock_dockets(sorted({s.docket.id for s in hooked})) if moved else rows)
    for hook in {_hook_of(family.parent) for family in families}:
        if hook:
            hook([family for family in families if _hook_of(family.parent) is hook])
    _make_nested([further for family in families for further in family.nested], depth=depth)


def _hook_of(parent: DocketRow) -> ChildrenMoved | None:
    return registry.flow_of(parent.kind).children_moved


def _families(steps: Sequence[Step], rows: dict[int, DocketRow]) -> list[Family]:
    families: dict[int, Family] = {}
    for step in steps:
        parent = step.docket.parent
        if parent:
            families.setdefault(parent, Family(rows[parent], [])).steps.append(step)
    return list(families.values())


def _make_nested(nested: Sequence[Nested], *, depth: int) -> None:
    """Make further moves in order; neighbours of one actor go together."""
    for group in _runs(nested):
        batch = [
            (i, Request(one.docket, one.move, one.data, actor=one.actor, at=one.at))
            for i, one in enumerate(group)
        ]
        results = _batch(batch, atomic=False, depth=depth + 1)
        for index, one in enumerate(group):
            result = results[index]
            if isinstance(result, Refused) and not (one.if_open and result.error.code == "not_open"):
                raise result.error


def _runs(nested: Sequence[Nested]) -> Iterator[list[Nested]]:
    """Cut into runs of one actor in which no docket occurs twice."""
    run: list[Nested] = []
    present: set[int] = set()
    for one in nested:
        if run and (one.actor != run[0].actor or one.docket in present):
            yield run
            run, present = [], set()
        run.append(one)
        present.add(one.docket)
    if run:
        yield run
