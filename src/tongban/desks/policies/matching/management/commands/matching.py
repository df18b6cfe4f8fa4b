"""`tongban matching …`: run everything now, or one measure; and the two acts that jobs give to a child process."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.desks.policies.contracts import UnknownMeasureError
from tongban.desks.policies.matching import handing, running
from tongban.desks.policies.matching.computing import compute
from tongban.desks.policies.matching.contracts import Cause, RunInfo, RunState
from tongban.desks.policies.matching.telling import candidates
from tongban.registers.portraits.contracts import KINDS


class Command(BaseCommand):
    """Match measures with companies and persons."""

    help = "政策匹配：全部措施对全部主体，或一项措施"

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        run = acts.add_parser("run", help="现在匹配，写入结果；中断了不影响原来的结果，再来一次即可")
        run.add_argument("--measure", default="", help="只匹配这一项措施（键）")
        for act, help_text in (
            ("compute", "计算，结果写成文件，不写数据库"),
            ("news", "找出要提醒谁什么，写成文件"),
        ):
            child = acts.add_parser(act, help=help_text)
            child.add_argument("--kind", choices=KINDS, required=True)
            child.add_argument("--at", type=_instant, required=True)
            child.add_argument("--into", type=Path, required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        match options["act"]:
            case "compute":
                handing.write(options["into"], compute(options["kind"], at=options["at"]))
            case "news":
                candidates.write(options["into"], candidates.offers(options["kind"], at=options["at"]))
            case _:
                self._run(options["measure"])

    def _run(self, key: str) -> None:
        at = timezone.now()
        try:
            done = (running.run_measure(key, at),) if key else running.run_all(at, cause=Cause.ASKED)
        except UnknownMeasureError as error:
            raise CommandError(str(error)) from error
        for one in done:
            self.stdout.write(_told(one))
        if any(one.state is RunState.FAILED for one in done):
            raise CommandError("没有完成，原来的结果不变；原因见上，修好后再运行一次。")


def _told(run: RunInfo) -> str:
    kind = {"organisation": "企业和组织", "person": "个人"}[run.party_kind]
    words = f"{kind}：{run.measures:,} 项措施 × {run.parties:,} 户，{run.state.label}"
    if run.trouble:
        return f"{words}（{run.trouble}）"
    return f"{words}；可以享受 {run.entitled:,}，数据不全 {run.unknown:,}，还差一点 {run.nearest:,}，金额 {run.fen / 100:,.2f} 元"


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("写成 2026-11-23T03:10:00+08:00") from error
    if found.tzinfo is None:
        raise ArgumentTypeError("要带时区，例如 2026-11-23T03:10:00+08:00")
    return found
