"""`tongban portraits …`: the elements that are known, a table to take in, the columns of everybody made ready."""

from __future__ import annotations

import csv
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongban.kernel.contracts import SYSTEM
from tongban.registers.portraits import importing, packs, tags
from tongban.registers.portraits.census import census
from tongban.registers.portraits.contracts import KINDS, PortraitsError


class Command(BaseCommand):
    help = "画像：检查数据项、导入部门报送的表、备好全体数据 Portraits: check, import, census."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
        acts.add_parser("check", help="检查 packs/portraits 的数据项和标签")
        brought = acts.add_parser(
            "import", help="导入 CSV（UTF-8）或 Parquet；可以中断，再运行接着导；重复导入不改变什么"
        )
        brought.add_argument("file", type=Path)
        brought.add_argument("--source", required=True, help="报送部门代号，如swj")
        brought.add_argument("--as-of", required=True, type=date.fromisoformat, help="数据日期，如2026-10-31")
        brought.add_argument("--rejects", type=Path, help="没收的行写到哪里（默认：文件名加 .rejects.csv）")
        acts.add_parser("census", help="把全体单位和个人的数据读成列，存好备用")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        try:
            getattr(self, f"_{act}")(**options)
        except PortraitsError as error:
            raise CommandError(f"{error.reason} {error.possible}".strip()) from error

    def _check(self, **_options: Any) -> None:
        for kind in KINDS:
            self.stdout.write(f"{kind}: {len(packs.elements(kind))} 个数据项，{len(tags.tags(kind))} 个标签")

    def _import(self, *, file: Path, source: str, as_of: date, rejects: Path | None, **_options: Any) -> None:
        began = time.monotonic()
        where = rejects or file.with_name(f"{file.name}.rejects.csv")
        report = importing.bring_in(
            file, source=source, as_of=as_of, actor=SYSTEM, at=timezone.now(), told=self._progress
        )
        if report.begun:
            self.stdout.write(f"上次导到第 {report.begun + 1} 行，这次从后面接着导。")
        self.stdout.write(
            f"{report.rows} 行，更新 {report.changed} 项数据，{len(report.rejects)} 行没收，"
            f"{time.monotonic() - began:.1f} 秒。"
        )
        if report.rejects:
            with where.open("w", encoding="utf-8-sig", newline="") as out:
                lines = csv.writer(out)
                lines.writerow(["行", "原因"])
                lines.writerows((one.row, one.reason) for one in report.rejects)
            self.stdout.write(f"没收的行和原因在 {where}。改好这些行，另存一个文件再导。")

    def _progress(self, report: importing.Report) -> None:
        self.stderr.write(f"{report.begun + report.rows} 行……")

    def _census(self, **_options: Any) -> None:
        for kind in KINDS:
            began = time.monotonic()
            found = census(kind, at=timezone.now())
            self.stdout.write(f"{kind}: {len(found.parties)} 个，{time.monotonic() - began:.1f} 秒")
