"""`tongban benefits …`: what a department's system waived or did, taken in from a file."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongban.actors import api as actors
from tongban.desks.policies.claims import giving
from tongban.desks.policies.claims.contracts import ClaimsError
from tongban.kernel.contracts import SYSTEM
from tongban.kernel.rules.amounts import MOST_FEN

COLUMNS = ("number", "date", "yuan")


class Command(BaseCommand):
    help = "政策资金：导入部门系统做了的减免 Benefits: relief that a department's system applied."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
        given = acts.add_parser(
            "given", help="导入 CSV（UTF-8，列 number,date,yuan；yuan 可空）；重复导入不改变什么"
        )
        given.add_argument("file", type=Path)
        given.add_argument("--measure", required=True, help="措施的键，如swj-six-taxes")
        given.add_argument("--source", required=True, help="哪个系统报的，如税务征管系统")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        del args, act
        self._given(**{name: options[name] for name in ("file", "measure", "source")})

    def _given(self, *, file: Path, measure: str, source: str) -> None:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"读不了 {file}：要 UTF-8 的 CSV。") from error
        lines = csv.DictReader(text.splitlines())
        if set(lines.fieldnames or ()) != set(COLUMNS):
            raise CommandError(f"列要是 {','.join(COLUMNS)}。")
        at, taken, refused = timezone.now(), 0, []
        for place, line in enumerate(lines, 2):
            try:
                new = _read(line, measure, source)
                words = giving.already(new, giving.note(new, actor=SYSTEM, at=at))
            except (ClaimsError, ValueError) as error:
                words = str(error)
            taken += not words
            if words:
                refused.append(f"{file.name}:{place} {words}")
        self.stdout.write(f"收下 {taken} 行，没收 {len(refused)} 行。")
        if refused:
            raise CommandError("\n".join(refused))


def _read(line: dict[str, str], measure: str, source: str) -> giving.NewGiven:
    """:raises ValueError: a cell cannot be read; the number itself is not repeated"""
    if None in line or None in line.values():
        raise ValueError(f"这一行要有{len(COLUMNS)}格：{','.join(COLUMNS)}。")
    party = actors.find_organisation(line["number"]) or actors.find_person(line["number"])
    if party is None:
        raise ValueError("没有这个号码的单位或个人。")
    try:
        day = date.fromisoformat(line["date"].strip())
        yuan = Decimal(line["yuan"].strip()) if line["yuan"].strip() else None
    except (ValueError, InvalidOperation) as error:
        raise ValueError("日期写成2026-11-01，金额写成数字。") from error
    return giving.NewGiven(measure, party, day, None if yuan is None else _fen(yuan), source)


def _fen(yuan: Decimal) -> int:
    """:raises ValueError: no amount of money"""
    if not yuan.is_finite() or abs(yuan) > MOST_FEN:
        raise ValueError("金额太大，或者不是数字。")
    if yuan * 100 != int(yuan * 100):
        raise ValueError("金额最多到分。")
    return int(yuan * 100)
