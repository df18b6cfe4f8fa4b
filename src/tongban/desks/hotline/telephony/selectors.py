"""Read calls and count them. The caller has passed access."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from tongban.desks.hotline.telephony.contracts import (
    IN_TIME,
    AnswerFigures,
    CallState,
    CallView,
    Outcome,
    Presence,
    PresenceState,
    TelephonyError,
)
from tongban.desks.hotline.telephony.hearing import caller_index
from tongban.desks.hotline.telephony.lines import line_name
from tongban.desks.hotline.telephony.models import Attendance, Call, CallTicket
from tongban.kernel.privacy import mask_phone

PAGE = 50


def presence(officer: str) -> Presence:
    """Whether an officer takes calls; signed off when never signed on."""
    row = Attendance.objects.filter(pk=officer).first()
    if row is None:
        return Presence(officer, PresenceState.OFF, None)
    return Presence(officer, row.state, row.since, row.station)


def operators() -> list[Presence]:
    """Everybody signed on, longest in their state first."""
    rows = Attendance.objects.exclude(state=PresenceState.OFF).order_by("since")
    return [Presence(row.officer, row.state, row.since, row.station) for row in rows]


def under_way(state: CallState) -> QuerySet[Call]:
    """Calls in a state before their end, found among years of calls by an index of their own."""
    return Call.objects.filter(ended_at=None, state=state)


def current_call(officer: str) -> CallView | None:
    """The call that one is in, else the one that rings; None when it is quiet. Two indexed look-ups."""
    row = (
        under_way(CallState.TALKING).filter(officer=officer).order_by("-answered_at").first()
        or under_way(CallState.RINGING).filter(ring_to=officer).order_by("queued_at").first()
    )
    return _shown([row])[0] if row else None


def call(call_id: int) -> CallView:
    """One call. :raises TelephonyError: ``unknown``"""
    row = Call.objects.filter(pk=call_id).first()
    if row is None:
        raise TelephonyError("unknown", "没有这个通话。")
    return _shown([row])[0]


def caller_of(*, call: int, officer: str) -> str:
    """The caller's full number, for the operator who has the caller on the line or just had.

    :raises TelephonyError: ``not_yours``: somebody else's call
    """
    row = Call.objects.filter(pk=call).first()
    if row is None or row.officer != officer:
        raise TelephonyError("not_yours", "这不是您接的电话。")
    return row.caller


def calls_of_ticket(number: str) -> list[CallView]:
    """The calls in which a ticket was opened or spoken of, oldest first."""
    return _shown(Call.objects.filter(tickets__ticket=number).order_by("offered_at", "id"))


def calls_of_number(number: str, *, since: datetime) -> int:
    """How often somebody called from a number since an instant, by blind index."""
    index = caller_index(number)
    return Call.objects.filter(caller_index=index, offered_at__gte=since).count() if index else 0


def _shown(rows: Iterable[Call]) -> list[CallView]:
    listed = list(rows)
    tickets: dict[int, list[str]] = {}
    found = CallTicket.objects.filter(call__in=[row.pk for row in listed]).order_by("id") if listed else ()
    for link in found:
        tickets.setdefault(link.call_id, []).append(link.ticket)
    return [
        CallView(
            id=row.pk, line=row.line, line_name=line_name(row.line), caller=mask_phone(row.caller) if row.caller else "",
            state=row.state, outcome=row.outcome, offered_at=row.offered_at, answered_at=row.answered_at,
            ended_at=row.ended_at, wait_seconds=row.wait_seconds, officer=row.officer or row.ring_to, by_hand=row.by_hand,
            transferred_to=row.transferred_to, recorded=bool(row.recording), rating=row.rating,
            tickets=tuple(tickets.get(row.pk, ())),
        )
        for row in listed
    ]  # fmt: skip


def calls(
    *, since: date, until: date, line: str = "", hour: int | None = None, outcome: str = "", by_hand: bool = False,
    late: bool = False, bad: bool = False, before: tuple[datetime, int] | None = None,
) -> list[CallView]:  # fmt: skip
    """A page of calls, newest first, one more than a page: the list behind every figure.

    :param since: first day, `until` last day
    :param outcome: ``answered``, ``dropped``, ``left``
    :param late: answered, but not within 15 seconds; `bad` rated 4 or 5
    :param before: instant and id of the last call of the page before
    """
    rows = _between(since, until).filter(by_hand=by_hand)
    if line:
        rows = rows.filter(line=line)
    if hour is not None:
        rows = rows.filter(hour=hour)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if late:
        rows = rows.filter(outcome=Outcome.ANSWERED, wait_seconds__gt=IN_TIME)
    if bad:
        rows = rows.filter(rating__gte=4)
    if before is not None:
        rows = rows.filter(Q(offered_at__lt=before[0]) | Q(offered_at=before[0], id__lt=before[1]))
    return _shown(rows.order_by("-offered_at", "-id")[: PAGE + 1])


def _between(since: date, until: date) -> QuerySet[Call]:
    return Call.objects.filter(day__gte=since, day__lte=until).exclude(line="")


_ASKED = {
    "offered": Count("id", filter=Q(by_hand=False)),
    "answered": Count("id", filter=Q(by_hand=False, outcome="answered")),
    "in_time": Count("id", filter=Q(by_hand=False, outcome="answered", wait_seconds__lte=IN_TIME)),
    "dropped": Count("id", filter=Q(by_hand=False, outcome="dropped")),
    "left": Count("id", filter=Q(by_hand=False, outcome="left")),
    "by_hand_": Count("id", filter=Q(by_hand=True)),
    "waited": Sum("wait_seconds", filter=Q(by_hand=False, outcome="answered")),
    "rated": Count("id", filter=Q(rating__isnull=False)),
    "content": Count("id", filter=Q(rating__lte=3)),
}


def _figures(row: Mapping[str, Any]) -> AnswerFigures:
    told = {name: int(row[name] or 0) for name in _ASKED}
    by_hand = told.pop("by_hand_")
    return AnswerFigures(**told, by_hand=by_hand)


def answer_figures(*, since: date, until: date, lines: Collection[str] = ()) -> AnswerFigures:
    """The answer rate's counts from `since` to `until`, both days included.

    接通率 = 人工接听量 ÷ 呼入量；15秒接通率 = 转人工后15秒内接听量 ÷ 呼入量。国办发〔2020〕53号 asks cities to raise the answer
    rate; GB/T 33358-2016 has the 15 seconds. Xianning published 301,756 of 318,679, 94.7 %.

    :param lines: keys of lines; none means all
    """
    rows = _between(since, until)
    if lines:
        rows = rows.filter(line__in=lines)
    return _figures(rows.aggregate(**_ASKED))


def answer_by_line(*, since: date, until: date) -> dict[str, AnswerFigures]:
    """The same by line; lines without a call are absent."""
    rows = _between(since, until).values("line").annotate(**_ASKED).order_by("line")
    return {row["line"]: _figures(row) for row in rows}


def answer_by_hour(*, since: date, until: date, line: str = "") -> dict[int, AnswerFigures]:
    """The same by hour of the day, 0 to 23; hours without a call are absent."""
    rows = _between(since, until)
    if line:
        rows = rows.filter(line=line)
    return {row["hour"]: _figures(row) for row in rows.values("hour").annotate(**_ASKED).order_by("hour")}


def answer_by_day(*, since: date, until: date) -> dict[date, AnswerFigures]:
    """The same by day; days without a call are absent."""
    rows = _between(since, until).values("day").annotate(**_ASKED).order_by("day")
    return {row["day"]: _figures(row) for row in rows}


def answer_rate(*, line: str = "", since: date, until: date) -> tuple[int, int]:
    """Answered and offered calls: the rate with its denominator."""
    found = answer_figures(since=since, until=until, lines=(line,) if line else ())
    return found.answered, found.offered


def ratings_by_officer(*, since: date, until: date) -> dict[str, tuple[int, int]]:
    """By operator: callers who were content (levels 1 to 3), and callers who rated."""
    rows = (
        _between(since, until).exclude(officer="").values("officer")
        .annotate(rated=Count("rating"), content=Count("rating", filter=Q(rating__lte=3))).order_by("officer")
    )  # fmt: skip
    return {row["officer"]: (row["content"], row["rated"]) for row in rows if row["rated"]}
