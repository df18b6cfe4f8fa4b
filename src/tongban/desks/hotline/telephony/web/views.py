"""Lines with their answer rate, one line by hour, and the calls behind every figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.telephony import selectors
from tongban.desks.hotline.telephony.contracts import AnswerFigures, CallView, LineInfo, Outcome, Way
from tongban.desks.hotline.telephony.exchanges import exchange
from tongban.desks.hotline.telephony.lines import line_name, line_of
from tongban.desks.hotline.telephony.lines import lines as all_lines
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web.contracts import Page

READERS = (Role.OPERATOR, Role.DISPATCHER, Role.CALLBACK, Role.SUPERVISOR, Role.LEADER)
DAYS = 30
FILTERS = ("line", "hour", "outcome", "late", "bad", "by_hand")


def days_of(request: ActorRequest) -> tuple[date, date]:
    """First and last day asked for; the last 30 days where nothing fits."""
    today = timezone.localdate()
    until = _day(request.GET.get("until", "")) or today
    since = _day(request.GET.get("since", "")) or until - timedelta(days=DAYS - 1)
    return min(since, until), max(since, until)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def link(since: date, until: date, **more: object) -> str:
    """The calls behind a figure."""
    asked = {
        "since": since.isoformat(),
        "until": until.isoformat(),
        **{k: v for k, v in more.items() if v not in ("", None)},
    }
    return f"/work/hotline/calls?{urlencode(asked)}"


def _line(
    label: str, url: str, told: AnswerFigures, since: date, until: date, **asked: object
) -> dict[str, Any]:
    return {
        "label": label, "url": url, "told": told, "all": link(since, until, **asked),
        "answered": link(since, until, outcome="answered", **asked),
        "dropped": link(since, until, outcome="dropped", **asked),
        "late": link(since, until, late=1, **asked),
    }  # fmt: skip


@never_cache
@require_GET
@officer_required(*READERS)
def lines(request: ActorRequest) -> HttpResponse:
    """Every line by how it was merged, each with its own figures."""
    since, until = days_of(request)
    found = selectors.answer_by_line(since=since, until=until)
    groups = []
    for way in Way:
        among = [one for one in all_lines().values() if one.way == way]
        rows = [
            {
                "line": one,
                **_line(
                    line_name(one.key),
                    f"/work/hotline/lines/{one.key}",
                    _of(found, one),
                    since,
                    until,
                    line=one.key,
                ),
            }
            for one in sorted(among, key=lambda one: -_of(found, one).offered)
        ]
        groups.append({"way": way.label, "n": len(among), "rows": rows, "calls": way != Way.SUBCENTRE})
    every = selectors.answer_figures(since=since, until=until)
    at = timezone.now()
    context = {
        "groups": groups, "every": _line(_("全部线路"), "", every, since, until), "since": since, "until": until,
        "status": exchange().status(at=at), "operators": _operators(), "by_hand": link(since, until, by_hand=1),
    }  # fmt: skip
    return render(request, "telephony/lines.html", context)


def _of(found: dict[str, AnswerFigures], line: LineInfo) -> AnswerFigures:
    return found.get(line.key, AnswerFigures())


def _operators() -> list[dict[str, Any]]:
    rows = selectors.operators()
    names = actors.names([row.officer for row in rows])
    return [{"name": names.get(row.officer, ""), "row": row} for row in rows]


@never_cache
@require_GET
@officer_required(*READERS)
def line(request: ActorRequest, line: str) -> HttpResponse:
    """One line by hour of the day."""
    found = line_of(line)
    if found is None:
        raise Http404(_("没有这条线路。"))
    since, until = days_of(request)
    hours = selectors.answer_by_hour(since=since, until=until, line=found.key)
    rows = [
        _line(f"{hour:02d}:00–{hour + 1:02d}:00", "", hours[hour], since, until, line=found.key, hour=hour)
        for hour in sorted(hours)
    ]
    every = selectors.answer_figures(since=since, until=until, lines=(found.key,))
    context = {
        "line": found, "name": line_name(found.key), "way": Way(found.way).label, "rows": rows, "since": since, "until": until,
        "every": _line(_("全天"), "", every, since, until, line=found.key),
    }  # fmt: skip
    return render(request, "telephony/line.html", context)


@never_cache
@require_GET
@officer_required(*READERS)
def calls(request: ActorRequest) -> HttpResponse:
    """The calls behind a figure, newest first; numbers masked."""
    since, until = days_of(request)
    given = {name: request.GET.get(name, "") for name in FILTERS}
    hour = int(given["hour"]) if given["hour"].isdecimal() and int(given["hour"]) < 24 else None
    outcome = given["outcome"] if given["outcome"] in Outcome.values else ""
    found = selectors.calls(
        since=since, until=until, line=given["line"][:32], hour=hour, outcome=outcome, late=bool(given["late"]),
        bad=bool(given["bad"]), by_hand=bool(given["by_hand"]), before=_cursor(request.GET.get("after", "")),
    )  # fmt: skip
    shown, more = found[: selectors.PAGE], len(found) > selectors.PAGE
    names = actors.names({one.officer for one in shown if one.officer})
    last = f"{shown[-1].offered_at.isoformat()}~{shown[-1].id}" if shown and more else ""
    context = {
        "rows": [_named(one, names) for one in shown], "since": since, "until": until, "page": Page(next=last),
        "line": line_name(given["line"][:32]) if given["line"] else "", "hour": hour, "given": given,
        "outcome": Outcome(outcome).label if outcome else "",
    }  # fmt: skip
    return render(request, "telephony/calls.html", context)


def _named(one: CallView, names: dict[str, str]) -> CallView:
    return replace(one, officer=names.get(one.officer, ""))


def _cursor(text: str) -> tuple[datetime, int] | None:
    moment, _sign, last = text.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(last)) if last.isdecimal() and at.tzinfo is not None else None
