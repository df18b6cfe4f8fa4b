"""Tables of a report: periods beside each other, groups beneath each other, a ranking, and who is below a target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from tongban.oversight.insight import names, words
from tongban.oversight.insight.api import Figure, Good, Indicator, Measured
from tongban.oversight.insight.reports import gathering, noting, standing, wording
from tongban.oversight.insight.reports.contracts import Cell, Table
from tongban.oversight.insight.reports.definitions import PartSpec
from tongban.oversight.insight.reports.gathering import Sheet
from tongban.oversight.insight.reports.noting import Notes
from tongban.oversight.insight.reports.ranking import Weighed, needed


def by_period(title: str, spec: PartSpec, sheet: Sheet, notes: Notes, *, year: bool) -> Table:
    """One row for each indicator: now, before, a year ago, since January, and the target."""
    then, ago = gathering.before(sheet.period), gathering.year_ago(sheet.period)
    head = [_("指标"), _("本年"), _("上年"), _("变化"), _("目标")] if year else [
        _("指标"), _("本月"), _("上月"), _("环比"), _("去年同月"), _("同比"), _("今年累计"), _("目标")
    ]  # fmt: skip
    rows = []
    for key in spec.indicators:
        indicator = sheet.wanted[key]
        now = sheet.figure(key)
        others = [then] if year else [then, ago]
        cells = [
            Cell(words.name(indicator), note=notes.number(key), indicator=key),
            _cell(indicator, now, url=noting.address(key, sheet.period, notes.region)),
        ]
        for other in others:
            known = sheet.recorded(other)
            figure = sheet.figure(key, other) if known else None
            cells += [
                Cell(wording.said(indicator, figure)),
                Cell(wording.moved(indicator, now, figure, known=known)),
            ]
        if not year:
            cells.append(Cell(wording.said(indicator, sheet.figure(key, gathering.so_far(sheet.period)))))
        rows.append((*cells, Cell(words.target(indicator) or "—")))
    return Table(title, tuple(Cell(one) for one in head), tuple(rows))


def by_group(title: str, spec: PartSpec, sheet: Sheet, notes: Notes) -> Table:
    """One row for each group, greatest first (months in order), and the whole at the end."""
    columns = {key: sheet.groups(key, spec.by) for key in spec.indicators}
    groups = [group for group in _ordered(spec, columns, sheet) if anything(columns, group)]
    rows = []
    for group in groups[: spec.top]:
        cells = (_cell(sheet.wanted[key], columns[key].get(group)) for key in spec.indicators)
        rows.append((Cell(wording.name_of(spec.by, group)), *cells))
    if rows:
        whole = (
            _cell(sheet.wanted[key], sheet.figure(key), url=noting.address(key, sheet.period, notes.region))
            for key in spec.indicators
        )
        total = (
            _("全年") if spec.by == "month" and gathering.months(sheet.period) == sheet.period else _("合计")
        )
        if spec.by != "month" or total == _("全年"):
            rows.append((Cell(total), *whole))
    left = len(groups) - spec.top
    return Table(
        title, (Cell(_group(spec.by)), *_heads(spec, sheet, notes)), tuple(rows), _("没有可列的。"),
        _("另有%d个没有列出，合计里有。") % left if left > 0 else "",
    )  # fmt: skip


def ranking(title: str, spec: PartSpec, sheet: Sheet, notes: Notes) -> Table:
    """The units of a level by points, with what the points come from."""
    parts = standing.weighed(spec.points, sheet.wanted)
    figures = {one.indicator: sheet.groups(one.indicator, "unit") for one in parts}
    keys = [one.indicator for one in parts]
    rows = []
    for one in standing.ranked(figures, parts, level=spec.level, least=spec.least):
        cells = (_cell(sheet.wanted[key], one.figures.get(key)) for key in keys)
        place, points = (
            "—" if one.place is None else str(one.place),
            "—" if one.points is None else f"{one.points:.2f}",
        )
        rows.append(
            (Cell(place), Cell(names.unit(one.unit), url=noting.unit_address(one.unit, sheet.period)), Cell(points, value=one.points), *cells)
        )  # fmt: skip
    remark = rules(parts, sheet.wanted, least=spec.least)
    head = (Cell(_("名次")), Cell(_("单位")), Cell(_("得分")), *_heads_of(keys, sheet, notes))
    return Table(title, head, tuple(rows), _("没有可排名的单位。"), remark, wide=2, placed=True)


def rules(parts: Sequence[Weighed], known: Mapping[str, Indicator], *, least: int) -> str:
    """What the points are made of, and who has no place, in one sentence."""
    told = _("、").join(_points(known[one.indicator], one.points) for one in parts)
    return _("满分100分：%(parts)s；没有分母的一项，分值摊给其余各项；各项分母都不足%(least)d的不排名。") % {
        "parts": told, "least": least,
    }  # fmt: skip


def missed(title: str, spec: PartSpec, sheet: Sheet, notes: Notes) -> Table:
    """Who is below a target, and what it takes to reach it; the greatest number of things first."""
    found: list[tuple[int, str, tuple[Cell, ...]]] = []
    for key in spec.indicators:
        indicator = sheet.wanted[key]
        for group, one in sheet.groups(key, spec.by or "unit").items():
            if not group or not words.missed(indicator, one):
                continue
            number = _short_by(indicator, one)
            cells = (
                Cell(wording.name_of(spec.by or "unit", group)), Cell(words.name(indicator), note=notes.number(key), indicator=key),
                _cell(indicator, one), Cell(words.target(indicator)), Cell(f"{number:,}" if number else "—"),
            )  # fmt: skip
            found.append((number, group, cells))
    found.sort(key=lambda item: (-item[0], item[1]))
    head = tuple(Cell(one) for one in (_("单位"), _("指标"), _("数值"), _("目标"), _("差几件")))
    return Table(
        title, head, tuple(cells for _n, _g, cells in found[: spec.top]), _("各单位都达到目标。"), wide=2
    )


def _short_by(indicator: Indicator, figure: Figure) -> int:
    if indicator.measured is not Measured.SHARE or indicator.target is None:
        return 0
    return needed(figure, percent=indicator.target, less=indicator.good is Good.DOWN)[0]


def _points(indicator: Indicator, points: int) -> str:
    return _("%(name)s%(points)d分") % {"name": words.name(indicator), "points": points}


def _cell(indicator: Indicator, figure: Figure | None, *, url: str = "") -> Cell:
    value: Decimal | None = figure.value if figure else None
    return Cell(
        wording.said(indicator, figure), url, missed=words.missed(indicator, figure), value=value, indicator=indicator.id
    )  # fmt: skip


def _heads(spec: PartSpec, sheet: Sheet, notes: Notes) -> Iterator[Cell]:
    yield from _heads_of(list(spec.indicators), sheet, notes)


def _heads_of(keys: list[str], sheet: Sheet, notes: Notes) -> Iterator[Cell]:
    for key in keys:
        yield Cell(words.name(sheet.wanted[key]), note=notes.number(key), indicator=key)


def _ordered(spec: PartSpec, columns: dict[str, dict[str, Figure]], sheet: Sheet) -> list[str]:
    if spec.by == "month":
        return [f"{day:%Y-%m}" for day in gathering.months_of(gathering.months(sheet.period))]
    first = columns[spec.indicators[0]]
    groups = {group for one in columns.values() for group in one}
    return sorted(groups, key=lambda group: (-((first[group].value or 0) if group in first else -1), group))


def anything(columns: dict[str, dict[str, Figure]], group: str) -> bool:
    """Whether a group has anything to tell in any column."""
    return any(group in one and (one[group].value or one[group].whole) for one in columns.values())


def _group(by: str) -> str:
    return {"unit": _("单位"), "month": _("月份"), "channel": _("渠道"), "region": _("区划")}[by]
