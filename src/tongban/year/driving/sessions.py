"""Leaders on the line: each session announced, held, told in public and struck off, as the hotline's desk does it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings

from tongban.desks.hotline.listening import api as listening
from tongban.kernel import api as kernel
from tongban.year.driving.stage import Cast, moment
from tongban.year.planning.plan import Plan, Stroke
from tongban.year.planning.quotas import number_of

BEGINS: Final = 9 * 60
LASTS: Final = timedelta(minutes=90)
PLANNED, HELD, TOLD, OVER = 8 * 60 + 30, 12 * 60, 15 * 60, 15 * 60 + 30
TOPICS: Final = (
    "物业和供水",
    "公交和农村道路",
    "入学和托育",
    "社保和就业",
    "食品安全",
    "环境和噪声",
    "医疗保障",
)


class Sessions:
    """Holds what the plan says."""

    def __init__(self, plan: Plan, cast: Cast) -> None:
        self._plan, self._cast = plan, cast

    def hold(self, stroke: Stroke, day: date) -> int:
        """The day's sessions, from morning to evening; gives how many moves."""
        return sum(self._one(day, number) for number in range(stroke.count))

    def _one(self, day: date, number: int) -> int:
        dice = number_of("session", self._plan.seed, day, number)
        topic, calls = TOPICS[dice % len(TOPICS)], 6 + (dice >> 8) % 12
        actor, begins = self._cast.who("dispatcher"), moment(day, BEGINS)
        told = listening.NewSession(
            listening.SessionKind.LEADERS.value, f"市领导接听12345：{topic}", "市领导", "12345政务服务便民热线中心", begins, begins + LASTS,
            topic,
        )  # fmt: skip
        opened = listening.plan(
            told, unit=self._cast.centre, region=settings.ROOT_REGION, actor=actor, at=moment(day, PLANNED)
        )
        docket = kernel.docket(opened, actor=kernel.SYSTEM).id
        report = f"市领导接听来电{calls}个，主要反映{topic}，全部当场答复。"
        steps: tuple[tuple[str, int, dict[str, Any]], ...] = (
            ("hold", HELD, {"calls": calls}),
            ("publish", TOLD, {"report": report}),
            ("finish", OVER, {}),
        )
        for move, minute, data in steps:
            kernel.perform(docket, move, actor=actor, at=moment(day, minute), data=data)
        return 1 + len(steps)
