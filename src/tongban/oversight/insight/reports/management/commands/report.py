"""`tongban report annual --city xianning-2023 --format html,pdf,docx --out DIR`, `tongban report monthly --month 2026-10`."""

from __future__ import annotations

import re
import time
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from tongban.oversight.insight.contracts import InsightError
from tongban.oversight.insight.reports.contracts import Report, ReportError
from tongban.oversight.insight.reports.services import FORMS, annual, monthly


class Command(BaseCommand):
    """Write a report from the figures alone, into files."""

    help = "月度通报和年度报告：写成 HTML、PDF、DOCX。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        for name in ("annual", "monthly"):
            own = ways.add_parser(name)
            own.add_argument("--format", default="html,pdf,docx", help="html,pdf,docx")
            own.add_argument("--out", type=Path, default=Path())
            own.add_argument("--language", choices=["zh", "en"], default="zh")
            if name == "annual":
                own.add_argument(
                    "--city", default="", help="as a year's profile is called; ends with its year"
                )
                own.add_argument("--year", type=int, help="the last full year unless told otherwise")
            else:
                own.add_argument(
                    "--month", default="", help="2026-10; the last full month unless told otherwise"
                )

    def handle(self, *_args: Any, **options: Any) -> None:
        forms = [one.strip() for one in options["format"].split(",") if one.strip()]
        if unknown := [one for one in forms if one not in FORMS]:
            raise CommandError(f"没有这种格式：{'、'.join(unknown)}；可以写：{'、'.join(FORMS)}。")
        began = time.monotonic()
        with translation.override("zh-hans" if options["language"] == "zh" else "en"):
            try:
                report = self._report(options)
            except (ReportError, InsightError) as error:
                raise CommandError(str(error)) from error
            options["out"].mkdir(parents=True, exist_ok=True)
            for form in forms:
                path = options["out"] / f"{report.name}.{form}"
                path.write_bytes(FORMS[form](report))
                self.stdout.write(f"{path}")
        self.stdout.write(f"{report.title}：{len(report.figures)}个指标，{time.monotonic() - began:.1f}秒")

    def _report(self, options: dict[str, Any]) -> Report:
        now = timezone.now()
        today = timezone.localdate()
        if options["way"] == "annual":
            return annual(self._year(options, today), at=now)
        if not options["month"]:
            return monthly(today.replace(day=1) - timedelta(days=1), at=now)
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", options["month"]):
            raise CommandError(f"月份写作2026-10这样：{options['month']}。")
        return monthly(date.fromisoformat(f"{options['month']}-01"), at=now)

    def _year(self, options: dict[str, Any], today: date) -> int:
        if options["year"]:
            return int(options["year"])
        named = re.search(r"-(\d{4})$", options["city"])
        if options["city"] and not named:
            raise CommandError(f"从“{options['city']}”看不出是哪一年，请写 --year。")
        return int(named.group(1)) if named else today.year - 1
