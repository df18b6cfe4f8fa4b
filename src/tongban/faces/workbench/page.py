"""The one docket page, for every kind of docket, driven by its flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict
from django.utils.translation import gettext as _

from tongban.faces.workbench import history, listing, revealing, words
from tongban.faces.workbench.panels.base import Asked, Choosing, choosing_of, panels_of
from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import ANY, Move
from tongban.kernel.flow.forms import form_for
from tongban.kernel.web import clocks
from tongban.registers.identity.privacy.api import Purpose
from tongban.web.contracts import ClockView, MoveButton

# Shown in boxes of their own, never among the numbered moves.
BOXES = ("note", "reply")


@dataclass(frozen=True, slots=True)
class Asking:
    """What the page is asked to show besides the docket itself.

    `move` has its form open, with `data` and `errors` of a refused attempt and the idempotency `key`.
    """

    move: str = ""
    data: QueryDict | None = None
    errors: dict[str, str] | None = None
    key: str = ""
    origin: str = ""
    place: str = ""

    @property
    def query(self) -> str:
        """The part of the address that remembers the list one came from."""
        return urlencode({"from": self.origin, "place": self.place}) if self.origin else ""


def translated(form: forms.Form) -> forms.Form:
    """The form with the flow's words in the reader's language."""
    for field in form.fields.values():
        field.label = _(str(field.label)) if field.label else field.label
        field.help_text = _(str(field.help_text)) if field.help_text else ""
        if isinstance(field, forms.ChoiceField):
            flat: Any = field.choices
            field.choices = [(value, _(str(label))) for value, label in flat]
    form.label_suffix = ""
    form.use_required_attribute = False
    return form


def with_choices(form: forms.Form, choosing: Choosing) -> forms.Form:
    """Let somebody choose where the docket's kind knows what there is, instead of typing an id."""
    for name, choices in choosing.choices.items():
        plain = form.fields.get(name)
        if plain is None or not choices:
            continue
        common: dict[str, Any] = {
            "label": plain.label,
            "required": plain.required,
            "help_text": plain.help_text,
        }
        if isinstance(plain.widget, forms.Textarea):
            form.fields[name] = forms.MultipleChoiceField(
                choices=choices, widget=forms.CheckboxSelectMultiple, **common
            )
        else:
            form.fields[name] = forms.ChoiceField(choices=[("", "—"), *choices], **common)
    return form


def move_form(move: Move, asking: Asking, choosing: Choosing | None = None) -> forms.Form:
    """The input of a move as a form; what was written in a refused attempt stays."""
    mine, choosing = asking.move == move.name, choosing or Choosing()
    bare = form_for(
        move.asks, data=asking.data if mine else None, errors=asking.errors if mine else None,
        initial=dict(choosing.initial),
    )  # fmt: skip
    form = translated(with_choices(bare, choosing))
    form.auto_id = f"id_{move.name}_%s"
    first = next(iter(form.fields.values()), None)
    if first is not None and move.name in BOXES:
        first.widget.attrs["data-key"] = move.name[0]  # n and r of ui.md §4
    elif first is not None and mine and not asking.errors:
        first.widget.attrs["data-autofocus"] = ""
    return form


def buttons(row: kernel.DocketRow, moves: list[kernel.OpenMove], asking: Asking) -> list[MoveButton]:
    """The numbered moves: a link to its form, or a button where nothing is asked."""
    made = []
    for item in moves:
        move, asks = item.move, bool(item.move.asks.model_fields) or item.move.confirms
        url = (
            f"/work/{row.number}?{urlencode({'move': move.name})}{'&' + asking.query if asking.query else ''}"
        )
        made.append(
            MoveButton(
                name=move.name, label=str(move.label), refused=item.reason, primary=move.primary, danger=move.danger,
                url=url if asks else f"/work/{row.number}/moves/{move.name}?seen={row.revision}{'&' + asking.query if asking.query else ''}",
                post=not asks,
            )
        )  # fmt: skip
    return made


def context(
    row: kernel.DocketRow, *, actor: kernel.Actor, at: datetime, session: SessionBase, asking: Asking
) -> dict[str, Any]:
    """Everything that the page shows."""
    flow = kernel.flow_of(row.kind)
    moves = kernel.moves_for(flow, row, actor)
    named = {item.move.name: item for item in moves if item.is_open}
    until = revealing.revealed_until(row, actor=actor, at=at, session=session)
    about = Asked(row, actor, at, clear=until is not None)
    shown = history.lines(row, at=at)
    chosen = named.get(asking.move)
    names = words.Names((row.applicant, row.officer, row.agent))
    return {
        "row": row, "flow": flow, "state": words.state_label(row), "kind": words.kind_label(row.kind),
        "unit": words.unit_name(row.unit), "region": words.region_name(row.region),
        "applicant": names(row.applicant), "officer": names(row.officer), "agent": names(row.agent),
        "clocks": [clocks.view_of(clock, at=at) for clock in _in_order(row)],
        "buttons": buttons(row, [item for item in moves if item.move.name not in BOXES], asking),
        "chosen": chosen.move if chosen else None, "form": move_form(chosen.move, asking, choosing_of(about, chosen.move.name)) if chosen else None,
        "boxes": [
            {"move": named[name].move, "form": move_form(named[name].move, asking, choosing_of(about, name))}
            for name in BOXES if name in named
        ],
        "panels": panels_of(about),
        "revealed_until": until, "may_reveal": revealing.may_reveal(row, actor),
        "purposes": Purpose.choices,
        "history": shown, "undo": _undo(row, shown, actor, named),
        "place": listing.place_of(row.number, actor, origin=asking.origin, place=asking.place, at=at),
        "asking": asking, "key": asking.key,
    }  # fmt: skip


def _undo(
    row: kernel.DocketRow, shown: list[history.Line], actor: kernel.Actor, named: dict[str, kernel.OpenMove]
) -> Move | None:
    name = history.undo_of(row, shown, actor, set(named))
    return named[name].move if name else None


def _in_order(row: kernel.DocketRow) -> list[kernel.ClockRow]:
    """Running ones first, nearest deadline first; ended ones after, in the order in which they began."""
    found = kernel.clocks_of([row.id], running_only=False)[row.id]
    kept = [clock for clock in found if clock.stopped_at is None or clock.outcome != "dropped"]
    return sorted(kept, key=lambda clock: (clock.stopped_at is not None, clock.due_at))


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a move does to one limit: starts, ends or halts it."""

    act: str
    label: str
    clock: ClockView | None = None
    source: str = ""


def consequences(row: kernel.DocketRow, move: Move, *, at: datetime) -> list[Consequence]:
    """The limits that a move starts, ends and halts, for the page that confirms it."""
    running = kernel.clocks_of([row.id])[row.id]
    closes = bool(move.to) and kernel.flow_of(row.kind).states[str(move.to)].final
    found = []
    for clock in running:
        label = _(clock.label)
        if closes or clock.name in move.stops or ANY in move.stops:
            found.append(Consequence(_("结束计时"), label))
        elif clock.name in move.suspends or (ANY in move.suspends and clock.whose != "applicant"):
            found.append(Consequence(_("暂停计时"), label))
        elif clock.name in move.resumes or ANY in move.resumes:
            found.append(Consequence(_("恢复计时"), label))
    for limit in move.starts:
        view = None
        if not callable(limit.span):
            begun = kernel.begin_clock(
                limit, limit.span, at=at, docket=row.id, region=row.region, unit=row.unit
            )
            view = clocks.view_of(begun, at=at)
        found.append(Consequence(_("开始计时"), str(limit.label), view, limit.source))
    return found
