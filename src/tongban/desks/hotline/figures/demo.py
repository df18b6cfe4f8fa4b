"""Two months of tickets for the demo city, walked through the flow: most in time, some late, some returned, some not content.

Nothing is loaded where another part of the demo has tickets already.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.contracts import CENTRE, KIND
from tongban.desks.hotline.telephony import api as telephony
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS, ENOUGH, SEED = 56, 40, 20261122
NET = ("web", "qr", "mailbox", "grid", "message")
Act = tuple[str, kernel.Actor, datetime, dict[str, Any]]
"""A move, by whom, when, with what."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something people say, who deals with it, and what is answered. `{place}` stands for where."""

    department: str
    category: str
    kind: str
    text: str
    reply: str


TOPICS = (
    Topic("cgj", "城乡建设/城市建设和市政管理/城市公共设施", "help", "{place}的路灯坏了好几天，晚上看不见路，请派人来修。",
          "维修人员已到{place}现场更换损坏的路灯灯具，当晚恢复照明"),
    Topic("cgj", "环境保护/环境污染/大气污染", "complaint", "{place}的烧烤店油烟直排，晚上开窗就是油烟味。",
          "执法人员已到{place}检测烧烤店油烟，责令加装净化设备，油烟已达标"),
    Topic("cgj", "环境保护/环境污染/噪音污染", "complaint", "{place}的工地夜里还在施工，噪声太大睡不着。",
          "已到{place}工地检查夜间施工噪声，工地已停止夜里施工"),
    Topic("scjg", "商贸旅游/市场监管/商品质量", "complaint", "在{place}的菜市场买菜被短斤少两，摊主不认。",
          "已到{place}菜市场检查摊主的电子秤，对短斤少两的摊主责令改正并退还菜款"),
    Topic("scjg", "卫生计生/食品药品监管/食品安全", "report", "{place}的小吃店卖过期食品，请检查。",
          "已到{place}小吃店检查，下架过期食品并立案"),
    Topic("zjj", "城乡建设/住房保障与房地产/物业服务", "complaint", "{place}小区电梯经常停运，物业不修。",
          "已约谈{place}小区物业，电梯维修完毕并恢复运行"),
    Topic("jtj", "交通运输/客货运输/旅客运输", "suggestion", "{place}的公交车间隔太长，早上等半小时，建议加车。",
          "经客流调查，{place}早高峰公交车间隔已缩短，并增加早班车"),
    Topic("rsj", "劳动和社会保障/劳动关系/农民工权益", "complaint", "在{place}的工地干活，工资拖了两个月没发。",
          "已协调{place}工地的施工单位发放工资，拖欠的工资已到账"),
    Topic("jyj", "教育文体/教育行政管理/校外机构管理", "complaint", "{place}的培训班停课了，学费一直不退。",
          "已约谈{place}培训班负责人，学费按剩余课时退还"),
    Topic("sthj", "环境保护/环境污染/水污染", "report", "{place}旁边的小河水发黑发臭，好像有人排污水。",
          "已到{place}小河取样检测，查到一处污水管破损，已修复，河水不再发黑"),
)  # fmt: skip
REPLY = "您好！您反映的问题，我单位已于{day}处理：{done}。感谢您的来电，有问题请打12345。"
SAID = (("very", "yes"), ("satisfied", "yes"), ("satisfied", "yes"), ("fair", "partly"), ("very", "yes"), ("no_answer", "unknown"),
        ("satisfied", "yes"), ("unsatisfied", "no"), ("very", "yes"))  # fmt: skip


@dataclass(slots=True)
class Staff:
    """Who works in the demo; each is looked up once."""

    at: datetime
    centre: str
    known: dict[tuple[str, str], kernel.Actor | None]

    def of(self, unit: str, *roles: Role) -> kernel.Actor | None:
        """An officer of a unit with one of the roles."""
        for role in roles:
            if (unit, role) not in self.known:
                found = actors.officers_with(role=role, unit_id=unit, at=self.at)
                self.known[unit, role] = (
                    actors.actor(actor_id=min(found), at=self.at, unit_id=unit) if found else None
                )
            if self.known[unit, role] is not None:
                return self.known[unit, role]
        return None


def load_tickets(_folder: Path, at: datetime) -> dict[str, int]:
    """A second time changes nothing."""
    centre = actors.unit_for(department=CENTRE, region=settings.ROOT_REGION)
    if centre is None or Docket.objects.filter(kind=KIND).count() >= ENOUGH:
        return {"tickets": 0}
    staff, dice, made = Staff(at, centre.id, {}), random.Random(SEED), 0  # noqa: S311 - a demonstration
    counties = actors.regions_below(settings.ROOT_REGION)
    places = [place for county in counties for place in (county, *actors.regions_below(county.code))]
    today = at.astimezone(SHANGHAI).date()
    for back in range(DAYS, -1, -1):
        day = today - timedelta(days=back)
        for moment, more in _messages(day, dice):
            if moment < at:
                made += _walk(
                    dice.choice(TOPICS), dice.choice(places), at=moment, more=more, staff=staff, dice=dice
                )
    return {"tickets": made}


def _messages(day: date, dice: random.Random) -> list[tuple[datetime, dict[str, Any]]]:
    """When and how messages came on a day: from calls that were answered, and by the net."""
    calls = [one for one in telephony.calls(since=day, until=day, outcome="answered") if one.answered_at]
    picked = dice.sample(calls, min(len(calls), 2 if day.weekday() < 5 else 1))
    found = [
        (one.answered_at + timedelta(minutes=2), {"channel": "phone", "line": one.line, "call": str(one.id)})
        for one in picked if one.answered_at
    ]  # fmt: skip
    if dice.random() < 0.5:
        moment = datetime.combine(day, time(9 + dice.randrange(8), dice.randrange(60)), tzinfo=SHANGHAI)
        found.append((moment, {"channel": dice.choice(NET)}))
    return sorted(found, key=lambda item: item[0])


def _walk(
    topic: Topic,
    place: actors.RegionInfo,
    *,
    at: datetime,
    more: dict[str, Any],
    staff: Staff,
    dice: random.Random,
) -> int:
    """One ticket, as far as time has gone; gives 1, or 0 where nobody in the demo could handle it."""
    desk, found = staff.of(staff.centre, Role.DISPATCHER), _handler(topic.department, place.code, staff)
    if desk is None or found is None:
        return 0
    unit, handler = found
    told = hotline.NewTicket(
        kind=topic.kind, text=topic.text.format(place=place.name), place=place.name, region=place.code, category=topic.category,
        latitude=_near(place.latitude, dice), longitude=_near(place.longitude, dice),
        urgency="urgent" if dice.random() < 0.08 else "ordinary", **more,
    )  # fmt: skip
    taken = hotline.take(told, actor=desk, at=at)
    if more.get("call"):
        telephony.link_ticket(call=int(more["call"]), ticket=taken.number, at=at)
    _handle(
        taken.docket,
        topic,
        place.name,
        unit=unit,
        at=at,
        desk=desk,
        handler=handler,
        staff=staff,
        dice=dice,
    )
    return 1


def _handler(department: str, region: str, staff: Staff) -> tuple[str, kernel.Actor] | None:
    """The county's unit with somebody who handles, else the city's."""
    chain = actors.region_chain(region)
    county = next((one for one in chain if actors.region(one).level == actors.Level.COUNTY), "")
    for code in (county, settings.ROOT_REGION):
        unit = actors.unit_for(department=department, region=code) if code else None
        handler = staff.of(unit.id, Role.HANDLER, Role.HEAD) if unit else None
        if unit is not None and handler is not None:
            return unit.id, handler
    return None


def _near(degrees: float | None, dice: random.Random) -> float | None:
    return round(degrees + dice.uniform(-0.012, 0.012), 5) if degrees is not None else None


def _handle(
    docket: int, topic: Topic, place: str, *, unit: str, at: datetime, desk: kernel.Actor, handler: kernel.Actor,
    staff: Staff, dice: random.Random,
) -> None:  # fmt: skip
    days, slow = 9 if dice.random() < 0.1 else dice.randrange(1, 4), dice.random() < 0.06
    signs = at + (timedelta(days=3) if slow else timedelta(hours=1))
    replies = signs + timedelta(days=days)
    done = topic.reply.format(place=place)
    day = replies.astimezone(SHANGHAI)
    said, solved = dice.choice(SAID)
    back = staff.of(staff.centre, Role.CALLBACK) or desk
    steps: list[Act] = [
        ("dispatch", desk, at + timedelta(minutes=20), {"unit": unit}),
        ("sign", handler, signs, {}),
        ("reply", handler, replies, {"reply": REPLY.format(day=f"{day.month}月{day.day}日", done=done)}),
        ("review", desk, replies + timedelta(hours=1), {"override": "已核对现场处理记录。"}),
        (
            "call_back",
            back,
            replies + timedelta(days=1),
            {"satisfaction": said, "operator": "very", "solved": solved},
        ),
    ]
    if not slow and dice.random() < 0.08:
        steps.insert(
            2,
            (
                "give_back",
                handler,
                signs + timedelta(hours=1),
                {"reason": "现场不在本单位管辖范围，请核实属地。", "law": "职责清单"},
            ),
        )
        steps.insert(3, ("overrule", desk, signs + timedelta(hours=2), {"reason": "经核实属本单位职责。"}))
        steps.insert(4, ("sign", handler, signs + timedelta(hours=3), {}))
    if said == "unsatisfied":
        steps += _again(steps[-1][2], desk=desk, handler=handler, back=back, reply=done)
    for move, actor, moment, data in steps:
        if moment >= staff.at:
            return
        kernel.perform(docket, move, actor=actor, at=moment, data=data)


def _again(
    heard: datetime, *, desk: kernel.Actor, handler: kernel.Actor, back: kernel.Actor, reply: str
) -> list[Act]:
    """Who is not content has it done again, and says so once more."""
    days = [heard + timedelta(days=n) for n in range(3)]
    again = REPLY.format(day=f"{days[1].astimezone(SHANGHAI):%-m月%-d日}再次", done=reply)
    return [
        ("reopen", back, days[0] + timedelta(hours=2), {"reason": "来电人说没有解决，请再去现场。"}),
        ("sign", handler, days[0] + timedelta(hours=3), {}),
        ("reply", handler, days[1], {"reply": again}),
        ("review", desk, days[1] + timedelta(hours=2), {"override": "已核对现场处理记录。"}),
        ("call_back", back, days[2], {"satisfaction": "fair", "operator": "very", "solved": "yes"}),
    ]
