"""The tickets behind a figure: the same conditions as its sum, seen through access."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tongban.desks.hotline.contracts import KIND, UNHAPPY, Solved
from tongban.desks.hotline.figures import reckoning
from tongban.desks.hotline.figures.contracts import NET, Period
from tongban.desks.hotline.figures.mapping import in_cell
from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import Words
from tongban.kernel.models import Docket

PAGE: Final = 50
NO_CATEGORY: Final = "-"
ON_NET: Final = "net"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which tickets: the figure, the period, and what it was narrowed to."""

    what: str
    period: Period
    unit: str = ""
    channel: str = ""
    kind: str = ""
    category: str = ""
    line: str = ""
    cell: tuple[int, int, int] | None = None
    """Row, column and cells to a degree of the map: see `mapping`."""


def _opened(asked: Asked, _at: datetime) -> Q:
    return _ids(reckoning.dockets(asked.period))


def _clock(name: str, outcome: str = "") -> Callable[[Asked, datetime], Q]:
    def build(asked: Asked, _at: datetime) -> Q:
        rows = reckoning.ended(asked.period, name)
        rows = rows.filter(outcome=outcome) if outcome else rows
        rows = rows.filter(whose=asked.unit) if asked.unit else rows
        return Q(pk__in=rows.values("docket_id"))

    return build


def _turns(**more: object) -> Callable[[Asked, datetime], Q]:
    def build(asked: Asked, _at: datetime) -> Q:
        rows = reckoning.returns(asked.period).filter(**more)
        rows = rows.filter(unit=asked.unit) if asked.unit else rows
        return Q(pk__in=rows.values("docket_id"))

    return build


def _answered(**more: object) -> Callable[[Asked, datetime], Q]:
    def build(asked: Asked, _at: datetime) -> Q:
        rows = reckoning.called_back(asked.period).filter(**more)
        rows = rows.filter(replied_by=asked.unit) if asked.unit else rows
        return Q(pk__in=rows.values("docket_id"))

    return build


def _late(asked: Asked, at: datetime) -> Q:
    rows = reckoning.late_now(asked.period.region, at=at)
    return _ids(rows.filter(unit=asked.unit) if asked.unit else rows)


def _closed(asked: Asked, _at: datetime) -> Q:
    return _ids(reckoning.closed(asked.period))


def _taken_and(**more: object) -> Callable[[Asked, datetime], Q]:
    return lambda asked, _at: _ids(reckoning.dockets(asked.period).filter(**more))


def _ids(rows: QuerySet[Docket]) -> Q:
    return Q(pk__in=rows.values("pk"))


WHATS: Final[Mapping[str, tuple[Words, Callable[[Asked, datetime], Q]]]] = {
    "taken": (_("受理"), _opened),
    "closed": (_("办结"), _closed),
    "late": (_("现在超期"), _late),
    "signed": (_("签收期限到期或已签收"), _clock("sign")),
    "sign_missed": (_("签收超时"), _clock("sign", "missed")),
    "handled": (_("办理期限到期或已答复"), _clock("handle")),
    "handle_missed": (_("办理超期"), _clock("handle", "missed")),
    "returned": (_("退单"), _turns()),
    "upheld": (_("退单成立"), _turns(upheld=True)),
    "judged": (_("已作满意度评价"), _answered(satisfaction__in=reckoning.JUDGED)),
    "unhappy": (_("不满意"), _answered(satisfaction__in=UNHAPPY)),
    "said": (_("已说是否解决"), _answered(solved__in=reckoning.SAID)),
    "unsolved": (_("未解决"), _answered(solved=Solved.NO)),
    "partly": (_("部分解决"), _answered(solved=Solved.PARTLY)),
    "unhappy_operator": (_("对话务员不满意"), _answered(operator_satisfaction__in=UNHAPPY)),
    "of_operator": (_("已评价话务员"), _answered(operator_satisfaction__in=reckoning.JUDGED)),
    "urged": (_("催办过"), _taken_and(ticket__urged__gt=0)),
    "supervised": (_("督办过"), _taken_and(ticket__supervised_at__isnull=False)),
    "repeated": (_("重复诉求"), _taken_and(ticket__same_as__isnull=False)),
    "reopened": (_("重办"), _taken_and(ticket__reopened__gt=0)),
}


def rows(
    asked: Asked, *, actor: kernel.Actor, at: datetime, before: int | None = None
) -> list[kernel.DocketRow]:
    """A page of tickets, newest first, one more than a page; only those the actor may see.

    :raises LookupError: no such figure
    """
    _words, condition = WHATS[asked.what]
    found = Docket.objects.filter(condition(asked, at), kernel.scope(actor, [KIND]), kind=KIND)
    if asked.channel == ON_NET:
        found = found.filter(ticket__channel__in=NET)
    for name in ("channel", "kind", "line") if asked.channel != ON_NET else ("kind", "line"):
        if value := getattr(asked, name):
            found = found.filter(**{f"ticket__{name}": value})
    if asked.category:
        found = found.filter(_category(asked.category))
    if asked.cell is not None:
        found = found.filter(in_cell(*asked.cell))
    if before is not None:
        found = found.filter(pk__lt=before)
    return [kernel.row_of(one) for one in found.order_by("-pk")[: PAGE + 1]]


def _category(name: str) -> Q:
    if name == NO_CATEGORY:
        return Q(ticket__category="")
    return Q(ticket__category=name) | Q(ticket__category__startswith=f"{name}/")
