"""Make one move: at once, after a page that names its consequences, or refused with the text kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as banners
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tongban.faces.workbench import page, words
from tongban.faces.workbench.panels.base import Asked, Choosing, choosing_of
from tongban.faces.workbench.web.docket import row_or_404, session_of
from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import Move
from tongban.kernel.flow.forms import form_for, posted
from tongban.registers.identity.api import ActorRequest, officer_required


@never_cache
@require_POST
@officer_required()
def make(request: ActorRequest, number: str, move: str) -> HttpResponseBase:
    """POST of a move's form: `seen` is the revision looked at, `key` makes a second click harmless."""
    row, at = row_or_404(request, number), timezone.now()
    declared = kernel.flow_of(row.kind).moves.get(move)
    data = posted(declared.asks, request.POST) if declared else {}
    given = request.POST.get("seen") or request.GET.get("seen", "")
    try:
        unconfirmed = declared and declared.confirms and request.POST.get("confirmed") != "1"
        if declared and unconfirmed and _is_open(request, row, move):
            return _confirm(request, row, declared, data)
        done = kernel.perform(
            row.id, move, actor=request.actor, at=at, data=data, key=request.POST.get("key", "")[:100],
            seen=int(given) if given.isdecimal() else None,
        )  # fmt: skip
    except kernel.MoveRefused as error:
        return _refused(request, row, declared, error)
    label = str(declared.label) if declared else move
    banners.success(request, _("已%(move)s：%(number)s") % {"move": label, "number": done.number})
    return HttpResponseRedirect(_onwards(request, row))


def _is_open(request: ActorRequest, row: kernel.DocketRow, move: str) -> bool:
    """Whether confirming makes sense; of a move that is not open the kernel says why."""
    moves = kernel.moves_for(kernel.flow_of(row.kind), row, request.actor)
    return any(item.is_open and item.move.name == move for item in moves)


def _origin(request: ActorRequest) -> dict[str, str]:
    both = ("from", "place")
    found = {name: request.POST.get(name) or request.GET.get(name, "") for name in both}
    return found if found["from"] else {}


def _onwards(request: ActorRequest, row: kernel.DocketRow) -> str:
    """Back to the docket, or to the list when the move took it out of sight (a transfer)."""
    origin = _origin(request)
    try:
        kernel.docket_by_id(row.id, actor=request.actor)
    except kernel.NotFound:
        return f"/work?{origin['from']}" if origin else "/work"
    query = f"?{urlencode(origin)}" if origin else ""
    return f"/work/{row.number}{query}"


def _asking(
    request: ActorRequest, move: str, errors: dict[str, str] | None = None, *, same_key: bool = True
) -> page.Asking:
    origin = _origin(request)
    return page.Asking(
        move=move, data=request.POST, errors=errors, key=request.POST.get("key", "") if same_key else "",
        origin=origin.get("from", ""), place=origin.get("place", ""),
    )  # fmt: skip


def _confirm(request: ActorRequest, row: kernel.DocketRow, move: Move, data: dict[str, Any]) -> HttpResponse:
    """What leaves the house is confirmed on a page that names clocks and recipients.

    :raises kernel.InvalidInput: what was filled in does not fit
    """
    kernel.validate(move.asks, data)
    names = words.Names((row.applicant, row.agent))
    context = {
        "row": row, "move": move, "given": _given(move, request.POST, _choosing(request, row, move)), "fields": _hidden(move, request.POST),
        "consequences": page.consequences(row, move, at=timezone.now()), "recipient": names(row.applicant),
        "agent": names(row.agent) if row.agent != row.applicant else "", "kind": words.kind_label(row.kind),
        "origin": _origin(request), "seen": request.POST.get("seen", ""), "key": request.POST.get("key", ""),
        "back": f"/work/{row.number}?{urlencode({'move': move.name, **_origin(request)})}",
    }  # fmt: skip
    return render(request, "workbench/confirm.html", context)


def _hidden(move: Move, sent: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name in move.asks.model_fields for value in sent.getlist(name)]


def _choosing(request: ActorRequest, row: kernel.DocketRow, move: Move) -> Choosing:
    return choosing_of(Asked(row, request.actor, timezone.now()), move.name)


def _given(move: Move, sent: QueryDict, choosing: Choosing) -> list[tuple[str, str]]:
    """What was filled in, in words."""
    form = page.translated(page.with_choices(form_for(move.asks, data=sent), choosing))
    found = []
    for name, field in form.fields.items():
        value = "、".join(line for one in sent.getlist(name) for line in one.splitlines() if line)
        choices = dict(getattr(field, "choices", ()))
        if value:
            found.append((str(field.label), str(choices.get(value, value))))
    return found


def _refused(
    request: ActorRequest, row: kernel.DocketRow, move: Move | None, error: kernel.MoveRefused
) -> HttpResponse:
    """The page as it is now, why the move was not made, what is possible, and the text one wrote."""
    fresh = row_or_404(request, row.number)
    stale = isinstance(error, kernel.Conflict)
    name = move.name if move else ""
    asking = _asking(request, name, error.fields or None, same_key=not stale)
    context = page.context(
        fresh, actor=request.actor, at=timezone.now(), session=session_of(request), asking=asking
    )
    boxed = {box["move"].name for box in context["boxes"]}
    shown = (context["chosen"] is not None and context["chosen"].name == name) or name in boxed
    context |= {
        "refused": error, "stale": stale, "changes": _changes(fresh, error.extra.get("changes", [])),
        "kept": [] if shown or move is None else _given(move, request.POST, _choosing(request, fresh, move)), "move_label": str(move.label) if move else name,
    }  # fmt: skip
    return render(request, "workbench/docket.html", context, status=error.status)


def _changes(row: kernel.DocketRow, changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Who changed what meanwhile, in words."""
    flow = kernel.flow_of(row.kind)
    names = words.Names(str(change["actor"]) for change in changes)
    found = []
    for change in changes:
        step = flow.moves.get(change["act"]) or flow.opens.get(change["act"])
        found.append(
            {
                "who": names(change["actor"]), "what": str(step.label) if step else change["act"],
                "at": parse_datetime(change["at"]),
            }
        )  # fmt: skip
    return found
