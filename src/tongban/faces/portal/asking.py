"""What is asked of an applicant, and what happens next: who, by when."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.desks.cases import api as cases
from tongban.faces.portal.things import CaseLine, Whole, is_final, unit_name
from tongban.kernel.web import clocks
from tongban.web.formats import short_date


@dataclass(slots=True)
class Wanted:
    """One paper that departments asked for afterwards. `why` are (unit, reason)."""

    slot: str
    name: str
    why: list[tuple[str, str]] = field(default_factory=list)


def wanted(application: int, names: dict[str, str] | None = None) -> list[Wanted]:
    """The papers named in the one notice of what is missing (行政许可法 第三十二条), each once.

    :param names: in the reader's language, by key or Chinese name; see `Whole.names`
    """
    materials = cases.materials_of(application)
    known = {key: material for material in materials for key in (material.key, material.name)}
    found: dict[str, Wanted] = {}
    for case in cases.cases_of(application):
        if case.docket.state != "missing":
            continue
        said = json.loads(case.missing or "{}")
        said = said if isinstance(said, dict) else {}
        for paper in said.get("papers", []):
            material = known.get(paper)
            slot = (
                material.key if material else f"supplement-{hashlib.sha256(paper.encode()).hexdigest()[:8]}"
            )
            name = material.name if material else paper
            one = found.setdefault(slot, Wanted(slot, (names or {}).get(name, name)))
            one.why.append((unit_name(case.docket.unit), str(said.get("why", ""))))
    return list(found.values())


def next_step(whole: Whole, *, at: datetime) -> str:
    """Who acts next and by when, in one sentence; empty when nothing follows."""
    row = whole.row
    if row.state == "supplement":
        clock = clocks.nearest(whole.running.get(row.id, []), whose="applicant")
        if clock is None:
            return _("请您补齐材料。")
        return _("请您在%(day)s前补齐材料，逾期这次申请就终止。") % {"day": _day(clocks.last_day(clock))}
    if row.state == "handling":
        return _handling(whole, at)
    if row.state == "delivering":
        words = {
            "window": _("%(unit)s正在制证，做好后请到窗口领取。"),
            "courier": _("%(unit)s正在制证，做好后给您寄出。"),
            "electronic": _("%(unit)s正在把结果送到您的账户。"),
        }
        return words.get(whole.own.delivery, "%(unit)s") % {"unit": unit_name(row.unit)}
    if row.state == "sent":
        return _("证件已寄出，快递单号%(number)s，收到后请确认。") % {
            "number": whole.own.tracking or _("（待登记）")
        }
    return ""


def _handling(whole: Whole, at: datetime) -> str:
    open_cases = [one for one in whole.cases if not is_final(one.row) and one.row.state != "waiting"]
    dated = [one for one in open_cases if one.clock is not None]
    if not dated:
        return _("各部门正在办理。") if open_cases else ""
    nearest = min(dated, key=lambda one: one.clock.due_at if one.clock else at)
    clock = nearest.clock
    if clock is None or clock.state == "overdue":
        return _("%(unit)s超过了期限，我们已经在催；您也可以打12345。") % {"unit": nearest.unit}
    day = _day(clock.due_at)
    return _told(nearest) % {"unit": nearest.unit, "day": day, "matter": nearest.title}


def _told(line: CaseLine) -> str:
    if line.row.state == "received":
        return _("%(unit)s在%(day)s前告诉您收不收下“%(matter)s”。")
    if line.row.state == "survey":
        return _("%(unit)s要到现场看一次“%(matter)s”，会先和您约时间。")
    return _("%(unit)s在%(day)s前对“%(matter)s”作出决定。")


def _day(moment: datetime) -> str:
    from datetime import timedelta

    return short_date(timezone.localtime(moment) - timedelta(microseconds=1))
