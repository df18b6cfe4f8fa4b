"""What the moves of waiting licences and of checks afterwards do beyond changing the state."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from tongban.desks.cases import issuing
from tongban.desks.cases.flow_after import MAKING, SAMPLING
from tongban.desks.cases.models_after import CaseLicence, Sampling
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.registers.licences import api as licences


@MAKING.effect("complete")
def _complete(step: Step) -> None:
    made = issuing.waiting_of(step.docket.id)
    parent = kernel.docket_by_id(step.docket.parent or 0, actor=kernel.SYSTEM)
    try:
        entries = issuing.entries_from(step.data.entries, made.kind)  # type: ignore[attr-defined]  # its input
        info = issuing.complete(made, entries=entries, parent=parent, actor=step.actor, at=step.at)
    except (ValueError, issuing.WantingError) as error:
        raise step.refuse(str(error), possible=_said(made), code="entries") from error
    step.note(kind=made.kind, version=info.version)
    if not step.docket.officer and step.actor.is_officer:
        step.assign(officer=step.actor.id)


def _said(made: CaseLicence) -> str:
    names = "、".join(one.name for one in issuing.wanted_of(made))
    return _("还要：%s。") % names if names else ""


@MAKING.effect("drop")
def _drop(step: Step) -> None:
    reason = step.data.reason  # type: ignore[attr-defined]  # the input of `drop`
    CaseLicence.objects.filter(making_id=step.docket.id).update(reason=reason[:300], missing="[]")


@SAMPLING.effect("claim")
def _claim(step: Step) -> None:
    step.assign(officer=step.actor.id)


@SAMPLING.effect("find_sound", "find_fault")
def _found(step: Step) -> None:
    Sampling.objects.filter(docket_id=step.docket.id).update(found_by=step.actor.id)
    if step.docket.officer != step.actor.id:
        step.assign(officer=step.actor.id)


@SAMPLING.effect("correct", "revoke", "keep")
def _settle(step: Step) -> None:
    """Who found the fault does not decide on it; what is decided takes hold of the licences at once."""
    own = Sampling.objects.select_related("case").get(docket_id=step.docket.id)
    if step.actor.id == own.found_by and not step.capacity.authority:
        raise step.refuse(
            _("查出问题的人不能自己作处理决定。"), possible=_("请由另一位审批人决定。"), code="same_person"
        )
    said = step.data.model_dump(mode="json")
    try:
        done = _carry_out(step, own)
    except (ValueError, licences.LicencesError) as error:
        raise step.refuse(str(error), code="licence") from error
    own.decision = json.dumps({"kind": step.move.name, "reason": said["reason"], "law": said.get("law", "")},
                              ensure_ascii=False)  # fmt: skip
    own.save(update_fields=["decision"])
    step.note(case=own.case.docket.number, licences=done)


def _carry_out(step: Step, own: Sampling) -> int:
    """Correct or revoke the licences of the case; gives how many."""
    made = [one for one in issuing.licences_of_case(own.case_id) if one.identifier]
    if step.move.name == "keep":
        return 0
    if step.move.name == "revoke":
        for one in made:
            licences.revoke(identifier=one.identifier, actor=step.actor, at=step.at, reason=_reason(step))
        return len(made)
    if not made:
        raise ValueError(_("这件没有制作证照，没有可更正的。"))
    for one in made:
        entries = issuing.entries_from(step.data.entries, one.kind)  # type: ignore[attr-defined]  # its input
        info = licences.correct(
            identifier=one.identifier, fields=entries, actor=step.actor, at=step.at, reason=_reason(step)
        )
        CaseLicence.objects.filter(pk=one.pk).update(identifier=info.identifier)
    return len(made)


def _reason(step: Step) -> str:
    said = step.data.model_dump(mode="json")
    law = said.get("law", "")
    return f"{said['reason']}（{law}）" if law else str(said["reason"])
