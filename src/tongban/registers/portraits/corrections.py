"""Corrections: asked for by the holder with evidence, decided by the department that keeps the fact."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.services import attach
from tongban.kernel.flow.step import Step
from tongban.registers.messages import api as messages
from tongban.registers.portraits import filing, packs, rules, services
from tongban.registers.portraits.contracts import (
    CorrectionInfo,
    ElementInfo,
    FactsRefusedError,
    NewFact,
    PortraitsError,
    Via,
)
from tongban.registers.portraits.flow import CORRECTION, KIND, MORE
from tongban.registers.portraits.models import Correction
from tongban.registers.portraits.reading import read_text
from tongban.registers.portraits.rules import ValueRefusedError

SLOT = "evidence"
SHORTEST, LONGEST, MOST_FILES = 4, 500, 5


@dataclass(frozen=True, slots=True)
class Asking:
    """What a holder says: which element, what it should be (as typed, money in yuan), why."""

    party: str
    element: str
    right: str
    why: str


@kernel.writing()
def ask(
    asking: Asking,
    *,
    files: Sequence[tuple[StoredFile, str]],
    actor: kernel.Actor,
    at: datetime,
    key: str = "",
    channel: str = "web",
) -> CorrectionInfo:
    """Ask for a correction; opens a docket at the department that keeps the element. Until it is decided the fact stands.

    The same again, while it is being checked, is the same docket.

    :param files: evidence, each with its name; at least one
    :raises PortraitsError: not the own party, no such element, a value it cannot have, no reason, no evidence, nothing to
        change, or another one about this element is being checked
    """  # fmt: skip
    info = _element(asking, actor)
    right = _right(info, asking)
    file = filing.open_files([asking.party], at=at)[asking.party]
    held = file.fact(info)
    if held is not None and rules.same_value(held.value, right):
        raise PortraitsError(
            _("您写的和画像里的一样，没有要改的。"), possible=_("请写正确的值。"), code="same"
        )
    if (earlier := _being_checked(asking, info, right)) is not None:
        return earlier
    if not 1 <= len(files) <= MOST_FILES:
        raise PortraitsError(
            _("请附证明材料，1到%(most)d份。") % {"most": MOST_FILES},
            possible=_("照片、PDF都可以。"),
            code="evidence",
        )
    docket, again = _opened(asking, info, actor=actor, at=at, key=key, channel=channel)
    if again:
        return info_of(Correction.objects.get(docket=docket.id))
    for stored, name in files:
        attach(docket_id=docket.id, slot=SLOT, file=stored, name=name, by=actor.id, at=at)
    return _kept(docket, asking, info, held, right)


def _kept(
    docket: kernel.DocketRow, asking: Asking, info: ElementInfo, held: rules.Fact | None, right: Any
) -> CorrectionInfo:
    row = Correction.objects.create(
        docket=docket.id, number=docket.number, party=asking.party, element=info.key, why=asking.why.strip(),
        said="" if held is None else json.dumps(rules.laid(held), ensure_ascii=False),
        right=json.dumps(rules.plain_value(right), ensure_ascii=False),
    )  # fmt: skip
    return info_of(row)


def _element(asking: Asking, actor: kernel.Actor) -> ElementInfo:
    """:raises PortraitsError: not the own party, or no such element"""
    if asking.party not in {actor.id, *actor.parties}:
        raise PortraitsError(
            _("只有本人（本单位）可以提更正。"), possible=_("请换成本人或本单位的身份。"), code="not_yours"
        )
    info = packs.elements(asking.party.partition(":")[0]).get(asking.element)
    if info is None:
        raise PortraitsError(_("画像里没有这项数据。"), possible=_("请从画像页面选一项。"), code="element")
    return info


def _right(info: ElementInfo, asking: Asking) -> Any:
    if not SHORTEST <= len(asking.why.strip()) <= LONGEST:
        raise PortraitsError(
            _("请说明为什么有误，%(least)d到%(most)d个字。") % {"least": SHORTEST, "most": LONGEST},
            code="why",
        )
    try:
        return read_text(info, asking.right)
    except ValueRefusedError as error:
        raise PortraitsError(_("“应该是”这一栏：%(words)s") % {"words": str(error)}, code="right") from error


def _being_checked(asking: Asking, info: ElementInfo, right: Any) -> CorrectionInfo | None:
    rows = Correction.objects.filter(party=asking.party, element=info.key).order_by("-pk")
    for row in rows:
        if kernel.docket_by_id(row.docket, actor=kernel.SYSTEM).closed_at is not None:
            continue
        found = info_of(row)
        if rules.same_value(found.right, right):
            return found
        raise PortraitsError(
            _("这一项已有一件更正正在核实（%(number)s）。") % {"number": row.number},
            possible=_("请等答复，或先撤回那一件。"), code="open",
        )  # fmt: skip
    return None


def _opened(
    asking: Asking, info: ElementInfo, *, actor: kernel.Actor, at: datetime, key: str, channel: str
) -> tuple[kernel.DocketRow, bool]:
    region = actors.party(asking.party).region
    unit = actors.unit_for(department=info.source, region=region)
    if unit is None:
        raise PortraitsError(
            _("这个地区还没有管这项数据的单位。"), possible=_("请打12345，我们转给它。"), code="no_unit"
        )
    opening = kernel.Opening(
        kind=KIND, way="ask", title=_("画像更正：%(name)s") % {"name": info.name}, unit=unit.id, region=region,
        applicant=asking.party, agent=actor.id if actor.id != asking.party else "", channel=channel, subject=info.key,
        data={"element": info.key}, personal={"right": asking.right.strip(), "why": asking.why.strip()},
        authority=actors.authority_for(actor, asking.party),
    )  # fmt: skip
    (docket,), again = kernel.open_dockets([opening], actor=actor, at=at, key=key)
    return docket, again


def info_of(row: Correction) -> CorrectionInfo:
    """A correction with its values opened."""
    info = packs.elements().get(row.element)
    said = json.loads(row.said) if row.said else None
    right = json.loads(row.right)
    if info is None:  # the pack has dropped the element; the docket still tells what it was about
        return CorrectionInfo(row.docket, row.number, row.party, row.element, None, None, right, row.why)
    fact = None if said is None else rules.opened(info.type, said)
    return CorrectionInfo(
        docket=row.docket, number=row.number, party=row.party, element=row.element, info=info,
        said=None if fact is None else fact.value, right=rules.value_of(info.type, right), why=row.why,
    )  # fmt: skip


def correction_behind(docket: int) -> CorrectionInfo | None:
    """What a correction's docket is about; the caller has made sure that the actor sees the docket."""
    row = Correction.objects.filter(docket=docket).first()
    return None if row is None else info_of(row)


def corrections_of(party: str) -> list[CorrectionInfo]:
    """Corrections that a party asked for, newest first."""
    return [info_of(row) for row in Correction.objects.filter(party=party).order_by("-pk")]


# Moves --------------------------------------------------------------------------------------------


@CORRECTION.effect("correct")
def _correct(step: Step) -> None:
    found = correction_behind(step.docket.id)
    assert found is not None  # opened together with its docket
    if found.info is None:
        raise step.refuse(_("画像里已经没有这项数据。"), possible=_("可以维持原样并说明。"), code="element")
    typed = step.data.value  # type: ignore[attr-defined]  # the input of `correct`
    try:
        value = read_text(found.info, typed) if typed else found.right
        fact = NewFact(found.party, found.element, value, found.info.source, actors.day_of(step.at))
        services.note([fact], actor=step.actor, at=step.at, via=Via.CORRECTION, docket=step.docket.number)
    except (ValueRefusedError, FactsRefusedError) as error:
        raise step.refuse(str(error), possible=_("请改“更正为”这一栏。"), code="value") from error
    step.note(element=found.element)
    _tell(step, "correction.corrected", step.data.basis)  # type: ignore[attr-defined]  # likewise


@CORRECTION.effect("extend")
def _extend(step: Step) -> None:
    entries = kernel.history(step.docket.number, at=step.at)
    if step.clock("decide") is None or any(entry.act == "extend" for entry in entries):
        raise step.refuse(_("已经延长过一次，不能再延。"), possible=_("请现在答复。"), code="extended")
    step.extend("decide", MORE)
    _tell(step, "correction.extended", step.data.reason)  # type: ignore[attr-defined]  # the input of `extend`


@CORRECTION.effect("maintain")
def _maintain(step: Step) -> None:
    _tell(step, "correction.maintained", step.data.reason)  # type: ignore[attr-defined]  # the input of `maintain`


def _tell(step: Step, template: str, reason: str) -> None:
    """The holder reads it in the inbox; it is sent with the move or not at all."""
    messages.send(
        to=step.docket.applicant, template=template, at=step.at, docket=step.docket.number,
        key=f"{step.docket.number}#{step.docket.revision + 1}",
        context={
            "title": step.docket.title, "number": step.docket.number, "reason": reason,
            "unit": actors.unit_name(unit_id=step.docket.unit),
        },
    )  # fmt: skip
