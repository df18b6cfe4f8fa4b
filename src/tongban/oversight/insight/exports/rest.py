"""`/api/v1/insight`: definitions, figures and the facts behind them, as JSON or as a file. Read only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from tongban.actors import api as actors
from tongban.kernel.contracts import Actor
from tongban.kernel.web.rest import Word, acting
from tongban.oversight.insight.access import READERS
from tongban.oversight.insight.contracts import InsightError, Scope
from tongban.oversight.insight.definitions.selectors import indicators
from tongban.oversight.insight.exports import sheets
from tongban.oversight.insight.exports.sheets import Sheet
from tongban.oversight.insight.exports.web import views
from tongban.oversight.insight.selectors import month as month_of_day
from tongban.registers.identity.rest_auth import signed_in
from tongban.web.problems import Refusal, explain

router = Router(tags=["insight"])
MOST = 1_000
"""So many facts come as JSON; more as a file."""
Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$", description="2026-10")]
Form = Annotated[Literal["json", "csv", "xlsx", "parquet"], Query(description="json, or a file")]

explain(InsightError, lambda error: Refusal(422, "insight:refused", error.reason, possible=error.possible))


class IndicatorOut(Schema):
    """One definition in force: `formula` as it is written, `version` by which it is counted, `grain` the smallest for which it is told."""

    id: str
    name: str
    name_en: str
    theme: str
    measured: str
    good: str
    owner: str
    since: date
    source: str
    target: Decimal | None
    grain: str
    version: int
    formula: dict[str, Any]


class IndicatorsOut(Schema):
    """Definitions in force on a day, in the order they are shown in."""

    on: date
    items: list[IndicatorOut]


class FigureOut(Schema):
    """One figure: `value` is null where there is nothing to divide by; `published` where the month was published so."""

    indicator: str
    version: int
    group: str
    value: Decimal | None
    part: int | None
    whole: int | None
    published: Decimal | None


class FiguresOut(Schema):
    """Figures of a month, of all that the caller may count."""

    month: str
    by: str
    items: list[FigureOut]


class FactsOut(Schema):
    """Facts behind a figure, at most 1,000 as JSON: a place in the ledger, codes and times; nobody is in them."""

    indicator: str
    month: str
    columns: list[str]
    items: list[list[Any]]
    complete: bool


@router.get(
    "/insight/indicators",
    response=IndicatorsOut,
    auth=signed_in,
    summary="指标口径 · definitions of indicators",
)
def definitions(request: HttpRequest, on: date | None = None) -> dict[str, Any]:
    """Definitions in force on a day, today where none is given."""
    _reader(request)
    day = on or actors.day_of(timezone.now())
    found = [
        {
            "id": one.id, "name": one.name, "name_en": one.name_en, "theme": str(one.theme), "measured": str(one.measured),
            "good": str(one.good), "owner": one.owner, "since": one.since, "source": one.source, "target": one.target,
            "grain": str(one.grain), "version": one.version, "formula": dict(one.written),
        }
        for one in indicators(on=day).values()
    ]  # fmt: skip
    return {"on": day, "items": found}


@router.get(
    "/insight/figures", response=FiguresOut, auth=signed_in, summary="一个月的指标 · figures of a month"
)
def figures(
    request: HttpRequest,
    month: Month,
    region: Word = "",
    by: Literal["", "unit", "region", "channel", "day"] = "",
    form: Form = "json",
) -> Any:
    """All figures of a month within what the caller oversees, as JSON or as a file."""
    day, scope = _asked(request, month, region)
    sheet = sheets.month_sheet(day=day, scope=scope, by=by)
    return views.answer(sheet, form) if form != "json" else _figures(sheet, month, by)


@router.get(
    "/insight/facts", response=FactsOut, auth=signed_in, summary="数背后的事实 · facts behind a figure"
)
def facts(  # noqa: PLR0917 - the query's parameters, which programs name
    request: HttpRequest,
    month: Month,
    indicator: Word,
    region: Word = "",
    unit: Word = "",
    part: Annotated[int, Field(ge=0, le=99)] = 0,
    form: Form = "json",
) -> Any:
    """What one part of a figure counts (0 the first as the formula is written), as JSON or as a file."""
    day, scope = _asked(request, month, region)
    one = _found(indicator, day)
    side = sheets.side_of(one, str(part))
    first = MOST if form == "json" else 0
    sheet = sheets.facts_sheet(one, period=month_of_day(day), scope=scope, side=side, unit=unit, first=first)
    if form != "json":
        return views.answer(sheet, form)
    columns = [column.key for column in sheet.columns]
    rows = [list(row) for row in sheet.rows[:MOST]]
    return {
        "indicator": indicator,
        "month": month,
        "columns": columns,
        "items": rows,
        "complete": len(sheet.rows) <= MOST,
    }


def _figures(sheet: Sheet, month: str, by: str) -> dict[str, Any]:
    items = []
    for values in sheet.rows:
        row = dict(zip((column.key for column in sheet.columns), values, strict=True))
        items.append(
            {
                **{name: row.get(name) for name in FigureOut.model_fields},
                "group": row.get(by, "") if by else "",
            }
        )
    return {"month": month, "by": by, "items": items}


def _reader(request: HttpRequest) -> Actor:
    actor = acting(request)
    if not any(actor.units_of(role) for role in READERS):
        raise Refusal(
            403,
            "insight:not_a_reader",
            _("指标给领导、监督、派单和单位负责人看。"),
            possible=_("请由单位负责人来取。"),
        )
    return actor


def _asked(request: HttpRequest, month: str, region: str) -> tuple[date, Scope]:
    try:
        return views.asked(month, region, _reader(request))
    except Http404 as error:
        raise Refusal(
            404,
            "insight:nothing",
            _("没有这个月，或者这个地方不归您看。"),
            possible=_("月份写成2026-10，不能晚于本月。"),
        ) from error


def _found(key: str, day: date) -> Any:
    try:
        return views.indicator(key, day)
    except Http404 as error:
        raise Refusal(
            404,
            "insight:no_indicator",
            _("没有这个指标：%s。") % key,
            possible=_("编号见 /insight/indicators。"),
        ) from error
