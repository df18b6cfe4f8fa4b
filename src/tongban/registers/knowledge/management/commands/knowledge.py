"""`tongban knowledge …`: the knowledge base from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongban.actors import api as actors
from tongban.kernel.contracts import SYSTEM
from tongban.registers.knowledge import api, importing
from tongban.registers.knowledge.contracts import Audience, KnowledgeError


class Command(BaseCommand):
    help = "知识库：导入条目（YAML或CSV）、检查、搜索"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
        bring = acts.add_parser("import", help="导入一个YAML或CSV文件；一条有错就全不写入")
        bring.add_argument("file", type=Path)
        bring.add_argument("--publish", action="store_true", help="立即发布；不写则等第二个人发布")
        check = acts.add_parser("check", help="只检查文件，不写入")
        check.add_argument("file", type=Path)
        find = acts.add_parser("search", help="搜索")
        find.add_argument("text")
        find.add_argument("--top", type=int, default=3)
        find.add_argument("--officer", action="store_true", help="连同只给工作人员看的条目")

    def handle(self, **options: Any) -> None:
        try:
            getattr(self, f"do_{options['act']}")(options)
        except KnowledgeError as error:
            raise CommandError(str(error)) from error

    def _rows(self, file: Path) -> list[importing.Row]:
        if not file.is_file():
            raise CommandError(f"读不到文件“{file}”。")
        if file.suffix.lower() == ".csv":
            return importing.read_csv(file.read_bytes(), name=file.name)
        return importing.read_pack(file)

    def do_import(self, options: dict[str, Any]) -> None:
        done = importing.bring_in(
            self._rows(options["file"]), actor=SYSTEM, at=timezone.now(), publish=options["publish"]
        )
        self.stdout.write(f"新增{done['added']}条，更新{done['changed']}条。")

    def do_check(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{len(self._rows(options['file']))}条，没有错误。")

    def do_search(self, options: dict[str, Any]) -> None:
        audience = Audience.OFFICER if options["officer"] else Audience.PUBLIC
        day = actors.day_of(timezone.now())
        for hit in api.search(options["text"], top=options["top"], audience=audience, on=day):
            mark = "✓" if hit.sure else "≈"
            self.stdout.write(
                f"{mark} {hit.title}  {hit.entry} 第{hit.version}版 {hit.owner_name}\n  {hit.quote}"
            )
