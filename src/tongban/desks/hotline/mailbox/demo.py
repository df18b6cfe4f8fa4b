"""Letters to the mayor of the demo city: two published with their replies, one that waits for the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.contracts import Channel, NewTicket
from tongban.desks.hotline.mailbox import services
from tongban.desks.hotline.models import Ticket
from tongban.desks.hotline.taking import take
from tongban.kernel import api as kernel

DESK, REGION = "421200-dsj", "421202000000"
MARK = "demo-letter"
LETTERS = (
    (
        "学校门口的斑马线没有红绿灯", "实验小学门口放学的时候车多，斑马线没有红绿灯，孩子过马路很危险，希望装一个。", "suggestion",
        ("您好！您来信反映的实验小学门口过街安全问题，公安交警部门已于11月12日现场勘查，决定在门口斑马线安装按钮式信号灯，"
        "12月20日前装好；此前上下学时段安排交警和护学岗值守。感谢您的来信，有问题请打12345。"),
    ),
    (
        "建议图书馆周一也开门", "市图书馆周一闭馆，周一轮休的人去不了。建议周一下午也开放自习室。", "suggestion",
        ("您好！您来信建议市图书馆周一开放，市文化和旅游局与图书馆研究后，从11月24日起每周一13:30至20:30开放一楼自习室，"
        "其他区域周一仍用于整理书架。感谢您的建议，有问题请打12345。"),
    ),
    (
        "感谢社区帮老人办高龄津贴", "温泉街道社区的工作人员上门帮我母亲办了高龄津贴，请转达谢意。", "praise",
        "您好！您的谢意已于11月18日转达温泉街道和社区，街道对经办人员予以通报表扬。感谢您的来信，祝您母亲健康长寿。",
    ),
)  # fmt: skip
PUBLISHED = 2


def load(_folder: Path, at: datetime) -> Mapping[str, int]:
    """Write, answer and publish them; gives how many. A second time changes nothing."""
    officers = actors.officers_with(role=Role.DISPATCHER.value, unit_id=DESK, at=at)
    if not officers or Ticket.objects.filter(reference=f"{MARK}-0").exists():
        return {"letters": 0}
    dispatcher = actors.actor(actor_id=officers[0], at=at, unit_id=DESK)
    for place, (title, text, kind, reply) in enumerate(LETTERS):
        written = at - timedelta(days=9 - place * 2)
        new = NewTicket(
            kind=kind, channel=Channel.MAILBOX, text=text, title=title, region=REGION, reference=f"{MARK}-{place}"
        )  # fmt: skip
        taken = take(new, actor=kernel.SYSTEM, at=written)
        services.consent(taken.docket, actor=kernel.SYSTEM, at=written)
        told = {"reply": reply, "override": "领导批示后由热线统一答复"}
        kernel.perform(taken.docket, "answer", actor=dispatcher, at=written + timedelta(hours=30), data=told)
        if place < PUBLISHED:
            decided = written + timedelta(hours=40)
            services.publish(taken.number, title=title, text=text, actor=dispatcher, at=decided)
    return {"letters": len(LETTERS)}
