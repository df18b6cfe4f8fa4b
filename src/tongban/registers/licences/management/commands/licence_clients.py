"""`tongban licence_clients …`: other systems that may ask for licences, their purposes and quotas."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongban.kernel.contracts import SYSTEM
from tongban.registers.licences.showing import clients
from tongban.registers.licences.showing.contracts import ClientError


class Command(BaseCommand):
    help = "接入系统：登记、停用、列出 Systems that may ask for licences: add, end, list"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
        added = acts.add_parser("add", help="登记或修改；同名的改成新的")
        added.add_argument("name", help="系统名称，持有人会看到")
        added.add_argument("--actor", required=True, help="用谁的令牌，如officer:12")
        added.add_argument("--unit", required=True, help="主管单位编号，如421200-wjw")
        added.add_argument("--purpose", action="append", required=True, help="可以用的用途，可写多个")
        added.add_argument("--kind", action="append", default=[], help="证照种类代号，可写多个；不写是全部")
        added.add_argument("--per-minute", type=int, default=60)
        added.add_argument("--per-day", type=int, default=5000)
        added.add_argument("--until", type=date.fromisoformat, required=True, help="登记到哪天，如2027-12-31")
        acts.add_parser("end", help="停用").add_argument("name")
        acts.add_parser("list", help="列出")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        now = timezone.now()
        try:
            if act == "add":
                clients.register(
                    name=options["name"], actor=options["actor"], unit=options["unit"], purposes=options["purpose"],
                    kinds_=options["kind"], per_minute=options["per_minute"], per_day=options["per_day"],
                    until=options["until"], by=SYSTEM, at=now,
                )  # fmt: skip
            elif act == "end":
                clients.end(name=options["name"], by=SYSTEM, at=now)
        except ClientError as error:
            raise CommandError(f"{error.reason}{error.possible}") from error
        for one in clients.registered():
            kinds = "、".join(one.kinds) or "全部种类"
            self.stdout.write(
                f"{one.name} {one.actor} {one.unit} {one.per_minute}/分钟 {one.per_day}/天 至{one.until} "
                f"{'、'.join(one.purposes)} [{kinds}]"
            )
