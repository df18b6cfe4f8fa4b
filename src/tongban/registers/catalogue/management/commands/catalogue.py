"""`tongban catalogue …`: the catalogue from the command line."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongban.actors import api as actors
from tongban.kernel.contracts import SYSTEM
from tongban.registers.catalogue import (
    api,
    exporting,
    finding,
    generating,
    loading,
    packs,
    quality,
    regions,
    selectors,
    services,
    telling,
)
from tongban.registers.catalogue.contracts import CatalogueError, ImportRefusedError, ImportReport, PackError

GENERATED_AT_ONCE = 2_000  # a served SQLite database is written in short batches


class Command(BaseCommand):
    help = "事项目录：装入事项包、导入导出、搜索、生成测试数据、四级同检查、版本比较、发布、撤回"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
        root = settings.ROOT_REGION

        def act(name: str, says: str, region: str | None = root) -> ArgumentParser:
            made: ArgumentParser = acts.add_parser(name, help=says)
            if region is not None:
                made.add_argument("--region", default=region, help=f"区划代码，6至12位，默认{region}")
            return made

        load = act("load-packs", "装入packs里的事项、数据项、材料并发布")
        load.add_argument("--folder", type=Path, default=Path(settings.PACKS))
        load.add_argument("--skip-faulty", action="store_true", help="有错的事项跳过并列出，其余照装")
        bring = act("import", "导入CSV、XLSX或JSON；一行有错就全不写入")
        bring.add_argument("file", type=Path)
        bring.add_argument("--preview", action="store_true", help="只看结果，不写入")
        bring.add_argument("--draft", action="store_true", help="存为草稿，以后再发布")
        bring.add_argument("--json", action="store_true")
        out = act("export", "导出已发布的事项")
        out.add_argument("file", type=Path, help="以.csv、.xlsx或.json结尾")
        out.add_argument("--below", action="store_true", help="连同下级")
        find = act("search", "搜索事项")
        find.add_argument("text")
        find.add_argument("--top", type=int, default=10)
        find.add_argument("--json", action="store_true")
        make = act("generate", "生成测试用的事项（带标记）")
        make.add_argument("--count", type=int, default=13_948)
        make.add_argument("--seed", type=int, default=1)
        check = act("check", "四级同：名称、编码、依据、类型是否一致")
        check.add_argument("--json", action="store_true")
        act("check-packs", "只检查事项包，不写入", None).add_argument(
            "--folder", type=Path, default=Path(settings.PACKS)
        )
        tried = act("check-search", "用查询文件看前三命中")
        tried.add_argument("file", type=Path)
        differ = act("diff", "比较两个版本")
        differ.add_argument("code")
        differ.add_argument("before", type=int)
        differ.add_argument("after", type=int)
        for name, says in (("publish", "发布草稿"), ("withdraw", "撤回已发布的事项")):
            change = act(name, says)
            change.add_argument("codes", nargs="+")
            change.add_argument("--note", default="", required=name == "withdraw", help="说明原因")
        told = act("rules", "一个事项的秒批规则和例子，用文字")
        told.add_argument("code", nargs="?", default="", help="不写就列出有秒批规则的事项")
        told.add_argument("--english", action="store_true")
        switch = act("instant", "开启或停用秒批；不写编码就是全部停用开关")
        switch.add_argument("code", nargs="?", default="")
        switch.add_argument("--switch", choices=("on", "off"), required=True)
        switch.add_argument("--reason", required=True, help="写入台账")
        act("lists", "各清单的事项数").add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        run: Callable[[dict[str, Any]], None] = getattr(self, f"do_{options['act'].replace('-', '_')}")
        try:
            run(options)
        except PackError as error:
            raise CommandError(f"事项包有{len(error.faults)}处错误，什么都没有写入：\n{error}") from error
        except (CatalogueError, ValueError) as error:
            raise CommandError(str(error)) from error

    def say(self, text: str) -> None:
        self.stdout.write(text)

    def as_json(self, value: object) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, indent=2))

    def do_load_packs(self, options: dict[str, Any]) -> None:
        outcome = loading.load_packs(
            folder=options["folder"],
            root=regions.pad(options["region"]),
            actor=SYSTEM,
            at=timezone.now(),
            skip_faulty=options["skip_faulty"],
        )
        self.say(f"新增{outcome.created}，更新{outcome.changed}，未变{outcome.unchanged}。")
        if options["skip_faulty"]:
            for fault in packs.read_packs(options["folder"]).faults:
                self.stderr.write(fault)

    def do_check_packs(self, options: dict[str, Any]) -> None:
        found = packs.taken(packs.read_packs(options["folder"]))
        self.say(
            f"{len(found.entries)}个事项，{len(found.elements)}个数据项，{len(found.materials)}种材料，没有错误。"
        )

    def do_import(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"读不到文件“{path}”：{error.strerror}。") from error
        try:
            report = api.import_file(
                content=content,
                name=path.name,
                region=options["region"],
                actor=SYSTEM,
                at=timezone.now(),
                preview=options["preview"],
                publish=not options["draft"],
            )
        except ImportRefusedError as error:
            if error.report is not None:
                self._report(error.report, as_json=options["json"])
            raise
        self._report(report, as_json=options["json"])

    def _report(self, report: ImportReport, *, as_json: bool) -> None:
        if as_json:
            self.as_json(report.as_dict())
            return
        done = "已写入" if report.written else "没有写入"
        refused = len({refusal.row for refusal in report.refusals})
        self.say(
            f"{report.rows}行：新增{report.created}，更新{report.changed}，未变{report.unchanged}，"
            f"有问题{refused}。{done}。"
        )
        for mark, items in (("错误", report.refusals), ("提示", report.notes)):
            for item in items:
                self.say(f"{mark} 第{item.row}行 {item.column}“{item.value}”：{item.reason}")

    def do_export(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        content = exporting.export(options["region"], path.suffix.lower().lstrip("."), below=options["below"])
        path.write_bytes(content)
        self.say(f"已导出到{path}。")

    def do_search(self, options: dict[str, Any]) -> None:
        finding.index(fresh=True)
        hits = api.search_matters(options["text"], options["region"], top=options["top"])
        if options["json"]:
            self.as_json([hit.as_dict() for hit in hits])
            return
        for hit in hits:
            self.say(f"{hit.score:.2f}  {hit.name}  {hit.code}  {hit.unit_name}")
        if not hits:
            self.say("没有找到。换个说法，或打12345问问。")

    def do_generate(self, options: dict[str, Any]) -> None:
        root = regions.pad(options["region"])
        known = sorted(actors.regions_within(root)) or [root]
        places = [code for code in known if regions.level(code) in {"3", "4", "5"}] or [root]
        partner = not regions.is_under(root, settings.ROOT_REGION)
        made = list(
            generating.drafts(count=options["count"], places=places, seed=options["seed"], partner=partner)
        )
        created = 0
        for start in range(0, len(made), GENERATED_AT_ONCE):
            part = made[start : start + GENERATED_AT_ONCE]
            outcome = services.bring_in(
                part, region=root, actor=SYSTEM, at=timezone.now(), note="生成的测试数据"
            )
            created += outcome.created
        self.say(f"生成{len(made)}个事项，其中新增{created}个。")

    def do_check(self, options: dict[str, Any]) -> None:
        found = api.check_same(options["region"])
        if options["json"]:
            self.as_json([{"code": d.code, "field": d.field, "values": d.values} for d in found])
        else:
            for item in found:
                said = "；".join(f"{region}：{value}" for region, value in item.values)
                self.say(f"{item.code} {item.field} 不一致 — {said}")
        if found:
            sys.exit(1)
        if not options["json"]:
            self.say("四级一致。")

    def do_check_search(self, options: dict[str, Any]) -> None:
        result = quality.measure(options["file"], region=options["region"])
        for query, answers, got in result.missed:
            self.say(f"没中 {query} → {'、'.join(got) or '无'}（应有：{'、'.join(answers)}）")
        self.say(
            f"前三命中 {result.hits}/{result.asked}；p50 {result.p50_ms:.2f}毫秒，p99 {result.p99_ms:.2f}毫秒"
        )

    def do_diff(self, options: dict[str, Any]) -> None:
        for change in api.changes_between(
            options["code"], options["region"], options["before"], options["after"]
        ):
            self.say(f"{change.element}：{change.before!r} → {change.after!r}")

    def do_publish(self, options: dict[str, Any]) -> None:
        done = api.publish(
            codes=options["codes"],
            region=options["region"],
            actor=SYSTEM,
            at=timezone.now(),
            note=options["note"],
        )
        self.say(f"已发布{done}个事项。")

    def do_withdraw(self, options: dict[str, Any]) -> None:
        done = api.withdraw(
            codes=options["codes"],
            region=options["region"],
            actor=SYSTEM,
            at=timezone.now(),
            note=options["note"],
        )
        self.say(f"已撤回{done}个事项。")

    def do_rules(self, options: dict[str, Any]) -> None:
        if not options["code"]:
            specs = api.instant_matters(options["region"])
            on = api.instant_on([spec.code for spec in specs], options["region"])
            for spec in specs:
                mark = "开" if on[spec.code] else "停"
                self.say(f"{mark} {spec.code}  {spec.title}")
            return
        spec = api.matter(options["code"], options["region"])
        if spec.instant is None:
            raise CommandError(f"“{spec.name}”没有秒批规则。不写编码可以列出有规则的事项。")
        self.say(f"{spec.title}  {spec.code}")
        language = "en" if options["english"] else "zh"
        for line in telling.lines(spec.instant, selectors.element_entries(), language=language):
            self.say(line)

    def do_instant(self, options: dict[str, Any]) -> None:
        on = options["switch"] == "on"
        api.switch_instant(
            code=options["code"],
            region=options["region"],
            on=on,
            reason=options["reason"],
            actor=SYSTEM,
            at=timezone.now(),
        )
        self.say(f"{options['code'] or '全部事项'}：秒批已{'开启' if on else '停用'}。")

    def do_lists(self, options: dict[str, Any]) -> None:
        counts = api.list_counts(options["region"])
        if options["json"]:
            self.as_json([{"key": c.key, "name": c.name, "count": c.count} for c in counts])
            return
        for entry in counts:
            self.say(f"{entry.name:　<8}{entry.count:>7}  {entry.says}")
