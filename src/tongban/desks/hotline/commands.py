"""`tongban hotline handover --from UNIT --to UNIT`: what a unit that ended still holds goes to its successor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TextIO

from django.core.management.base import CommandError
from django.utils import timezone

from tongban.desks.hotline.contracts import HotlineRefused
from tongban.desks.hotline.handing_over import hand_over
from tongban.kernel import api as kernel


def add(acts: Any) -> None:
    """Add the desk's own acts."""
    act = acts.add_parser("handover", help="把一个单位手上的工单移交给接手的单位")
    act.add_argument("--from", dest="unit_from", required=True, metavar="UNIT")
    act.add_argument("--to", dest="unit_to", required=True, metavar="UNIT")
    act.add_argument("--reason", default="机构调整，职责划转", help="写进台账的理由")
    act.set_defaults(run=run)


def run(options: Mapping[str, Any], *, out: TextIO) -> None:
    """Move the tickets and say how many. :raises CommandError: there is no such unit"""
    try:
        moved = hand_over(
            unit_from=options["unit_from"], unit_to=options["unit_to"], reason=options["reason"], actor=kernel.SYSTEM,
            at=timezone.now(),
        )  # fmt: skip
    except HotlineRefused as refused:
        raise CommandError(f"{refused.reason}{refused.possible}") from None
    out.write(f"移交 {moved} 张工单：{options['unit_from']} → {options['unit_to']}\n")
