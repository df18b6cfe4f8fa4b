"""Pure decisions of the cases desk: limits, order, who may deliver how."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongban.kernel.flow.declaration import Span, working_days

if TYPE_CHECKING:
    from tongban.kernel.contracts import Actor, DocketRow
    from tongban.kernel.flow.step import Step

STATUTORY_DECISION = 20
EXTENSION = working_days(10)


def promised(step: Step) -> Span:
    """The limit of the decision: what the unit promised, never longer than the law allows."""
    return working_days(decision_days(step.own.promised_days, step.own.legal_days))


def decision_days(promised_days: int, legal_days: int) -> int:
    """Working days until the decision (行政许可法 第四十二条): the promise may only be shorter."""
    legal = legal_days or STATUTORY_DECISION
    return min(promised_days, legal) if promised_days >= 0 else legal


def ready(after: Iterable[str], granted: frozenset[str], planned: frozenset[str]) -> bool:
    """Whether every prerequisite that is part of the application has been granted."""
    return all(code in granted for code in after if code in planned)


def sole_delivery(way: str) -> Callable[[DocketRow, Actor], str | None]:
    """A guard: this way of delivery is open only when the applicant chose it."""

    def guard(row: DocketRow, _actor: Actor) -> str | None:
        from tongban.desks.cases.selectors import delivery_of

        chosen = delivery_of(row.id)
        if chosen == way:
            return None
        names = {"electronic": _("电子送达"), "window": _("窗口领取"), "courier": _("快递寄送")}
        return _("申请人选的是%s。") % names.get(chosen, chosen)

    return guard


def papers_missing(row: DocketRow, _actor: Actor) -> str | None:
    """A guard: there is something to tell only when a department reported papers missing."""
    from tongban.desks.cases.selectors import cases_of

    if any(case.docket.state == "missing" for case in cases_of(row.id)):
        return None
    return _("还没有部门提出缺件。")


def can_extend(row: DocketRow, _actor: Actor) -> str | None:
    """A guard: the head may extend once, while the limit runs (行政许可法 第四十二条)."""
    from tongban.desks.cases.selectors import extended

    return _("已经延长过一次，法律只允许一次。") if extended(row.id) else None


def correction_slot(element: str) -> str:
    """The slot in which files lie that prove a correction of an element."""
    return f"fix:{element}"


def listed(text: str) -> list[Any]:
    """A JSON list kept as text."""
    found: list[Any] = json.loads(text or "[]")
    return found
