"""The own subscriptions: what one is told, a new one, and ending one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as banners
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongban.actors import api as actors
from tongban.kernel.contracts import Actor
from tongban.oversight.insight import names, words
from tongban.oversight.insight.access import READERS
from tongban.oversight.insight.contracts import InsightError
from tongban.oversight.insight.definitions.selectors import indicators
from tongban.oversight.insight.subscriptions import services
from tongban.oversight.insight.subscriptions.contracts import When
from tongban.oversight.insight.subscriptions.web.forms import SubscriptionForm
from tongban.registers.identity.api import ActorRequest, officer_required


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*READERS)
def listed(request: ActorRequest) -> HttpResponseBase:
    """What one is told, and the form for more; `?indicator=` begins with that one."""
    first = {"indicator": request.GET.get("indicator", ""), "when": str(When.PUBLISHED)}
    form = SubscriptionForm(request.POST or None, actor=request.actor, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.subscribe(
                indicator=said["indicator"], region=said["region"], when=When(said["when"]), threshold=said["threshold"],
                actor=request.actor, at=timezone.now(),
            )  # fmt: skip
        except InsightError as error:
            form.add_error(None, str(error))
        else:
            banners.success(request, _("已订阅。到时候在消息里告诉您。"))
            return redirect("subscriptions:list")
    wrong = form.is_bound and bool(form.errors)
    context = {"form": form, "rows": _rows(request.actor)}
    return render(request, "subscriptions/list.html", context, status=422 if wrong else 200)


@never_cache
@require_POST
@officer_required(*READERS)
def end(request: ActorRequest, pk: int) -> HttpResponse:
    """End one of the own subscriptions."""
    services.unsubscribe(pk=pk, actor=request.actor)
    banners.success(request, _("已退订。"))
    return redirect("subscriptions:list")


def _rows(actor: Actor) -> list[dict[str, Any]]:
    known = indicators(on=actors.day_of(timezone.now()))
    rows = []
    for row in services.of_officer(actor):
        one = known.get(row.indicator)
        limit = f"{row.threshold.normalize():f}" if row.threshold is not None else ""
        rows.append(
            {
                "row": row, "name": words.name(one) if one else row.indicator, "where": names.division(row.region) if row.region else _("归我看的全部"),
                "when": f"{When(row.when).label} {limit}".strip(), "known": one is not None,
            }
        )  # fmt: skip
    return rows
