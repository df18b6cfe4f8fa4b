"""`tongban hotline hotspots`: what many people tell of, found in a file of messages."""

from __future__ import annotations

from argparse import ArgumentTypeError, _SubParsersAction
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from tongban.desks.hotline.heat.hotspots import FileFaulty, read_messages, spots, write_spots
from tongban.desks.hotline.heat.pack import pack


def add(acts: _SubParsersAction[Any]) -> None:
    """The acts of this room."""
    parser = acts.add_parser("hotspots", help="找出多人反映的同一件事，写成 CSV")
    parser.add_argument(
        "--input", type=Path, required=True, help="留言 CSV：编号、主题、时间、详情，可有点赞数、反对数"
    )
    parser.add_argument("--output", type=Path, required=True, help="结果 CSV，一条留言一行")
    parser.add_argument("--least", type=_least, default=2, help="至少几条才算一组，默认 2")
    parser.set_defaults(run=hotspots)


def hotspots(options: Mapping[str, Any], *, out: OutputWrapper) -> None:
    """Read, group, write; nothing is kept."""
    try:
        messages = read_messages(options["input"])
        found = spots(messages, pack(), least=options["least"])
        write_spots(options["output"], found)
    except FileFaulty as faulty:
        raise CommandError(str(faulty)) from faulty
    except OSError as error:
        raise CommandError(f"写不了 {options['output']}：{error.strerror}") from error
    grouped = sum(len(one.messages) for one in found)
    out.write(f"{len(messages)} 条留言，{len(found)} 组共 {grouped} 条。")


def _least(text: str) -> int:
    if not text.isdecimal() or int(text) < 2:
        raise ArgumentTypeError("至少是 2")
    return int(text)
