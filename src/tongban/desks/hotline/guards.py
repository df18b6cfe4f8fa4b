"""Why a move that the state allows is not open after all: what cannot be is listed with its reason, never as a button."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline import rows
from tongban.desks.hotline.contracts import CONFIDENTIAL
from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import GuardOfMany


def _with_a_turn(among: Sequence[kernel.DocketRow]) -> dict[int, bool]:
    """Of tickets with an answer, whether the unit that has it was sent the ticket."""
    waiting = {row.id: row.unit for row in among if row.state == "replied"}
    turns = rows.turns_of(waiting)
    return {docket: rows.open_among(turns[docket], unit) is not None for docket, unit in waiting.items()}


@GuardOfMany
def ours_to_review(among: Sequence[kernel.DocketRow]) -> dict[int, str]:
    """Guard of the centre's review: a unit that was sent the ticket passes its answer up instead."""
    sent = _with_a_turn(among)
    return {
        row.id: _("先由%s审核上报。") % actors.unit_name(unit_id=row.unit)
        for row in among
        if sent.get(row.id)
    }


@GuardOfMany
def sent_by_another(among: Sequence[kernel.DocketRow]) -> dict[int, str]:
    """Guard of passing up: only for who was sent the ticket and passed it down."""
    return {docket: _("这张工单由热线直接审核。") for docket, sent in _with_a_turn(among).items() if not sent}


@GuardOfMany
def may_return(among: Sequence[kernel.DocketRow]) -> dict[int, str]:
    """A unit named by the judgement of a return has the ticket for good."""
    own = rows.owns([row.id for row in among])
    reason = _("审核已经指定本单位承办，不得再退。可以请求协办、申请延期；有异议请报上级协调。")
    return {row.id: reason for row in among if own[row.id].final_unit == row.unit}


def only_supervised(row: kernel.DocketRow, _actor: kernel.Actor) -> str | None:
    """There is something to report only while a supervision waits for it."""
    if any(one.name == "supervise" and one.stopped_at is None for one in kernel.clocks_of([row.id])[row.id]):
        return None
    return _("现在没有等反馈的督办。")


def only_confidential(row: kernel.DocketRow, _actor: kernel.Actor) -> str | None:
    """What is not confidential cannot cease to be."""
    return None if row.subject == CONFIDENTIAL else _("这张工单没有设为保密。")
