"""Loading calendars and timetables: all of a file or nothing, with the line of every fault."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import chinese_calendar.constants as published
from django.db import connection, transaction
from django.db.models import F
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tongban.kernel.calendar.models import NATIONAL, Calendar, CalendarDay, CalendarYear
from tongban.kernel.calendar.models import Timetable as TimetableRow
from tongban.kernel.calendar.rules import CalendarError, Timetable
from tongban.kernel.calendar.selectors import announce_loaded, forget, read_calendar

FIRST_SEEDED_YEAR = 2015
_YES = {"true", "1", "yes", "是", "班", "上班"}
_NO = {"false", "0", "no", "否", "休", "放假"}
_MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Day:
    """A day that differs from the week."""

    date: date
    workday: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. `years` in ascending order."""

    code: str
    years: tuple[int, ...]
    days: int


class LoadError(CalendarError):
    """A calendar file with faults; `faults` holds one sentence each, with its line. Nothing was written."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(self.faults))


def seed_national(years: Iterable[int] | None = None) -> Loaded:
    """Load the national calendar from the package of published arrangements (to 2026).

    :param years: by default all from 2015 that the package has
    :raises LoadError: a year that the package does not have
    """
    known = sorted({day.year for day in published.holidays})
    wanted = (
        sorted(set(years)) if years is not None else [year for year in known if year >= FIRST_SEEDED_YEAR]
    )
    unknown = [year for year in wanted if year not in known]
    if unknown:
        raise LoadError(
            [f"{year} 年的放假安排不在安装包内，请用 tongban calendar load 装入" for year in unknown]
        )
    titles = {holiday.value: holiday.chinese for holiday in published.Holiday}
    days = [
        Day(day, workday, titles.get(name, name))
        for workday, source in ((False, published.holidays), (True, published.workdays))
        for day, name in source.items()
        if day.year in wanted
    ]
    return save_calendar(
        code=NATIONAL, years=wanted, days=days, source=f"chinesecalendar {version('chinesecalendar')}"
    )


def seed_when_empty(**_signal: Any) -> None:
    """After a migration: an installation without a national calendar gets one."""
    tables = connection.introspection.table_names()
    if CalendarYear._meta.db_table in tables and not CalendarYear.objects.exists():
        seed_national()


def load_calendar(
    code: str,
    file: Path | str,
    *,
    inherits: str = "",
    published_on: date | None = None,
    source: str = "",
) -> Loaded:
    """Load the published years that a CSV or YAML file holds, replacing those years of the calendar.

    CSV has the columns ``date,workday,name``; its years are those of its dates. YAML::

        year: 2027            # or years: [2027, 2028]
        inherits: national    # optional
        published_on: 2026-11-04
        source: 国办发明电…
        days:
          - {date: 2027-01-01, workday: false, name: 元旦}

    :param code: ``national``, or the code of a region with days of its own, which inherits the national calendar
        unless another is named
    :raises LoadError: with the line of every fault; nothing is written
    """
    head, days = _read_file(Path(file))
    years = _years(head, days)
    try:
        announced = published_on or _optional_date(head.get("published_on"))
    except ValueError as error:
        raise LoadError([f"published_on：{error}"]) from error
    return save_calendar(
        code=code,
        years=years,
        days=days,
        inherits=inherits or str(head.get("inherits", "")),
        published_on=announced,
        source=source or str(head.get("source", "")),
    )


@transaction.atomic
def save_calendar(
    *,
    code: str,
    years: Iterable[int],
    days: Iterable[Day],
    inherits: str = "",
    published_on: date | None = None,
    source: str = "",
) -> Loaded:
    """Write published years, replacing those of the same calendar, and have provisional clocks recomputed.

    :raises LoadError: a day twice or outside the years, an unknown calendar to inherit from, a gap between years
    """
    wanted, rows = sorted(set(years)), list(days)
    faults = [f"{day.date} 不在 {wanted} 年内" for day in rows if day.date.year not in wanted]
    faults += [f"{day} 写了两次" for day in sorted(_twice(day.date for day in rows))]
    if not wanted:
        faults.append("没有写明是哪一年")
    parent = _parent(code, inherits, faults)
    if faults:
        raise LoadError(faults)
    calendar, _ = Calendar.objects.get_or_create(code=code, defaults={"inherits": parent})
    if inherits and calendar.inherits_id != (parent.pk if parent else None):
        calendar.inherits = parent
        calendar.save(update_fields=["inherits"])
    _replace(calendar, wanted, rows, published_on=published_on, source=source)
    try:
        read_calendar(code)
    except CalendarError as error:
        raise LoadError([str(error)]) from error
    forget()
    transaction.on_commit(announce_loaded)
    return Loaded(code, tuple(wanted), len(rows))


def _replace(
    calendar: Calendar, years: list[int], days: list[Day], *, published_on: date | None, source: str
) -> None:
    CalendarDay.objects.filter(calendar=calendar, date__year__in=years).delete()
    CalendarYear.objects.filter(calendar=calendar, year__in=years).delete()
    CalendarYear.objects.bulk_create(
        CalendarYear(calendar=calendar, year=year, published_on=published_on, source=source) for year in years
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, date=day.date, workday=day.workday, name=day.name) for day in days
    )
    Calendar.objects.filter(pk=calendar.pk).update(revision=F("revision") + 1)


@transaction.atomic
def set_timetable(
    *, unit: str, spans: Mapping[str, list[list[str]]], closing: time | None = None
) -> TimetableRow:
    """Set the opening hours of a unit, "" for the whole city.

    :param spans: ``{"1": [["09:00", "12:00"], ["13:30", "17:00"]], …}``, 1 Monday … 7 Sunday
    :param closing: the hour at which a limit in days ends there; None for 24:00
    :raises CalendarError: hours that overlap or are none
    """
    Timetable.read(spans, closing=closing)
    row, _ = TimetableRow.objects.update_or_create(
        unit=unit, defaults={"spans": dict(spans), "closing": closing}
    )
    forget()
    transaction.on_commit(forget)
    return row


def _parent(code: str, inherits: str, faults: list[str]) -> Calendar | None:
    wanted = inherits or ("" if code == NATIONAL else NATIONAL)
    if not wanted:
        return None
    parent = Calendar.objects.filter(code=wanted).first()
    if parent is None or wanted == code:
        faults.append(f"没有可继承的日历 {wanted}")
    return parent


def _twice(days: Iterable[date]) -> set[date]:
    seen: set[date] = set()
    again: set[date] = set()
    for day in days:
        (again if day in seen else seen).add(day)
    return again


def _read_file(path: Path) -> tuple[dict[str, Any], list[Day]]:
    """What a calendar file says of itself, and its days."""
    if not path.is_file():
        raise LoadError([f"没有文件 {path.name}"])
    if path.stat().st_size > _MAX_BYTES:
        raise LoadError([f"文件超过 {_MAX_BYTES // 1000} KB，不像是日历"])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LoadError(["文件不是 UTF-8 编码"]) from error
    if path.suffix.lower() in {".yaml", ".yml"}:
        return _read_yaml(text)
    if path.suffix.lower() == ".csv":
        return {}, _read_csv(text)
    raise LoadError([f"不认识 {path.suffix or '没有扩展名的'} 文件，可用 .csv 或 .yaml"])


def _read_csv(text: str) -> list[Day]:
    reader = csv.DictReader(io.StringIO(text))
    columns = set(reader.fieldnames or ())
    if not {"date", "workday"} <= columns:
        raise LoadError(["第 1 行：要有列 date,workday,name"])
    return _read_days((reader.line_num, row) for row in reader)


def _read_yaml(text: str) -> tuple[dict[str, Any], list[Day]]:
    try:
        data = YAML(typ="rt").load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列：" if mark else ""
        raise LoadError([f"{place}不是合法的 YAML"]) from error
    days = data.get("days") if isinstance(data, dict) else None
    if not isinstance(days, list):
        raise LoadError(["要写 year 和 days"])
    lines: Any = days  # ruamel keeps the place of every item on the list itself
    return data, _read_days((lines.lc.item(index)[0] + 1, row) for index, row in enumerate(days))


def _read_days(rows: Iterable[tuple[int, Any]]) -> list[Day]:
    days, faults = [], []
    for line, row in rows:
        try:
            days.append(_read_day(row))
        except ValueError as error:
            faults.append(f"第 {line} 行：{error}")
    if faults:
        raise LoadError(faults)
    return days


def _read_day(row: Any) -> Day:
    if not isinstance(row, Mapping) or "date" not in row or "workday" not in row:
        raise ValueError("要写 date 和 workday")
    day = _optional_date(row["date"])
    if day is None:
        raise ValueError("没有日期")
    said = str(row["workday"]).strip().lower()
    if said not in _YES | _NO:
        raise ValueError(f"workday 是“{row['workday']}”，应写 true（上班）或 false（放假）")
    return Day(day, said in _YES, str(row.get("name") or "").strip()[:60])


def _optional_date(value: Any) -> date | None:
    """A date as CSV and YAML give it.

    :raises ValueError: something else
    """
    if value is None or value == "" or type(value) is date:
        return value or None
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f"“{value}”不是日期，应写成 2027-01-01") from None


def _years(head: Mapping[str, Any], days: Iterable[Day]) -> list[int]:
    said = head.get("years", head.get("year"))
    if said is None:
        return sorted({day.date.year for day in days})
    years = said if isinstance(said, list) else [said]
    if not all(isinstance(year, int) and 1949 < year < 2200 for year in years):
        raise LoadError([f"year 是“{said}”，应写成 2027"])
    return list(years)
