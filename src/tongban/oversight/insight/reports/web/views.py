"""Pages of reports: which there are, one to be read, and its files."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.oversight.insight import names, words
from tongban.oversight.insight.access import READERS, scope_of
from tongban.oversight.insight.api import InsightError, Scope, month
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.reports.contracts import Report, ReportError
from tongban.oversight.insight.reports.definitions import definitions
from tongban.oversight.insight.reports.keeping import kept
from tongban.oversight.insight.reports.papers import foot
from tongban.oversight.insight.reports.services import FORMS, kind
from tongban.registers.identity.api import ActorRequest, officer_required

MONTHS = 24
TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@never_cache
@require_GET
@officer_required(*READERS)
def listed(request: ActorRequest) -> HttpResponse:
    """The months and years that there is something to report of, newest first."""
    region, _scope, whose = _asked(request)
    days = facts.days_of(facts.folder(), "moves")
    today = timezone.localdate()
    kinds = []
    for one in definitions().values():
        whens = _months(days, today) if one.period == "month" else _years(days)
        kinds.append(
            (one.name.read(english=words.english()), [_row(one.id, when, region, today) for when in whens])
        )
    context = {"kinds": kinds, "whose": whose, "region": region, "regions": names.below(request.actor)}
    return render(request, "reports/list.html", context)


@never_cache
@require_GET
@officer_required(*READERS)
def read(request: ActorRequest, kind: str, when: str) -> HttpResponse:
    """One report as a page; every figure opens."""
    report, region = _report(request, kind, when)
    files = [(form, _address(kind, when, region, form)) for form in FORMS if form != "html"]
    context = {
        "report": report,
        "files": files,
        "foot": foot(report),
        "base": "",
        "fresh": _address(kind, when, region, fresh=True),
    }
    return render(request, "reports/report.html", context)


@never_cache
@require_GET
@officer_required(*READERS)
def file(request: ActorRequest, kind: str, when: str, form: str) -> HttpResponse:
    """The same as a file."""
    if form not in FORMS:
        raise Http404(form)
    report, _region = _report(request, kind, when)
    answer = HttpResponse(FORMS[form](report), content_type=TYPES[form])
    answer["Content-Disposition"] = (
        f'{"inline" if form == "pdf" else "attachment"}; filename="{report.name}.{form}"'
    )
    return answer


def whose_of(request: ActorRequest, scope: Scope, region: str) -> str:
    """What a reader's figures are limited to, in words; empty for the whole city."""
    if scope.units and not scope.regions:
        return _("、").join(names.unit(unit) for unit in scope.units if unit)
    if region:
        return names.division(region)
    return _("、").join(names.division(one) for one in sorted(request.actor.regions))


def _asked(request: ActorRequest) -> tuple[str, Scope, str]:
    region = request.GET.get("region", "")
    try:
        scope = scope_of(request.actor, region=region)
    except InsightError as error:
        raise Http404 from error
    return region, scope, whose_of(request, scope, region)


def _report(request: ActorRequest, name: str, when: str) -> tuple[Report, str]:
    """The report that is asked for, at most a day old unless it is asked for anew. :raises Http404: no such kind, or not a day of it"""
    region, scope, whose = _asked(request)
    try:
        definition = kind(name)
    except ReportError as error:
        raise Http404(str(error)) from error
    day = _day(definition.period, when)
    fresh = "fresh" in request.GET
    return kept(name, day, at=timezone.now(), scope=scope, whose=whose, region=region, fresh=fresh), region


def _day(period: str, when: str) -> date:
    pattern = r"\d{4}-(0[1-9]|1[0-2])" if period == "month" else r"\d{4}"
    if not re.fullmatch(pattern, when) or int(when[:4]) < 2000:
        raise Http404(_("月份写作2026-10，年份写作2026。"))
    day = date.fromisoformat(f"{when}-01" if period == "month" else f"{when}-01-01")
    if day > timezone.localdate():
        raise Http404(_("还没有到。"))
    return day


def _months(days: list[date], today: date) -> list[str]:
    """Months with something written down, and the one that runs; newest first."""
    known = {f"{day:%Y-%m}" for day in days}
    found = [f"{month(today, back=back).first:%Y-%m}" for back in range(MONTHS)]
    return [one for one in found if one in known]


def _years(days: list[date]) -> list[str]:
    return sorted({str(day.year) for day in days}, reverse=True)


def _row(name: str, when: str, region: str, today: date) -> dict[str, Any]:
    return {
        "name": when, "url": _address(name, when, region), "open": f"{today:%Y-%m}".startswith(when),
        "files": [(form, _address(name, when, region, form)) for form in FORMS if form != "html"],
    }  # fmt: skip


def _address(name: str, when: str, region: str, form: str = "", *, fresh: bool = False) -> str:
    found = (
        reverse("reports:file", args=[name, when, form])
        if form
        else reverse("reports:one", args=[name, when])
    )
    query = ({"region": region} if region else {}) | ({"fresh": "1"} if fresh else {})
    return f"{found}?{urlencode(query)}" if query else found
