"""`tongban dockets import FILE [--as-of INSTANT] [--preview]`: open work from another system, CSV or JSON.

Columns: ref, parent, kind, state, title, unit, officer, applicant, region, subject, channel, opened_at, clocks.
`clocks` are ``name=instant`` separated by semicolons (JSON: an object). Instants without a zone are Shanghai's.
"""

import csv
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.kernel.contracts import SYSTEM
from tongban.kernel.docket.importing import Incoming, bring_in, faults

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEXTS = ("ref", "parent", "kind", "state", "title", "unit", "officer", "applicant", "region", "subject")


def instant(text: str) -> datetime:
    """An instant, of Shanghai where no zone is told. :raises ValueError: no instant"""
    found = datetime.fromisoformat(text.strip())
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


class Command(BaseCommand):
    help = "Bring in open work with its clocks: everything or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["import"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--as-of", default="", help="instant of the take-over, default now")
        parser.add_argument("--preview", action="store_true", help="check only")

    def handle(self, *args: object, **options: object) -> None:
        path = Path(str(options["file"]))
        try:
            at = instant(str(options["as_of"])) if options["as_of"] else timezone.now()
            content = self._read(path)
        except (OSError, ValueError) as wrong:
            raise CommandError(f"{path.name}：{wrong}") from None
        rows, wrong_lines = self._rows(content)
        wrong_lines += faults(rows, at=at)
        for line, words in sorted(wrong_lines):
            self.stderr.write(f"{path.name}:{line} {words}")
        if wrong_lines:
            self.stderr.write(f"{len(wrong_lines)} 处要改，什么都没有写入。")
            sys.exit(1)
        if options["preview"]:
            self.stdout.write(f"可以写入 {len(rows)} 件；没有写入（--preview）。")
            return
        for row, docket in zip(rows, bring_in(rows, actor=SYSTEM, at=at), strict=True):
            self.stdout.write(f"{row.ref}\t{docket.number}")

    def _read(self, path: Path) -> list[tuple[int, dict[str, Any]]]:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".json":
            found = json.loads(text)
            if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
                raise ValueError("JSON 要是一个对象的列表")
            return list(enumerate(found, start=1))
        reader = csv.DictReader(text.splitlines())
        missing = {"ref", "kind", "state", "title", "opened_at"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"缺列 {'、'.join(sorted(missing))}")
        return [(reader.line_num, row) for row in reader]

    def _rows(
        self, content: list[tuple[int, dict[str, Any]]]
    ) -> tuple[list[Incoming], list[tuple[int, str]]]:
        rows: list[Incoming] = []
        wrong: list[tuple[int, str]] = []
        for line, item in content:
            try:
                opened_at = instant(str(item.get("opened_at") or ""))
            except ValueError:
                wrong.append((line, "opened_at：要写成 2026-11-02T09:00"))
                continue
            try:
                clocks = _clocks(item.get("clocks") or {})
            except ValueError:
                wrong.append((line, "clocks：要写成 decide=2026-12-01T18:00;…"))
                continue
            texts = {name: str(item.get(name) or "").strip() for name in TEXTS}
            rows.append(Incoming(line=line, opened_at=opened_at, clocks=clocks, **texts))
        return rows, wrong


def _clocks(said: Any) -> dict[str, datetime]:
    if isinstance(said, str):
        pairs = [part.partition("=") for part in said.split(";") if part.strip()]
        said = {name.strip(): due for name, _sign, due in pairs}
    return {str(name): instant(str(due)) for name, due in dict(said).items()}
