"""Sessions of the demo city: held and told, held just now, and to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.contracts import CENTRE
from tongban.desks.hotline.listening import services
from tongban.desks.hotline.listening.contracts import KIND, NewSession
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says in a session, what is promised, and the answer where it was given at once."""

    text: str
    said: str
    days: int = 0
    place: str = ""
    answer: str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """One session, `days` before today (negative: to come)."""

    kind: str
    days: int
    hour: int
    title: str
    host: str
    place: str
    topic: str = ""
    calls: int = 0
    report: str = ""
    said: tuple[Said, ...] = ()


SESSIONS = (
    Held(
        "leaders", 26, 9, "市住建局局长接听12345", "市住房和城乡建设局局长", "12345政务服务便民热线中心", "物业、房屋质量和供水", 11,
        "市住房和城乡建设局局长到12345热线中心接听来电11个，主要反映小区二次供水、电梯停运和维修资金使用。当场答复8个，列入跟办3件，"
        "承诺的事项逐件公布进展。",
        (
            Said("小区二次加压水泵坏了半个月，六楼以上早晚没有水。", "10个工作日内换新泵，换之前每天送水。", 14, "温泉街道万年路"),
            Said("电梯停运一个月，物业说没有维修资金。", "按应急维修程序动用维修资金，当月恢复运行。", 20, "永安街道南山路",
                 "已按应急程序批准使用维修资金，电梯于本月恢复运行，检验合格。"),
            Said("承诺的学校配套迟迟不建，想了解进展，不想让人知道是谁问的。", "由市教育局和自然资源和规划局书面说明。", 20, confidential=True),
        ),
    ),
    Held(
        "broadcast", 12, 10, "行风热线：城市管理专场", "市城市管理执法委员会副主任", "咸宁综合广播 FM90.2", "夜间施工、油烟和占道", 9,
        "行风热线直播1小时，接入听众电话9个，集中在夜间施工噪声和餐馆油烟。夜间施工的两处工地已于当晚检查，油烟问题列入跟办清单。",
        (
            Said("楼下烧烤店油烟直排，晚上不敢开窗。", "一周内上门检测，不达标的责令停业改造。", 7, "温泉街道银泉大道"),
            Said("工地夜里十二点还在打桩。", "当晚检查，今后每晚巡查到零点。", 2, "浮山街道",
                 "执法人员当晚到工地，责令停止夜里打桩并立案，此后每晚巡查到零点。"),
        ),
    ),
    Held(
        "window", 5, 9, "办不成事窗口：11月第三周", "市政务服务和大数据管理局值班局长", "市民中心一楼A01窗口", "跑了两次以上没办成的事", 6,
        said=(
            Said("户口迁移要原单位证明，单位已经注销，跑了三趟办不成。", "由公安和档案部门内部核查，不再要证明。", 5),
            Said("营业执照地址和房产证门牌不一致，食品许可被退两次。", "现场协调，按门牌变更证明办理。", 3, "",
                 "已由公安出具门牌变更信息，食品经营许可已受理。"),
        ),
    ),
    Held("leaders", -3, 9, "市交通运输局局长接听12345", "市交通运输局局长", "12345政务服务便民热线中心", "公交线路和农村道路"),
)  # fmt: skip


def load_sessions(_folder: Path, at: datetime) -> dict[str, int]:
    """A second time changes nothing."""
    centre = actors.unit_for(department=CENTRE, region=settings.ROOT_REGION)
    found = actors.officers_with(role=Role.DISPATCHER, unit_id=centre.id, at=at) if centre else ()
    if centre is None or not found or Docket.objects.filter(kind=KIND).exists():
        return {"sessions": 0}
    for one in SESSIONS:
        _load(one, centre.id, centre.region, min(found), at)
    return {"sessions": len(SESSIONS)}


def _load(one: Held, unit: str, region: str, officer: str, at: datetime) -> None:
    day = at.astimezone(SHANGHAI).date() - timedelta(days=one.days)
    begins = datetime.combine(day, time(one.hour), tzinfo=SHANGHAI)
    planned = min(begins - timedelta(days=5), at)
    actor = actors.actor(actor_id=officer, at=planned)
    number = services.plan(
        NewSession(one.kind, one.title, one.host, one.place, begins, begins + timedelta(minutes=90), one.topic),
        unit=unit, region=region, actor=actor, at=planned,
    )  # fmt: skip
    if begins + timedelta(hours=2) > at:
        return
    for minute, said in enumerate(one.said):
        _say(number, said, actor, begins + timedelta(minutes=10 * (minute + 1)))
    row = kernel.docket(number, actor=kernel.SYSTEM)
    _move(row.id, "hold", {"calls": one.calls}, actor, begins + timedelta(hours=2))
    told = begins + timedelta(days=2)
    if one.report and told < at:
        _move(row.id, "publish", {"report": one.report}, actor, told)


def _say(number: str, said: Said, actor: kernel.Actor, at: datetime) -> None:
    told: dict[str, Any] = {
        "kind": "help",
        "text": said.text,
        "place": said.place,
        "confidential": said.confidential,
    }
    taken = services.open_ticket(
        number, told, said=said.said, promised_by=at.date() + timedelta(days=said.days), withheld=False, actor=actor,
        at=at,
    )  # fmt: skip
    if said.answer:
        given = {"reply": said.answer, "satisfaction": "satisfied"}
        _move(taken.docket, "answer", given, actor, at + timedelta(minutes=5))


def _move(docket: int, move: str, data: dict[str, Any], actor: kernel.Actor, at: datetime) -> None:
    kernel.perform(docket, move, actor=actor, at=at, data=data)
