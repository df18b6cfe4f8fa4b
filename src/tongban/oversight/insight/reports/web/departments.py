"""Units in their order, and one unit's own page."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel import api as kernel
from tongban.kernel.models import Clock
from tongban.kernel.web import clocks
from tongban.oversight.insight import api as insight
from tongban.oversight.insight import names, things, words
from tongban.oversight.insight.access import READERS, scope_of
from tongban.oversight.insight.api import Figure, Good, Indicator, Scope, month
from tongban.oversight.insight.reports import lifting, standing, tables, wording
from tongban.oversight.insight.reports.lifting import Lift, Standing
from tongban.oversight.insight.reports.ranking import Placed
from tongban.oversight.insight.web.asked import month_of
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web import formats

MONTHS = 13
SOON = 5


@never_cache
@require_GET
@officer_required(*READERS)
def listed(request: ActorRequest) -> HttpResponse:
    """The units of each level by points; a head goes to the own page."""
    scope, day = scope_of(request.actor), _day(request)
    if not scope.regions and len(scope.units) == 1 and scope.units[0]:
        return redirect(_address(scope.units[0], day))
    rule, known = lifting.rule(), insight.indicators(on=month(day).last)
    parts = rule.points
    remark = tables.rules(standing.weighed(parts, known), known, least=rule.least)
    levels = [
        (str(label), [_row(one, [known[key] for key, _points in parts], day) for one in lifting.table(day, level=level, scope=scope)])
        for level, label in _levels()
    ]  # fmt: skip
    context = {
        "levels": levels,
        "heads": [words.name(known[key]) for key, _points in parts],
        "remark": remark,
        **_months(day),
    }
    return render(request, "reports/departments.html", context)


@never_cache
@require_GET
@officer_required(*READERS)
def one(request: ActorRequest, unit: str) -> HttpResponse:
    """A unit's month: figures beside its peers', and what would lift them."""
    day = _day(request)
    if not _theirs(request, unit):
        raise Http404(unit)
    found = lifting.department(unit, day)
    rows = [_standing(one, unit, day, request.actor) for one in found.standings if one.place is not None]
    rows.sort(key=lambda row: not row["missed"])
    context = {
        "unit": unit, "name": names.unit(unit), "found": found, "level": dict(_levels()).get(found.level, ""),
        "rows": rows, "lifts": [row for row in rows if row["lifts"]], **_months(day),
    }  # fmt: skip
    return render(request, "reports/department.html", context)


def _levels() -> list[tuple[str, str]]:
    return [("city", _("市直单位")), ("county", _("县（市、区）单位")), ("township", _("乡镇（街道）"))]


def _theirs(request: ActorRequest, unit: str) -> bool:
    """Whether a unit is one's own, or of a division that one oversees."""
    if unit in request.actor.units_of(Role.HEAD):
        return True
    scope: Scope = scope_of(request.actor)
    try:
        region = actors.unit(unit).region
    except actors.NotKnownError:
        return False
    return any(region.startswith(code) for code in scope.regions)


def _day(request: ActorRequest) -> date:
    """The month that is asked for; what cannot be read is this month."""
    today = timezone.localdate()
    return month_of(request.GET.get("month", ""), today=today) or today.replace(day=1)


def _months(day: date) -> dict[str, Any]:
    today = timezone.localdate()
    months = [f"{month(today, back=back).first:%Y-%m}" for back in range(MONTHS)]
    return {"month": f"{day:%Y-%m}", "months": months}


def _address(unit: str, day: date) -> str:
    return f"{reverse('reports:department', args=[unit])}?{urlencode({'month': f'{day:%Y-%m}'})}"


def _row(one: Placed, parts: list[Indicator], day: date) -> dict[str, Any]:
    return {
        "place": one.place, "name": names.unit(one.unit), "url": _address(one.unit, day),
        "points": "—" if one.points is None else f"{one.points:.2f}",
        "cells": [(wording.said(part, one.figures.get(part.id)), words.missed(part, one.figures.get(part.id))) for part in parts],
    }  # fmt: skip


def _standing(one: Standing, unit: str, day: date, actor: kernel.Actor) -> dict[str, Any]:
    query, named = urlencode({"month": f"{day:%Y-%m}", "unit": unit}), things.names(one.wrong)
    return {
        "name": words.name(one.indicator), "value": wording.said(one.indicator, one.now), "now": one.now,
        "missed": words.missed(one.indicator, one.now), "target": words.target(one.indicator) or "—",
        "url": f"{reverse('insight:facts', args=[one.indicator.id])}?{query}",
        "month_before": _moved(one, one.before), "year_ago": _moved(one, one.year_ago),
        "median": _("无") if one.median is None else f"{one.median:.2f}%", "place": one.place, "of": one.of,
        "lifts": [_said(lift, one, what) for lift, what in ((one.to_target, _("达到目标")), (one.to_next, _("追上前一名"))) if lift],
        "all": f"{reverse('reports:short', args=[one.indicator.id])}?{query}" if one.wrong else "",
        "wrong": [{"number": row.number, "called": named.get(row.key, row.key), "act": words.happened(row.kind, act=row.act, limit=row.name), "day": row.day} for row in one.wrong],
        "soon": _soon(unit, one.limits, actor),
    }  # fmt: skip


def _moved(one: Standing, then: Figure | None) -> str:
    return wording.moved(one.indicator, one.now, then, known=then is not None and bool(then.whole))


def _said(lift: Lift, one: Standing, what: str) -> str:
    """What it takes, in one sentence."""
    told = {"what": what, "percent": f"{lift.percent:.2f}%", "n": formats.count(lift.had)}
    if one.indicator.good is Good.DOWN:
        said = _("%(what)s（%(percent)s）：要少%(n)s件") % told
    else:
        said = _("%(what)s（%(percent)s）：已计入的里面要再有%(n)s件做到") % told
    if lift.more:
        told["n"] = formats.count(lift.more)
        said += ngettext("，或者接下来的%(n)s件做到", "，或者接下来的%(n)s件都做到", lift.more) % told
    return said + _("。")


def _soon(unit: str, limits: tuple[str, ...], actor: kernel.Actor) -> list[dict[str, Any]]:
    """Running limits of the unit that this figure will count, nearest first; a title only for whom its desk shows it."""
    if not limits:
        return []
    kind, name = limits
    rows = Clock.objects.filter(whose=unit, name=name, outcome="", stopped_at=None, docket__kind=kind)
    found = {
        row.docket_id: row.docket for row in rows.select_related("docket").order_by("due_at", "id")[:SOON]
    }
    running, sees, now = kernel.clocks_of(list(found)), kernel.flow_of(kind).sees, timezone.now()
    return [
        {
            "number": docket.number, "title": docket.title, "seen": sees(actor, kernel.row_of(docket)),
            "clock": clocks.view_of(clock, at=now),
        }
        for key, docket in found.items() for clock in running[key] if clock.name == name
    ]  # fmt: skip
