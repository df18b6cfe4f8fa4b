"""What an operator is told while a caller speaks: gathered from the rooms of the hotline, decided by the operator."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.contracts import TicketView
from tongban.desks.hotline.sorting import api as sorting
from tongban.desks.hotline.sorting.contracts import Suggestion
from tongban.faces.workbench import words
from tongban.kernel import api as kernel
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import MatterSpec, UnknownMatterError
from tongban.registers.knowledge import api as knowledge
from tongban.registers.knowledge.contracts import Audience, Hit

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
MOST: Final = 3
LEAST: Final = 6
"""Characters before a message says anything."""
RECENT: Final = timedelta(days=30)
WORTH_OFFERING: Final = 0.03
"""Another category is offered from this confidence on."""
SHORTEST: Final = 3
"""Characters of a place's name."""
DIVISION: Final = re.compile(r"(?<!小)区$|[省市县镇乡]$|街道$")
COUNTY: Final = 6
"""Digits of a division code that name the county."""
BASES: Final[dict[str, Callable[[int], str]]] = {
    "minutes": lambda n: _("%d分钟") % n, "working_hours": lambda n: _("%d个工作小时") % n,
    "working_days": lambda n: _("%d个工作日") % n, "natural_days": lambda n: _("%d天") % n,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What the operator has so far. The repr tells no text and no caller."""

    text: str
    place: str = ""
    region: str = ""
    phone: str = ""
    kind: str = hotline.TicketKind.HELP
    urgency: str = hotline.Urgency.ORDINARY
    unit: str = ""

    def __repr__(self) -> str:
        return f"Told({len(self.text)} characters)"


@dataclass(frozen=True, slots=True)
class Take:
    """Something that one key takes over into the form: what it is called, and the fields that it fills."""

    words: str
    fields: dict[str, str]
    more: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """What is shown beside the form."""

    history: Sequence[TicketView] = ()
    same_place: Sequence[TicketView] = ()
    suggestion: Suggestion | None = None
    takes: Sequence[Take] = ()
    hits: Sequence[Hit] = ()
    sign_within: str = ""
    handle_within: str = ""
    readback: str = ""

    @property
    def earlier(self) -> int:
        return len(self.history)

    @property
    def sure(self) -> int:
        """Confidence in hundredths."""
        return sorting.hundredths(self.suggestion.confidence) if self.suggestion else 0


def limit(name: str, told: Told) -> str:
    """How long a step may take for such a message, in words."""
    span = hotline.limits().span(name, kind=told.kind, urgency=told.urgency, region=told.region)
    return BASES[span.basis](span.amount)


def help_for(told: Told, *, actor: kernel.Actor, at: datetime) -> Help:
    """What to show for what was typed so far."""
    region = told.region or actor.region
    history = hotline.history_of_caller(actor=actor, phone=told.phone, most=20) if told.phone else []
    if len(told.text.strip()) < LEAST:
        return Help(history=history)
    found = sorting.suggest(told.text, region=region, place=told.place)
    placed = Told(
        told.text, told.place, found.region or region, told.phone, told.kind, told.urgency, told.unit
    )
    language = get_language() or "zh-hans"
    sign, handle = limit("sign", placed), limit("handle", placed)
    return Help(
        history=history, same_place=_same_place(told, found, actor, at), suggestion=found, takes=_takes(told, found),
        hits=knowledge.search(
            told.text, top=MOST, audience=Audience.OFFICER, on=at.astimezone(SHANGHAI).date(),
            english=language.startswith("en"),
        ),
        sign_within=sign, handle_within=handle, readback=_readback(placed, found, handle),
    )  # fmt: skip


def _same_place(told: Told, found: Suggestion, actor: kernel.Actor, at: datetime) -> list[TicketView]:
    """Open tickets of the last weeks that name the same place; a whole district is no place."""
    names = {
        name
        for name in (told.place.strip(), *found.places)
        if len(name) >= SHORTEST and not DIVISION.search(name)
    }
    if not names:
        return []
    # Of the whole county: a ticket may name the street in its place only.
    county = (found.region or told.region or actor.region)[:COUNTY].ljust(12, "0")
    page = hotline.page(
        actor, hotline.Asked(region=county, open_only=True, opened_from=at - RECENT), size=100
    )
    same = [one for one in page.items if any(name in one.place or name in one.text for name in names)]
    return same[: MOST + 2]


def _takes(told: Told, found: Suggestion) -> list[Take]:
    """What one key takes over, the whole proposal first."""
    takes = []
    unit = words.unit_name(found.unit)
    whole = {
        "category": found.path,
        "matter": found.matter,
        "unit": found.unit,
        "urgency": str(found.urgency),
    }
    whole = {name: value for name, value in whole.items() if value}
    if found.category or found.matter:
        named = "，".join(one for one in (found.matter_name or "/".join(found.category), unit) if one)
        takes.append(Take(named, whole, found.matter_basis, unit))
    takes += [Take(name, {"category": name}) for name, sure in found.others[:2] if sure >= WORTH_OFFERING]
    if found.places and not told.place:
        takes.append(Take(_("地点：%s") % found.places[0], {"place": found.places[0]}))
    return takes


def _readback(told: Told, found: Suggestion, handle: str) -> str:
    unit = words.unit_name(told.unit or found.unit)
    place = told.place or (found.places[0] if found.places else "")
    about = found.matter_name or (found.category[-1] if found.category else "")
    parts = [_("我跟您核对一下：")]
    if place:
        parts.append(_("地点在%s，") % place)
    parts.append(_("您反映的是：%s。") % (about or _first(told.text)))
    parts.append(_("我们交给%s，") % unit if unit else _("我们马上安排承办单位，"))
    parts.append(_("%s内办结并答复您。") % handle)
    return "".join(parts)


def _first(text: str) -> str:
    return text.strip().splitlines()[0][:40]


def matter_of(code: str, region: str) -> MatterSpec | None:
    """The regulated matter of a ticket, None where there is none or the catalogue does not know it there."""
    try:
        return catalogue.matter(code, region) if code else None
    except UnknownMatterError:
        return None
