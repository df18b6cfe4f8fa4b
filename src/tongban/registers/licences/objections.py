"""Objections of holders: raised on line, answered by the unit that issued the licence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.registers.licences import kinds, life, rules, selectors
from tongban.registers.licences.contents import holder_index
from tongban.registers.licences.contracts import (
    KindField,
    KindInfo,
    LicencesError,
    LicenceState,
    NotOpenError,
    ObjectionInfo,
    UnknownLicenceError,
)
from tongban.registers.licences.flow import MORE, OBJECTION
from tongban.registers.licences.models import Licence, Objection
from tongban.registers.messages import api as messages

HOLDER_NAME = "holder_name"
OPEN_TO_OBJECTION = frozenset({LicenceState.VALID, LicenceState.SUSPENDED})
LONGEST = 500


def entries_of(form: KindInfo) -> list[tuple[str, str, str]]:
    """What may be objected to: key, Chinese and English name."""
    own = [(one.key, one.name, one.name_en) for one in form.fields if one.type not in ("licences", "yesno")]
    if all(one.element not in ("person.name", "business.name", "company.name") for one in form.fields):
        own.append((HOLDER_NAME, "持有人", "Holder"))
    return own


@kernel.writing()
def raise_objection(
    *,
    identifier: str,
    party: str,
    entry: str,
    right: str,
    why: str,
    actor: kernel.Actor,
    at: datetime,
    channel: str = "web",
) -> kernel.DocketRow:
    """Object to what a licence says (个人信息保护法 第四十六条); opens a docket at the unit that issued it.

    The same objection again, while it is being answered, gives the same docket.

    :param party: the holder, in whose name `actor` asks
    :param entry: key of the field, or ``holder_name``
    :param right: what it should say
    :raises UnknownLicenceError: not this holder's
    :raises NotOpenError: the licence ended, or an objection to it is being answered
    :raises LicencesError: no such entry, or a value of the wrong form
    """
    row = selectors.row_of(identifier, rows=Licence.objects.select_for_update())
    number = actors.party_facts(party).number
    if row.holder_index != holder_index(number) or party not in {actor.id, *actor.parties}:
        raise UnknownLicenceError(_("这份证照不在您名下。"), possible=_("请换成持有人的身份再提。"))
    if row.state not in OPEN_TO_OBJECTION:
        raise NotOpenError(
            _("这份证照%s，不能提异议。") % LicenceState(row.state).label, state=row.state,
            possible=_("可以打12345，或向发证机关说明。"),
        )  # fmt: skip
    form = kinds.kind(row.kind)
    _check_claim(form, entry, right, why)
    if (earlier := _being_answered(row, entry, right.strip())) is not None:
        return earlier
    title = _("%(kind)s有误：%(entry)s") % {"kind": form.name, "entry": _entry_name(form, entry)[0]}
    opening = kernel.Opening(
        kind="objection", way="raise", title=title, unit=row.unit, applicant=party,
        agent=actor.id if actor.id != party else "", region=row.region, channel=channel, subject=row.kind,
        data={"licence": row.identifier, "entry": entry},
        personal={"right": right.strip(), "why": why.strip()},
    )  # fmt: skip
    (docket,), _again = kernel.open_dockets([opening], actor=actor, at=at)
    Objection.objects.create(
        docket=docket.id,
        licence=row,
        entry=entry,
        right=right.strip(),
        why=why.strip(),
        identifier=row.identifier,
    )
    return docket


def _being_answered(row: Licence, entry: str, right: str) -> kernel.DocketRow | None:
    """The same objection, already raised; another open one is in the way.

    :raises NotOpenError: another objection to the licence is being answered
    """
    behind = {own.docket: own for own in row.objections.all()}
    for docket in kernel.lock_dockets(list(behind)).values() if behind else ():
        if docket.id not in behind or docket.closed_at is not None:
            continue
        if (behind[docket.id].entry, behind[docket.id].right) == (entry, right):
            return docket
        raise NotOpenError(
            _("这份证照已有一件异议正在核实。"), state=row.state, possible=_("请等答复，或先撤回那一件。")
        )
    return None


def _check_claim(form: KindInfo, entry: str, right: str, why: str) -> None:
    if entry not in {key for key, _zh, _en in entries_of(form)}:
        raise LicencesError(_("请选：哪一项有误"))
    if not right.strip() or len(right.strip()) > LONGEST:
        raise LicencesError(_("请填应该是什么，最多%d个字。") % LONGEST)
    if not why.strip() or len(why.strip()) > LONGEST:
        raise LicencesError(_("请说明为什么有误，最多%d个字。") % LONGEST)
    one = form.entry(entry)
    if one is not None and (word := rules.wrong(one, right.strip())):
        raise LicencesError(_("%(name)s%(what)s。") % {"name": one.name, "what": word})


def _entry_name(form: KindInfo, entry: str) -> tuple[str, str]:
    return next(((zh, en) for key, zh, en in entries_of(form) if key == entry), (entry, entry))


def objection_behind(docket: int) -> ObjectionInfo | None:
    """What an objection's docket is about; the caller has made sure that the actor sees the docket."""
    row = Objection.objects.filter(docket=docket).select_related("licence").first()
    if row is None:
        return None
    found = selectors.info(row.licence)
    form = kinds.kinds().get(row.licence.kind)
    one = form.entry(row.entry) if form else None
    said = found.holder_name if row.entry == HOLDER_NAME else found.fields.get(row.entry, "")
    return ObjectionInfo(
        licence=found, entry=row.entry, entry_name=_entry_name(form, row.entry) if form else (row.entry, row.entry),
        says=str(said), right=row.right, why=row.why, identifier=row.identifier,
        personal=one.personal if one else True,
    )  # fmt: skip


# Moves of an objection ----------------------------------------------------------------------


def _behind(step: Step) -> Objection:
    return Objection.objects.select_related("licence").get(docket=step.docket.id)


@OBJECTION.effect("correct")
def _correct(step: Step) -> None:
    own = _behind(step)
    form = kinds.kind(own.licence.kind)
    value = step.data.value or own.right  # type: ignore[attr-defined]  # the input of `correct`
    one = form.entry(own.entry)
    try:
        made = life.correct(
            identifier=own.licence.identifier, actor=step.actor, at=step.at,
            reason=_("持有人异议%(number)s：%(basis)s")
            % {"number": step.docket.number, "basis": step.data.basis},  # type: ignore[attr-defined]  # likewise
            fields={} if one is None else {own.entry: _typed(one, value)},
            holder_name=value if one is None or _is_name(one) else None,
        )  # fmt: skip
    except LicencesError as error:
        raise step.refuse(error.reason, possible=error.possible, code="licence") from error
    step.note(licence=made.identifier, version=made.version)
    _tell(step, "objection.corrected", step.data.basis)  # type: ignore[attr-defined]  # the input of `correct`


def _is_name(one: KindField) -> bool:
    """Whether the entry is the holder's name itself."""
    return "party.name" in one.sources and one.key in ("name", HOLDER_NAME)


def _typed(one: KindField, value: str) -> Any:
    """A text as the entry keeps it."""
    if one.type in ("number", "money") and not rules.wrong(one, value):
        return float(value) if "." in value else int(value)
    if one.type == "date" and not rules.wrong(one, value):
        return date.fromisoformat(value).isoformat()
    return value


@OBJECTION.effect("extend")
def _extend(step: Step) -> None:
    clock = step.clock("answer")
    if clock is None or any(
        entry.act == "extend" for entry in kernel.history(step.docket.number, at=step.at)
    ):
        raise step.refuse(_("已经延长过一次，不能再延。"), possible=_("请现在答复。"), code="extended")
    step.extend("answer", MORE)
    _tell(step, "objection.extended", step.data.reason)  # type: ignore[attr-defined]  # the input of `extend`


@OBJECTION.effect("maintain")
def _maintain(step: Step) -> None:
    _tell(step, "objection.maintained", step.data.reason)  # type: ignore[attr-defined]  # the input of `maintain`


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
