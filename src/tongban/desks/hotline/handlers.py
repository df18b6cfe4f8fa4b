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


def _tell_charged(told: Sequence[News], template: str) -> None:
    """A message to everybody at a unit who learns of its tickets."""
    rows = Docket.objects.in_bulk([news.docket or 0 for news in told])
    letters: list[messages.Outgoing] = []
    for news in told:
        row = rows[news.docket or 0]
        for officer in _charged(row, news):
            letters += _letters(news, row, template, to=officer)
    messages.send_many(letters)


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
    known = [news for news in told if news.body.get("applicant")]
    if known:
        rows = Docket.objects.in_bulk([news.docket or 0 for news in known])
        messages.send_many(
            [one for news in known for one in _letters(news, rows[news.docket or 0], "ticket.taken")]
        )
    dockets = [news.docket or 0 for news in told]
    urgent = set(
        Ticket.objects.filter(docket__id__among=dockets, urgency="emergency").values_list("pk", flat=True)
    )
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
    dockets = [news.docket or 0 for news in told]
    merged: dict[int, list[Docket]] = {}
    links = DocketLink.objects.filter(target__id__among=dockets, kind="merged_into").exclude(
        source__applicant=""
    )
    for link in links.select_related("source"):
        merged.setdefault(link.target_id, []).append(link.source)
    known = [news for news in told if news.body.get("applicant") or news.docket in merged]
    if not known:
        return
    rows = Docket.objects.in_bulk([news.docket or 0 for news in known])
    units = dict(Ticket.objects.filter(pk__in=rows).values_list("pk", "replied_by"))
    letters: list[messages.Outgoing] = []
    for news in known:
        key = news.docket or 0
        if key in units:
            name = actors.unit_name(unit_id=units[key])
            for row in (rows[key], *merged.get(key, ())):
                letters += _letters(news, row, "ticket.answered", unit=name)
    messages.send_many(letters)


@on("ticket.refuse")
def refused(news: News) -> None:
    """Why it is not taken and what is possible instead stand on the progress page."""
    if news.body.get("applicant"):
        messages.send_many(list(_letters(news, _row(news), "ticket.refused")))


@on("ticket.reopen", "ticket.send_back", many=True)
def again(told: Sequence[News]) -> None:
    """The unit learns that it has to do it again."""
    _tell_charged(told, "ticket.again")


@on("ticket.urge", many=True)
def urged(told: Sequence[News]) -> None:
    """The unit's heads learn that somebody is waiting."""
    _tell_charged(told, "ticket.urged")


@on("ticket.supervise", many=True)
def supervised(told: Sequence[News]) -> None:
    """The unit's heads learn that the supervisor waits for an answer."""
    _tell_charged(told, "ticket.supervised")


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
