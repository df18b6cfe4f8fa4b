"""What follows from a ticket's moves: callers are told, units are urged, emergencies are passed on."""

from __future__ import annotations

from collections.abc import Iterable

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline import alarms, handing_over
from tongban.desks.hotline.contracts import CENTRE, KIND
from tongban.desks.hotline.flow import TICKET
from tongban.desks.hotline.models import Ticket
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket, DocketLink
from tongban.kernel.outbox.relay import News, on
from tongban.registers.messages import api as messages

URGED_BY_CLOCK = frozenset({"sign", "handle"})
AT_UNIT = frozenset({"dispatched", "reopened", "handling", "delaying"})


def _row(news: News) -> Docket:
    return Docket.objects.get(pk=news.docket or 0)


def _tell(news: News, row: Docket, template: str, *, to: str = "", **context: object) -> None:
    """A message to the caller who is known, or to an officer. A confidential ticket's title is neutral already."""
    who = to or row.applicant
    if who:
        messages.send(
            to=who, template=template, docket=row.number, at=news.at, key=f"event:{news.id}",
            context={"number": row.number, "title": row.title, **context},  # type: ignore[dict-item]  # values of a template
        )  # fmt: skip


def _charged(row: Docket, news: News) -> Iterable[str]:
    """Who learns of a ticket at a unit: its officer and the heads; at the hotline those who dispatch."""
    role = Role.DISPATCHER if _is_desk(row.unit) else Role.HEAD
    found = actors.officers_with(role=role.value, unit_id=row.unit, at=news.at)
    return dict.fromkeys([*([row.officer] if row.officer.startswith("officer:") else []), *found])


def _is_desk(unit: str) -> bool:
    found = actors.live_unit(unit)
    return found is not None and found.department == CENTRE


@on("ticket.opened")
def taken(news: News) -> None:
    """The caller gets the number; an emergency is passed on at once."""
    row = _row(news)
    _tell(news, row, "ticket.taken")
    if Ticket.objects.filter(pk=row.pk, urgency="emergency").exists():
        alarms.tell_waiting(at=news.at, docket=row.pk)


@on("ticket.alarm")
def alarmed(news: News) -> None:
    """What a person told already is only noted; the rest is told now."""
    alarms.tell_waiting(at=news.at, docket=news.docket or 0)


@on("ticket.review", "ticket.answer")
def answered(news: News) -> None:
    """The answer, to the caller and to everybody whose ticket went into this one."""
    row = _row(news)
    unit = actors.unit_name(unit_id=Ticket.objects.values_list("replied_by", flat=True).get(pk=row.pk))
    _tell(news, row, "ticket.answered", unit=unit)
    for other in _merged_into(row):
        _tell(news, other, "ticket.answered", unit=unit)


def _merged_into(row: Docket) -> list[Docket]:
    links = DocketLink.objects.filter(target=row, kind="merged_into").select_related("source")
    return [link.source for link in links]


@on("ticket.refuse")
def refused(news: News) -> None:
    """Why it is not taken and what is possible instead stand on the progress page."""
    _tell(news, _row(news), "ticket.refused")


@on("ticket.reopen", "ticket.send_back")
def again(news: News) -> None:
    """The unit learns that it has to do it again."""
    row = _row(news)
    for officer in _charged(row, news):
        _tell(news, row, "ticket.again", to=officer)


@on("ticket.urge", "ticket.supervise")
def urged(news: News) -> None:
    """The unit's heads learn that somebody is waiting."""
    row = _row(news)
    for officer in _charged(row, news):
        _tell(
            news, row, "ticket.supervised" if news.topic == "ticket.supervise" else "ticket.urged", to=officer
        )


@on("clock.missed")
def missed(news: News) -> None:
    """A ticket that was not signed for, or not done in time, is urged by the platform, once for each limit."""
    if news.body.get("kind") != KIND or news.body.get("clock") not in URGED_BY_CLOCK:
        return
    row = _row(news)
    if row.state in AT_UNIT and TICKET.allows(TICKET.moves["urge"], row.state):
        kernel.perform(
            row.pk, "urge", actor=kernel.SYSTEM, at=news.at, data={"text": str(news.body.get("label", ""))},
            key=f"event:{news.id}",
        )  # fmt: skip


@on("ticket.migrated")
def migrated(news: News) -> None:
    """Version 2 gave what was heard of the caller a limit; what waited without one before is settled now."""
    row = _row(news)
    if row.state == "called_back":
        kernel.perform(row.pk, "settle", actor=kernel.SYSTEM, at=news.at, key=f"event:{news.id}")


@on("ticket.handed_over")
def handed_over(news: News) -> None:
    """A unit was merged into another: the ticket's turns and clocks follow it; who may see it is named anew."""
    handing_over.follow(news.docket or 0, unit_from=str(news.body["unit_from"]), at=news.at)
