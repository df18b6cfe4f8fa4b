"""Versions of flows: every released one is kept as a file, every dropped state needs a mapping.

A docket keeps the flow version it was opened with. `problems` is what `make check` runs;
`migrate` brings open dockets to the present version and writes that into each ledger.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from tongban.kernel import store
from tongban.kernel.contracts import SYSTEM
from tongban.kernel.docket.models import Docket
from tongban.kernel.flow.declaration import Flow, Mapping
from tongban.kernel.flow.registry import all_flows
from tongban.kernel.flow.writing import event, write_note

BATCH = 200


def folder() -> Path:
    """Where the released versions lie."""
    path: Path = settings.PACKS / "flows"
    return path


def shape(flow: Flow) -> dict[str, Any]:
    """What a version consists of, as far as dockets in progress depend on it."""
    return {
        "kind": flow.kind,
        "version": flow.version,
        "states": sorted(name for name, state in flow.states.items() if not state.final),
        "final": sorted(name for name, state in flow.states.items() if state.final),
        "moves": sorted(flow.moves),
    }


def _file(flow: Flow, version: int) -> Path:
    return folder() / f"{flow.kind}.v{version}.json"


def snapshot(flow: Flow) -> Path:
    """Write the present version's file; an existing one is replaced while unreleased."""
    folder().mkdir(parents=True, exist_ok=True)
    path = _file(flow, flow.version)
    path.write_text(json.dumps(shape(flow), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def problems() -> list[str]:
    """Why the flows as declared must not be released; empty when they may."""
    found: list[str] = []
    for flow in all_flows():
        path = _file(flow, flow.version)
        if not path.exists():
            found.append(f"{flow.kind} v{flow.version}: no file; run `tongban flow snapshot`")
        elif json.loads(path.read_text(encoding="utf-8")) != shape(flow):
            found.append(
                f"{flow.kind} v{flow.version}: states or moves differ from the released file; "
                "raise the version, then run `tongban flow snapshot`"
            )
        for version in range(1, flow.version):
            found += _unmapped(flow, version)
    return found


def _unmapped(flow: Flow, version: int) -> list[str]:
    path = _file(flow, version)
    if not path.exists():
        return [f"{flow.kind} v{version}: its released file is gone"]
    mapping = flow.mappings.get(version, Mapping())
    lost = [
        state
        for state in json.loads(path.read_text(encoding="utf-8"))["states"]
        if state not in flow.states and mapping.states.get(state) not in flow.states
    ]
    return [f"{flow.kind} v{version}: state {state!r} is gone and has no mapping" for state in lost]


def migrate(*, at: datetime) -> dict[str, int]:
    """Bring every open docket to its flow's present version; gives how many by kind."""
    moved: dict[str, int] = {}
    for flow in all_flows():
        while True:
            with store.writing():
                ids = list(
                    Docket.objects.filter(kind=flow.kind, closed_at=None, flow_version__lt=flow.version)
                    .order_by("id")
                    .values_list("id", flat=True)[:BATCH]
                )
                rows = store.lock_dockets(ids) if ids else {}
                for key in ids:
                    _migrate_one(flow, rows[key], at=at)
            if not ids:
                break
            moved[flow.kind] = moved.get(flow.kind, 0) + len(ids)
    return moved


def _migrate_one(flow: Flow, row: Any, *, at: datetime) -> None:
    mapping = flow.mappings.get(row.flow_version, Mapping())
    before, version = row.state, row.flow_version
    row.state = mapping.states.get(before, before)
    if row.state not in flow.states:
        raise ValueError(f"{row.number}: state {before!r} of v{version} has no place in v{flow.version}")
    row.flow_version = flow.version
    body = {"from": before, "to": row.state, "from_version": version, "to_version": flow.version}
    write_note(row, act="migrate", at=at, body=body, actor=SYSTEM)
    store.insert_events([event(row, topic=f"{row.kind}.migrated", at=at)])
