"""The model at work: which version, how often it is right, from when on it is trusted; what is behind each figure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.contracts import Channel
from tongban.desks.hotline.sorting import selectors, services
from tongban.desks.hotline.sorting.contracts import Accuracy, Proposed, SortingError
from tongban.desks.hotline.sorting.current import current, lexicon
from tongban.desks.hotline.sorting.lexicon import LexiconError
from tongban.desks.hotline.sorting.web.forms import BackForm, TrustForm
from tongban.kernel import api as kernel
from tongban.kernel.jobs.health import last_run
from tongban.registers.identity.api import ActorRequest, forbidden, officer_required
from tongban.web.contracts import Page

READERS = (Role.DISPATCHER, Role.HEAD, Role.SUPERVISOR, Role.LEADER)
MANAGERS = (Role.HEAD,)
DAYS, PAGE = 30, 50
LEARNING = "sorting.learn"
WHAT = {
    "decided": gettext_lazy("有建议的"), "by_itself": gettext_lazy("自动派单的"), "followed": gettext_lazy("按建议派单的"),
    "other": gettext_lazy("派给了别的单位的"), "returned": gettext_lazy("按建议派单后退单成立的"),
}  # fmt: skip


def regions_of(actor: kernel.Actor, roles: tuple[Role, ...]) -> list[str]:
    """The divisions of the hotline's desks at which somebody has one of the roles, with all below them."""
    desks = hotline.desk_regions(actor, [role.value for role in roles])
    return sorted({code for region in desks for code in actors.regions_within(region)})


@never_cache
@require_GET
@officer_required(*READERS)
def overview(request: ActorRequest) -> HttpResponseBase:
    """The versions, the thresholds, and how often proposals were right in the last thirty days."""
    if not regions_of(request.actor, READERS):
        return forbidden(request, _("这一页给热线中心的派单员和负责人看。"))
    return render(request, "sorting/overview.html", _context(request))


def _context(
    request: ActorRequest, *, trust: TrustForm | None = None, back: BackForm | None = None
) -> dict[str, Any]:
    at, seen = timezone.now(), regions_of(request.actor, READERS)
    managed = regions_of(request.actor, MANAGERS)
    found = selectors.accuracy(seen, since=at - timedelta(days=DAYS))
    held, all_versions = current(), selectors.versions(most=20)
    names = actors.names(sorted({one.made_by for one in all_versions if one.made_by.startswith("officer:")}))
    return {
        "current": held, "versions": [(one, names.get(one.made_by, "")) for one in all_versions], "manages": bool(managed),
        "may_start": any(one.in_use for one in all_versions),
        "rows": _rows(found), "days": DAYS, "limits": _limits(seen, managed), "trust": trust or _trust(managed), "back": back or BackForm(),
        "night": _night(at), "chosen": back.data.get("version", "") if back else None,
    }  # fmt: skip


def _rows(found: dict[str, Accuracy]) -> list[dict[str, Any]]:
    rows = [
        {"label": Channel(name).label, "one": one, "channel": name} for name, one in sorted(found.items())
    ]
    if len(rows) > 1:
        rows.append({"label": _("合计"), "one": sum(found.values(), Accuracy()), "channel": ""})
    return rows


def _limits(seen: list[str], managed: list[str]) -> list[dict[str, Any]]:
    rows = selectors.thresholds(seen)
    names = actors.names(sorted({one.set_by for one in rows if one.set_by.startswith("officer:")}))
    return [
        {
            "one": one, "region": actors.region(one.region).name, "who": names.get(one.set_by, ""),
            "channel": Channel(one.channel).label if one.channel else "", "mine": one.region in managed,
            "sure": None if one.confidence is None else round(one.confidence * 100, 1),
        }
        for one in rows
    ]  # fmt: skip


def _trust(managed: list[str], data: Any = None) -> TrustForm:
    below = [
        (code, actors.region(code).name) for code in managed if code.endswith("000000")
    ]  # counties and the city: nobody sets a threshold for a village
    try:
        heads = list(lexicon().paths[0])
    except LexiconError:
        heads = []
    return TrustForm(below, heads, data)


def _night(at: datetime) -> dict[str, Any] | None:
    """What came of learning from the city's own dispatches last night."""
    run = last_run(LEARNING)
    if run is None:
        return None
    made = next(
        (one for one in selectors.versions(most=5) if run.started_at and one.made_at >= run.started_at), None
    )
    return {
        "run": run,
        "made": made,
        "running": bool(run.started_at and run.finished_at is None and run.next_at <= at),
    }


@never_cache
@require_POST
@officer_required(*MANAGERS)
def trust(request: ActorRequest) -> HttpResponseBase:
    """A threshold for a division, a channel, a category. POST of the page's form."""
    managed = regions_of(request.actor, MANAGERS)
    if not managed:
        return _not_yours(request)
    form = _trust(managed, request.POST)
    if form.is_valid():
        given, sure = form.cleaned_data, form.cleaned_data["sure"]
        try:
            services.set_threshold(
                region=given["region"], channel=given["channel"], category=given["category"], actor=request.actor,
                confidence=float(sure) / 100 if sure is not None else None, at=timezone.now(),
            )  # fmt: skip
        except SortingError as error:
            form.add_error("sure", str(error))
        else:
            banners.success(request, _("门槛已改，从下一条诉求起按它办，已记入台账。"))
            return redirect("sorting:overview")
    return render(request, "sorting/overview.html", _context(request, trust=form), status=422)


@never_cache
@require_POST
@officer_required(*MANAGERS)
def drop(request: ActorRequest) -> HttpResponseBase:
    """Take a threshold away; what is set more widely holds again."""
    region = request.POST.get("region", "")
    if region not in regions_of(request.actor, MANAGERS):
        return _not_yours(request)
    services.drop_threshold(
        region=region, channel=request.POST.get("channel", "")[:16], category=request.POST.get("category", "")[:40],
        actor=request.actor, at=timezone.now(),
    )  # fmt: skip
    banners.success(request, _("门槛已取消，已记入台账。"))
    return redirect("sorting:overview")


@never_cache
@require_POST
@officer_required(*MANAGERS)
def go_back(request: ActorRequest) -> HttpResponseBase:
    """Another version, with a reason: only for who answers for the city's desk, since all counties use one model."""
    root = actors.region_chain(request.actor.region)[-1:]
    if not root or root[0] not in hotline.desk_regions(request.actor, [role.value for role in MANAGERS]):
        return forbidden(request, _("全市用同一个模型，只有市热线中心的负责人能换版本。"))
    form = BackForm(request.POST)
    if form.is_valid():
        try:
            now = services.roll_back(
                actor=request.actor, at=timezone.now(), to=form.cleaned_data["version"], why=form.cleaned_data["reason"]
            )  # fmt: skip
        except SortingError as error:
            form.add_error("reason", str(error))
        else:
            name = now.name if now else _("起步模型")
            banners.success(request, _("现在用的是%s，已记入台账。") % name)
            return redirect("sorting:overview")
    return render(request, "sorting/overview.html", _context(request, back=form), status=422)


def _not_yours(request: ActorRequest) -> HttpResponse:
    return forbidden(request, _("门槛由热线中心（工作站）的负责人设定。"))


@never_cache
@require_GET
@officer_required(*READERS)
def behind(request: ActorRequest) -> HttpResponseBase:
    """The tickets behind a figure: what was proposed, what it came to."""
    seen, what = regions_of(request.actor, READERS), request.GET.get("what", "decided")
    if what not in selectors.BEHIND:
        raise Http404(_("没有这个列表。"))
    channel, after = request.GET.get("channel", ""), request.GET.get("after", "")
    since = timezone.now() - timedelta(days=DAYS)
    found = selectors.behind(
        what, seen, since=since, channel=channel if channel in Channel.values else "", most=PAGE + 1,
        before=int(after) if after.isdecimal() and len(after) < 18 else 0,
    )  # fmt: skip
    shown, more = found[:PAGE], len(found) > PAGE
    rows = _tickets(request, shown)
    context = {
        "rows": rows, "hidden": len(shown) - len(rows), "what": WHAT[what], "days": DAYS,
        "channel": Channel(channel).label if channel in Channel.values else "",
        "page": Page(next=str(shown[-1][0]) if more else ""),
    }  # fmt: skip
    return render(request, "sorting/behind.html", context)


def _tickets(request: ActorRequest, found: list[tuple[int, Proposed]]) -> list[dict[str, Any]]:
    """Those that the officer sees, with names."""
    rows = []
    for docket, one in found:
        try:
            row = kernel.docket_by_id(docket, actor=request.actor)
        except kernel.NotFound:
            continue
        rows.append(
            {
                "row": row, "one": one, "proposed": actors.unit_name(unit_id=one.unit) if one.unit else "",
                "unit": actors.unit_name(unit_id=one.unit_chosen) if one.unit_chosen else "",
            }
        )  # fmt: skip
    return rows
