"""The exchange's year: whole calls, hour by hour, as it hands them over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from tongban.desks.hotline.telephony import api as telephony
from tongban.year.driving.stage import Cast, moment
from tongban.year.planning.calls import Call
from tongban.year.planning.plan import Stroke

EXCHANGE: Final = "simulated"


class Calls:
    """Hands over the calls of a stroke; remembers the day's, so that tickets can be linked to them."""

    def __init__(self, slug: str, cast: Cast) -> None:
        self._slug, self._cast = slug, cast
        self._lines = [one.key for one in telephony.lines().values() if one.has_calls]
        self._day: date | None = None
        self.ids: dict[int, int] = {}
        """The platform's ids of the day's calls, by their number in the year."""

    def ring(self, stroke: Stroke, day: date) -> int:
        """Hand over the calls; once more changes nothing. Gives how many."""
        if self._day != day:
            self._day, self.ids = day, {}
        midnight, numbers = moment(day, 0), {self._reference(call): call.index for call in stroke.calls}
        made = telephony.take_over(
            exchange=EXCHANGE, records=[self._record(call, midnight) for call in stroke.calls], at=moment(day, stroke.minute)
        )  # fmt: skip
        self.ids.update({numbers[reference]: key for reference, key in made.items()})
        return len(stroke.calls)

    def _reference(self, call: Call) -> str:
        return f"{self._slug}-{call.index}"

    def _record(self, call: Call, midnight: datetime) -> telephony.CallRecord:
        # Four in five ring the one number itself, the others a line that was merged into it.
        line = "12345" if call.index % 5 else self._lines[call.index // 5 % len(self._lines)]

        def at(second: int) -> datetime:
            return midnight + timedelta(seconds=second)

        return telephony.CallRecord(
            call=self._reference(call), line=line, offered_at=at(call.offered), queued_at=at(call.queued),
            answered_at=None if call.answered is None else at(call.answered), ended_at=at(call.ended), caller=call.caller,
            rating=call.rating, officer=self._cast.who("operator").id if call.answered is not None else "",
        )  # fmt: skip
