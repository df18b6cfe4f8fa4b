"""The monthly bulletin: for officers as page and PDF, and its public version."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from tongban.actors.api import Role
from tongban.desks.hotline.figures import reckoning, showing
from tongban.desks.hotline.figures.bulletin import CALLS, Bulletin, Line, compose, unit_name
from tongban.desks.hotline.figures.contracts import Period, Report
from tongban.desks.hotline.figures.web.screens import READERS
from tongban.kernel.pdf import render_pdf
from tongban.registers.identity.api import ActorRequest, officer_required, open_to_all
from tongban.web import formats

KEPT = 600
FIRST_YEAR = 2000


def _first(month: str) -> date:
    """The first day of a month as ``2026-11``. :raises Http404: not a month, or one to come"""
    if (
        not re.fullmatch(r"\d{4}-\d{2}", month)
        or not 1 <= int(month[5:]) <= 12
        or int(month[:4]) < FIRST_YEAR
    ):
        raise Http404(_("月份写作2026-11这样。"))
    found = date(int(month[:4]), int(month[5:]), 1)
    if found > timezone.localdate():
        raise Http404(_("这个月还没有到。"))
    return found


def _before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _reports(first: date) -> tuple[Report, Report, Report, Report]:
    """The month, the one before, the same month a year ago, and the year so far."""
    months = [first, _before(first), first.replace(year=first.year - 1)]
    periods = [reckoning.month_of(one.year, one.month) for one in months]
    so_far = replace(periods[0], since=reckoning.midnight(first.replace(month=1)))
    found = tuple(_report(one) for one in (*periods, so_far))
    return found[0], found[1], found[2], found[3]


def _report(period: Period) -> Report:
    key = f"hotline-bulletin:{period.since:%Y%m%d}:{period.until:%Y%m%d}"
    found: Report | None = cache.get(key)
    if found is None:
        found = reckoning.reckon(period, at=timezone.now())
        cache.set(key, found, KEPT)
    return found


def _context(first: date, *, public: bool) -> dict[str, Any]:
    now, before, year_ago, so_far = _reports(first)
    made = compose(now=now, before=before, year_ago=year_ago, so_far=so_far, public=public)
    lines = [{"line": line, "url": "" if public else _behind(line, now.period)} for line in made.table]
    units = {} if public else {row["line"].unit: row for row in showing.units(now)}
    following = _after(first)
    return {
        "first": first, "made": made, "now": now, "lines": lines, "title": title(first), "month": f"{first:%Y-%m}",
        "previous": f"{_before(first):%Y-%m}", "next": f"{following:%Y-%m}" if following <= _newest(public=public) else "",
        "ranking": [
            units.get(line.unit) or {"place": place, "line": line, "name": unit_name(line.unit)} for place, line in made.ranking
        ],
        "lates": [
            {
                "line": line, "name": unit_name(line.unit), "missed": line.handled.whole - line.handled.part,
                "url": showing.behind("handle_missed", now.period, unit=line.unit),
                "late": showing.behind("late", now.period, unit=line.unit),
            }
            for line in made.lates
        ],
        "finished": now.period.until <= timezone.now(),
    }  # fmt: skip


def _behind(line: Line, period: Period) -> str:
    """Address of what is behind the month's figure."""
    address = showing.calls_behind(period) if line.what == CALLS else showing.behind(line.what, period)
    return f"{address}&{line.more}" if line.more else address


def title(first: date) -> str:
    """Title of a month's bulletin."""
    return _("12345热线%(year)d年%(month)d月通报") % {"year": first.year, "month": first.month}


def _newest(*, public: bool) -> date:
    """The first day of the newest month there is a bulletin of: for everybody the last one that is over."""
    this = timezone.localdate().replace(day=1)
    return _before(this) if public else this


@never_cache
@require_GET
@officer_required(*READERS, Role.HEAD)
def latest(request: ActorRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """To the bulletin of the last month that is over."""
    return redirect("figures:bulletin", f"{_newest(public=True):%Y-%m}")


@never_cache
@require_GET
@officer_required(*READERS, Role.HEAD)
def bulletin(request: ActorRequest, month: str) -> HttpResponse:
    """One month for officers, with the units that were late."""
    return render(request, "figures/bulletin.html", _context(_first(month), public=False))


@never_cache
@require_GET
@officer_required(*READERS, Role.HEAD)
def paper(request: ActorRequest, month: str) -> HttpResponse:  # noqa: ARG001 - a view
    """The same as PDF, to be printed and signed."""
    first = _first(month)
    made = render_pdf("bulletin", _data(first, _context(first, public=False)), at=timezone.now())
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="12345-{month}.pdf"'
    return answer


def _data(first: date, context: dict[str, Any]) -> dict[str, Any]:
    """What the template of the paper takes: words only."""
    made: Bulletin = context["made"]
    english = (get_language() or "").startswith("en")
    return {
        "lang": "en" if english else "zh", "title": context["title"], "issuer": _issuer(), "lead": made.lead,
        "foot": _("截至%s；口径见文末") % formats.long_date(timezone.now()), "paragraphs": list(made.paragraphs),
        "issue": _("%(year)d年第%(n)d期") % {"year": first.year, "n": first.month},
        "table": {
            "title": _("一、本月数据"), "head": [_("指标"), _("本月"), _("上月"), _("去年同月"), _("今年累计")],
            "rows": [[line.label, *line.cells] for line in made.table],
        },
        "ranking": {
            "title": _("二、单位排名"), "head": [_("名次"), _("单位"), _("得分"), _("签收及时率"), _("按时办结率"), _("解决率"), _("满意率")],
            "rows": [_ranked(row) for row in context["ranking"]],
        },
        "lates": {
            "title": _("三、办理超期"), "head": [_("单位"), _("本月超期（件）"), _("现在仍超期（件）")],
            "rows": [[row["name"], formats.count(row["missed"]), formats.count(row["line"].late)] for row in context["lates"]],
            "none": _("没有办理超期的单位。"),
        },
        "notes": {"title": _("口径"), "paragraphs": notes()},
    }  # fmt: skip


def _ranked(row: dict[str, Any]) -> list[str]:
    line = row["line"]
    rates = [
        formats.rate(one.part, one.whole) for one in (line.signed, line.handled, line.solved, line.satisfied)
    ]
    return [
        str(row["place"] or "—"),
        row["name"],
        f"{line.score:.1f}" if line.score is not None else "—",
        *rates,
    ]


def _issuer() -> str:
    from tongban.actors import api as actors
    from tongban.desks.hotline.contracts import CENTRE

    found = actors.unit_for(department=CENTRE, region=settings.ROOT_REGION)
    return unit_name(found.id) if found else ""


def notes() -> list[str]:
    """How the figures are defined, for the end of the bulletin."""
    return [
        _("签收及时率、按时办结率：本月到期或完成的时限中按时的份额，暂停的时间不算。"),
        _(
            "满意率：回访中评价非常满意、满意、基本满意的人数÷作了评价的人数；未接通或未评价的不算。解决率：答“已解决”的÷说了是否解决的，部分解决不算解决。"
        ),
        _("接通率：人工接听量÷呼入量；15秒接通率：转人工后15秒内接听量÷呼入量。"),
        _(
            "得分：签收及时率20分、按时办结率30分、解决率25分、满意率25分；没有分母的一项，分值摊给其余各项；本月办结时限不足3件的不排名。"
        ),
        _("依据：国办发〔2020〕53号、GB/T 33358-2016和本市热线考核办法（示例）。"),
    ]


@require_safe
@open_to_all
def public_latest(request: ActorRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """To the newest bulletin for everybody."""
    return redirect("figures:public-bulletin", f"{_newest(public=True):%Y-%m}")


@require_safe
@open_to_all
def public(request: ActorRequest, month: str) -> HttpResponse:
    """One month for everybody, once it is over: no unit is blamed, no ticket can be opened."""
    first = _first(month)
    if first > _newest(public=True):
        raise Http404(_("这个月还没有过完，通报下月初公布。"))
    return render(request, "figures/public_bulletin.html", {**_context(first, public=True), "notes": notes()})
