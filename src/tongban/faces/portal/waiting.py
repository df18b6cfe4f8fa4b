"""What one application asks of its applicant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.kernel.web import clocks
from tongban.web.contracts import ClockView


class Titled(Protocol):
    """An application in a list."""

    @property
    def row(self) -> kernel.DocketRow: ...

    @property
    def title(self) -> str: ...


@dataclass(slots=True)
class Waiting:
    """Something asked of the applicant."""

    title: str
    what: str
    url: str
    action: str
    clock: ClockView | None = None


def asked_of(
    line: Titled,
    kids: list[kernel.DocketRow],
    running: dict[int, list[kernel.ClockRow]],
    *,
    names: dict[str, str],
    unpromised: set[int],
    at: datetime,
) -> list[Waiting]:
    """What one application asks of its applicant.

    :param unpromised: papers that nobody promised, of which a register had no record
    """
    row, found = line.row, []
    if row.state == "supplement":
        clock = clocks.nearest(running.get(row.id, []), whose="applicant")
        found.append(
            Waiting(
                line.title,
                _("还差材料，请一次补齐"),
                f"/my/{row.number}/supply",
                _("去补"),
                clocks.view_of(clock, at=at),
            )
        )
    for kid in kids:
        if kid.kind == "undertaking" and kid.state == "owed":
            clock = clocks.nearest(running.get(kid.id, []))
            words = _("补交“%s”") if kid.id in unpromised else _("补交“%s”（容缺）")
            found.append(
                Waiting(
                    line.title, words % names.get(kid.title, kid.title), f"/my/{row.number}/undertakings/{kid.number}",
                    _("去补"), clocks.view_of(clock, at=at),
                )
            )  # fmt: skip
    if row.state == "sent":
        found.append(Waiting(line.title, _("证件已寄出，收到后请确认"), f"/my/{row.number}", _("去确认")))
    return found
