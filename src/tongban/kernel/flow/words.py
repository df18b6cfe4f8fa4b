"""What the flow tells people: open moves, what changed meanwhile, which field is wrong and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from tongban.kernel.contracts import Actor, DocketRow
from tongban.kernel.flow.declaration import Flow, Move
from tongban.kernel.ledger.models import Entry


@dataclass(frozen=True, slots=True)
class OpenMove:
    """A move as the screen shows it: open, or listed with the reason why not."""

    move: Move
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return not self.reason


def moves_for(flow: Flow, row: DocketRow, actor: Actor) -> list[OpenMove]:
    """The moves of the docket's state that this actor may make; guarded ones with the reason.

    Moves that only others may make are left out; primary first, dangerous last.
    """
    listed = [
        OpenMove(move, (move.guard(row, actor) or "") if move.guard else "")
        for move in flow.from_state(row.state)
        if move.by(actor, row) is not None
    ]
    return sorted(listed, key=lambda item: (item.move.danger, not item.move.primary))


def open_moves(flow: Flow, row: DocketRow, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Name and label of every move that is open to the actor now."""
    return tuple(
        (item.move.name, str(item.move.label)) for item in moves_for(flow, row, actor) if item.is_open
    )


def what_changed(row: DocketRow, seen: int) -> dict[str, Any]:
    """Who changed what since the revision `seen`, newest first, at most ten."""
    entries = Entry.objects.filter(stream=row.number, sequence__gt=seen).order_by("-sequence")[:10]
    return {
        "revision": row.revision,
        "changes": [
            {"actor": entry.actor, "act": entry.act, "at": entry.at.isoformat()} for entry in entries
        ],
    }


def label_of(schema: type[BaseModel], name: str) -> str:
    """The field's Chinese title, or its name."""
    info = schema.model_fields.get(name)
    return str(info.title) if info and info.title else name


def field_errors(schema: type[BaseModel], error: ValidationError) -> dict[str, str]:
    """Words for each wrong field: what is wrong and what would be right."""
    found: dict[str, str] = {}
    for item in error.errors(include_url=False, include_input=False):
        place = [str(part) for part in item["loc"]]
        name = ".".join(place) or "__all__"
        label = label_of(schema, place[0]) if place else ""
        found.setdefault(name, _say(item["type"], label, item.get("ctx") or {}, item["msg"]))
    return found


def _say(kind: str, label: str, ctx: dict[str, Any], message: str) -> str:
    bound = next(iter(ctx.values()), "")
    sayings: tuple[tuple[tuple[str, ...], str], ...] = (
        (("missing", "string_too_short"), _("请填%(label)s。")),
        (("string_too_long",), _("%(label)s最多%(bound)s个字。")),
        (("extra_forbidden",), _("这里没有“%(label)s”这一项。")),
        (("enum", "literal_error"), _("%(label)s只能是：%(bound)s。")),
        (("date", "datetime"), _("%(label)s要写成日期，如2026-12-01。")),
        (("int", "float", "decimal"), _("%(label)s要填数字。")),
        (("greater_than",), _("%(label)s不能小于%(bound)s。")),
        (("less_than",), _("%(label)s不能大于%(bound)s。")),
        (("bool",), _("%(label)s请选“是”或“否”。")),
    )
    if kind in {"value_error", "assertion_error"}:
        return str(ctx.get("error") or message)
    words = next((text for starts, text in sayings if kind.startswith(starts)), _("%(label)s填得不对。"))
    return words % {"label": label, "bound": bound}
