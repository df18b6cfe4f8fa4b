"""Tickets as a year of a hotline brings them, an hour at a time, through the doors that officers use; nothing is invented
about their figures: the profile of a real year is `tongban.year`'s.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from tests.desks.hotline import town

from tongban.desks.hotline import api as hotline
from tongban.kernel import api as kernel

BEGIN = town.clock("2026-06-01 00:00")
HOUR = timedelta(hours=1)
PLACES = (
    "城东小区",
    "滨河花园",
    "浮山市场",
    "温泉路",
    "桂花新村",
    "银泉大道",
    "南门口",
    "火车北站",
    "书香苑",
    "长安小区",
)
TOLD = (
    "{place}{n}号楼下的路灯坏了三天，晚上看不见路，老人孩子都不敢出门，请派人来修。",
    "{place}{n}栋旁边的烧烤店油烟很大，半夜还在营业，声音吵得睡不着，请管一管。",
    "{place}{n}单元的自来水从昨天开始停了，没有通知，什么时候能来水？",
    "{place}第{n}个路口的井盖破了，车子压过去很响，怕有人掉下去。",
    "{place}{n}号门面拖欠工资两个月，老板说没有钱，请问我该怎么办？",
    "{place}{n}栋有人在楼道里给电动车充电，物业说管不了，很危险。",
    "在{place}{n}号超市买的牛奶过期了，商家不肯退，要求处理。",
    "{place}{n}号院门口垃圾好几天没有人清，味道很大，苍蝇很多。",
    "请问{place}的社保卡第{n}次申领要带什么材料，周末能不能办？",
    "{place}{n}路公交车最近等半个小时都不来，上班总是迟到，希望多发几班。",
)
ANSWERED_AT_ONCE = 3
"""Of ten tickets so many are answered at once."""
REPLY = (
    "您好！您反映的“{text}”，我局工作人员已于6月3日到现场核实并办妥。感谢您的来电，有问题请打0715-8255555。"
)


@cache
def _who(name: str) -> kernel.Actor:
    return town.who(name)


def messages(count: int, *, chance: random.Random) -> list[hotline.NewTicket]:
    """What so many people tell."""
    made = []
    for _ in range(count):
        place, told = chance.choice(PLACES), chance.choice(TOLD)
        made.append(
            hotline.NewTicket(
                kind="help", channel=chance.choice(("phone",) * 9 + ("web",)), region=town.COUNTY, place=place,
                text=told.format(place=place, n=chance.randrange(1, 400)), category="城市管理/照明",
                caller_name="何秀珍", caller_phone=f"139{chance.randrange(10**8):08d}",
            )
        )  # fmt: skip
    return made


class Hours:
    """Tickets that come in every hour and go their way in the hours after."""

    def __init__(self, *, each: int, seed: int = 7) -> None:
        self.each, self.hour, self.moves = each, 0, 0
        self.chance = random.Random(seed)
        self.waiting: dict[str, list[int]] = {}
        self.replies: dict[int, str] = {}

    def now(self) -> datetime:
        return BEGIN + self.hour * HOUR

    def steps(self) -> Sequence[tuple[str, Callable[[], object]]]:
        """The work of the next hour, by stage; afterwards it is the next hour."""
        self.hour += 1
        return (
            ("close", lambda: self._move("call_back", "called", "caller_back", satisfaction="very", solved="yes")),
            ("review", lambda: self._move("review", "replied", "dispatcher", then="called")),
            ("reply", lambda: self._move("reply", "signed", "urban", then="replied", result="yes")),
            ("sign", lambda: self._move("sign", "sent", "urban", then="signed")),
            ("dispatch", self._dispatch),
            ("take", self._take),
        )  # fmt: skip

    def _take(self) -> None:
        new = messages(self.each, chance=self.chance)
        taken = hotline.take_many(new, actor=_who("operator"), at=self.now())
        self.replies |= {
            made.docket: REPLY.format(text=one.text) for one, made in zip(new, taken, strict=True)
        }
        self.moves += len(taken)
        self.waiting["taken"] = [one.docket for one in taken]

    def _dispatch(self) -> None:
        taken = self.waiting.pop("taken", [])
        cut = len(taken) * ANSWERED_AT_ONCE // 10
        self._made(taken[:cut], "answer", "operator")
        self._made(taken[cut:], "dispatch", "dispatcher", unit=town.URBAN)
        self.waiting["sent"] = taken[cut:]

    def _move(self, move: str, of: str, by: str, *, then: str = "", **data: Any) -> None:
        dockets = self.waiting.pop(of, [])
        self._made(dockets, move, by, **data)
        if then:
            self.waiting[then] = dockets

    def _made(self, dockets: Sequence[int], move: str, by: str, **data: Any) -> None:
        if move in {"reply", "answer"}:
            asked = [
                kernel.Request(docket, move, data | {"reply": self.replies.pop(docket)}) for docket in dockets
            ]
        else:
            asked = [kernel.Request(docket, move, data) for docket in dockets]
        done = kernel.perform_many(asked, actor=_who(by), at=self.now())
        refused = [one for one in done if not isinstance(one, kernel.Done)]
        assert not refused, refused[0]
        self.moves += len(done) * (2 if move == "call_back" else 1)
