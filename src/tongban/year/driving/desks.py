"""The desks' working days: what lies there is moved on as its officers would, one look at each list.

Nothing is planned for a single case: who comes in the morning reads the list of what is open and makes the next move, at
once where a limit is near, sooner or later where it is not. So a run that was killed goes on with what lies there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import api as partners
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.year.driving.stage import Cast, moment
from tongban.year.planning.plan import Plan
from tongban.year.planning.quotas import number_of

logger = logging.getLogger(__name__)
APPLICANT, CALLBACK = "applicant", "callback"
HANDLER, APPROVER, WINDOW = Role.HANDLER.value, Role.APPROVER.value, Role.WINDOW.value
MORNING: Final = 9 * 60
SENDING: Final = 17 * 60
VISIT: Final = 10 * 60
PACE: Final = 3
"""One in so many is left for another day where nothing presses."""
LATE: Final = 3
"""Working days beyond the limit after which something forgotten is found again."""
AT_A_TIME: Final = 200
GRANT, REJECT = "grant", "reject"
REASON: Final = {"reason": "现场情况与申请材料不一致，不符合规定条件。", "law": "行政许可法 第三十八条"}


@dataclass(frozen=True, slots=True)
class Next:
    """The usual next move of what is in a state.

    :param role: of the unit that has it, or who else makes it
    :param presses: done at once, whatever the limit
    """

    kind: str
    state: str
    minute: int
    move: str
    role: str
    data: Mapping[str, Any] = field(default_factory=dict)
    presses: bool = True


CONTACTED: Final = {"how": "phone", "said": "评价人说办得慢，催了两次。", "days": 5}
USUAL: Final = (
    Next("handover", "registered", 570, "pack", WINDOW, {"identity": "original"}),
    Next("case", "received", 575, "accept", HANDLER),
    Next("survey", "scheduled", 600, "report", HANDLER, {"passed": "yes", "findings": "现场与图纸一致，设施齐全，符合要求。"}),
    Next("survey", "planned", 605, "schedule", HANDLER),
    Next("case", "review", 900, "propose", HANDLER, {"opinion": "grant", "text": "材料齐全，符合条件。"}, presses=False),
    Next("case", "approving", 960, GRANT, APPROVER, presses=False),
    Next("making", "waiting", 970, "complete", HANDLER),
    Next("undertaking", "owed", 980, "follow_up", APPLICANT, {"text": "已补交。"}, presses=False),
    Next("undertaking", "checking", 985, "confirm", HANDLER, {"text": "核对无误。"}, presses=False),
    Next("application", "delivering", 990, "hand_out", WINDOW),
    Next("mending", "answered", 550, "close_mended", CALLBACK, {"said": "对方表示满意。", "result": "已缩短办理环节，向您致歉。"}),
    Next("mending", "contacted", 910, "answer", HANDLER, {"kind": "mended", "measure": "补办了材料流转，经办人已当面说明。"}, presses=False),
    Next("mending", "opened", 560, "contact", HANDLER, CONTACTED),
)  # fmt: skip


class Desks:
    """What the officers of the city do with the applications of the year's people."""

    def __init__(self, plan: Plan, cast: Cast) -> None:
        self._plan, self._cast = plan, cast
        people = plan.city.people
        self._people = {*people, *(one.replace("person", "organisation") for one in people)}
        self._left: set[int] = set()

    def inbox(self, day: date) -> int:
        """In the morning: what partners have to tell of yesterday's letters."""
        return partners.collect(moment(day, MORNING))

    def work(self, day: date) -> int:
        """A working day of all desks; gives how many moves."""
        made = sum(self._pass(one, day) for one in USUAL)
        while sent := partners.send_due(at=moment(day, SENDING)):
            made += sent
        return made

    def _pass(self, usual: Next, day: date) -> int:
        """One look at one list; what came in today waits till tomorrow."""
        rows = Docket.objects.filter(
            kind=usual.kind, state=usual.state, closed_at=None, opened_at__lt=moment(day, 0)
        )  # fmt: skip
        soon = moment(self._plan.city.after(day), 23 * 60 + 59)
        wanted = [
            request
            for row in rows.order_by("id")
            if row.applicant in self._people
            and row.pk not in self._left
            and self._turn(row, usual, day, soon)
            and (request := self._request(row, usual, day))
        ]
        return sum(self._made(wanted[n : n + AT_A_TIME]) for n in range(0, len(wanted), AT_A_TIME))

    def _turn(self, row: Docket, usual: Next, day: date, soon: datetime) -> bool:
        """Whether it is its turn today."""
        if row.kind == "case" and usual.state == "approving" and self._share(row, "late") < self._late:
            return row.due_at is None or row.due_at + timedelta(days=LATE) <= moment(day, 0)
        presses = usual.presses or (row.due_at is not None and row.due_at <= soon)
        return presses or number_of("pace", self._plan.seed, row.number, day) % PACE > 0

    @property
    def _late(self) -> float:
        return float(self._plan.profile.assumed.decided_late)

    def _share(self, row: Docket, word: str) -> float:
        return number_of(word, self._plan.seed, row.number) % 10_000 / 10_000

    def _request(self, row: Docket, usual: Next, day: date) -> kernel.Request | None:
        at = moment(day, usual.minute)
        who = self._who(row, usual.role, at)
        if who is None:
            self._leave(row.pk, f"nobody makes {usual.move} of a {row.kind} at {row.unit}")
            return None
        move, data = usual.move, dict(usual.data)
        if move == GRANT and self._share(row, REJECT) < self._plan.profile.assumed.rejected:
            move, data = REJECT, dict(REASON)
        elif move == "schedule":
            data["held_at"] = moment(self._plan.city.after(day), VISIT).isoformat()
        elif move == "hand_out":
            data["received_by"] = actors.party_name(row.applicant)
        elif move == "complete":
            move, data = _completed(row, day)
        return kernel.Request(row.pk, move, data, actor=who, at=at)

    def _who(self, row: Docket, role: str, at: datetime) -> kernel.Actor | None:
        if role == APPLICANT:
            return actors.actor(actor_id=row.applicant, at=at)
        if role == CALLBACK:
            return self._cast.who(CALLBACK)
        return self._cast.of(role, row.unit, but=row.officer if role == APPROVER else "")

    def _leave(self, docket: int, why: str) -> None:
        """What no desk can move on stays where it lies: its limits, warnings and the supervision go on."""
        self._left.add(docket)
        logger.info("%s", why)

    def _made(self, wanted: list[kernel.Request]) -> int:
        """Make them; what a desk refuses stays where it is."""
        first = wanted[0]
        if first.actor is None or first.at is None:
            raise TypeError("a move has its officer and its instant")
        done = kernel.perform_many(wanted, actor=first.actor, at=first.at)
        for asked, result in zip(wanted, done, strict=True):
            if isinstance(result, kernel.Refused):
                self._leave(result.docket, f"{asked.move} was refused: {result.error.code}")
        return sum(not isinstance(one, kernel.Refused) for one in done)


def _completed(row: Docket, day: date) -> tuple[str, dict[str, Any]]:
    """What a licence still lacks; one that lacks nothing is not made since the store has it."""
    wanted = cases.wanted_of(cases.waiting_of(row.pk))
    if not wanted:
        return "drop", {"reason": "证照库里已有这份证照，不用再制。"}
    facts = actors.party_facts(row.applicant)
    own = facts.representative_number if facts.kind == "organisation" else facts.number
    said = {
        "date": day.isoformat(),
        "number": "1",
        "yesno": "是",
        "id": own,
        "uscc": facts.number,
        "phone": facts.phone,
    }
    return "complete", {"entries": [f"{one.name}：{said.get(one.type) or '以决定书为准'}" for one in wanted]}
