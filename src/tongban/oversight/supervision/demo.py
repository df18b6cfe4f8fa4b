"""The demo city's warnings: limits looked through, some late ones explained, one appealed against."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.oversight.supervision import appealing, marking
from tongban.oversight.supervision.appealing import why_not
from tongban.oversight.supervision.contracts import SupervisionError
from tongban.oversight.supervision.models import Appeal, Mark
from tongban.oversight.supervision.selectors import UNEXPLAINED

EXPLAINED = 6
SAID = (
    ("workload", "当周集中申报，两名经办人休假；已安排轮岗，积压的先办。"),
    ("other_unit", "等规划部门的核实意见，收到当天即办结。"),
    ("complex", "现场情况和申报不一致，又去看了一次。"),
)
APPEALED = "{month}月{day}日政务云停机检修，当天的办理记录没有写进系统，检修通知作为证明。"


def load_warnings(_folder: Path, at: datetime) -> dict[str, int]:
    """Once: a second time everything is there already."""
    marking.scan(at=at)
    if Appeal.objects.exists():
        return {"warnings": Mark.objects.count()}
    said, lodged = 0, 0
    for mark in (
        Mark.objects.filter(UNEXPLAINED, over_at__isnull=False).select_related("docket").order_by("pk")
    ):
        head = next(iter(actors.officers_with(role=Role.HEAD, unit_id=mark.unit, at=at)), "")
        if not head or said + lodged > EXPLAINED:
            continue
        who = actors.actor(actor_id=head, at=at)
        if not lodged and not why_not(mark, at=at):
            last = actors.day_of(mark.due_at - timedelta(microseconds=1))
            words = APPEALED.format(month=last.month, day=last.day)
            try:
                appealing.lodge(mark=mark.pk, ground="system_fault", words=words, actor=who, at=at)
            except SupervisionError:
                continue
            lodged += 1
            continue
        reason, words = SAID[said % len(SAID)]
        appealing.explain(mark=mark.pk, reason=reason, words=words, actor=who, at=at)
        said += 1
    return {"warnings": Mark.objects.count(), "explained": said, "appeals": lodged}
