"""`tongban hotline classify | train | models | rollback`."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from django.core.management.base import CommandError
from django.utils import timezone

from tongban.desks.hotline.sorting import files, selectors, services
from tongban.desks.hotline.sorting.contracts import Report, SortingError
from tongban.desks.hotline.sorting.current import examples, lexicon
from tongban.desks.hotline.sorting.learning import Lesson, TooLittleError, learn
from tongban.desks.hotline.sorting.lexicon import LexiconError, head
from tongban.kernel.contracts import SYSTEM

LEARN_FROM_DAYS = 730


class Out(Protocol):
    """Where lines go."""

    def write(self, text: str) -> object: ...


def add(acts: argparse._SubParsersAction[Any]) -> None:
    """The acts of this room."""
    classify = acts.add_parser(
        "classify", help="用一份有分类的留言学习，给另一份分类，写出 predicted 和 confidence"
    )
    classify.add_argument("--train", type=Path, required=True, metavar="CSV", help="有一级分类的留言")
    classify.add_argument("--input", type=Path, required=True, metavar="CSV", help="要分类的留言")
    classify.add_argument("--output", type=Path, required=True, metavar="CSV")
    classify.add_argument(
        "--also",
        type=Path,
        action="append",
        default=[],
        metavar="CSV",
        help="没有分类的留言，只用来知道哪些词少见",
    )
    classify.set_defaults(run=_telling(run_classify))
    train = acts.add_parser("train", help="从有分类的留言或者本市的派单学出新版本，不比在用的差才启用")
    source = train.add_mutually_exclusive_group(required=True)
    source.add_argument("file", type=Path, nargs="?", metavar="CSV")
    source.add_argument("--dispatches", action="store_true", help="本市两年内办结的派单")
    train.add_argument("--anyway", action="store_true", help="不管比较结果，直接启用")
    train.add_argument("--at", type=datetime.fromisoformat, help=argparse.SUPPRESS)
    train.set_defaults(run=_telling(run_train))
    acts.add_parser("models", help="分类模型的各个版本").set_defaults(run=_telling(run_models))
    back = acts.add_parser("rollback", help="退回上一个（或者指定的）分类模型")
    back.add_argument("version", nargs="?", default="")
    back.set_defaults(run=_telling(run_rollback))


def _telling(run: Callable[[Mapping[str, Any], Out], None]) -> Callable[..., None]:
    """What can go wrong, told as a command tells it."""

    def told(options: Mapping[str, Any], *, out: Out) -> None:
        try:
            run(options, out)
        except (SortingError, LexiconError, TooLittleError) as error:
            raise CommandError(str(error)) from error

    return told


def run_classify(options: Mapping[str, Any], out: Out) -> None:
    """Learn from one file, classify another; needs no database."""
    lessons = files.read(options["train"]).lessons()
    asked = files.read(options["input"])
    known = {head(one.category, 1) for one in lessons}
    beside = [one for one in examples() if head(one.category, 1) in known]
    also = [message for path in options["also"] for message in files.read(path).messages]
    model = learn([*lessons, *beside], lexicon=lexicon(), also=[*asked.messages, *also], deep=False)
    files.write(options["output"], asked, model.classify(asked.messages))
    out.write(f"学了{len(lessons)}条，分了{len(asked.rows)}条，写到 {options['output'].name}。")


def run_train(options: Mapping[str, Any], out: Out) -> None:
    """A new version; see `services.train`."""
    at = options["at"] or timezone.now()
    lessons: list[Lesson]
    if options["dispatches"]:
        lessons = selectors.lessons_since(at - timedelta(days=LEARN_FROM_DAYS))
        source = "本市派单"
    else:
        lessons, source = files.read(options["file"]).lessons(), f"{options['file'].name}（{_who()}）"
    if options["dispatches"] and len(lessons) < services.COMPARE_LEAST * 10:
        out.write(f"办结的派单只有{len(lessons)}条，还不够学。")
        return
    report = services.train(lessons, source=source, actor=SYSTEM, at=at, anyway=options["anyway"])
    out.write(_said(report))


def _said(report: Report) -> str:
    def share(value: float | None) -> str:
        return "—" if value is None else f"{value:.3f}"

    return (
        f"版本 {report.version}：学了{report.texts}条，对照{report.held_out}条，宏平均F1 {share(report.macro_f1)}"
        f"（在用的 {share(report.before)}），置信度误差 {share(report.calibration_error)}。{report.words}"
    )


def run_models(_options: Mapping[str, Any], out: Out) -> None:
    """One line a version."""
    found = selectors.versions()
    for one in found:
        mark = "在用" if one.in_use else "　　"
        figure = "—" if one.macro_f1 is None else f"{one.macro_f1:.3f}"
        out.write(f"{mark} {one.name}  {one.texts}条  F1 {figure}  {one.source}  {one.note}")
    if not any(one.in_use for one in found):
        out.write("在用：起步模型（词表和样本）")


def run_rollback(options: Mapping[str, Any], out: Out) -> None:
    """An earlier version again."""
    back = services.roll_back(actor=SYSTEM, at=timezone.now(), to=options["version"])
    out.write(f"现在用的是 {back.name if back else '起步模型（词表和样本）'}。")


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return "?"
