"""The words of a limit: 剩3个工作日·12月1日（周二）前."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tongban.web import formats

# word, sign; a sign is part of every state so that colour never carries it alone (WCAG 1.4.1)
STATES = {
    "on_time": (_("正常"), "●"),
    "near": (_("临期"), "▲"),
    "overdue": (_("超期"), "■"),
    "suspended": (_("暂停"), "‖"),
    "done": (_("按时办结"), "✓"),
    "missed": (_("已办结，超过期限"), "✓"),
}


def _left(amount: int, unit: str) -> str:
    n = {"n": formats.count(amount)}
    match unit:
        case "working_days":
            return ngettext("剩%(n)s个工作日", "剩%(n)s个工作日", amount) % n
        case "natural_days":
            return ngettext("剩%(n)s天", "剩%(n)s天", amount) % n
        case "working_hours":
            return ngettext("剩%(n)s小时", "剩%(n)s小时", amount) % n
        case "minutes":
            return ngettext("剩%(n)s分钟", "剩%(n)s分钟", amount) % n
    raise ValueError(f"{unit!r} is not a unit of limits.")


def _over(amount: int, unit: str) -> str:
    n = {"n": formats.count(amount)}
    match unit:
        case "working_days":
            return ngettext("超%(n)s个工作日", "超%(n)s个工作日", amount) % n
        case "natural_days":
            return ngettext("超%(n)s天", "超%(n)s天", amount) % n
        case "working_hours":
            return ngettext("超%(n)s小时", "超%(n)s小时", amount) % n
        case "minutes":
            return ngettext("超%(n)s分钟", "超%(n)s分钟", amount) % n
    raise ValueError(f"{unit!r} is not a unit of limits.")


def _when(due_at: datetime, *, whole_day: bool, year: bool) -> str:
    """The last day a reader may act on; a limit at 24:00 (00:00 of the next day) belongs to the day before."""
    local = timezone.localtime(due_at)
    if whole_day and (local.hour, local.minute, local.second) == (0, 0, 0):
        local -= timedelta(seconds=1)
    day = formats.short_date(local, year=year)
    return day if whole_day else f"{day} {local:%H:%M}"


def words(clock: Any) -> dict[str, Any]:
    """What the clock component shows of a `ClockView` (or anything with its names).

    :raises ValueError: an unknown state or unit
    """

    def read(name: str, default: Any) -> Any:
        return clock.get(name, default) if isinstance(clock, Mapping) else getattr(clock, name, default)

    state = str(read("state", "on_time"))
    if state not in STATES:
        raise ValueError(f"{state!r} is not a state of limits; possible are {', '.join(STATES)}.")
    due_at, left, provisional = read("due_at", None), read("left", None), bool(read("provisional", False))
    running = state in {"on_time", "near", "overdue", "suspended"}
    amount = ""
    if running and left is not None:
        amount = (_over if state == "overdue" else _left)(abs(left), read("unit", "working_days"))
    when = ""
    if due_at is not None and running and state != "suspended":
        day = _when(due_at, whole_day=bool(read("whole_day", True)), year=provisional)
        when = (gettext("原定%(day)s前") if state == "overdue" else gettext("%(day)s前")) % {"day": day}
    note = str(read("note", ""))
    if provisional and due_at is not None:
        year = {"year": timezone.localtime(due_at).year}
        note = note or gettext("%(year)s年放假安排公布后重算") % year
    word, sign = STATES[state]
    return {
        "state": state, "word": word, "sign": sign, "amount": amount, "when": when, "due_at": due_at,
        "provisional": provisional and running, "note": note, "label": str(read("label", "")), "running": running,
    }  # fmt: skip
