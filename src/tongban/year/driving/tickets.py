"""The hotline's year at its own doors: messages taken, moves made, many at a stroke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.heat import api as heat
from tongban.desks.hotline.telephony import api as telephony
from tongban.kernel import api as kernel
from tongban.year.contracts import YearError
from tongban.year.driving import words
from tongban.year.driving.stage import Cast, moment
from tongban.year.models import Planned
from tongban.year.planning.lives import Act, Told
from tongban.year.planning.plan import Plan, Stroke
from tongban.year.planning.quotas import number_of

ENDING = frozenset({"answer", "refuse", "withdraw", "merge", "close"})
LAST_HEARD = frozenset({"happy", "bitter", "unreached"})
AT_A_TIME = 400
PUT_FORWARD, REVIEWED = 10 * 60 + 5, 15 * 60 + 5


class Tickets:
    """Takes messages and makes moves; knows which docket each ticket of the plan has become."""

    def __init__(self, plan: Plan, cast: Cast) -> None:
        self._plan, self._cast = plan, cast
        self._lines = [one.key for one in telephony.lines().values() if one.key != "12345"]
        self._grounds = list(hotline.grounds().values())
        self._repeaters = plan.repeaters()
        self._known: dict[int, tuple[int, str]] = {
            index: (docket, number)
            for index, docket, number in Planned.objects.values_list("index", "docket", "number")
        }

    def take(self, stroke: Stroke, day: date, calls: Mapping[int, int]) -> int:
        """Take what is told; `calls` are ids of calls by their number in the year."""
        at = moment(day, stroke.minute)
        for first in range(0, len(stroke.told), AT_A_TIME):
            part = stroke.told[first : first + AT_A_TIME]
            news = [self._message(one, calls) for one in part]
            taken = hotline.take_many(news, actor=self._cast.who("operator"), at=at)
            self._remember(
                [(one.index, row.docket, row.number) for one, row in zip(part, taken, strict=True)]
            )
            linked = [(int(new.call), row.number) for new, row in zip(news, taken, strict=True) if new.call]
            if linked:
                telephony.link_tickets(linked, at=at)
        return len(stroke.told)

    def _remember(self, rows: Sequence[tuple[int, int, str]]) -> None:
        kernel.insert_rows(Planned._meta.db_table, ('"index"', "docket", "number"), rows)
        self._known.update({index: (docket, number) for index, docket, number in rows})

    def _message(self, told: Told, calls: Mapping[int, int]) -> hotline.NewTicket:
        dice, topic = number_of("message", self._plan.seed, told.index), told.topic
        line = {"phone": "12345", "line": self._lines[dice % len(self._lines)]}.get(told.channel, "")
        call = calls.get(told.call)
        return hotline.NewTicket(
            kind=topic.kind, channel=told.channel, text=words.text_of(topic.text, told.place, told.number),
            place=words.spot(told.place, told.number), region=told.place.region, category=topic.category,
            matter=topic.matter, line=line, call=str(call) if call else "",
            urgency=(hotline.Urgency.URGENT if told.urgent else hotline.Urgency.ORDINARY).value,
            latitude=_near(told.place.latitude, dice), longitude=_near(told.place.longitude, dice >> 16),
            caller_phone=told.phone, reference=f"{self._plan.profile.slug}-{told.index}",
        )  # fmt: skip

    def move(self, stroke: Stroke) -> int:
        """Make the moves of a stroke, each by its own officer at its own minute.

        :raises YearError: one was refused; says which and why
        """
        helping = self._helping([act for act in stroke.acts if act.move == "finish"])
        wanted = [
            kernel.Request(
                helping[act.ticket] if act.move == "finish" else self._known[act.ticket][0], act.move,
                self._said(act), actor=self._cast.who(act.who), at=moment(act.day, act.minute),
            )
            for act in stroke.acts
        ]  # fmt: skip
        first = wanted[0]
        if first.actor is None or first.at is None:
            raise TypeError("a move has its officer and its instant")
        for act, done in zip(
            stroke.acts, kernel.perform_many(wanted, actor=first.actor, at=first.at), strict=True
        ):
            if isinstance(done, kernel.Refused):
                raise _refused(self._known[act.ticket][1], act, done.error)
        self._forget([act.ticket for act in stroke.acts if _ends(act) and act.ticket not in self._repeaters])
        return len(stroke.acts)

    def put_forward(self, stroke: Stroke, day: date) -> int:
        """Who said the same again and again, though it was answered: an operator puts it forward, a dispatcher reviews it."""
        said = {"reason": "同一件事已经答复，来电人仍反复来电，没有新情况。"}
        for ticket in stroke.tickets:
            number = heat.propose(
                self._known[ticket][1], actor=self._cast.who("operator"), at=moment(day, PUT_FORWARD)
            )
            made = kernel.docket(number, actor=kernel.SYSTEM).id
            kernel.perform(
                made, "mark", actor=self._cast.who("dispatcher"), at=moment(day, REVIEWED), data=said
            )
        self._forget(stroke.tickets)
        return 2 * len(stroke.tickets)

    def _helping(self, acts: Sequence[Act]) -> dict[int, int]:
        """The dockets of those who help, by ticket."""
        if not acts:
            return {}
        found = kernel.children_of([self._known[act.ticket][0] for act in acts], actor=kernel.SYSTEM)
        return {act.ticket: found[self._known[act.ticket][0]][-1].id for act in acts}

    def _forget(self, tickets: Sequence[int]) -> None:
        if tickets:
            Planned.objects.filter(index__in=tickets).delete()
            for one in tickets:
                del self._known[one]

    def _said(self, act: Act) -> dict[str, Any]:
        plan, more = self._plan, dict(act.data)
        if act.move in {"answer", "reply"}:
            topic, place, number = plan.about(act.ticket)
            more = {"reply": words.text_of(topic.reply, place, number, day=act.day)}
        elif act.move == "call_back":
            more = dict(words.heard(act.data["heard"], act.ticket, seed=plan.seed))
        elif act.move == "merge":
            more = {"into": self._known[act.data["into"]][1]}
        elif act.move == "refuse":
            ground = self._grounds[number_of("ground", plan.seed, act.ticket) % len(self._grounds)]
            more = {"ground": ground.key, "instead": ground.instead}
        return {**words.FIXED.get(act.move, {}), **more}


def _ends(act: Act) -> bool:
    return act.move in ENDING or (act.move == "call_back" and act.data["heard"] in LAST_HEARD)


def _refused(number: str, act: Act, error: Exception) -> YearError:
    return YearError(
        _("推演停在%(number)s的“%(move)s”（%(day)s）：%(reason)s")
        % {"number": number, "move": act.move, "day": act.day.isoformat(), "reason": error}
    )


def _near(degrees: float | None, dice: int) -> float | None:
    return round(degrees + (dice % 2400 - 1200) / 100_000, 5) if degrees is not None else None
