"""Pages of figures: all of them for a month, one over a year and by unit, and what each counts."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors import api as actors
from tongban.oversight.insight import selectors, words
from tongban.oversight.insight.access import READERS, scope_of
from tongban.oversight.insight.contracts import Figure, Good, InsightError, Scope, Series
from tongban.oversight.insight.definitions.selectors import indicators
from tongban.oversight.insight.exports.web import links as exporting
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.web.published import history, standing
from tongban.registers.catalogue import api as catalogue
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web import formats

MONTHS = 13
UNITS = 30


@never_cache
@require_GET
@officer_required(*READERS)
def listed(request: ActorRequest) -> HttpResponse:
    """Every indicator for a month, beside the month before, the same month a year ago, and the year so far."""
    day, region, scope = _asked(request)
    today = timezone.localdate()
    periods = selectors.beside(day, today=today)
    held = [indicators(on=period.last) for period in periods]
    found = list(held[0].values())
    columns = [
        selectors.figures(list(own.values()), period=period, scope=scope)
        for own, period in zip(held, periods, strict=True)
    ]
    now = standing(day, scope)
    themes: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        cells = [_only(column[one.id]) for column in columns]
        first = now.cell(one, cells[0])
        themes.setdefault(str(one.theme.label), []).append(
            {
                "name": words.name(one), "url": _address("one", one.id, day, region), "missed": _missed(one, first["figure"]),
                "cells": [first["said"], *(words.shown(one, cell) for cell in cells[1:])], "target": _target(one), "first": first,
            }
        )  # fmt: skip
    context = {
        "themes": themes, "months": _months(), "region": region, "regions": _regions(request), "closed": now.closed,
        "export": exporting.links("list", "", day, region), "lasts": periods[0].last >= today,
    }  # fmt: skip
    return render(request, "insight/list.html", {**context, "month": f"{day:%Y-%m}"})


@never_cache
@require_GET
@officer_required(*READERS)
def one(request: ActorRequest, key: str) -> HttpResponse:
    """One indicator: what it counts and on what it stands, month by month, and by unit."""
    day, region, scope = _asked(request)
    indicator = _indicator(key, day)
    period = selectors.month(day)
    months = [selectors.month(day, back=back) for back in reversed(range(MONTHS))]
    rows = history(key, periods=months, scope=scope)
    now = standing(day, scope)
    by_unit = selectors.figures([indicator], period=period, scope=scope, by=("unit",))[key]
    figure = rows[-1]["figure"]
    context = {
        "indicator": indicator, "name": words.name(indicator), "value": words.shown(indicator, figure),
        "figure": figure, "missed": _missed(indicator, figure), "target": _target(indicator), "month": f"{day:%Y-%m}",
        "owner": catalogue.department_name(indicator.owner), "how": words.how(indicator.formula), "region": region,
        "parts": [(said, _address("facts", key, day, region, part=place)) for place, said in words.parts(indicator)],
        "history": rows, "versions": len({row["version"] for row in rows}) > 1, "last": rows[-1], "closed": now.closed,
        "marks": [mark.stream for mark in now.marks.get(key, ())], "export": exporting.links("one", key, day, region), "units": _units(indicator, by_unit, day, region),
        "back": _address("list", "", day, region), "is_share": words.is_share(indicator.formula),
    }  # fmt: skip
    return render(request, "insight/one.html", context)


@never_cache
@require_GET
@officer_required(*READERS)
def facts_behind(request: ActorRequest, key: str) -> HttpResponse:
    """What one side of an indicator counts: each thing with its docket, oldest number first."""
    day, region, scope = _asked(request)
    indicator = _indicator(key, day)
    side = int(request.GET.get("part", "0")) if request.GET.get("part", "0").isdigit() else 0
    said = dict(words.parts(indicator))
    unit = request.GET.get("unit", "")
    rows, more = selectors.behind(
        indicator,
        period=selectors.month(day),
        scope=scope,
        side=side,
        unit=unit,
        after=request.GET.get("after", ""),
    )
    shown = [
        {"fact": row, "kind": words.kind_name(row.kind), "act": words.happened(row.kind, act=row.act, limit=row.name), "unit": _unit(row.unit)}
        for row in rows
    ]  # fmt: skip
    context = {
        "rows": shown, "name": words.name(indicator), "said": said.get(side, ""), "month": f"{day:%Y-%m}",
        "back": _address("one", key, day, region), "unit": _unit(unit) if unit else "",
        "more": _address("facts", key, day, region, part=side, unit=unit, after=more) if more else "",
    }  # fmt: skip
    return render(request, "insight/facts.html", context)


def _indicator(key: str, day: date) -> Indicator:
    """The definition that holds at the end of the month."""
    found = indicators(on=selectors.month(day).last).get(key)
    if found is None:
        raise Http404(key)
    return found


def _asked(request: ActorRequest) -> tuple[date, str, Scope]:
    """The month, the division and what may be counted; what cannot be read is this month, what is not theirs is 404."""
    today = timezone.localdate()
    try:
        found = parse_date(f"{request.GET.get('month', '')}-01") if request.GET.get("month") else None
    except ValueError:  # a thirteenth month
        found = None
    day = min(found or today, today).replace(day=1)
    region = request.GET.get("region", "")
    try:
        return day, region, scope_of(request.actor, region=region)
    except InsightError as error:
        raise Http404 from error


def _regions(request: ActorRequest) -> list[tuple[str, str]]:
    codes = [
        code
        for one in sorted(request.actor.regions)
        for code in (one, *(r.code for r in actors.regions_below(one)))
    ]
    return [(code, actors.region(code).name) for code in dict.fromkeys(codes)]


def _months() -> list[str]:
    today = timezone.localdate()
    return [f"{selectors.month(today, back=back).first:%Y-%m}" for back in range(MONTHS)]


def _address(name: str, key: str, day: date, region: str, **more: object) -> str:
    asked = {"month": f"{day:%Y-%m}", "region": region, **more}
    query = urlencode({k: v for k, v in asked.items() if v not in ("", None)})
    return f"{reverse(f'insight:{name}', args=[key] if key else [])}?{query}"


def _only(series: Series) -> Figure | None:
    return series.figures.get(())


def _target(indicator: Indicator) -> str:
    return "" if indicator.target is None else f"{indicator.target.normalize():f}%"


def _missed(indicator: Indicator, figure: Figure | None) -> bool:
    """Whether the target is missed, where there is one and something to compare."""
    if indicator.target is None or figure is None or figure.value is None:
        return False
    return figure.value > indicator.target if indicator.good is Good.DOWN else figure.value < indicator.target


def _units(indicator: Indicator, series: Series, day: date, region: str) -> list[dict[str, Any]]:
    """Units with something to count, those who most need to be looked at first."""
    found: list[tuple[str, Figure]] = [
        (group[0], one) for group, one in series.figures.items() if one.value is not None
    ]
    found = [(unit, one) for unit, one in found if unit and (one.whole or one.part)]
    worst = indicator.good is Good.UP
    found.sort(key=lambda pair: (pair[1].value or 0, pair[0]), reverse=not worst)
    return [
        {
            "unit": _unit(unit), "value": words.shown(indicator, one), "figure": one, "missed": _missed(indicator, one),
            "url": _address("facts", indicator.id, day, region, unit=unit),
        }
        for unit, one in found[:UNITS]
    ]  # fmt: skip


def _unit(key: str) -> str:
    if not key:
        return _("没有单位")
    info = actors.live_unit(key)
    return (info.name_en if info is not None and formats.english() else "") or actors.unit_name(unit_id=key)
