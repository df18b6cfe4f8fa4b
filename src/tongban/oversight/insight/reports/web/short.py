"""What pulls a figure down: each thing that is counted in the whole and missing in the part."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.oversight.insight import api as insight
from tongban.oversight.insight import names, words
from tongban.oversight.insight.access import READERS, scope_of
from tongban.oversight.insight.api import InsightError, behind, month
from tongban.oversight.insight.reports import wording
from tongban.oversight.insight.shortfall import wrong
from tongban.oversight.insight.web.asked import month_of
from tongban.registers.identity.api import ActorRequest, officer_required


@never_cache
@require_GET
@officer_required(*READERS)
def short(request: ActorRequest, key: str) -> HttpResponse:
    """A page of them, oldest number first; each opens its docket."""
    today = timezone.localdate()
    day = month_of(request.GET.get("month", ""), today=today) or today.replace(day=1)
    region, unit = request.GET.get("region", ""), request.GET.get("unit", "")
    indicator = insight.indicators(on=month(day).last).get(key)
    leaf = wrong(indicator) if indicator else None
    try:
        scope = scope_of(request.actor, region=region)
    except InsightError as error:
        raise Http404 from error
    if indicator is None or leaf is None:
        raise Http404(key)
    rows, more = behind(
        replace(indicator, formula=leaf),
        period=month(day),
        scope=scope,
        unit=unit,
        after=request.GET.get("after", ""),
    )
    shown = [
        {
            "fact": row, "kind": words.kind_name(row.kind), "act": words.happened(row.kind, act=row.act, limit=row.name),
            "unit": wording.name_of("unit", row.unit),
        }
        for row in rows
    ]  # fmt: skip
    query: dict[str, Any] = {"month": f"{day:%Y-%m}"} | ({"region": region} if region else {})
    onward = query | ({"unit": unit} if unit else {}) | {"after": more}
    context = {
        "rows": shown, "name": words.name(indicator), "said": _("差在：%s") % words.said(leaf), "month": f"{day:%Y-%m}",
        "back": f"{reverse('insight:one', args=[key])}?{urlencode(query)}", "unit": names.unit(unit) if unit else "",
        "more": f"{reverse('reports:short', args=[key])}?{urlencode(onward)}" if more else "",
    }  # fmt: skip
    return render(request, "insight/facts.html", context)
