"""Figures and facts as files, within the scope of who asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors import api as actors
from tongban.kernel.contracts import Actor
from tongban.oversight.insight.access import READERS, scope_of
from tongban.oversight.insight.contracts import InsightError, Scope
from tongban.oversight.insight.definitions.selectors import indicators
from tongban.oversight.insight.exports import sheets, writing
from tongban.oversight.insight.exports.sheets import Sheet
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.selectors import month as month_of_day
from tongban.oversight.insight.web.asked import month_of
from tongban.registers.identity.api import ActorRequest, officer_required


@never_cache
@require_GET
@officer_required(*READERS)
def listed(request: ActorRequest) -> HttpResponse:
    """Every figure of a month; `by=unit` for each unit."""
    day, scope = _asked(request)
    return _file(request, lambda: sheets.month_sheet(day=day, scope=scope, by=request.GET.get("by", "")))


@never_cache
@require_GET
@officer_required(*READERS)
def one(request: ActorRequest, key: str) -> HttpResponse:
    """One indicator month by month."""
    day, scope = _asked(request)
    return _file(request, lambda: sheets.history_sheet(indicator(key, day), day=day, scope=scope))


@never_cache
@require_GET
@officer_required(*READERS)
def facts(request: ActorRequest, key: str) -> HttpResponse:
    """The facts behind one side of a figure."""
    day, scope = _asked(request)
    found = indicator(key, day)

    def made() -> Sheet:
        side = sheets.side_of(found, request.GET.get("part", "0"))
        unit = request.GET.get("unit", "")
        return sheets.facts_sheet(found, period=month_of_day(day), scope=scope, side=side, unit=unit)

    return _file(request, made)


def _asked(request: ActorRequest) -> tuple[date, Scope]:
    today = actors.day_of(timezone.now())
    return asked(request.GET.get("month", f"{today:%Y-%m}"), request.GET.get("region", ""), request.actor)


def asked(month: str, region: str, actor: Actor) -> tuple[date, Scope]:
    """The month and what may be counted. :raises Http404: no such month, or a division outside"""
    day = month_of(month, today=actors.day_of(timezone.now()))
    if day is None:
        raise Http404(month)
    try:
        return day, scope_of(actor, region=region)
    except InsightError as error:
        raise Http404(month) from error


def indicator(key: str, day: date) -> Indicator:
    """The definition that holds at the end of a month. :raises Http404: there is none"""
    found = indicators(on=month_of_day(day).last).get(key)
    if found is None:
        raise Http404(key)
    return found


def _file(request: ActorRequest, made: Callable[[], Sheet]) -> HttpResponse:
    form = request.GET.get("form", "csv")
    try:
        return answer(made(), form)
    except InsightError as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")


def answer(sheet: Sheet, form: str) -> HttpResponse:
    """A table as a download."""
    found = HttpResponse(writing.write(sheet, form=form), content_type=writing.MEDIA[form])
    found["Content-Disposition"] = f'attachment; filename="{sheet.name}.{form}"'
    found["X-Content-Type-Options"] = "nosniff"
    return found
