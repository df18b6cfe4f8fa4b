"""`tongban open311 …`: programs that may send requests to the hotline, and their quotas."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongban.faces.open311 import applications
from tongban.registers.identity import api as identity


class Command(BaseCommand):
    help = "Open311程序：登记、停用、列出 Programs that send requests to the hotline: add, end, list"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
        added = acts.add_parser("add", help="登记或修改；同名的改成新的")
        added.add_argument("name", help="程序名称")
        added.add_argument("--actor", required=True, help="用谁的令牌，如organisation:3")
        added.add_argument("--per-minute", type=int, default=30)
        added.add_argument("--per-day", type=int, default=2000)
        added.add_argument("--until", type=date.fromisoformat, required=True, help="登记到哪天，如2027-12-31")
        acts.add_parser("end", help="停用").add_argument("name")
        acts.add_parser("list", help="列出")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        now = timezone.now()
        try:
            if act == "add":
                if identity.account_of_actor(options["actor"]) is None:
                    raise CommandError(f"没有{options['actor']}的账号。先开设账号，再用它的令牌。")
                if min(options["per_minute"], options["per_day"]) < 1:
                    raise CommandError("每分钟、每天的次数至少是1。")
                applications.register(
                    name=options["name"], actor=options["actor"], per_minute=options["per_minute"],
                    per_day=options["per_day"], until=options["until"], at=now,
                )  # fmt: skip
            elif act == "end":
                applications.end(name=options["name"], at=now)
        except ValueError as error:
            raise CommandError(str(error)) from error
        for one in applications.registered():
            self.stdout.write(f"{one.name} {one.actor} {one.per_minute}/分钟 {one.per_day}/天 至{one.until}")
