"""Tickets of the demo city in every state that the usual run of things (`figures.demo`) seldom shows.

A return waiting for its judgement, a delay asked for, four levels, helpers, five told as one, a call split in two, a refusal,
a confidential report, an emergency, a supervised one, somebody who is not content. A second time changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.contracts import NewTicket, Taken
from tongban.desks.hotline.models import Ticket
from tongban.desks.hotline.reporting import Found, report
from tongban.desks.hotline.taking import take
from tongban.kernel import api as kernel

CENTRE, COUNTY, URBAN, MARKET = "421200-dsj", "421202-dsj", "421202-cgj", "421202-scjg"
REGION = "421202000000"
VILLAGE, VILLAGE_REGION = "421202100236-fwz", "421202100236"
MARK = "demo"
REPLY = (
    "您好！您反映的{what}，我单位已派人到{place}现场核实并处理：{done}，处理情况已当场向您说明。"
    "感谢您的来电，如有问题请打0715-8255555。"
)
CATEGORIES = {
    "路灯": "城乡建设/城市建设和市政管理/城市公共设施", "井盖": "城乡建设/城市建设和市政管理/城市公共设施",
    "地砖": "城乡建设/城市建设和市政管理/城市公共设施", "红绿灯": "政法/交通管理/交通安全管理",
    "停水": "城乡建设/城市建设和市政管理/自来水供应", "垃圾": "城乡建设/城市建设和市政管理/环境卫生",
    "行道树": "城乡建设/城市建设和市政管理/园林绿化", "占道": "城乡建设/城市建设和市政管理/城管执法",
    "健身器材": "城乡建设/城市建设和市政管理/居民服务设施", "长椅": "城乡建设/城市建设和市政管理/公园管理",
    "油烟": "环境保护/环境污染/大气污染", "很吵": "环境保护/环境污染/噪音污染", "停车费": "城乡建设/住房保障与房地产/物业服务",
    "医保": "劳动和社会保障/城镇职工社会保险/职工医疗保险",
}  # fmt: skip
"""What an operator chooses, by a word of the message."""


@dataclass(slots=True)
class Stage:
    """The people of the demonstration and its clock."""

    at: datetime
    people: dict[str, kernel.Actor]
    made: int = 0

    def take(self, ago: timedelta, text: str, place: str, *, by: str = "operator", **more: Any) -> Taken:
        self.made += 1
        told = {"kind": "help", "channel": "phone", "region": REGION, "caller_name": "何女士", **more}
        told.setdefault("caller_phone", f"1397150{self.made:04d}")
        told.setdefault("category", next((path for word, path in CATEGORIES.items() if word in text), ""))
        new = NewTicket(text=text, place=place, reference=f"{MARK}-{self.made}", **told)
        return take(new, actor=self.people[by], at=self.at - ago)

    def move(self, ticket: Taken, move: str, by: str, ago: timedelta, **data: Any) -> None:
        kernel.perform(ticket.docket, move, actor=self.people[by], at=self.at - ago, data=data)


def _days(days: float) -> timedelta:
    return timedelta(days=days)


def load(_folder: Path, at: datetime) -> dict[str, int]:
    """Load them; gives how many."""
    people = _people(at)
    if people is None or Ticket.objects.filter(reference=f"{MARK}-1").exists():
        return {"hotline": 0}
    stage = Stage(at, people)
    for scene in (_waiting, _at_units, _returns, _levels, _joint, _many, _special, _after):
        scene(stage)
    return {"hotline": stage.made}


def _people(at: datetime) -> dict[str, kernel.Actor] | None:
    wanted = {
        "operator": (CENTRE, Role.OPERATOR), "dispatcher": (CENTRE, Role.DISPATCHER), "back": (CENTRE, Role.CALLBACK),
        "head": (CENTRE, Role.HEAD), "supervisor": (CENTRE, Role.SUPERVISOR), "county": (COUNTY, Role.DISPATCHER),
        "urban": (URBAN, Role.HANDLER), "market": (MARKET, Role.HANDLER),
    }  # fmt: skip
    found = {}
    for name, (unit, role) in wanted.items():
        officers = actors.officers_with(role=role.value, unit_id=unit, at=at)
        if not officers:
            return None
        found[name] = actors.actor(actor_id=officers[0], at=at, unit_id=unit)
    return found


def _waiting(stage: Stage) -> None:
    """Just come in, by several channels."""
    hour = timedelta(hours=1)
    stage.take(
        hour * 0.2, "温泉路口的红绿灯不亮了，车都堵着，请派人来修。", "温泉路与淦河大道路口", urgency="urgent"
    )
    stage.take(hour, "想问一下灵活就业人员怎么交医保，要带什么材料？", "", kind="consultation", channel="web")
    stage.take(
        hour * 2,
        "建议在人民公园加几张长椅，老人走累了没地方坐。",
        "人民公园",
        kind="suggestion",
        channel="mailbox",
    )
    stage.take(
        hour * 3, "表扬市民中心三号窗口的同志，耐心帮老人填表。", "市民中心", kind="praise", channel="qr"
    )
    stage.take(hour * 0.5, "小区三楼厨房起火冒烟，里面还有老人，快来！", "怡和小区3栋", urgency="emergency")
    answered = stage.take(_days(1), "热线几点下班，周末有人接吗？", "", kind="consultation")
    stage.move(answered, "answer", "dispatcher", _days(1) - hour / 10, reply="12345热线全天24小时有人接听，周末和节假日也一样。",
               satisfaction="very")  # fmt: skip
    refused = stage.take(_days(2), "法院判我输了，我不服，请政府改判。", "")
    stage.move(refused, "refuse", "dispatcher", _days(2) - hour, ground="litigation",
               instead="不服判决，请在收到判决书15日内向上一级人民法院上诉；法律援助请打12348。")  # fmt: skip


def _sent(stage: Stage, ago: timedelta, text: str, place: str, *, unit: str = URBAN, **more: Any) -> Taken:
    ticket = stage.take(ago, text, place, **more)
    stage.move(
        ticket,
        "dispatch",
        "dispatcher",
        ago - timedelta(minutes=20),
        unit=unit,
        opinion="请核实处理并答复来电人",
    )
    return ticket


def _at_units(stage: Stage) -> None:
    """Not signed for, at work, late, urged, a delay asked for."""
    _sent(
        stage,
        timedelta(hours=2),
        "菜场门口的垃圾桶满了没人清，味道很大。",
        "香城菜场",
        category="城市管理/环卫",
    )
    urged = _sent(stage, _days(9), "人行道的地砖翘起来，老人摔了一跤。", "银泉大道", category="城市管理/道路")
    stage.move(urged, "sign", "urban", _days(8.9))
    stage.move(urged, "urge", "operator", _days(1), text="来电人再次来电催问")
    stage.move(
        urged, "supervise", "supervisor", timedelta(hours=5), reason="已超期，请三个工作日内办结并说明原因"
    )
    delayed = _sent(
        stage, _days(3), "路边的行道树枯死了，刮风怕倒下来。", "长安大道", category="城市管理/园林"
    )
    stage.move(delayed, "sign", "urban", _days(2.9))
    stage.move(
        delayed, "ask_delay", "urban", timedelta(hours=3), days=5, reason="补种树苗要等种植季节和苗木到货"
    )


def _returns(stage: Stage) -> None:
    """One waits for its judgement, one was judged and has to stay."""
    waits = _sent(stage, timedelta(hours=20), "楼下麻将馆半夜还很吵，影响孩子学习。", "书台街")
    stage.move(waits, "give_back", "urban", timedelta(hours=2), reason="社会生活噪声由公安机关查处", law="噪声污染防治法 第八十二条",
               suggested="421202-gaj")  # fmt: skip
    stays = _sent(stage, _days(2), "烧烤摊占道经营，晚上走不过去。", "鱼水路")
    stage.move(stays, "give_back", "urban", _days(1.8), reason="属于市场监管", suggested=MARKET)
    stage.move(
        stays, "overrule", "dispatcher", _days(1.7), reason="占道经营由城管部门管理，见咸宁市城市综合管理条例"
    )
    stage.move(stays, "sign", "urban", _days(1.6))


def _levels(stage: Stage) -> None:
    """The county's desk passes it on and answers for it."""
    ticket = _sent(stage, _days(1.2), "村口的路灯全灭了，晚上接孩子要打手电。", "永安街道", unit=COUNTY)
    stage.move(ticket, "sign", "county", _days(1.1))
    stage.move(ticket, "pass_down", "county", _days(1), unit=URBAN, opinion="请今天去看")
    _at_the_village(stage)


def _at_the_village(stage: Stage) -> None:
    """From the centre by the county's desk to the village; its grid worker has reported something too."""
    workers = actors.officers_with(role=Role.GRID.value, unit_id=VILLAGE, at=stage.at)
    if not workers:
        return
    ticket = _sent(stage, _days(0.9), "村道边的水沟被树枝堵了，一下雨水就漫到院子里。", "黄荆塘村三组", unit=COUNTY,
                   region=VILLAGE_REGION, category="农村农业/水利水电/防汛抗旱")  # fmt: skip
    stage.move(ticket, "sign", "county", _days(0.8))
    stage.move(ticket, "pass_down", "county", _days(0.7), unit=VILLAGE, opinion="请村里今天清理，照片发来")
    stage.made += 1
    found = Found("rubbish", "黄荆塘村村口", "村口的垃圾堆了三天，没有清运。", VILLAGE_REGION)
    report(
        found, actor=actors.actor(actor_id=workers[0], at=stage.at, unit_id=VILLAGE), at=stage.at - _days(0.5)
    )


def _joint(stage: Stage) -> None:
    ticket = stage.take(_days(2.5), "新开的饭店油烟直排，而且没看到营业执照。", "茶花路", kind="complaint")
    stage.move(
        ticket,
        "dispatch",
        "dispatcher",
        _days(2.4),
        unit=URBAN,
        helpers=[MARKET],
        opinion="油烟由城管主办，证照由市监协办",
    )
    stage.move(ticket, "sign", "urban", _days(2.3))


def _many(stage: Stage) -> None:
    """Five tell of the same thing; one tells of two."""
    main = stage.take(_days(4), "桂花小区停水两天了，没有人通知，什么时候来水？", "桂花小区")
    others = [
        stage.take(
            _days(4) - timedelta(minutes=9 * n),
            f"桂花小区{n}栋停水，已经两天没有水，请尽快恢复。",
            f"桂花小区{n}栋",
        )
        for n in range(2, 6)
    ]
    stage.move(main, "dispatch", "dispatcher", _days(3.9), unit=URBAN)
    stage.move(main, "gather", "dispatcher", _days(3.8), numbers=[one.number for one in others])
    _answer(stage, main, _days(3), "桂花小区停水", "桂花小区", "爆裂的供水管已于当晚修好，22时恢复供水")
    two = stage.take(_days(1), "楼道灯坏了；还有，物业乱收停车费。", "御湾小区")
    stage.move(two, "split", "dispatcher", _days(0.9), parts=["御湾小区物业乱收停车费，没有公示标准。"])


def _special(stage: Stage) -> None:
    """A confidential report, a caller who rings again and again."""
    stage.take(
        _days(1),
        "举报某超市把过期食品改日期再卖，请为我保密。",
        "城区",
        kind="report",
        confidential=True,
        by="operator",
    )
    stage.take(_days(6), "路口的夜市太吵，第三次反映了，请派人来。", "永安路", caller_phone="13971509999")
    gone = stage.take(_days(5), "共享单车堵住小区门口，出不去。", "御湾小区", channel="web")
    stage.move(gone, "withdraw", "operator", _days(4.9), reason="来电人说已经挪开了")


def _answer(  # noqa: PLR0917 - reads as a sentence
    stage: Stage, ticket: Taken, ago: timedelta, what: str, place: str, done: str
) -> None:
    stage.move(ticket, "sign", "urban", ago)
    stage.move(
        ticket,
        "reply",
        "urban",
        ago - timedelta(hours=4),
        reply=REPLY.format(what=what, place=place, done=done),
        result="yes",
    )


def _after(stage: Stage) -> None:
    """Answers to review, to call back, not content, done again, closed."""
    review = _sent(stage, _days(2), "健身器材的扶手断了，怕扎到小孩。", "淦河公园")
    _answer(stage, review, _days(1.5), "健身器材扶手断裂", "淦河公园", "断裂的扶手已更换，其余器材逐件检查")
    call = _sent(stage, _days(3), "下水道井盖松动，车一过就响。", "文笔路")
    _answer(stage, call, _days(2.5), "下水道井盖松动", "文笔路", "松动的井盖已更换并加装防响胶圈")
    stage.move(call, "review", "dispatcher", _days(2))
    stage.move(call, "no_answer", "back", _days(1))
    again = _sent(stage, _days(7), "小区门口的流动摊贩一直没人管。", "怡和小区")
    _answer(stage, again, _days(6.5), "小区门口流动摊贩", "怡和小区", "流动摊贩已劝离，并安排早晚巡查")
    stage.move(again, "review", "dispatcher", _days(6))
    stage.move(
        again,
        "call_back",
        "back",
        _days(5),
        satisfaction="unsatisfied",
        solved="no",
        operator="very",
        said="第二天又来了",
    )
    stage.move(again, "reopen", "back", _days(4.9), reason="摊贩第二天又回来，请固定值守")
    done = _sent(stage, _days(8), "公交站牌被撞歪了，看不清线路。", "潜山公园站")
    _answer(stage, done, _days(7.5), "公交站牌被撞歪", "潜山公园站", "公交站牌已扶正加固")
    stage.move(done, "review", "dispatcher", _days(7))
    stage.move(done, "call_back", "back", _days(6), satisfaction="very", solved="yes", operator="very")
