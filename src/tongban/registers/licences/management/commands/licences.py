"""`tongban licences …`: kinds, one licence, an identifier, an old stock."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongban.actors import api as actors
from tongban.kernel.contracts import SYSTEM
from tongban.kernel.privacy import mask_name
from tongban.registers.licences import identifier, kinds, selectors
from tongban.registers.licences.contracts import LicencesError, LicenceState
from tongban.registers.licences.stock import importing


class Command(BaseCommand):
    help = (
        "电子证照：证照种类、查一份证照、核对标识、导入存量 E-licences: kinds, show, verify-number, import."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
        listed = acts.add_parser("kinds", help="证照种类，一行一种")
        listed.add_argument("--department", default="", help="部门代号，如scjg")
        shown = acts.add_parser("show", help="一份证照（姓名遮盖）")
        shown.add_argument("identifier", help="电子证照标识，或证照编号")
        checked = acts.add_parser("verify-number", help="核对电子证照标识写得对不对（GB/T 36904）")
        checked.add_argument("identifier")
        brought = acts.add_parser("import", help="导入存量：CSV、XLSX、JSONL；可以中断，再运行接着导")
        brought.add_argument("file", type=Path)
        brought.add_argument("--kind", required=True, help="证照种类代号")
        brought.add_argument("--unit", required=True, help="颁发单位编号，如421202-scjg")
        brought.add_argument("--preview", action="store_true", help="只看结果，不写入")
        brought.add_argument("--report", type=Path, help="退回的行写到哪个CSV，默认在文件旁边")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        acts: dict[str, Callable[..., None]] = {
            "kinds": self._kinds, "show": self._show, "verify-number": self._verify, "import": self._import,
        }  # fmt: skip
        try:
            acts[act](**options)
        except (LicencesError, actors.NotKnownError) as error:
            possible = getattr(error, "possible", "")
            raise CommandError(f"{error} {possible}".strip()) from error

    def _kinds(self, *, department: str, **_options: Any) -> None:
        found = [one for one in kinds.kinds().values() if department in ("", one.department)]
        for one in found:
            valid = f"{one.months}个月" if one.months else "长期"
            self.stdout.write(
                f"{one.slug:28} {one.code} {one.department:5} {valid:6} {one.name} / {one.name_en}"
            )
        self.stdout.write(f"{len(found)} 种，{len({one.department for one in found})} 个部门")

    def _show(self, *, identifier: str, **_options: Any) -> None:  # the argument's name
        found = (
            (selectors.licence(identifier),)
            if identifier.startswith("1.2.156")
            else selectors.by_number(identifier)
        )
        if not found:
            raise CommandError("证照库里没有这个编号的证照。")
        for one in found:
            until = one.valid_until or "长期"
            name = (
                mask_name(one.holder_name) if not one.holder.startswith("organisation:") else one.holder_name
            )
            state = one.standing(actors.day_of(timezone.now()))
            word = LicenceState(state).label if state in LicenceState.values else state
            self.stdout.write(f"{one.identifier}\n  {one.kind_name[0]} {name} {word} 第{one.version}版")
            self.stdout.write(f"  {one.unit_name} {one.issued_on} 颁发，{one.valid_from} 至 {until}")
            for act in selectors.past_versions(one.identifier):
                self.stdout.write(f"  旧版 {act.identifier} {act.act} {act.reason}")

    def _verify(self, *, identifier: str, **_options: Any) -> None:  # the argument's name
        found = _parse(identifier)
        kind = kinds.by_code().get(found.kind)
        self.stdout.write(
            f"标识合格：种类 {found.kind}{f'（{kind.name}）' if kind else '（本库没有这一种）'}"
        )
        self.stdout.write(
            f"颁发机构 {found.issuer}，流水号 {found.serial}，版本 {found.version:03d}，校验位 {found.check}"
        )

    def _import(
        self, *, file: Path, kind: str, unit: str, preview: bool, report: Path | None, **_options: Any
    ) -> None:
        if not file.is_file():
            raise CommandError(f"没有这个文件：{file.name}")
        at = timezone.now()
        if preview:
            found = importing.preview(path=file, kind=kind, unit=unit, at=at)
            self._told(found, preview=True, report=None)
            return
        report = report or file.with_name(f"{file.name}.rejects.csv")
        began = time.monotonic()

        def progress(done: int, total: int | None) -> None:
            rate = done / max(time.monotonic() - began, 0.001)
            self.stdout.write(f"{done:,}/{total:,} 行，每秒 {rate:,.0f} 行" if total else f"{done:,} 行")

        found = importing.bring_in(
            path=file, kind=kind, unit=unit, actor=SYSTEM, at=at, report=report, progress=progress
        )
        self._told(found, preview=False, report=report)

    def _told(self, found: importing.Outcome, *, preview: bool, report: Path | None) -> None:
        if found.resumed:
            self.stdout.write(f"以前已读 {found.resumed:,} 行，从那里接着导。")
        words = "可入库" if preview else "入库"
        self.stdout.write(
            f"共 {found.read:,} 行：{words} {found.taken:,}，库里已有 {found.known:,}，退回 {found.rejected:,}"
        )
        for one in found.rejects:
            self.stdout.write(f"  第{one.row}行 {one.column} {one.problem}")
        if report is not None and found.rejected:
            self.stdout.write(f"退回的行全部写在 {report}")


def _parse(text: str) -> identifier.Identifier:
    return identifier.parse(text)
