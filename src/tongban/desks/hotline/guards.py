"""Why a move that the state allows is not open after all: what cannot be is listed with its reason, never as a button."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline import rows
from tongban.desks.hotline.contracts import CONFIDENTIAL
from tongban.kernel import api as kernel


def ours_to_review(row: kernel.DocketRow, _actor: kernel.Actor) -> str | None:
    """Guard of the centre's review: a unit that was sent the ticket passes its answer up instead."""
    if row.state == "replied" and rows.open_leg(row.id, row.unit):
        return _("先由%s审核上报。") % actors.unit_name(unit_id=row.unit)
    return None


def sent_by_another(row: kernel.DocketRow, _actor: kernel.Actor) -> str | None:
    """Guard of passing up: only for who was sent the ticket and passed it down."""
    if row.state == "replied" and not rows.open_leg(row.id, row.unit):
        return _("这张工单由热线直接审核。")
    return None


def may_return(row: kernel.DocketRow, _actor: kernel.Actor) -> str | None:
    """A unit named by the judgement of a return has the ticket for good."""
    if rows.owns([row.id])[row.id].final_unit == row.unit:
        return _("审核已经指定本单位承办，不得再退。可以请求协办、申请延期；有异议请报上级协调。")
    return None


def only_supervised(row: kernel.DocketRow, _actor: kernel.Actor) -> str | None:
    """There is something to report only while a supervision waits for it."""
    if any(one.name == "supervise" and one.stopped_at is None for one in kernel.clocks_of([row.id])[row.id]):
        return None
    return _("现在没有等反馈的督办。")


def only_confidential(row: kernel.DocketRow, _actor: kernel.Actor) -> str | None:
    """What is not confidential cannot cease to be."""
    return None if row.subject == CONFIDENTIAL else _("这张工单没有设为保密。")
