"""A report written: sentences, tables and charts of one definition, from the figures of one period and scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.oversight.insight import api as insight
from tongban.oversight.insight import names, words
from tongban.oversight.insight.api import Figure, Indicator, Measured, Period, Scope
from tongban.oversight.insight.reports import gathering, noting, tables, wording
from tongban.oversight.insight.reports.charts import MOST_SERIES, Line, bars, lines
from tongban.oversight.insight.reports.contracts import Chapter, Chart, Paragraph, Part, Report, Run
from tongban.oversight.insight.reports.definitions import ChapterSpec, Definition, PartSpec, check, pieces
from tongban.oversight.insight.reports.gathering import Sheet
from tongban.oversight.insight.reports.noting import Notes
from tongban.web import formats

BARS = 12


def write(
    definition: Definition, *, period: Period, scope: Scope, at: datetime, whose: str = "", region: str = ""
) -> Report:
    """The report of a period in the active language.

    :param scope: whose facts are counted; `whose` says so to the reader, empty for the whole city
    :param region: the division that is asked for, for the addresses of figures
    :raises ReportError: the definition names an indicator that there is not
    """
    known = insight.indicators(on=period.last)
    check(definition, known)
    wanted = {key: known[key] for key in definition.mentioned()}
    sheet = Sheet(period, scope, wanted, _grouped(definition))
    writer = _Writer(definition, sheet, Notes(sheet, region), whose)
    lead = writer.sentence(definition.lead.read(english=words.english()))
    chapters = tuple(writer.chapter(one) for one in definition.chapters)
    figures = {key: found.value if (found := sheet.figure(key)) else None for key in wanted}
    return Report(
        definition.id, writer.named(definition.title.read(english=words.english())), _issuer(definition.department),
        _issue(writer.named(definition.issue.read(english=words.english())), sheet, at), whose, period, at, "en" if words.english() else "zh",
        lead, chapters, writer.notes.told(), figures,
    )  # fmt: skip


def _issue(issue: str, sheet: Sheet, at: datetime) -> str:
    """The issue, and how its figures stand: published or corrected, or of a period that is not over."""
    period, closed = sheet.period, sheet.closed()
    if closed is not None and closed.edition > 1:
        told = {
            "issue": issue,
            "at": formats.long_date(closed.at, time=False),
            "n": closed.edition - 1,
            "reason": closed.reason,
        }
        return _("%(issue)s（%(at)s第%(n)d次更正：%(reason)s）") % told
    if closed is not None:
        return _("%(issue)s（%(at)s公布）") % {"issue": issue, "at": _date(closed.at)}
    if timezone.localtime(at).date() > period.last:
        return issue
    return _("%(issue)s（未过完，截至%(at)s）") % {"issue": issue, "at": _date(at)}


def _date(at: datetime) -> str:
    """A day inside brackets: without its weekday, whose own brackets would stand in them."""
    return formats.long_date(at, time=False).partition("（")[0]


def _grouped(definition: Definition) -> dict[str, list[str]]:
    """Which indicators are told by which grouping."""
    found: dict[str, dict[str, None]] = {}
    for part in definition.parts():
        if part.kind == "ranking":
            found.setdefault("unit", {}).update(dict.fromkeys(key for key, _points in part.points))
        elif part.by:
            found.setdefault(part.by, {}).update(dict.fromkeys(part.indicators))
    for text in definition.texts():
        for _before, key, asked in pieces(text.zh):
            if asked in {"most", "least"}:
                found.setdefault("unit", {})[key] = None
    return {by: list(keys) for by, keys in found.items()}


def _issuer(department: str) -> str:
    found = actors.unit_for(department=department, region=settings.ROOT_REGION)
    return names.unit(found.id) if found else ""


@dataclass(slots=True)
class _Writer:
    definition: Definition
    sheet: Sheet
    notes: Notes
    whose: str
    against: tuple[str, str] = field(init=False)
    met: set[str] = field(default_factory=set)
    """Indicators whose note this chapter has shown: once is enough."""

    def __post_init__(self) -> None:
        year = self.definition.period == "year"
        self.against = (_("上年"), _("上年")) if year else (_("上月"), _("去年同月"))

    def named(self, text: str) -> str:
        """A text that names the city and the period and tells no figure."""
        return "".join(before + (self._name(key) if key else "") for before, key, _asked in pieces(text))

    def sentence(self, text: str) -> Paragraph:
        """A template with its figures in their places."""
        return Paragraph(tuple(self._runs(text)))

    def chapter(self, spec: ChapterSpec) -> Chapter:
        """A chapter; its first mention of an indicator bears the number of the note."""
        self.met = set()
        return Chapter(
            spec.title.read(english=words.english()),
            tuple(self.part(part) for part in spec.parts if self._has_to_say(part)),
        )

    def _has_to_say(self, spec: PartSpec) -> bool:
        figure = self.sheet.figure(spec.when) if spec.when else None
        return not spec.when or (figure is not None and bool(figure.value))

    def part(self, spec: PartSpec) -> Part:
        """One part of a chapter."""
        english = words.english()
        if spec.kind == "say":
            return self.sentence(spec.say.read(english=english))
        title = spec.title.read(english=english)
        if spec.kind == "chart":
            return self._chart(title, spec)
        if spec.kind == "ranking":
            return tables.ranking(title, spec, self.sheet, self.notes)
        if spec.kind == "missed":
            return tables.missed(title, spec, self.sheet, self.notes)
        if spec.by:
            return tables.by_group(title, spec, self.sheet, self.notes)
        return tables.by_period(title, spec, self.sheet, self.notes, year=self.definition.period == "year")

    def _runs(self, text: str) -> Iterator[Run]:
        for before, key, asked in pieces(text):
            if before:
                yield Run(before)
            if "." in key:
                yield self._figure(key, asked)
            elif key:
                yield Run(self._name(key))

    def _name(self, key: str) -> str:
        period = self.sheet.period
        return {
            "city": names.division(settings.ROOT_REGION), "year": str(period.first.year), "month": self._month(period),
            "whose": self.whose or names.division(settings.ROOT_REGION), "before": self.against[0],
        }[key]  # fmt: skip

    def _month(self, period: Period) -> str:
        return formats.MONTHS[period.first.month - 1] if words.english() else str(period.first.month)

    def _figure(self, key: str, asked: str) -> Run:
        indicator, sheet = self.sheet.wanted[key], self.sheet
        now = sheet.figure(key)
        text, value = self._said(indicator, now, asked)
        number = self.notes.number(key)
        note, self.met = 0 if key in self.met else number, self.met | {key}
        opens = asked not in {
            "change",
            "year_change",
            "target",
            "part",
            "whole",
        }  # once in a sentence is enough
        url = noting.address(key, sheet.period, self.notes.region) if opens else ""
        return Run(text, key, asked, value, note, url)

    def _said(self, indicator: Indicator, now: Figure | None, asked: str) -> tuple[str, Decimal | None]:
        sheet, period = self.sheet, self.sheet.period
        own = now.value if now else None
        if asked in {"part", "whole"}:
            number = getattr(now, asked) if now else None
            return (
                formats.count(number) if number is not None else _("无")
            ), None if number is None else Decimal(number)
        if asked in {"before", "year", "so_far"}:
            other = {"before": gathering.before, "year": gathering.year_ago, "so_far": gathering.so_far}[
                asked
            ](period)
            figure = sheet.figure(indicator.id, other) if sheet.recorded(other) else None
            return wording.said(indicator, figure), figure.value if figure else None
        if asked in {"change", "year_change"}:
            late = asked == "year_change"
            other = gathering.year_ago(period) if late else gathering.before(period)
            told = wording.moved(
                indicator, now, sheet.figure(indicator.id, other), known=sheet.recorded(other)
            )
            return wording.compared(told, self.against[late]), own
        if asked == "target":
            return wording.reached(indicator, now), own
        if asked in {"most", "least"}:
            return self._outermost(indicator, most=asked == "most")
        return wording.said(indicator, now), own

    def _outermost(self, indicator: Indicator, *, most: bool) -> tuple[str, Decimal | None]:
        """The unit with the greatest figure, or the smallest, with the figure."""
        found = [
            (one.value, unit)
            for unit, one in self.sheet.groups(indicator.id, "unit").items()
            if unit and one.value is not None
        ]
        if not found:
            return _("无"), None
        value, unit = max(found) if most else min(found)
        figure = self.sheet.groups(indicator.id, "unit")[unit]
        told = _("%(unit)s（%(figure)s）") % {
            "unit": names.unit(unit),
            "figure": wording.said(indicator, figure),
        }
        return told, value

    def _chart(self, title: str, spec: PartSpec) -> Chart:
        if spec.by == "month":
            return self._over_months(title, spec)
        key = spec.indicators[0]
        indicator = self.sheet.wanted[key]
        groups = self.sheet.groups(key, spec.by)
        found = [(group, one) for group, one in groups.items() if group and one.value]
        found.sort(key=lambda pair: (-(pair[1].value or 0), pair[0]))
        rows = [
            (wording.name_of(spec.by, group), one.value or Decimal(0), wording.said(indicator, one))
            for group, one in found[: min(spec.top, BARS)]
        ]
        if not rows:
            return Chart(title, _("没有可画的数。"), "")
        finding = _("最多的是%(name)s，%(figure)s。") % {"name": rows[0][0], "figure": rows[0][2]}
        return Chart(title, finding, bars(rows, title=f"{title}：{finding}"))

    def _over_months(self, title: str, spec: PartSpec) -> Chart:
        """Months in a row; a month from which nothing is written down is a gap, and so is one still to come."""
        keys = spec.indicators[:MOST_SERIES]
        columns = {key: self.sheet.groups(key, "month") for key in keys}
        span = gathering.months(self.sheet.period)
        months = [f"{day:%Y-%m}" for day in gathering.months_of(span)]
        labels = [label for label in months if tables.anything(columns, label)]
        series = [
            Line(
                words.name(self.sheet.wanted[key]), tuple(_value(columns[key].get(label)) for label in labels)
            )
            for key in keys
        ]
        first = self.sheet.wanted[keys[0]]
        told = [
            (label, columns[keys[0]][label])
            for label in labels
            if _value(columns[keys[0]].get(label)) is not None
        ]
        if not told:
            return Chart(title, _("没有可画的数。"), "")
        high = max(told, key=lambda pair: pair[1].value or 0)
        low = min(told, key=lambda pair: pair[1].value or 0)
        finding = _("%(name)s最高是%(high)s（%(most)s），最低是%(low)s（%(least)s）。") % {
            "name": words.name(first), "high": high[0], "most": wording.said(first, high[1]), "low": low[0],
            "least": wording.said(first, low[1]),
        }  # fmt: skip
        unit = "%" if first.measured is Measured.SHARE else ""
        return Chart(title, finding, lines(labels, series, title=f"{title}：{finding}", unit=unit))


def _value(figure: Figure | None) -> Decimal | None:
    return None if figure is None else figure.value
