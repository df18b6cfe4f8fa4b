"""Pages of foresight."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.actors.api import Role
from tongban.oversight.insight import names, selectors
from tongban.oversight.insight.access import READERS, scope_of
from tongban.oversight.insight.contracts import InsightError, Scope
from tongban.oversight.insight.foresight import api, bands, expecting, services, testing, words
from tongban.oversight.insight.foresight.contracts import Anomaly, By, Expected
from tongban.oversight.insight.foresight.looking import PAST, REQUESTS
from tongban.oversight.insight.foresight.models import Task
from tongban.oversight.insight.web.asked import month_of
from tongban.registers.catalogue import api as catalogue
from tongban.registers.identity.api import ActorRequest, officer_required

MONTHS = 12


@never_cache
@require_safe
@officer_required(*READERS)
def anomalies(request: ActorRequest) -> HttpResponse:
    """`?month=2026-10`: what was outside its usual band, with what explains it."""
    today = timezone.localdate()
    last = selectors.month(today, back=1).first
    month = min(month_of(request.GET.get("month", ""), today=today) or last, last)
    found = api.anomalies(month=month, today=today, scope=scope_of(request.actor))
    context = {
        "rows": [_line(one) for one in found], "month": f"{month:%Y-%m}", "width": f"{bands.WIDTH:g}", "least": bands.LEAST_COUNT,
        "months": [f"{selectors.month(today, back=back).first:%Y-%m}" for back in range(1, MONTHS + 1)], "past": PAST,
        "needed": bands.LEAST_MONTHS,
    }  # fmt: skip
    return render(request, "foresight/anomalies.html", context)


def _line(one: Anomaly) -> dict[str, Any]:
    parts: dict[By, list[str]] = {}
    for part in one.contributors:
        parts.setdefault(part.by, []).append(words.contribution(part))
    where = "" if one.what == REQUESTS else f"/work/insight/{one.what}?month={one.month:%Y-%m}"
    if where and one.by is By.UNIT:
        where = f"/work/insight/{one.what}/facts?month={one.month:%Y-%m}&unit={one.key}"
    return {
        "what": words.what(one), "who": words.name(one.by, one.key), "by": one.by.label, "value": words.number(one, one.value),
        "low": words.number(one, one.low), "high": words.number(one, one.high), "up": one.distance > 0, "url": where,
        "parts": [(by.label, _("、").join(said)) for by, said in parts.items()], "sentence": words.sentence(one),
        "city": one.by is By.CITY,
    }  # fmt: skip


@never_cache
@require_safe
@officer_required(*READERS)
def expected(request: ActorRequest) -> HttpResponse:
    """Topics likely to rise this month, how far that may be trusted, and what was handed to units."""
    return _expected(request)


def _expected(request: ActorRequest, *, wrong: str = "", status: int = 200) -> HttpResponse:
    found, scope = api.outlook(today=timezone.localdate()), scope_of(request.actor)
    tasks = list(Task.objects.filter(month=found.month).order_by("handed_at"))
    handed = {(one.topic, one.place): one for one in tasks}
    own = request.actor.units_of(Role.HEAD)
    context = {
        "outlook": found, "rows": [_row(one, handed) for one in found.expected if _seen(one.place, one.unit, scope)],
        "verdict": words.verdict(found.test), "may_hand": services.may_hand(request.actor), "wrong": wrong, "used": found.used,
        "tasks": [
            {"own": one, "unit": words.name(By.UNIT, one.unit), "place": names.division(one.place), "mine": one.unit in own,
             "topic": words.name(By.TOPIC, one.topic)}
            for one in tasks if _seen(one.place, one.unit, scope)
        ],
        "month": f"{found.month:%Y-%m}", "rates": _rates(found.test), "k": found.test.k, "ahead": _points(found.test.ahead),
        "above": _points(found.test.above_chance), "share": f"{(expecting.RISE_SHARE - 1) * 100:g}%", "more": expecting.RISE_COUNT,
        "least_year": testing.LEAST_YEAR, "needed": expecting.YEAR + testing.LEAST_ORIGINS, "enough": found.test.verdict != "too_little",
    }  # fmt: skip
    return render(request, "foresight/expected.html", context, status=status)


def _seen(place: str, unit: str, scope: Scope) -> bool:
    if not scope.regions and not scope.units:
        return True
    return unit in scope.units or any(place.startswith(one) for one in scope.regions)


def _row(one: Expected, handed: dict[tuple[str, str], Task]) -> dict[str, Any]:
    task = handed.get((one.topic, one.place))
    return {
        "one": one, "topic": one.topic.replace("/", " / "), "place": names.division(one.place), "likely": f"{100 * one.likely:.0f}%" if one.likely < 0.99 else ">99%",
        "expected": f"{one.expected:.0f}", "recent": f"{one.recent:.1f}", "unit": words.name(By.UNIT, one.unit) if one.unit else "",
        "matter": _matter(one.matter, one.place), "task": task,
    }  # fmt: skip


def _matter(code: str, place: str) -> str:
    """The matter's name; the code of one that the catalogue does not have there."""
    found = catalogue.matters([code], place).get(code) if code else None
    return code if found is None else found.name


def _rates(test: Any) -> list[tuple[str, str, str]]:
    rows = (
        (_("这份名单"), test.model),
        (_("去年同月再来一次"), test.naive),
        (_("一年平均再来一次"), test.steady),
        (_("随意挑"), test.chance),
    )
    return [(name, f"{100 * one.share:.1f}%", f"{one.hits:.1f}/{one.picked}") for name, one in rows]


def _points(span: tuple[float, float, float]) -> str:
    low, middle, high = (100 * one for one in span)
    return _("%(middle)s个百分点（九成把握在%(low)s到%(high)s之间）") % {
        "middle": f"{middle:+.1f}", "low": f"{low:+.1f}", "high": f"{high:+.1f}",
    }  # fmt: skip


@never_cache
@require_POST
@officer_required(*READERS)
def hand(request: ActorRequest) -> HttpResponseBase:
    """Hand an expected topic to the unit that has most of it."""
    found = api.outlook(today=timezone.localdate())
    given = (request.POST.get("topic", ""), request.POST.get("place", ""))
    one = next((row for row in found.expected if (row.topic, row.place) == given), None)
    if one is None or not _seen(one.place, one.unit, scope_of(request.actor)):
        raise Http404
    try:
        services.hand(
            month=found.month, topic=one.topic, place=one.place, unit=one.unit, note=request.POST.get("note", ""),
            actor=request.actor, at=timezone.now(),
        )  # fmt: skip
    except InsightError as error:
        return _expected(request, wrong=str(error), status=422)
    banners.success(request, _("已交办，单位负责人会在消息里看到。"))
    return redirect("foresight:expected")


@never_cache
@require_POST
@officer_required(Role.HEAD)
def answer(request: ActorRequest, key: int) -> HttpResponseBase:
    """The unit says what it did."""
    try:
        services.answer(task=key, words=request.POST.get("words", ""), actor=request.actor, at=timezone.now())
    except InsightError as error:
        return _expected(request, wrong=str(error), status=422)
    banners.success(request, _("已反馈。"))
    return redirect("foresight:expected")
