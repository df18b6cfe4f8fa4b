"""What grid workers 网格员 find on their rounds: the buttons of their page, packs/hotline/grid.yaml, and what they reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import yaml

from tongban.actors import api as actors
from tongban.desks.hotline.contracts import CENTRE, KIND, Channel, NewTicket, Taken, TicketKind, Urgency
from tongban.desks.hotline.taking import take
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket

FILE = Path(__file__).parents[2] / "packs" / "hotline" / "grid.yaml"
MOST = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One button: what it is called in both languages, its category, and what is written when nothing is typed."""

    key: str
    name: str
    name_en: str
    category: str
    text: str
    kind: str
    urgent: bool


@lru_cache(maxsize=1)
def findings() -> dict[str, Finding]:
    """The buttons by key, in the order of the file."""
    given = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        one["key"]: Finding(
            one["key"], one["name"][0], one["name"][1], one["category"], one["text"], one.get("kind", TicketKind.HELP.value),
            one.get("urgent", False),
        )
        for one in given
    }  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """What a grid worker found. The repr tells no text."""

    finding: str
    place: str
    text: str = ""
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None
    photos: tuple[tuple[str, bytes], ...] = ()

    def __repr__(self) -> str:
        return f"Found({self.finding})"


def report(found: Found, *, actor: kernel.Actor, at: datetime, key: str = "") -> Taken:
    """A ticket of what was found, at the hotline's desk of the place, with the grid worker as who reported it.

    :raises HotlineRefused: something does not fit, in words by field
    :raises kernel.Conflict: the key was used for something else
    """
    what = findings()[found.finding]
    region = found.region or actor.region
    desk = actors.unit_for(department=CENTRE, region=region) if actors.region_chain(region) else None
    return take(
        NewTicket(
            kind=what.kind, channel=Channel.GRID, text=found.text or what.text, place=found.place, region=region,
            title=f"{what.name}：{found.place}" if what.category and not found.text else "", category=what.category,
            urgency=(Urgency.URGENT if what.urgent else Urgency.ORDINARY).value, latitude=found.latitude,
            longitude=found.longitude, files=found.photos, caller=actor.id, unit=desk.id if desk else "",
        ),
        actor=actor, at=at, key=key,
    )  # fmt: skip


def reported(*, actor: kernel.Actor, before: int = 0, most: int = MOST) -> list[kernel.DocketRow]:
    """What a grid worker reported, newest first; one's own, whoever has it now. One query.

    :param before: id of the last docket of the page before
    """
    rows = Docket.objects.filter(applicant=actor.id, kind=KIND).order_by("-opened_at", "-id")
    if before:
        rows = rows.filter(id__lt=before)
    return [kernel.row_of(row) for row in rows[:most]]
