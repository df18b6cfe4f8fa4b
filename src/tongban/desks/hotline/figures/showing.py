"""Figures as components: links behind each, headline figures, bars, names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline.contracts import Channel, TicketKind
from tongban.desks.hotline.figures import reckoning
from tongban.desks.hotline.figures.bulletin import unit_name
from tongban.desks.hotline.figures.contracts import Day, Period, Report, Share
from tongban.desks.hotline.figures.listing import NO_CATEGORY
from tongban.desks.hotline.figures.ranking import places
from tongban.web import formats
from tongban.web.contracts import Figure

WIDTH, HEIGHT, GAP = 900, 200, 4
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart, in the units of its view box."""

    x: int
    y: int
    width: int
    height: int


def behind(what: str, period: Period, **more: object) -> str:
    """Address of the tickets behind a figure."""
    asked = {
        "what": what, "since": period.since.astimezone(reckoning.SHANGHAI).date().isoformat(),
        "until": (period.until - timedelta(microseconds=1)).astimezone(reckoning.SHANGHAI).date().isoformat(),
        "region": period.region, **more,
    }  # fmt: skip
    return f"/work/hotline/tickets-behind?{urlencode({key: value for key, value in asked.items() if value not in ('', None)})}"


def calls_behind(period: Period, **more: object) -> str:
    """Address of the calls behind a figure."""
    since = period.since.astimezone(reckoning.SHANGHAI).date()
    until = (period.until - timedelta(microseconds=1)).astimezone(reckoning.SHANGHAI).date()
    return (
        f"/work/hotline/calls?{urlencode({'since': since.isoformat(), 'until': until.isoformat(), **more})}"
    )


def of(share: Share) -> str:
    """Numerator and denominator, empty where there is nothing to divide by."""
    return f"{formats.count(share.part)}/{formats.count(share.whole)}" if share.whole else ""


def headlines(now: Report, before: Report, today: Report) -> list[Figure]:
    """At most four; each opens what is behind it."""
    calls, earlier = now.calls, before.calls
    return [
        Figure(
            label=_("今日受理"), value=formats.headline(today.taken.total), url=behind("taken", today.period),
            note=_("今天零点起"),
        ),
        Figure(
            label=_("接通率"), value=formats.rate(calls.answered, calls.offered), url=calls_behind(now.period),
            denominator=of(Share(calls.answered, calls.offered)),
            note=trend(Share(calls.answered, calls.offered), Share(earlier.answered, earlier.offered)),
        ),
        Figure(
            label=_("按时办结率"), value=formats.rate(now.handled.part, now.handled.whole), url=behind("handle_missed", now.period),
            denominator=of(now.handled), note=trend(now.handled, before.handled),
        ),
        Figure(
            label=_("满意率"), value=formats.rate(now.satisfied.part, now.satisfied.whole), url=behind("unhappy", now.period),
            denominator=of(now.satisfied), note=trend(now.satisfied, before.satisfied),
        ),
    ]  # fmt: skip


def trend(now: Share, before: Share) -> str:
    """Better or worse than the 30 days before, in words."""
    if not now.whole or not before.whole:
        return _("最近30天")
    left, right = now.part * before.whole, before.part * now.whole
    if left == right:
        return _("与前30天持平")
    rate = formats.rate(before.part, before.whole)
    return (_("比前30天的%s变好") if left > right else _("比前30天的%s变差")) % rate


def small(now: Report) -> list[dict[str, Any]]:
    """The further figures, each with its denominator and what is behind it."""
    period, taken = now.period, now.taken
    rows: list[tuple[str, Share | int, str]] = [
        (_("签收及时率"), now.signed, behind("sign_missed", period)),
        (_("解决率"), now.solved, behind("unsolved", period)),
        (_("对话务员满意率"), now.operators, behind("unhappy_operator", period)),
        (_("重复诉求率"), Share(taken.repeated, taken.total), behind("repeated", period)),
        (_("现在超期"), sum(line.late for line in now.units), behind("late", period)),
        (_("退单"), now.returned, behind("returned", period)),
        (_("退单成立"), now.judged.part, behind("upheld", period)),
        (_("催办过"), taken.urged, behind("urged", period)),
        (_("督办过"), taken.supervised, behind("supervised", period)),
        (_("重办"), taken.reopened, behind("reopened", period)),
    ]  # fmt: skip
    return [
        {
            "label": label, "url": url, "share": value if isinstance(value, Share) else None,
            "count": None if isinstance(value, Share) else value,
        }
        for label, value, url in rows
    ]  # fmt: skip


def splits(now: Report) -> list[dict[str, Any]]:
    """What came in, by channel, kind, division and category."""
    period, taken = now.period, now.taken
    found: list[tuple[str, str, dict[str, int], Callable[[str], str]]] = [
        (_("按渠道"), "channel", taken.by_channel, _channel),
        (_("按类型"), "kind", taken.by_kind, _kind),
        (_("按地区"), "region", taken.by_region, region_name),
        (_("按分类"), "category", taken.by_category, category_name),
    ]
    return [
        {
            "title": title, "total": taken.total,
            "rows": [
                {"name": name(key), "n": n, "url": behind("taken", period, **{field: key or NO_CATEGORY})}
                for key, n in reckoning.top(counts, SHOWN)
            ],
        }
        for title, field, counts, name in found
    ]  # fmt: skip


def _channel(key: str) -> str:
    return str(Channel(key).label) if key in Channel.values else key


def _kind(key: str) -> str:
    return str(TicketKind(key).label) if key in TicketKind.values else key


def category_name(key: str) -> str:
    """A category as it is shown; tickets without one have a name too."""
    return key or _("未分类")


def region_name(code: str) -> str:
    """A division's name in the reader's language; the code of one that is not known."""
    try:
        info = actors.region(code)
    except actors.NotKnownError:
        return code
    return info.name_en if (get_language() or "").startswith("en") and info.name_en else info.name


def units(now: Report) -> list[dict[str, Any]]:
    """The ranking with names and what is behind each figure."""
    period = now.period
    return [
        {
            "place": place, "line": line, "name": unit_name(line.unit),
            "signed": behind("sign_missed", period, unit=line.unit), "handled": behind("handle_missed", period, unit=line.unit),
            "satisfied": behind("unhappy", period, unit=line.unit), "solved": behind("unsolved", period, unit=line.unit),
            "returned": behind("returned", period, unit=line.unit), "late": behind("late", period, unit=line.unit),
        }
        for place, line in places(now.units)
    ]  # fmt: skip


def bars(days: list[Day]) -> list[Bar]:
    """Tickets a day as bars from zero."""
    most = max((day.taken for day in days), default=0)
    if not most:
        return []
    step = WIDTH // len(days)
    return [
        Bar(
            place * step,
            HEIGHT - round(HEIGHT * day.taken / most),
            step - GAP,
            round(HEIGHT * day.taken / most),
        )
        for place, day in enumerate(days)
    ]


def finding(days: list[Day]) -> str:
    """What the trend shows, in one sentence, for the caption."""
    total = sum(day.taken for day in days)
    if not total:
        return _("最近30天没有受理诉求。")
    peak = max(days, key=lambda day: day.taken)
    return _("最近30天受理%(total)s件，最多的一天是%(day)s，%(n)s件。") % {
        "total": formats.count(total), "day": formats.short_date(peak.day), "n": formats.count(peak.taken),
    }  # fmt: skip
