"""What happened to a docket, in words: who, as which unit, by whose delegation, with what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final, get_args

from django.utils.translation import gettext as _
from pydantic.fields import FieldInfo

from tongban.faces.workbench import words
from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import Flow

_HOUSE = {
    "hand_over": "机构调整移交", "recompute": "放假安排公布，期限重算", "migrate": "流程换版",
}  # fmt: skip
_UNIT: Final = re.compile(r"^\d{6,12}-[a-z0-9]+$")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the timeline."""

    sequence: int
    at: datetime
    what: str
    who: str
    unit: str
    by_delegation: str
    state: str
    details: list[tuple[str, str]]
    digest: str
    act: str
    told: str


def lines(row: kernel.DocketRow, *, at: datetime) -> list[Line]:
    """The whole timeline, newest first. Personal fields are not read: they lie beside the chain."""
    flow = kernel.flow_of(row.kind)
    entries = kernel.timeline(row, at=at, for_applicant=False)
    names = words.Names(entry.happening.actor for entry in entries)
    return [
        Line(
            sequence=entry.happening.sequence, at=entry.happening.at,
            what=_(_HOUSE[entry.label]) if entry.label in _HOUSE else entry.label,
            who=names(entry.happening.actor), unit=words.unit_name(entry.happening.unit),
            by_delegation=entry.happening.authority, state=entry.state,
            details=_details(flow, entry.happening), digest=entry.happening.digest, act=entry.happening.act,
            told=entry.told,
        )
        for entry in entries
    ]  # fmt: skip


def _details(flow: Flow, item: kernel.Happening) -> list[tuple[str, str]]:
    move = flow.moves.get(item.act)
    given: dict[str, Any] = item.body.get("data") or {}
    found = []
    for name, value in given.items():
        info = move.asks.model_fields.get(name) if move else None
        if info is None or value in ("", [], None):
            continue
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        labels = extra.get("labels")
        said = labels.get(value, value) if isinstance(labels, dict) and isinstance(value, str) else value
        chosen = _choices_of(info)
        text = "、".join(_told(one, chosen) for one in (said if isinstance(said, list) else [said]))
        found.append((_(info.title) if info.title else name, _(text) if said is not value else text))
    for name, value in (item.body.get("set") or {}).items():
        if name == "unit":
            found.append((_("转到"), words.unit_name(str(value))))
    if item.body.get("reason"):
        found.append((_("理由"), str(item.body["reason"])))
    return found


def _choices_of(info: FieldInfo) -> type[Enum] | None:
    """What a field chooses from, where its choices have words of their own."""
    kinds = [info.annotation, *get_args(info.annotation)]
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Enum)), None)


def _told(value: Any, chosen: type[Enum] | None) -> str:
    """A value as people read it: a choice by its words, a unit by its name."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dict) and set(value) == {
        "digest"
    }:  # kept by the desk alone, see `kernel.flow.apart`
        return _("内容不写进台账，台账里是它的校验值")
    if chosen is not None and value in {item.value for item in chosen}:
        item = chosen(value)
        return str(getattr(item, "label", item.value))
    text = str(value)
    return (words.unit_name(text) if _UNIT.match(text) else "") or text


def undo_of(row: kernel.DocketRow, shown: list[Line], actor: kernel.Actor, open_moves: set[str]) -> str:
    """The move that takes back the actor's own last one, where the flow declares it; else empty."""
    if not shown:
        return ""
    last = kernel.flow_of(row.kind).moves.get(shown[0].act)
    if last is None or not last.inverse or last.inverse not in open_moves:
        return ""
    entries = kernel.history(row.number, at=shown[0].at)
    return last.inverse if entries and entries[-1].actor == actor.id else ""
