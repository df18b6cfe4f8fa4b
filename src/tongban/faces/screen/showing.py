"""The figures as components: headline figures, bars, words for better and worse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.faces.screen.figures import Day, Screen, Share, UnitFigures
from tongban.faces.workbench import words
from tongban.kernel import api as kernel
from tongban.kernel.web import clocks
from tongban.web import formats
from tongban.web.contracts import Figure

WIDTH, HEIGHT, GAP = 900, 200, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart, in the units of its view box."""

    x: int
    y: int
    width: int
    height: int


def headlines(screen: Screen) -> list[Figure]:
    """At most four; each opens the dockets behind it."""
    today = timezone.localtime(screen.at).date().isoformat()
    return [
        Figure(
            label=_("超期"), value=formats.headline(screen.late), url="/work/late",
            note=_("现在超过期限的案卷"),
        ),
        Figure(
            label=_("按时率"), value=formats.rate(screen.on_time.part, screen.on_time.whole), url="/work/late",
            denominator=_of(screen.on_time), note=trend(screen.on_time, screen.before),
        ),
        Figure(
            label=_("今日申请"), value=formats.headline(screen.today),
            url=f"/work?view=all&kind=application&opened={today}", note=_("今天零点起"),
        ),
        Figure(
            label=_("满意率"), value=formats.rate(screen.good.part, screen.good.whole), url="/evaluations",
            denominator=_of(screen.good), note=_("最近30天，办件和12345"),
        ),
    ]  # fmt: skip


def _of(share: Share) -> str:
    return f"{formats.count(share.part)}/{formats.count(share.whole)}" if share.whole else ""


def trend(now: Share, before: Share) -> str:
    """变好 or 变差 against the 30 days before; words, since red and arrows mean other things here."""
    if not now.whole or not before.whole:
        return _("最近30天")
    left, right = now.part * before.whole, before.part * now.whole
    if left == right:
        return _("与前30天持平")
    rate = formats.rate(before.part, before.whole)
    return (_("比前30天的%s变好") if left > right else _("比前30天的%s变差")) % rate


def bars(days: list[Day]) -> list[Bar]:
    """Applications a day as bars from zero."""
    most = max((day.opened for day in days), default=0)
    if not most:
        return []
    step = WIDTH // len(days)
    found = []
    for place, day in enumerate(days):
        height = round(HEIGHT * day.opened / most)
        found.append(Bar(place * step, HEIGHT - height, step - GAP, height))
    return found


def finding(days: list[Day]) -> str:
    """What the trend shows, in one sentence, for the caption."""
    total = sum(day.opened for day in days)
    if not total:
        return _("最近30天没有申请。")
    peak = max(days, key=lambda day: day.opened)
    return _("最近30天收到%(total)s件申请，最多的一天是%(day)s，%(n)s件。") % {
        "total": formats.count(total), "day": formats.short_date(peak.day), "n": formats.count(peak.opened),
    }  # fmt: skip


def exceptions(screen: Screen) -> list[dict[str, Any]]:
    """The dockets that are late longest, with their clocks."""
    return _rows(screen, screen.exceptions)


def due(screen: Screen) -> list[dict[str, Any]]:
    """The dockets that fall due today, with their clocks."""
    return _rows(screen, screen.due)


def _rows(screen: Screen, rows: list[kernel.DocketRow]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        clock = clocks.nearest(screen.clocks.get(row.id, []))
        found.append(
            {
                "row": row, "unit": words.unit_name(row.unit), "state": words.state_label(row),
                "clock": clocks.view_of(clock, at=screen.at),
            }
        )  # fmt: skip
    return found


def named(lines: list[UnitFigures]) -> list[UnitFigures]:
    """The units with their names in the reader's language (the figures are kept for readers of both)."""
    return [replace(line, name=words.unit_name(line.unit)) for line in lines]


def regions_for(regions: frozenset[str], chosen: str) -> list[dict[str, Any]]:
    """The divisions one may look at: those overseen and the ones right below them."""
    codes: list[str] = []
    for code in sorted(regions):
        codes += [code, *(one.code for one in actors.regions_below(code))]
    return [
        {"code": code, "name": words.region_name(code), "chosen": code == chosen}
        for code in dict.fromkeys(codes)
    ]
