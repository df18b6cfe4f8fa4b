"""The leader's screen of the hotline, and the tickets behind every figure."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline import selectors as tickets
from tongban.desks.hotline.access import desk_regions
from tongban.desks.hotline.contracts import Channel, TicketKind, TicketView
from tongban.desks.hotline.figures import listing, reckoning, showing
from tongban.desks.hotline.figures.bulletin import unit_name
from tongban.desks.hotline.figures.contracts import Day, Period, Report
from tongban.desks.hotline.heat import api as heat
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web.contracts import Page

READERS = (Role.LEADER, Role.SUPERVISOR, Role.DISPATCHER, Role.CALLBACK)
KEPT = 60  # seconds: as often as the page asks
DAYS = 30
HOTTEST = 6
CELL = re.compile(r"([0-9]{1,6}),([0-9]{1,6}),(20|100)")


def regions_for(actor: kernel.Actor) -> list[str]:
    """The divisions one may look at: those overseen or worked for, and the ones right below them."""
    held = sorted({*actor.regions, *desk_regions(actor)})
    codes = [code for one in held for code in (one, *(below.code for below in actors.regions_below(one)))]
    return list(dict.fromkeys(codes))


def chosen(request: ActorRequest) -> str:
    """The division asked for if one may look at it, else the first; empty where there is none."""
    allowed = regions_for(request.actor)
    wanted = request.GET.get("region", "")
    return wanted if wanted in allowed else next(iter(allowed), "")


def reckoned(period: Period, *, at: datetime) -> Report:
    """The figures of a period, at most a minute old."""
    key = f"hotline-figures:{period.since:%Y%m%d}:{period.until:%Y%m%d}:{period.region}"
    found: Report | None = cache.get(key)
    if found is None:
        found = reckoning.reckon(period, at=at)
        cache.set(key, found, KEPT)
    return found


def last_days(region: str, *, today: date, days: int = DAYS, back: int = 0) -> Period:
    """So many days up to and including today, or the same number before them."""
    until = today + timedelta(days=1 - back)
    return Period(reckoning.midnight(until - timedelta(days=days)), reckoning.midnight(until), region)


def _shown(request: ActorRequest, region: str) -> dict[str, Any]:
    at, today = timezone.now(), timezone.localdate()
    now, before = (
        reckoned(last_days(region, today=today), at=at),
        reckoned(last_days(region, today=today, back=DAYS), at=at),
    )
    key = f"hotline-days:{today:%Y%m%d}:{region}"
    days: list[Day] | None = cache.get(key)
    if days is None:
        days = reckoning.days(now.period, until=today)
        cache.set(key, days, KEPT)
    late = reckoning.late_now(region, at=at).order_by("due_at", "id")[:5]
    return {
        "now": now, "region": region, "headlines": showing.headlines(now, before, reckoned(last_days(region, today=today, days=1), at=at)),
        "small": showing.small(now), "splits": showing.splits(now), "units": showing.units(now), "days": days,
        "bars": showing.bars(days), "finding": showing.finding(days), "width": showing.WIDTH, "height": showing.HEIGHT,
        "late": [{"row": row, "unit": unit_name(row.unit)} for row in late], "all_late": showing.behind("late", now.period),
        "hot": heat.groups(actor=request.actor, at=at, days=DAYS, region=region if reckoning.within(region) else "", top=HOTTEST),
        "day_links": [(day, showing.behind("taken", last_days(region, today=day.day, days=1))) for day in reversed(days)],
    }  # fmt: skip


@never_cache
@require_GET
@officer_required(*READERS)
def screen(request: ActorRequest) -> HttpResponse:
    """Headline figures, what has to be seen to, then trend, splits and ranking."""
    region = chosen(request)
    return render(
        request, "figures/screen.html", {**_shown(request, region), "regions": offered(request, region)}
    )


def offered(request: ActorRequest, region: str) -> list[dict[str, Any]]:
    """The divisions one may choose."""
    return [
        {"code": code, "name": showing.region_name(code), "chosen": code == region}
        for code in regions_for(request.actor)
    ]


@require_GET
@officer_required(*READERS)
def figures(request: ActorRequest) -> HttpResponse:
    """The figures alone; 304 when nothing has changed since the last look."""
    text = render_to_string("figures/_figures.html", _shown(request, chosen(request)))
    tag = f'"{hashlib.sha256((translation.get_language() + text).encode()).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    answer: HttpResponse = HttpResponseNotModified() if tag in known else HttpResponse(text)
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["Vary"] = "Cookie"
    return answer


@never_cache
@require_GET
@officer_required(*READERS, Role.HEAD, Role.OPERATOR, Role.HANDLER)
def behind(request: ActorRequest) -> HttpResponse:
    """The tickets behind a figure, newest first, as far as one may see them."""
    asked = _asked(request)
    given = request.GET.get("after", "")
    found = listing.rows(
        asked, actor=request.actor, at=timezone.now(), before=int(given) if given.isdecimal() else None
    )
    shown, more = found[: listing.PAGE], len(found) > listing.PAGE
    context = {
        "words": listing.WHATS[asked.what][0], "rows": [_line(one) for one in tickets.tickets(shown)],
        "page": Page(next=str(shown[-1].id) if more else ""), "narrowed": _narrowed(asked),
        "since": asked.period.since, "until": asked.period.until - timedelta(microseconds=1), "now": asked.what == "late",
    }  # fmt: skip
    return render(request, "figures/behind.html", context)


def _line(one: TicketView) -> dict[str, Any]:
    return {"one": one, "unit": unit_name(one.unit)}


def _asked(request: ActorRequest) -> listing.Asked:
    """:raises Http404: no such figure"""
    given = {
        name: request.GET.get(name, "")[:120]
        for name in ("what", "unit", "channel", "kind", "category", "line", "region")
    }
    if given["what"] not in listing.WHATS:
        raise Http404(_("没有这项数据。"))
    today = timezone.localdate()
    since, until = _day("since", request, today - timedelta(days=DAYS - 1)), _day("until", request, today)
    period = Period(
        reckoning.midnight(min(since, until)),
        reckoning.midnight(max(since, until) + timedelta(days=1)),
        _code(given.pop("region")),
    )
    found = CELL.fullmatch(request.GET.get("cell", ""))
    place = (int(found[1]), int(found[2]), int(found[3])) if found else None
    return listing.Asked(period=period, cell=place, **given)


def _code(text: str) -> str:
    return text if len(text) == 12 and text.isdecimal() else ""


def _day(name: str, request: ActorRequest, otherwise: date) -> date:
    try:
        found = parse_date(request.GET.get(name, ""))
    except ValueError:
        found = None
    return found if found is not None and 2000 <= found.year <= 2199 else otherwise


def _narrowed(asked: listing.Asked) -> list[str]:
    found = [
        unit_name(asked.unit) if asked.unit else "",
        showing.region_name(asked.period.region) if asked.period.region else "",
    ]
    found.append(_("其中网络") if asked.channel == listing.ON_NET else "")
    found.append(str(Channel(asked.channel).label) if asked.channel in Channel.values else "")
    found.append(str(TicketKind(asked.kind).label) if asked.kind in TicketKind.values else "")
    found.append(_("未分类") if asked.category == listing.NO_CATEGORY else asked.category)
    return [one for one in found if one]
