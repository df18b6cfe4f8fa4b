"""`tongban policies …`: policies from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongban.actors import api as actors
from tongban.desks.policies import generating, loading, packs, selectors
from tongban.desks.policies.contracts import PoliciesError
from tongban.kernel.contracts import SYSTEM

MOST = 100_000


class Command(BaseCommand):
    help = "政策：检查或装入文件，生成一套示例政策"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
        check = acts.add_parser("check", help="只检查，不写入；每个错误带文件和行号")
        check.add_argument("files", type=Path, nargs="+")
        load = acts.add_parser("load", help="装入并公布；有一处错就全不写入")
        load.add_argument("files", type=Path, nargs="+")
        make = acts.add_parser("generate", help="生成示例政策文件（格式和 packs/policies 一样）")
        make.add_argument("folder", type=Path)
        make.add_argument("--count", type=int, default=generating.CITY, help="措施数")
        make.add_argument("--departments", type=int, default=len(generating.DEPARTMENTS), help="部门数")
        make.add_argument("--seed", type=int, default=7, help="同一个数生成同一套")

    def handle(self, **options: Any) -> None:
        try:
            getattr(self, f"do_{options['act']}")(options)
        except PoliciesError as error:
            raise CommandError(str(error)) from error

    def do_check(self, options: dict[str, Any]) -> None:
        today = actors.day_of(timezone.now())
        stock = packs.read(options["files"], on=today, known=selectors.known_keys())
        for line in stock.warnings:
            self.stdout.write(line)
        count = sum(len(policy.measures) for _source, pack in stock.packs for policy in pack.policies)
        self.stdout.write(f"{count}项措施，没有错误，提醒{len(stock.warnings)}处。")

    def do_load(self, options: dict[str, Any]) -> None:
        done = loading.load_files(options["files"], actor=SYSTEM, at=timezone.now())
        self.stdout.write(f"新增政策{done.policies}个、措施{done.measures}项，更新{done.changed}项。")

    def do_generate(self, options: dict[str, Any]) -> None:
        count, departments = options["count"], options["departments"]
        if not 1 <= departments <= len(generating.DEPARTMENTS) or not departments <= count <= MOST:
            raise CommandError(f"部门数1到{len(generating.DEPARTMENTS)}，措施数不少于部门数、不超过{MOST}。")
        made = generating.write(options["folder"], count=count, departments=departments, seed=options["seed"])
        self.stdout.write(f"已写{made}项措施，{departments}个部门，在{options['folder']}。")
