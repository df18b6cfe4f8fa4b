"""`tongban theme …`: check, draw, list, load, adopt and withdraw themes."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongban.desks.themes import draw, load, selectors, services
from tongban.desks.themes.check import check_file
from tongban.desks.themes.contracts import ThemeFaulty, ThemeRefused
from tongban.desks.themes.days import working_days_of
from tongban.desks.themes.format import Theme
from tongban.kernel.contracts import SYSTEM
from tongban.registers.catalogue import api as catalogue


class Command(BaseCommand):
    help = "一件事主题：检查、画图、列出、装入、采用、撤回"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
        root = settings.ROOT_REGION

        def act(name: str, says: str) -> ArgumentParser:
            made: ArgumentParser = acts.add_parser(name, help=says)
            made.add_argument("--region", default=root, help=f"12 位区划代码，默认 {root}")
            return made

        check = act("check", "检查主题文件，错误带行号和列号")
        check.add_argument("files", nargs="+", type=Path)
        check.add_argument("--lang", choices=["zh", "en"], default="zh")
        drawing = act("draw", "画出问题、事项和先后")
        drawing.add_argument("what", help="主题文件或编码")
        drawing.add_argument("--svg", type=Path, help="另存为 SVG；不写则输出 Mermaid")
        act("list", "列出这个地区公布的主题")
        bring = act("load", "装入并公布主题文件，默认 packs/themes 全部")
        bring.add_argument("files", nargs="*", type=Path)
        taking = act("adopt", "采用别的地区的主题（一地创新，全市复用）")
        taking.add_argument("code")
        taking.add_argument("--source", required=True, help="试点地区的区划代码")
        taking.add_argument(
            "--limit",
            action="append",
            default=[],
            metavar="事项=天数",
            help="把某个事项的承诺缩短到几个工作日",
        )
        off = act("withdraw", "撤回")
        off.add_argument("code")

    def handle(self, *args: Any, **options: Any) -> None:
        run: Callable[..., None] = getattr(self, f"_{options['act']}")
        try:
            run(options)
        except ThemeFaulty as faulty:
            raise CommandError(str(faulty)) from faulty
        except ThemeRefused as refused:
            raise CommandError(refused.says.zh) from refused

    def _check(self, options: dict[str, Any]) -> None:
        region = services.handled_in(options["region"])
        count = 0
        for path in options["files"]:
            findings = check_file(path, catalogue=catalogue, region=region, calendar=working_days_of(region))
            count += len(findings)
            for finding in findings:
                self.stdout.write(finding.text(options["lang"]))
            if not findings:
                self.stdout.write(f"{path}: ✓")
        if count:
            self.stderr.write(f"{count} 处要改。" if options["lang"] == "zh" else f"{count} to be mended.")
            sys.exit(1)

    def _draw(self, options: dict[str, Any]) -> None:
        theme = _theme(options["what"], options["region"])
        specs = catalogue.matters(theme.codes, services.handled_in(options["region"]))
        names = {code: spec.name for code, spec in specs.items()}
        if options["svg"]:
            options["svg"].write_text(draw.svg(theme, names), encoding="utf-8")
        else:
            self.stdout.write(draw.mermaid(theme, names), ending="")

    def _list(self, options: dict[str, Any]) -> None:
        for card in selectors.cards(selectors.in_force(options["region"])):
            origin = f"，采用自 {card.adopted_from}" if card.adopted_from else ""
            self.stdout.write(
                f"{card.code}  {card.name.zh}  第 {card.version} 版，{len(card.matters)} 个事项，"
                f"最长 {card.days} 个工作日{origin}"
            )

    def _load(self, options: dict[str, Any]) -> None:
        region = options["region"]
        files = options["files"] or sorted((Path(settings.PACKS) / "themes").glob("*.yaml"))
        for path in files:
            row = services.publish_text(
                path.read_text(encoding="utf-8"),
                region=region,
                actor=SYSTEM,
                at=timezone.now(),
                file=str(path),
                check_region=services.handled_in(region),
            )
            self.stdout.write(f"{row.code} 第 {row.version} 版已在 {region} 公布。")

    def _adopt(self, options: dict[str, Any]) -> None:
        limits = dict(_limit(text) for text in options["limit"])
        row = services.adopt(
            code=options["code"],
            source=options["source"],
            region=options["region"],
            actor=SYSTEM,
            at=timezone.now(),
            limits=limits,
            check_region=services.handled_in(options["region"]),
        )
        self.stdout.write(
            f"{row.code} 第 {row.version} 版已在 {row.region} 公布，采用自 {row.adopted_from}。"
        )

    def _withdraw(self, options: dict[str, Any]) -> None:
        row = services.withdraw(
            code=options["code"], region=options["region"], actor=SYSTEM, at=timezone.now()
        )
        self.stdout.write(f"{row.code} 第 {row.version} 版已撤回。")


def _theme(what: str, region: str) -> Theme:
    if what.endswith((".yaml", ".yml")):
        reading = load.read_file(Path(what))
        if reading.theme is None:
            raise ThemeFaulty(reading.findings)
        return reading.theme
    return selectors.parsed(selectors.row_of(what, region).text)


def _limit(text: str) -> tuple[str, int]:
    code, _, days = text.partition("=")
    if not days.isdigit():
        raise CommandError(f"--limit 要写成 事项编码=天数，例如 0103100200=4，不能是“{text}”。")
    return code, int(days)
