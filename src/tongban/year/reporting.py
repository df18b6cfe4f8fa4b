"""A run's figures, as insight computes them from the ledger's facts, beside what the city published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from unicodedata import east_asian_width

from django.utils.translation import gettext as _

from tongban.oversight.insight import api as insight
from tongban.oversight.insight.reports import api as reports
from tongban.year.contracts import Line, Published, YearError
from tongban.year.driving.stage import SHANGHAI
from tongban.year.driving.stocks import MADE_UP
from tongban.year.models import Run
from tongban.year.planning.quantities import scaled_count
from tongban.year.profiles import profile


def finished_run() -> Run:
    """:raises YearError: there is none, or it is not over"""
    run = Run.objects.first()
    if run is None:
        raise YearError(_("还没有推演。"), possible=_("先运行 tongban year replay。"))
    if not run.finished:
        raise YearError(
            _("推演还没有做完，做到%s。") % run.day.isoformat(),
            possible=_("用同样的参数再运行 tongban year replay。"),
        )
    return run


def compare(run: Run) -> list[Line]:
    """Every published figure of the run's city beside the indicator of the same time, and beside the annual report.

    The report has to tell every one of them, with the figure that the indicator gives.

    :raises YearError: the profile names an indicator that there is not
    """
    found_profile, known = profile(run.city), insight.indicators(on=run.last)
    published = found_profile.published.values()
    for one in published:
        if one.indicator and one.indicator not in known:
            raise YearError(
                f"{run.city}.yaml: published.{one.key}.indicator: " + _("没有指标%s。") % one.indicator
            )
    wanted = [known[one.indicator] for one in published if one.indicator]
    period = insight.Period(run.first, run.last)
    found = insight.figures(wanted, period=period, scope=insight.Scope())
    told = _told(run)
    lines = []
    for one in published:
        series = found.get(one.indicator)
        scaled = scaled_count(found_profile, one.key, scale=Fraction(run.scale))
        lines.append(_line(one, series.figures.get(()) if series else None, scaled, told))
    return lines


def _told(run: Run) -> Mapping[str, Decimal | None] | None:
    """Every figure of the annual report of the run's year; None where its days are of two."""
    if run.first.year != run.last.year:
        return None
    at = datetime.combine(run.last + timedelta(days=1), time(), tzinfo=SHANGHAI)
    return reports.annual(run.last.year, at=at).figures


def _line(
    one: Published, figure: insight.Figure | None, scaled: int, told: Mapping[str, Decimal | None] | None
) -> Line:
    expected, whole = one.value, figure.whole if figure else None
    if whole is None and not one.stock and not one.decimals:
        expected = Fraction(scaled)
    value = None if figure is None else figure.value
    same = None if figure is None else value is not None and _agree(expected, Fraction(value), one, whole)
    if same and told is not None:
        same = told.get(one.indicator) == value
    return Line(
        one.key, one.row, one.indicator, _words(one.value, one.decimals), _words(expected, one.decimals),
        "—" if figure is None else _said(value, one), "" if told is None else _said(told.get(one.indicator), one),
        same, one.key in MADE_UP,
    )  # fmt: skip


def _agree(expected: Fraction, value: Fraction, one: Published, whole: int | None) -> bool:
    """A count is the same number; a share rounds to the same, or is the nearest that so few can give."""
    if whole is None:
        return expected == value
    return abs(expected - value) <= max(
        Fraction(1, 2 * 10**one.decimals), Fraction(100, 2 * max(whole, 1)) + Fraction(1, 200)
    )


def _said(value: Decimal | None, one: Published) -> str:
    return _("无") if value is None else _words(Fraction(value), max(one.decimals, 0))


def _words(value: Fraction, decimals: int) -> str:
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"


def table(lines: Sequence[Line]) -> list[str]:
    """The comparison as a person reads it in a terminal."""
    head = (_("类"), _("指标"), _("公布"), _("应为"), _("算得"), _("年报"), "")
    marks = {True: "✓", False: "✗", None: _("还没有指标计算")}
    rows = [head] + [
        (one.row, one.indicator or one.key, one.published, one.expected, one.found, one.told, marks[one.same] + (_("（生成）") if one.generated else ""))
        for one in lines
    ]  # fmt: skip
    widths = [max(_width(row[n]) for row in rows) for n in range(len(head))]
    return [
        "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
