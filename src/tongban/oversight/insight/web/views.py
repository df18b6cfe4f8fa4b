"""Pages of figures: all of them for a month, one over a year and by unit, and what each counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.oversight.insight import names, selectors, things, words
from tongban.oversight.insight.access import READERS, scope_of
from tongban.oversight.insight.conditions import reads_numbers
from tongban.oversight.insight.contracts import Figure, Good, InsightError, Scope, Series
from tongban.oversight.insight.definitions.selectors import indicators, known, versions
from tongban.oversight.insight.exports.web import links as exporting
from tongban.oversight.insight.formulas import leaves
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.shortfall import wrong
from tongban.oversight.insight.web.asked import month_of
from tongban.oversight.insight.web.published import history, standing
from tongban.registers.catalogue import api as catalogue
from tongban.registers.identity.api import ActorRequest, officer_required

MONTHS = 13
UNITS = 30
SHOWN = 5


@never_cache
@require_GET
@officer_required(*READERS)
def listed(request: ActorRequest) -> HttpResponse:
    """Every indicator for a month, beside the month before, the same month a year ago, and the year so far."""
    day, region, scope = _asked(request)
    today = timezone.localdate()
    periods = selectors.beside(day, today=today)
    defined = known()
    held = [defined.on(period.last) for period in periods]
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
                "name": words.name(one), "url": _address("one", one.id, day, region), "missed": words.missed(one, first["figure"]),
                "cells": [first["said"], *(words.shown(one, cell) for cell in cells[1:])], "target": words.target(one), "first": first,
            }
        )  # fmt: skip
    context = {
        "themes": themes, "months": _months(), "region": region, "regions": names.below(request.actor), "closed": now.closed,
        "export": exporting.links("list", "", day, region), "lasts": periods[0].last >= today,
    }  # fmt: skip
    return render(request, "insight/list.html", {**context, "month": f"{day:%Y-%m}"})


@never_cache
@require_GET
@officer_required(*READERS)
def one(request: ActorRequest, key: str) -> HttpResponseBase:
    """One indicator: what it counts and on what it stands, month by month, and by unit."""
    day, region, scope = _asked(request)
    if (last := _last_month(key, day)) is not None:
        return redirect(_address("one", key, last, region))
    indicator = _indicator(key, day)
    period = selectors.month(day)
    months = [selectors.month(day, back=back) for back in reversed(range(MONTHS))]
    rows = history(key, periods=months, scope=scope)
    now = standing(day, scope)
    of_units = indicator.told_by("unit")
    grouped = selectors.figures([indicator], period=period, scope=scope, by=("unit",) if of_units else ())[
        key
    ]
    figure = rows[-1]["figure"]
    context = {
        "indicator": indicator, "name": words.name(indicator), "value": words.shown(indicator, figure),
        "figure": figure, "missed": words.missed(indicator, figure), "target": words.target(indicator), "month": f"{day:%Y-%m}",
        "owner": catalogue.department_name(indicator.owner), "how": words.how(indicator.formula), "region": region,
        "parts": [(said, _address("facts", key, day, region, part=place)) for place, said in words.parts(indicator)],
        "history": rows, "versions": len({row["version"] for row in rows}) > 1, "last": rows[-1], "closed": now.closed,
        "marks": [mark.stream for mark in now.marks.get(key, ())], "export": exporting.links("one", key, day, region), "units": _units(indicator, grouped, day, region) if of_units else [],
        "back": _address("list", "", day, region), "is_share": words.is_share(indicator.formula),
        **_first_ones(indicator, day, region, scope), "left_out": _left_out(indicator, grouped, day, region),
        "by_unit": of_units,
    }  # fmt: skip
    return render(request, "insight/one.html", context)


def _first_ones(indicator: Indicator, day: date, region: str, scope: Scope) -> dict[str, Any]:
    """A few things behind the figure: what pulls it down where the formula tells that, else some that it counts."""
    leaf = wrong(indicator)
    asked = indicator if leaf is None else replace(indicator, formula=leaf)
    rows, _more = selectors.behind(asked, period=selectors.month(day), scope=scope)
    all_of_them = (
        f"{reverse('reports:short', args=[indicator.id])}?{_query(day, region)}"
        if leaf is not None
        else _address("facts", indicator.id, day, region, part=0)
    )
    return {"first": _told(rows[:SHOWN]), "falls_short": leaf is not None, "all_of_them": all_of_them}


def _left_out(indicator: Indicator, grouped: Series, day: date, region: str) -> list[tuple[int, str]]:
    """Where words stand in the place of numbers: how many facts were left out, and where they are listed."""
    count = sum(one.unread for one in grouped.figures.values())
    if not count:
        return []
    sides = [place for place, leaf in enumerate(leaves(indicator.formula)) if reads_numbers(leaf)]
    return [(count, _address("facts", indicator.id, day, region, part=sides[0], left_out=1))]


@never_cache
@require_GET
@officer_required(*READERS)
def facts_behind(request: ActorRequest, key: str) -> HttpResponse:
    """What one side of an indicator counts: each thing with its docket, oldest number first."""
    day, region, scope = _asked(request)
    indicator = _indicator(key, day)
    side = int(request.GET.get("part", "0")) if request.GET.get("part", "0").isdigit() else 0
    said = dict(words.parts(indicator))
    unit, left_out = request.GET.get("unit", ""), request.GET.get("left_out", "") == "1"
    rows, more = selectors.behind(
        indicator, period=selectors.month(day), scope=scope, side=side, unit=unit, after=request.GET.get("after", ""),
        left_out=left_out,
    )  # fmt: skip
    onward = {"part": side, "unit": unit, "after": more, "left_out": "1" if left_out else ""}
    context = {
        "rows": _told(rows), "name": words.name(indicator), "said": said.get(side, ""), "month": f"{day:%Y-%m}",
        "back": _address("one", key, day, region), "unit": _unit(unit) if unit else "", "left_out": left_out,
        "more": _address("facts", key, day, region, **onward) if more else "",
    }  # fmt: skip
    return render(request, "insight/facts.html", context)


def _told(rows: list[selectors.Behind]) -> list[dict[str, Any]]:
    named = things.names(rows)
    return [
        {"fact": row, "called": named.get(row.key, row.key), "kind": words.kind_name(row.kind), "act": words.happened(row.kind, act=row.act, limit=row.name), "unit": _unit(row.unit)}
        for row in rows
    ]  # fmt: skip


def _last_month(key: str, day: date) -> date | None:
    """The last month of an indicator that has ended before this one."""
    last = selectors.month(day).last
    if key in indicators(on=last):
        return None
    ends = [one.since for one in versions(key) if one.ended and one.since <= last]
    return (ends[-1] - timedelta(days=1)).replace(day=1) if ends else None


def _indicator(key: str, day: date) -> Indicator:
    """The definition that holds at the end of the month."""
    found = indicators(on=selectors.month(day).last).get(key)
    if found is None:
        raise Http404(key)
    return found


def _asked(request: ActorRequest) -> tuple[date, str, Scope]:
    """The month, the division and what may be counted; what cannot be read is this month, what is not theirs is 404."""
    today = timezone.localdate()
    day = month_of(request.GET.get("month", ""), today=today) or today.replace(day=1)
    region = request.GET.get("region", "")
    try:
        return day, region, scope_of(request.actor, region=region)
    except InsightError as error:
        raise Http404 from error


def _months() -> list[str]:
    today = timezone.localdate()
    return [f"{selectors.month(today, back=back).first:%Y-%m}" for back in range(MONTHS)]


def _address(name: str, key: str, day: date, region: str, **more: object) -> str:
    return f"{reverse(f'insight:{name}', args=[key] if key else [])}?{_query(day, region, **more)}"


def _query(day: date, region: str, **more: object) -> str:
    asked = {"month": f"{day:%Y-%m}", "region": region, **more}
    return urlencode({k: v for k, v in asked.items() if v not in ("", None)})


def _only(series: Series) -> Figure | None:
    return series.figures.get(())


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
            "unit": _unit(unit), "value": words.shown(indicator, one), "figure": one, "missed": words.missed(indicator, one),
            "url": _address("facts", indicator.id, day, region, unit=unit),
        }
        for unit, one in found[:UNITS]
    ]  # fmt: skip


def _unit(key: str) -> str:
    return names.unit(key) if key else _("没有单位")
