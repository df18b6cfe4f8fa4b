"""What follows from a ticket's moves: callers are told, units are urged, emergencies are passed on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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


def _tell(news: News, row: Docket, template: str, *, to: str = "") -> None:
    """A message to the caller who is known, or to an officer."""
    messages.send_many(list(_letters(news, row, template, to=to)))


def _letters(
    news: News, row: Docket, template: str, *, to: str = "", **context: object
) -> Iterable[messages.Outgoing]:
    """What the caller is told, or an officer; nothing where nobody is known. A confidential ticket's title is neutral already."""
    who = to or row.applicant
    if who:
        said = {"number": row.number, "title": row.title, **context}
        yield messages.Outgoing(who, template, said, row.number, news.at, f"event:{news.id}")  # type: ignore[arg-type]  # values of a template


def _charged(row: Docket, news: News) -> Iterable[str]:
    """Who learns of a ticket at a unit: its officer and the heads; at the hotline those who dispatch."""
    role = Role.DISPATCHER if _is_desk(row.unit) else Role.HEAD
    found = actors.officers_with(role=role.value, unit_id=row.unit, at=news.at)
    return dict.fromkeys([*([row.officer] if row.officer.startswith("officer:") else []), *found])


def _is_desk(unit: str) -> bool:
    found = actors.live_unit(unit)
    return found is not None and found.department == CENTRE


@on("ticket.opened", many=True)
def taken(told: Sequence[News]) -> None:
    """The callers get their numbers; emergencies are passed on at once."""
    rows = Docket.objects.in_bulk([news.docket or 0 for news in told])
    messages.send_many(
        [one for news in told for one in _letters(news, rows[news.docket or 0], "ticket.taken")]
    )
    urgent = set(Ticket.objects.filter(pk__in=rows, urgency="emergency").values_list("pk", flat=True))
    for news in told:
        if news.docket in urgent:
            alarms.tell_waiting(at=news.at, docket=news.docket)


@on("ticket.alarm")
def alarmed(news: News) -> None:
    """What a person told already is only noted; the rest is told now."""
    alarms.tell_waiting(at=news.at, docket=news.docket or 0)


@on("ticket.review", "ticket.answer", many=True)
def answered(told: Sequence[News]) -> None:
    """The answer, to the caller and to everybody whose ticket went into this one."""
    rows = Docket.objects.in_bulk([news.docket or 0 for news in told])
    merged: dict[int, list[Docket]] = {key: [] for key in rows}
    for link in DocketLink.objects.filter(target__in=rows, kind="merged_into").select_related("source"):
        merged[link.target_id].append(link.source)
    known = [key for key, row in rows.items() if row.applicant or any(one.applicant for one in merged[key])]
    units = dict(Ticket.objects.filter(pk__in=known).values_list("pk", "replied_by"))
    letters: list[messages.Outgoing] = []
    for news in told:
        key = news.docket or 0
        if key in units:
            name = actors.unit_name(unit_id=units[key])
            for row in (rows[key], *merged[key]):
                letters += _letters(news, row, "ticket.answered", unit=name)
    messages.send_many(letters)


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
