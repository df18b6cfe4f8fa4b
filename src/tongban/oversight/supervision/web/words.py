"""A warning as its readers see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.oversight.supervision.contracts import Colour
from tongban.oversight.supervision.days import last_day
from tongban.oversight.supervision.models import Mark
from tongban.oversight.supervision.pack import rules, word
from tongban.web import formats


@dataclass(frozen=True, slots=True)
class Line:
    """One warning of a list. `badge` is the kind of the badge, `standing` what became of it."""

    mark: Mark
    title: str
    limit: str
    unit: str
    due: str
    badge: str
    colour: str
    standing: str
    open: bool


def unit_name(key: str) -> str:
    """A unit in the reader's language."""
    name = actors.unit_name(unit_id=key)
    return actors.english_unit_name(name) if formats.english() else name


def line(mark: Mark, *, actor: kernel.Actor, at: datetime) -> Line:
    """A warning for a list; a docket that its reader may not open has no title."""
    seen = kernel.flow_of(mark.kind).sees(actor, kernel.row_of(mark.docket))
    return Line(
        mark, mark.docket.title if seen else "", _(mark.label) if mark.label else mark.limit, unit_name(mark.unit),
        due(mark), badge(mark), colour(mark), standing(mark, at=at), seen,
    )  # fmt: skip


def due(mark: Mark) -> str:
    """The last day, or the minute, for a table: what ends at 24:00 ends on the day before."""
    return last_day(mark.due_at)


def badge(mark: Mark) -> str:
    """Which badge its colour has."""
    if mark.excused_at is not None:
        return ""
    return "overdue" if mark.colour == Colour.RED else "near"


def colour(mark: Mark) -> str:
    """Its colour in words, with whether it still runs."""
    if mark.excused_at is not None:
        return _("不算超期")
    if mark.colour == Colour.YELLOW:
        return _("黄色预警")
    return _("红色预警") if mark.over_at is None else _("超期办结")


def standing(mark: Mark, *, at: datetime) -> str:
    """What is owed, or what became of it."""
    if mark.excused_at is not None:
        return _("申诉成立")
    if mark.appeal is not None and mark.appeal.closed_at is None:
        return _("申诉待裁定")
    if mark.colour == Colour.YELLOW:
        return _ended(mark) if mark.over_at is not None else _("请抓紧办理")
    rejected = mark.appeal is not None and mark.appeal.outcome == "rejected"
    return "；".join(filter(None, [_("申诉不成立") if rejected else "", reason_asked(mark, at=at)]))


def _ended(mark: Mark) -> str:
    return _("期限不再适用") if mark.outcome == "dropped" else _("已按时办结")


def reason_asked(mark: Mark, *, at: datetime) -> str:
    """The reason that was given, or by when it is asked for."""
    if mark.reason:
        return word(rules().reasons, mark.reason)
    if mark.explain_by is None:
        return _("没有要求说明")
    day = last_day(mark.explain_by)
    return (_("应不晚于%s说明，还没有说明") if mark.explain_by <= at else _("请不晚于%s说明原因")) % day
