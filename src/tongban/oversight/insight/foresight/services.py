"""Hand an expected topic to a unit; say what was done about it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel import api as kernel
from tongban.oversight.insight.contracts import InsightError
from tongban.oversight.insight.foresight.models import Task
from tongban.registers.messages import api as messages

HANDING = (Role.LEADER, Role.SUPERVISOR, Role.DISPATCHER)


def may_hand(actor: kernel.Actor) -> bool:
    """Whether somebody may ask units to look after what is expected."""
    return any(actor.units_of(role) for role in HANDING)


def hand(
    *, month: date, topic: str, place: str, unit: str, note: str, actor: kernel.Actor, at: datetime
) -> Task:
    """Ask a unit to look after a topic before it is complained of; the same again changes nothing.

    :raises InsightError: not theirs to ask, or no such unit
    """
    if not may_hand(actor):
        raise InsightError(_("由派单、效能监督或领导交办。"))
    known = actors.live_unit(unit)
    if known is None:
        raise InsightError(_("没有“%s”这个单位，或已撤并。") % unit, possible=_("请从通讯录选一个。"))
    with kernel.writing():
        task, made = Task.objects.get_or_create(
            month=month, topic=topic, place=place, unit=known.id,
            defaults={"note": note.strip()[:500], "handed_by": actor.id, "handed_at": at},
        )  # fmt: skip
        if made:
            said = {
                "month": f"{month:%Y-%m}",
                "topic": topic,
                "place": place,
                "unit": known.id,
                "note": task.note,
            }
            kernel.record(stream=f"foresight:{task.pk}", act="hand", actor=actor, at=at, data=said)
            for officer in actors.officers_with(role=Role.HEAD, unit_id=known.id, at=at):
                messages.send(
                    to=officer, template="foresight.task", at=at, key=f"foresight:{task.pk}",
                    context={"month": f"{month:%Y-%m}", "topic": topic, "place": _place(place), "note": task.note or _NOTHING_MORE},
                )  # fmt: skip
    return task


_NOTHING_MORE = {"zh": "没有另外的要求", "en": "nothing in particular"}


def _place(code: str) -> dict[str, str]:
    """A division by name, in either language of the message."""
    try:
        found = actors.region(code)
    except actors.NotKnownError:
        return {"zh": code, "en": code}
    return {"zh": found.name, "en": found.name_en or found.name}


def answer(*, task: int, words: str, actor: kernel.Actor, at: datetime) -> Task:
    """A head of the unit says what was done.

    :raises InsightError: no such task of theirs, or nothing said
    """
    with kernel.writing():
        row = Task.objects.filter(pk=task, unit__in=actor.units_of(Role.HEAD)).first()
        if row is None:
            raise InsightError(_("没有这项任务，或者不是您单位的。"))
        if len(words.strip()) < 2:
            raise InsightError(_("请写做了什么。"))
        row.answer, row.answered_at = words.strip()[:1000], at
        row.save()
        kernel.record(
            stream=f"foresight:{row.pk}", act="answer", actor=actor, at=at, data={"words": row.answer}
        )
    return row
