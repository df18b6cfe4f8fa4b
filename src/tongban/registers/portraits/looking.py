"""Officers look into a file: only of their own division, for a purpose that is written down, and the holder reads who.

个人信息保护法 第六条: a definite purpose, and the least that it needs. What is personal is shown to the department that keeps
it, to others only that it is known; what its holder has not agreed to share likewise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel import api as kernel
from tongban.registers.portraits import packs, selectors
from tongban.registers.portraits.contracts import PERSON, FactInfo, PortraitInfo, PortraitsError
from tongban.registers.portraits.services import stream_of

ROLES = (Role.HANDLER, Role.APPROVER, Role.HEAD, Role.POLICY_EDITOR, Role.SUPERVISOR, Role.SURVEYOR)
SHORTEST, LONGEST = 4, 200
MOST_LOOKS, MOST_FOUND = 100, 20


class Purpose(models.TextChoices):
    """What an officer may look into a file for."""

    POLICY = "policy", gettext_lazy("核对能享受的政策")
    HANDLING = "handling", gettext_lazy("办理申请")
    CORRECTION = "correction", gettext_lazy("核实更正")
    SERVICE = "service", gettext_lazy("上门服务、帮扶")
    INSPECTION = "inspection", gettext_lazy("监督检查")


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked, as the holder reads it."""

    at: datetime
    unit: str
    purpose: str
    reason: str


def may_look(actor: kernel.Actor, region: str) -> bool:
    """Whether an officer's division answers for a party's: the same one, or one above it. Who told no division is the
    city's.
    """
    if not actor.is_officer or not actor.unit or not any(actor.units_of(role) for role in ROLES):
        return False
    own = actors.unit(actor.unit).region
    chain = actors.region_chain(region)
    return own in chain if chain else not actors.region(own).parent


def sees(actor: kernel.Actor, fact: FactInfo, *, kind: str) -> bool:
    """Whether an officer reads the value, not only that it is known.

    :param kind: of the party: of a person everything is personal
    """
    info = packs.elements()[fact.element]
    keeps = actors.unit(actor.unit).department in {info.source, fact.source}
    return keeps or (fact.consent and not info.personal and kind != PERSON)


@kernel.writing()
def look(party: str, *, purpose: str, reason: str, actor: kernel.Actor, at: datetime) -> PortraitInfo:
    """A file for an officer, once the look is in the ledger (stream ``portrait:<party>``).

    :param purpose: one of `Purpose`
    :param reason: why, in words that the holder reads
    :raises PortraitsError: no such purpose, no reason, or another division's party
    :raises actors.NotKnownError: nobody has this id
    """
    if purpose not in Purpose.values:
        raise PortraitsError(_("请选查看用途。"), code="purpose")
    words = " ".join(reason.split())[:LONGEST]
    if len(words) < SHORTEST:
        raise PortraitsError(_("请写清为什么要看，至少4个字。"), code="reason")
    if not may_look(actor, actors.party(party).region):
        raise PortraitsError(
            _("这家单位（这个人）不归您的单位管。"),
            possible=_("请联系登记地的同事，或由上级单位查看。"),
            code="elsewhere",
        )
    found = selectors.portrait(party, at=at)
    kernel.record(
        stream=stream_of(party), act="look", actor=actor, at=at, data={"purpose": purpose, "reason": words}
    )
    return found


def looks(party: str, *, at: datetime) -> list[Look]:
    """Who looked into a file, newest first. For its holder (个人信息保护法 第四十四条)."""
    entries = [one for one in kernel.history(stream_of(party), at=at) if one.act == "look"]
    return [
        Look(
            one.at,
            actors.unit_name(unit_id=one.unit),
            str(Purpose(one.body["purpose"]).label),
            one.body["reason"],
        )
        for one in reversed(entries[-MOST_LOOKS:])
    ]


def found(text: str, *, actor: kernel.Actor) -> list[actors.PartyInfo]:
    """Whose file an officer may mean: by credit code or resident id, or companies whose name begins so; at most twenty,
    of the officer's own division.
    """
    said = text.strip()
    exact = [actors.find_organisation(said), actors.find_person(said)]
    ids = [one for one in exact if one] or actors.organisations_named(said, most=MOST_FOUND)
    known = [actors.party(one) for one in ids]
    return [one for one in known if may_look(actor, one.region)]
