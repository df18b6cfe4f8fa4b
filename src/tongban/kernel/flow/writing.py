"""Write what a batch of steps came to: dockets, clocks, ledger, outbox, in that order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tongban.kernel import store
from tongban.kernel.contracts import SYSTEM, Actor, DocketRow
from tongban.kernel.docket.models import DocketLink
from tongban.kernel.flow.declaration import is_apart, is_personal
from tongban.kernel.flow.step import Step
from tongban.kernel.ledger import personal as privacy
from tongban.kernel.ledger.rules import canonical, entry_digest
from tongban.kernel.privacy import keyed_digester


def stream_of(row: DocketRow) -> str:
    """The ledger stream of a docket: its number, known before the row has an id."""
    return row.number


def write_steps(steps: Sequence[Step]) -> None:
    """Write every step; afterwards `step.docket` is as stored."""
    entries, sealed, events = [], {}, []
    for step in steps:
        row = step.docket
        row.revision += 1
        public, hidden = _split(step)
        entry = _entry(step, body=_body(step, public))
        if hidden:
            bound = f"{entry['stream']}#{entry['sequence']}"
            made = privacy.seal(hidden, subject=row.applicant or stream_of(row), bound_to=bound, at=step.at)
            entry["personal_digest"] = made.digest
            sealed[(entry["stream"], entry["sequence"])] = (made.subject, made.secret)
        row.ledger_head = entry["digest"] = chain(entry)
        entries.append(entry)
        events.extend(_events(step))
    store.update_dockets([step.docket for step in steps], read=[step.read for step in steps])
    dirty = [clock for step in steps for clock in step.dirty]
    if dirty:
        store.save_clocks(dirty)
    append(entries, sealed)
    store.insert_events(events)
    _own_rows(steps)
    _links(steps)


def _own_rows(steps: Sequence[Step]) -> None:
    """What the steps change of their desks' rows, then what they add: a statement for each shape."""
    changed: dict[tuple[str, tuple[str, ...], tuple[tuple[str, bool], ...]], list[tuple[Any, ...]]] = {}
    added: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
    for step in steps:
        for one in step.row_changes:
            found = tuple((name, value is None) for name, value in one.where.items())
            keys = [value for value in one.where.values() if value is not None]
            shape = (one.table, tuple(one.columns), found)
            changed.setdefault(shape, []).append((*one.columns.values(), *keys))
        for table, columns in step.new_rows:
            added.setdefault((table, tuple(columns)), []).append(tuple(columns.values()))
    for (table, names, found), rows in changed.items():
        key, null = [name for name, none in found if not none], [name for name, none in found if none]
        store.change_rows(table, names, rows, key=key, null=null)
    for (table, names), rows in added.items():
        store.insert_rows(table, names, rows)


def append(entries: list[dict[str, Any]], sealed: dict[tuple[str, int], tuple[str, bytes]]) -> None:
    """Insert entries, with their personal parts beside them."""
    ids = store.insert_entries(entries, with_ids=bool(sealed))
    if sealed:
        store.insert_personal([(ids[place], subject, secret) for place, (subject, secret) in sealed.items()])


def chain(entry: dict[str, Any]) -> str:
    """The digest of an entry about to be written."""
    covered = (
        "previous", "stream", "sequence", "actor", "unit", "authority", "act", "at", "body", "personal_digest",
    )  # fmt: skip
    return entry_digest(**{name: entry[name] for name in covered})


def first_words(row: DocketRow, *, parent: DocketRow | None = None) -> dict[str, Any]:
    """What the first entry says of a docket, so that whoever counts needs the ledger and nothing else."""
    said = {
        "unit": row.unit, "region": row.region, "channel": row.channel, "subject": row.subject,
        "party": row.applicant.partition(":")[0], "parent": parent.number if parent else "",
    }  # fmt: skip
    known = {name: value for name, value in said.items() if value}
    return {"from": "", "to": row.state, "kind": row.kind, "number": row.number, **known}


def write_note(
    row: DocketRow, *, act: str, at: datetime, body: dict[str, Any], actor: Actor = SYSTEM
) -> None:
    """Enter into a locked docket's ledger what happened to it without a move, and store the row."""
    row.revision += 1
    entry = {
        "stream": stream_of(row), "sequence": row.revision, "actor": actor.id, "unit": actor.unit,
        "authority": "", "act": act, "body": canonical(body), "personal_digest": "", "at": at,
        "previous": row.ledger_head,
    }  # fmt: skip
    row.ledger_head = entry["digest"] = chain(entry)
    store.update_dockets([row])
    append([entry], {})


def _split(step: Step) -> tuple[dict[str, Any], dict[str, Any]]:
    fields = type(step.data).model_fields
    if not fields:
        return {}, {}
    data = step.data.model_dump(mode="json", exclude_none=True)
    hidden = {
        name: value for name, value in data.items() if is_personal(fields[name]) and value not in ("", [])
    }
    public = {
        name: _digest_of(value) if is_apart(fields[name]) else value
        for name, value in data.items()
        if not is_personal(fields[name])
    }
    return public, hidden


def _digest_of(value: Any) -> Any:
    """What the ledger has of a text that the desk keeps: a keyed digest, nothing for nothing."""
    return {"digest": keyed_digester(purpose="ledger.apart")(canonical(value))} if value else value


def _body(step: Step, public: dict[str, Any]) -> str:
    said: dict[str, Any] = {"from": step.before, "to": step.docket.state}
    more = {
        "data": public,
        "set": step.changes,
        "clocks": step.clock_log,
        "note": step.facts,
        "outcome": step.docket.outcome if step.docket.closed_at == step.at else "",
    }
    return canonical(said | {name: value for name, value in more.items() if value})


def _entry(step: Step, *, body: str) -> dict[str, Any]:
    return {
        "stream": stream_of(step.docket),
        "sequence": step.docket.revision,
        "actor": step.actor.id,
        "unit": step.capacity.unit or step.actor.unit,
        "authority": step.capacity.authority,
        "act": step.move.name,
        "body": body,
        "personal_digest": "",
        "at": step.at,
        "previous": step.docket.ledger_head,
    }


def event(row: DocketRow, *, topic: str, at: Any, **body: Any) -> dict[str, Any]:
    """An outbox row about a docket; its body carries no personal data."""
    told = {
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "unit": row.unit,
        "region": row.region,
        "applicant": row.applicant,
        "subject": row.subject,
        "parent": row.parent,
        "at": at,
        **body,
    }
    return {
        "topic": topic,
        "stream": stream_of(row),
        "sequence": row.revision,
        "docket": row.id,
        "body": canonical(told),
        "created_at": at,
        "attempts": 0,
        "error": "",
    }


def _events(step: Step) -> list[dict[str, Any]]:
    row = step.docket
    main = event(
        row, topic=f"{row.kind}.{step.move.name}", at=step.at, move=step.move.name,
        before=step.before, actor=step.actor.id, outcome=row.outcome,
    )  # fmt: skip
    return [main, *(event(row, topic=topic, at=step.at, **body) for topic, body in step.events)]


def _links(steps: Sequence[Step]) -> None:
    links = [
        DocketLink(source_id=step.docket.id, target_id=other, kind=kind, linked_at=step.at)
        for step in steps
        for other, kind in step.links
    ]
    if links:
        DocketLink.objects.bulk_create(links, ignore_conflicts=True)
