"""Dockets come into being: alone, with their children, or many at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from tongban.kernel import store
from tongban.kernel.clock import reckoning
from tongban.kernel.contracts import Actor, ClockRow, DocketRow, Opening
from tongban.kernel.flow import registry
from tongban.kernel.flow.declaration import Flow, Opens
from tongban.kernel.flow.errors import Conflict
from tongban.kernel.flow.writing import append, chain, event, first_words, stream_of
from tongban.kernel.ledger import personal as privacy
from tongban.kernel.ledger.rules import START, canonical, content_digest
from tongban.kernel.numbering.rules import compose

SHANGHAI = ZoneInfo("Asia/Shanghai")


def open_dockets(
    openings: Sequence[Opening], *, actor: Actor, at: datetime, key: str = "", unit: str = ""
) -> tuple[list[DocketRow], bool]:
    """Open dockets with all their children in one transaction.

    :param key: idempotency key: the same key with the same content opens nothing and gives the
        dockets opened the first time
    :param unit: as which unit an officer opens them
    :return: the top dockets in order (children through `children_of`), and whether they are
        those of an earlier call
    :raises Conflict: the key was used with other content
    """
    with store.writing():
        if key:
            first = _earlier(openings, actor=actor, at=at, key=key)
            if first is not None:
                rows = store.lock_dockets(first)
                return [rows[docket] for docket in first], True
        rows_by_level = _open_level(list(openings), [None] * len(openings), actor=actor, at=at, unit=unit)
        if key:
            answer = json.dumps([row.id for row in rows_by_level])
            store.answer_receipt(("open", actor.id, key), answer)
        return rows_by_level, False


def open_children(
    openings: Sequence[Opening], *, parent: DocketRow, actor: Actor, at: datetime
) -> list[DocketRow]:
    """Open dockets owned by `parent`, inside the caller's transaction."""
    return _open_level(list(openings), [parent] * len(openings), actor=actor, at=at, unit="")


def _earlier(openings: Sequence[Opening], *, actor: Actor, at: datetime, key: str) -> list[int] | None:
    digest = content_digest("open", [_content(opening) for opening in openings])
    claim = {
        "scope": "open", "actor": actor.id, "key": key, "content": digest, "answer": "[]", "answered_at": at,
    }  # fmt: skip
    if store.claim_receipt(claim):
        return None
    scope = ("open", actor.id, key)
    content, answer = store.receipts([scope])[scope]
    if content != digest:
        raise Conflict("key_reused", _("这个幂等键已用于另一项内容。"), possible=_("换一个新键再提交。"))
    ids: list[int] = json.loads(answer)
    return ids


def _content(opening: Opening) -> dict[str, Any]:
    return {
        "kind": opening.kind,
        "subject": opening.subject,
        "applicant": opening.applicant,
        "unit": opening.unit,
        "data": opening.data,
        "personal": opening.personal,
        "children": [_content(child) for child in opening.children],
    }


def _open_level(
    openings: list[Opening], parents: Sequence[DocketRow | None], *, actor: Actor, at: datetime, unit: str
) -> list[DocketRow]:
    rows = _new_rows(openings, parents, at=at)
    clocks = [_clocks(opening, row, at=at) for opening, row in zip(openings, rows, strict=True)]
    for row, started in zip(rows, clocks, strict=True):
        row.due_at = min((clock.due_at for clock in started), default=None)
    entries, sealed = [], {}
    for opening, row, parent, started in zip(openings, rows, parents, clocks, strict=True):
        entry = _entry(opening, row, parent, started, actor=actor, at=at, unit=unit)
        if opening.personal:
            made = privacy.seal(
                opening.personal,
                subject=row.applicant or stream_of(row),
                bound_to=f"{entry['stream']}#1",
                at=at,
            )
            entry["personal_digest"] = made.digest
            sealed[(entry["stream"], 1)] = (made.subject, made.secret)
        entry["digest"] = row.ledger_head = chain(entry)
        entries.append(entry)
    store.insert_dockets(rows)
    _save_clocks(rows, clocks)
    append(entries, sealed)
    store.insert_events(
        [
            event(
                row,
                topic=f"{row.kind}.opened",
                at=at,
                move=opening.way,
                before="",
                actor=actor.id,
                outcome="",
            )
            for opening, row in zip(openings, rows, strict=True)
        ]
    )
    _descend(openings, rows, actor=actor, at=at, unit=unit)
    return rows


def _save_clocks(rows: Sequence[DocketRow], clocks: Sequence[list[ClockRow]]) -> None:
    started = []
    for row, own in zip(rows, clocks, strict=True):
        for clock in own:
            clock.docket = row.id
            started.append(clock)
    if started:
        store.save_clocks(started)


def _descend(
    openings: Sequence[Opening], rows: Sequence[DocketRow], *, actor: Actor, at: datetime, unit: str
) -> None:
    below = [(child, row) for opening, row in zip(openings, rows, strict=True) for child in opening.children]
    if below:
        _open_level(
            [child for child, _row in below], [row for _child, row in below], actor=actor, at=at, unit=unit
        )


def _new_rows(
    openings: Sequence[Opening], parents: Sequence[DocketRow | None], *, at: datetime
) -> list[DocketRow]:
    numbers = _numbers(openings, at=at)
    rows = []
    for opening, parent, number in zip(openings, parents, numbers, strict=True):
        flow, way = _way(opening)
        rows.append(
            DocketRow(
                id=0,
                number=number,
                kind=opening.kind,
                state=way.to,
                title=opening.title[:200],
                unit=opening.unit,
                officer=opening.officer,
                applicant=opening.applicant,
                agent=opening.agent,
                region=opening.region,
                channel=opening.channel,
                subject=opening.subject,
                parent=parent.id if parent else None,
                opened_at=at,
                due_at=None,
                closed_at=None,
                outcome="",
                revision=1,
                flow_version=flow.version,
                ledger_head="",
            )
        )
    return rows


def _way(opening: Opening) -> tuple[Flow, Opens]:
    flow = registry.flow_of(opening.kind)
    return flow, flow.opens[opening.way]


def _numbers(openings: Sequence[Opening], *, at: datetime) -> list[str]:
    day = at.astimezone(SHANGHAI).date()
    places = [(registry.flow_of(opening.kind).prefix, opening.region[:6]) for opening in openings]
    following: dict[tuple[str, str], int] = {}
    for place in sorted(set(places)):
        prefix, region = place
        following[place] = store.take_serials(f"{prefix}{region}{day:%y%m%d}", places.count(place))
    numbers = []
    for place in places:
        numbers.append(compose(prefix=place[0], region=place[1], day=day, serial=following[place]))
        following[place] += 1
    return numbers


def _clocks(opening: Opening, row: DocketRow, *, at: datetime) -> list[ClockRow]:
    _flow, way = _way(opening)
    started = []
    for limit in way.starts:
        span = opening.spans.get(limit.name) or limit.span
        if callable(span):
            raise TypeError(f"{opening.kind}.{way.name}: the opening must give the span of {limit.name!r}")
        started.append(reckoning.begin(limit, span, at=at, docket=0, region=row.region, unit=row.unit))
    return started


def _entry(
    opening: Opening, row: DocketRow, parent: DocketRow | None, clocks: Sequence[ClockRow], *,
    actor: Actor, at: datetime, unit: str,
) -> dict[str, Any]:  # fmt: skip
    said = first_words(row, parent=parent)
    if opening.data or opening.derived:
        said["data"] = opening.data | opening.derived
    if clocks:
        said["clocks"] = [reckoning.said_at_start(clock) for clock in clocks]
    return {
        "stream": stream_of(row), "sequence": 1, "actor": actor.id, "unit": unit or actor.unit,
        "authority": opening.authority, "act": opening.way, "body": canonical(said), "personal_digest": "", "at": at,
        "previous": START,
    }  # fmt: skip
