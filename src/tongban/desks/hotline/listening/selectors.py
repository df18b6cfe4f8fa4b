"""Read sessions and their follow-up lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.listening.contracts import KIND, Counts, FollowUp, SessionView
from tongban.desks.hotline.listening.flow import SESSION
from tongban.desks.hotline.listening.models import Promise, Session
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket

PAGE = 50
PUBLIC = ("planned", "held", "reported", "finished")


def _view(row: Session) -> SessionView:
    docket = row.docket
    return SessionView(
        number=docket.number, docket=docket.id, kind=row.kind, state=docket.state, unit=docket.unit, title=docket.title,
        host=row.host, place=row.place, topic=row.topic, planned_at=row.planned_at, planned_until=row.planned_until,
        held_at=row.held_at, attended=row.attended, calls=row.calls, report=row.report, reported_at=row.reported_at,
        closed_at=docket.closed_at,
    )  # fmt: skip


def session(number: str, *, actor: kernel.Actor) -> SessionView:
    """One session. :raises kernel.NotFound: there is none that the actor may see"""
    row = kernel.docket(number, actor=actor)
    if row.kind != KIND:
        raise kernel.NotFound("no_session", "这个编号不是接听活动。")
    return _view(Session.objects.select_related("docket").get(pk=row.id))


def sessions(*, actor: kernel.Actor, kind: str = "", before: datetime | None = None) -> list[SessionView]:
    """A page of sessions that an officer sees, latest first, one more than a page."""
    rows = Session.objects.select_related("docket").filter(
        docket__in=Docket.objects.filter(kernel.scope(actor, [KIND]), kind=KIND)
    )
    if kind:
        rows = rows.filter(kind=kind)
    if before is not None:
        rows = rows.filter(planned_at__lt=before)
    return [_view(row) for row in rows.order_by("-planned_at", "-docket")[: PAGE + 1]]


def public_sessions(*, kind: str = "", before: datetime | None = None) -> list[SessionView]:
    """A page of sessions as everybody may read them: those to come, and those that were held; latest first."""
    rows = Session.objects.select_related("docket").filter(docket__state__in=PUBLIC)
    if kind:
        rows = rows.filter(kind=kind)
    if before is not None:
        rows = rows.filter(planned_at__lt=before)
    return [_view(row) for row in rows.order_by("-planned_at", "-docket")[: PAGE + 1]]


def public_session(number: str) -> SessionView | None:
    """One session as everybody may read it, or None."""
    row = (
        Session.objects.select_related("docket")
        .filter(docket__number=number, docket__state__in=PUBLIC)
        .first()
    )
    return _view(row) if row else None


def follow_ups(session_id: int, *, actor: kernel.Actor) -> list[FollowUp]:
    """The follow-up list of a session, in the order in which it grew; tickets the actor may not see have no title."""
    promises = list(Promise.objects.filter(session=session_id).order_by("id"))
    dockets = Docket.objects.filter(number__in=[one.ticket for one in promises])
    rows = {one.number: kernel.row_of(one) for one in dockets}
    own = {one.number: one for one in hotline.tickets(list(rows.values()))}
    return [
        _follow_up(one, rows[one.ticket], own[one.ticket], actor) for one in promises if one.ticket in own
    ]


def _follow_up(
    promise: Promise, row: kernel.DocketRow, own: hotline.TicketView, actor: kernel.Actor
) -> FollowUp:
    seen = actor.is_system or kernel.flow_of(row.kind).sees(actor, row)
    return FollowUp(
        number=row.number, title=row.title if seen else "", unit=own.lead or row.unit, state=own.state, said=promise.said,
        promised_by=promise.promised_by, closed_at=row.closed_at, satisfaction=own.satisfaction,
        withheld=promise.withheld or own.confidential,
    )  # fmt: skip


def public_follow_ups(session_id: int) -> list[FollowUp]:
    """What the public report lists: no withheld and no confidential ticket, and no words of the caller's."""
    return [one for one in follow_ups(session_id, actor=kernel.SYSTEM) if not one.withheld]


def counts(found: Iterable[FollowUp], *, on: date) -> Counts:
    """A follow-up list in numbers as of a day."""
    listed = list(found)
    late = [one for one in listed if not one.done and one.promised_by is not None and one.promised_by < on]
    return Counts(
        len(listed), sum(one.done for one in listed), len(late), sum(one.withheld for one in listed)
    )


def may_work(actor: kernel.Actor, unit: str) -> bool:
    """Whether somebody may plan sessions at a desk of the hotline."""
    return any(grant.unit == unit for grant in actor.grants if grant.role in SESSION.moves["note"].by.roles)  # type: ignore[attr-defined]  # by_role


def sessions_held(*, since: datetime, until: datetime) -> dict[str, int]:
    """How many sessions of each kind were held from `since` (inclusive) to `until` (exclusive)."""
    rows = Session.objects.filter(Q(held_at__gte=since) & Q(held_at__lt=until)).values_list("kind", flat=True)
    found: dict[str, int] = {}
    for kind in rows:
        found[kind] = found.get(kind, 0) + 1
    return found
