"""tongban calendar: load, seed and show the published calendars."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.kernel.calendar.models import NATIONAL
from tongban.kernel.calendar.rules import CalendarError
from tongban.kernel.calendar.selectors import calendar_for, read_calendar
from tongban.kernel.calendar.services import LoadError, load_calendar, seed_national


class Command(BaseCommand):
    help = "装入、查看节假日安排：calendar load FILE | calendar seed | calendar show 2026"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, parser_class=type(parser))
        load = actions.add_parser("load", help="装入 CSV 或 YAML 文件中的年份")
        load.add_argument("file")
        load.add_argument("--code", default=NATIONAL, help="national 或区划代码")
        load.add_argument("--inherits", default="", help="继承的日历")
        load.add_argument("--published", type=date.fromisoformat, default=None, help="公布日期")
        load.add_argument("--source", default="", help="来源")
        seed = actions.add_parser("seed", help="装入安装包内的全国安排")
        seed.add_argument("years", nargs="*", type=int)
        show = actions.add_parser("show", help="列出一年中的放假和调休")
        show.add_argument("year", type=int)
        show.add_argument("--region", default="", help="区划代码")
        show.add_argument("--code", default="", help="日历代码")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except LoadError as error:
            raise CommandError("\n".join(error.faults)) from error
        except CalendarError as error:
            raise CommandError(str(error)) from error

    def _load(self, options: dict[str, Any]) -> None:
        done = load_calendar(
            options["code"],
            options["file"],
            inherits=options["inherits"],
            published_on=options["published"],
            source=options["source"],
        )
        self._say(done.code, done.years, done.days)

    def _seed(self, options: dict[str, Any]) -> None:
        done = seed_national(options["years"] or None)
        self._say(done.code, done.years, done.days)

    def _say(self, code: str, years: tuple[int, ...], days: int) -> None:
        self.stdout.write(
            f"日历 {code}：已装入 {'、'.join(map(str, years))} 年，{days} 天有别于平常的周末安排"
        )

    def _show(self, options: dict[str, Any]) -> None:
        calendar = read_calendar(options["code"]) if options["code"] else calendar_for(options["region"])
        year = options["year"]
        if not calendar.first.year <= year <= calendar.last.year:
            raise CommandError(
                f"日历 {calendar.code} 有 {calendar.first.year}–{calendar.last.year} 年，没有 {year} 年"
            )
        first, last = date(year, 1, 1), date(year, 12, 31)
        count = calendar.workdays_until(last) - calendar.workdays_until(first) + calendar.is_workday(first)
        self.stdout.write(f"日历 {calendar.code} {year} 年：{count} 个工作日")
        for day in sorted(day for day in calendar.names if day.year == year):
            kind = "班" if calendar.is_workday(day) else "休"
            self.stdout.write(
                f"{day.isoformat()} 周{'一二三四五六日'[day.weekday()]} {kind} {calendar.names[day]}"
            )
