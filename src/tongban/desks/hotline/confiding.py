"""Confidential tickets: seen by those named and by nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline import rows
from tongban.desks.hotline.contracts import CONFIDENTIAL, HIDDEN_TITLE
from tongban.desks.hotline.flow import TICKET
from tongban.desks.hotline.models import Confidant
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step


def name(docket: int, officers: Iterable[str], *, by: str, at: datetime) -> list[str]:
    """Let officers see a confidential ticket; those who may already stay."""
    wanted = sorted(set(officers))
    Confidant.objects.bulk_create(
        [Confidant(docket_id=docket, actor=one, named_by=by, named_at=at) for one in wanted],
        ignore_conflicts=True,
    )
    return wanted


def heads_of(unit: str, *, at: datetime) -> list[str]:
    """Who answers for a unit: its heads, else who dispatches there."""
    return actors.officers_with(role=Role.HEAD.value, unit_id=unit, at=at) or actors.officers_with(
        role=Role.DISPATCHER.value, unit_id=unit, at=at
    )


def name_heads(step: Step, unit: str) -> None:
    """A unit that gets a confidential ticket: its heads are named, nobody else there."""
    heads = heads_of(unit, at=step.at)
    if not heads:
        raise step.refuse(
            _("这个单位没有负责人，保密工单没有人能办。"),
            code="no_head",
            possible=_("换一个单位，或先设负责人。"),
        )
    step.note(named=name(step.docket.id, heads, by=step.actor.id, at=step.at))


def name_first(row: kernel.DocketRow, *, actor: kernel.Actor, at: datetime) -> None:
    """A message that comes in as confidential: who took it and the heads of the desk."""
    own = [actor.id] if actor.is_officer else []
    name(row.id, [*own, *heads_of(row.unit, at=at)], by=actor.id, at=at)


@TICKET.effect("confide")
def _confide(step: Step) -> None:
    named = step.data.model_dump()["named"]
    known = actors.names(named)
    unknown = [one for one in named if not one.startswith("officer:") or known.get(one, one) == one]
    if unknown:
        raise step.refuse(_("知情人要从通讯录里选工作人员。"), code="no_officer", possible=_("请重新选。"))
    name(
        step.docket.id,
        [*named, *([step.actor.id] if step.actor.is_officer else [])],
        by=step.actor.id,
        at=step.at,
    )
    rows.change(step, confidential=True)
    step.assign(subject=CONFIDENTIAL, title=HIDDEN_TITLE)


@TICKET.effect("reveal")
def _reveal(step: Step) -> None:
    rows.change(step, confidential=False)
    Confidant.objects.filter(docket=step.docket.id).delete()
    step.assign(subject=step.own.matter, title=step.own.title)
