"""Months that were published, what the facts say of them now, and the comparison of ledger and facts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages as banners
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.actors import api as actors
from tongban.oversight.insight import names, words
from tongban.oversight.insight.access import READERS, prefix, scope_of
from tongban.oversight.insight.contracts import Scope
from tongban.oversight.insight.definitions import selectors as definitions
from tongban.oversight.insight.definitions.effect import Change
from tongban.oversight.insight.definitions.web.shown import moved
from tongban.oversight.insight.months import access, digests, selectors, services
from tongban.oversight.insight.months.models import Edition
from tongban.oversight.insight.months.services import MonthError
from tongban.oversight.insight.selectors import figures
from tongban.oversight.insight.selectors import month as month_of_day
from tongban.oversight.insight.web.asked import month_of
from tongban.registers.identity.api import ActorRequest, officer_required

MONTHS = 13
SHOWN = 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*READERS)
def listed(request: ActorRequest) -> HttpResponseBase:
    """The last months: open, published, corrected; and when ledger and facts were compared."""
    if request.method == "POST":
        if request.POST.get("act") == "check":
            services.ask_check(actor=request.actor, at=timezone.now())
            banners.success(request, _("已经要求核对，几分钟后在这一页看结果。"))
        return redirect("months:list")
    today = actors.day_of(timezone.now())
    scope = _scope(request)
    rows = []
    for back in range(MONTHS):
        first = month_of_day(today, back=back).first
        closed = selectors.closed(first)
        rows.append(
            {
                "name": f"{first:%Y-%m}", "closed": closed, "by": _who(closed.by) if closed else "", "running": back == 0,
                "marks": len(selectors.marked(first, scope=scope)),
            }
        )  # fmt: skip
    context = {"rows": rows, "check": _check(scope), "waiting": selectors.waiting_check()}
    return render(request, "months/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*READERS)
def one(request: ActorRequest, month: str) -> HttpResponseBase:
    """A month: as published, what differs now and why; to publish it, and to publish a correction."""
    day = _day(month)
    if request.method != "POST":
        return _one(request, day)
    now, act, reason = timezone.now(), request.POST.get("act", ""), request.POST.get("reason", "")[:2000]
    try:
        if act == "publish":
            services.publish(month=day, actor=request.actor, at=now)
            banners.success(request, _("已公布。这个月的数从此不变，以后的变化作为更正。"))
        elif act == "correct":
            services.correct(month=day, reason=reason, actor=request.actor, at=now)
            banners.success(request, _("更正已公布；原来公布的也还看得到。"))
        else:
            raise PermissionDenied
    except MonthError as error:
        return _one(request, day, fault=str(error), reason=reason)
    return redirect("months:one", month)


def _one(request: ActorRequest, day: date, *, fault: str = "", reason: str = "") -> HttpResponse:
    scope = _scope(request)
    editions = selectors.editions(day)
    shown = next((one for one in editions if str(one.number) == request.GET.get("edition", "")), None)
    edition = shown or (editions[-1] if editions else None)
    newest = bool(editions) and edition == editions[-1]
    publishes = bool(access.publishes_as(request.actor))
    over = actors.day_of(timezone.now()) > month_of_day(day).last
    context: dict[str, Any] = {
        "month": f"{day:%Y-%m}", "edition": edition, "editions": [{"one": one, "by": _who(one.by), "unit": names.unit(one.unit)} for one in editions],
        "newest": newest, "publishes": publishes, "over": over, "fault": fault, "reason": reason, "check": _check(scope),
        "checked": selectors.checked_since(_end(day)), **_figures(day, edition, scope), "marks": _marks(day, scope),
    }  # fmt: skip
    if edition is not None and newest:
        context |= _since(edition, scope)
    return render(request, "months/one.html", context, status=422 if fault else 200)


def _scope(request: ActorRequest) -> Scope:
    """What the reader oversees; the whole city for who publishes its months."""
    return (
        Scope((prefix(settings.ROOT_REGION),))
        if access.publishes_as(request.actor)
        else scope_of(request.actor)
    )


def _figures(day: date, edition: Edition | None, scope: Scope) -> dict[str, Any]:
    """The figures of the month within the scope: as published where they are published so, else as they are now."""
    if edition is None:
        wanted = list(definitions.indicators(on=month_of_day(day).last).values())
    else:
        wanted = selectors.definitions_of(edition)
    whose = selectors.whose_of(scope)
    kept: dict[str, Any] = {}
    if edition is not None and whose:
        kept = dict(selectors.published(day, whose=whose, edition=edition.number).get(whose, {}))
    live = {} if kept else figures(wanted, period=month_of_day(day), scope=scope)
    doubtful = selectors.doubtful(edition) if edition is not None else set()
    rows = []
    for one in wanted:
        figure = kept.get(one.id) if kept else live[one.id].figures.get(())
        rows.append(
            {"name": words.name(one), "key": one.id, "value": words.shown(one, figure), "figure": figure, "version": one.version, "doubtful": one.id in doubtful}
        )  # fmt: skip
    return {"rows": rows, "frozen": bool(kept), "whose": _name(whose) if whose else ""}


def _since(edition: Edition, scope: Scope) -> dict[str, Any]:
    """What the facts say now where it differs, within the scope, and what came in after."""
    inside = [one for one in selectors.differences(edition, counties=False) if _inside(one.whose, scope)]
    inside.sort(key=lambda one: (one.whose != settings.ROOT_REGION, one.indicator.id, one.whose))
    rows = []
    for one in inside[:SHOWN]:
        was, now = one.published, one.now
        change = None
        if was is not None and now is not None and was.value is not None and now.value is not None:
            change = now.value - was.value
        rows.append(
            {
                "name": words.name(one.indicator), "whose": _name(one.whose), "was": words.shown(one.indicator, one.published),
                "now": words.shown(one.indicator, one.now), "moved": moved(one.indicator, Change("", None, None, change)),
            }
        )  # fmt: skip
    late = selectors.late(edition, days=digests.known(month_of_day(edition.month)).days) if inside else None
    return {
        "differences": rows,
        "more": max(0, len(inside) - SHOWN),
        "late": late,
        "whole_city": scope.regions != () and not scope.units,
    }


def _inside(whose: str, scope: Scope) -> bool:
    if whose in scope.units:
        return True
    if whose.isdecimal():
        return any(whose.startswith(region) for region in scope.regions)
    info = actors.live_unit(whose)
    return info is not None and any(info.region.startswith(region) for region in scope.regions)


def _marks(day: date, scope: Scope) -> list[dict[str, Any]]:
    """Entries that were altered, with the figures that rest on them."""
    known = {one.id: words.name(one) for one in definitions.indicators(on=day).values()}
    found: dict[str, list[str]] = {}
    for key, own in selectors.marked(day, scope=scope).items():
        for mark in own:
            own_names = found.setdefault(mark.stream, [])
            if known.get(key, key) not in own_names:
                own_names.append(known.get(key, key))
    return [
        {"stream": stream, "docket": bool(stream) and ":" not in stream, "names": own_names}
        for stream, own_names in found.items()
    ]


def _check(scope: Scope) -> dict[str, Any] | None:
    check = selectors.last_check()
    if check is None:
        return None
    whole = any(region == "" or settings.ROOT_REGION.startswith(region) for region in scope.regions)
    return {
        "at": check.done_at,
        "entries": check.entries,
        "anchored": check.anchored_until,
        "faults": len(check.faults),
        "days": len(check.days),
        "whole": whole,
    }


def _day(month: str) -> date:
    found = month_of(month, today=actors.day_of(timezone.now()))
    if found is None:
        raise Http404(month)
    return found


def _end(day: date) -> datetime:
    """The instant at which a month is over."""
    return datetime.combine(
        month_of_day(day).last + timedelta(days=1), time.min, tzinfo=timezone.get_default_timezone()
    )


def _who(actor: str) -> str:
    return actors.names([actor]).get(actor, actor)


def _name(whose: str) -> str:
    return names.division(whose) if whose.isdecimal() else names.unit(whose)
