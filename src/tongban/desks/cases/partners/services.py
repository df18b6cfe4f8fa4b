"""Handing a case over to a place outside, and what the moves of a hand-over do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import packing, register, sending
from tongban.desks.cases.partners.contracts import Handed, Mode, PartnerInfo, Told
from tongban.desks.cases.partners.flow import HANDOVER
from tongban.desks.cases.partners.models import Handover
from tongban.kernel import api as kernel
from tongban.kernel.files.services import attach_many, store
from tongban.kernel.flow.step import Step
from tongban.kernel.prepared import Prepared

FRONT_DESK = "dsj"


def consent_words(partner: PartnerInfo, matter: str) -> str:
    """What the applicant agrees to before a hand-over (个人信息保护法 第二十三条)."""
    return _(
        "我同意收件窗口把这次填写的信息和提交的材料，签名后转交%(place)s的%(unit)s，只用于办理“%(matter)s”。"
        "由%(place)s作出决定，办理期限以当地为准，结果由收件窗口带回。"
    ) % {"place": partner.name, "unit": partner.unit, "matter": matter}


def hand_over(
    asked: cases.Submission, *, to: str, consented: bool, actor: kernel.Actor, at: datetime, key: str = "",
    mode: str = "",
) -> Handed:  # fmt: skip
    """Take a submission of one matter here for a partner: one docket, to be checked and packed by the window.

    :param to: region of the partner
    :param mode: ``relay`` or ``joint``; by default the first that is agreed
    :raises SubmissionRefused: not agreed with that place, no consent, or a paper that cannot follow later; nothing is kept
    """
    (made,) = hand_over_many([asked], to=to, consented=consented, actor=actor, at=at, key=key, mode=mode)
    return made


def hand_over_many(
    asked: Sequence[cases.Submission], *, to: str, consented: bool, actor: kernel.Actor, at: datetime, key: str = "",
    mode: str = "",
) -> tuple[Handed, ...]:  # fmt: skip
    """Take several at once, as a window does that takes a pile: under the same rules, all of them or none.

    Parameters and errors as `hand_over`; `consented` says that each of them did.
    """
    if not asked:
        return ()
    different = {(tuple(case.matter for case in one.cases), one.region): one for one in asked}
    places = [_offering(one, to) for one in different.values()]
    partner = places[0]
    for one in asked:
        _complete(one, partner, consented=consented)
    mode = mode or next(one for one in partner.modes if one != Mode.ONLINE)
    openings = [_opening(one, partner, mode, actor) for one in asked]
    with kernel.writing():
        rows, replayed = kernel.open_dockets(openings, actor=actor, at=at, key=key)
        if not replayed:
            _write(asked, [row.id for row in rows], partner, mode, actor=actor, at=at)
    return tuple(Handed(row.number, row.id, replayed) for row in rows)


def _opening(asked: cases.Submission, partner: PartnerInfo, mode: str, actor: kernel.Actor) -> kernel.Opening:
    (case,) = asked.cases
    unit, region = _window(asked, actor)
    return kernel.Opening(
        kind="handover", way="register", title=_("%(matter)s（%(place)s办理）") % {"matter": case.name, "place": partner.name},
        unit=unit, applicant=asked.applicant, agent=asked.agent, region=region, channel=asked.channel, subject=case.matter,
        data={
            "received_at": unit, "decided_in": partner.region, "mode": mode, "consent": True,
            "materials": {material.key: material.way for material in asked.materials},
        },
        authority=actors.authority_for(actor, asked.applicant, [case.matter]),
    )  # fmt: skip


def _offering(asked: cases.Submission, to: str) -> PartnerInfo:
    """The partner, where it decides the matter asked for."""
    partner = register.partner(to)
    if len(asked.cases) != 1 or partner is None or not partner.receives:
        raise cases.SubmissionRefused(_("这件事不能在这里收、交外地办。"), possible=_possible())
    if partner not in register.offered(asked.cases[0].matter, asked.region):
        raise cases.SubmissionRefused(
            _("“%(matter)s”不在与%(place)s的跨域通办清单上。") % {"matter": asked.cases[0].name, "place": partner.name},
            possible=_possible(),
        )  # fmt: skip
    return partner


def _possible() -> str:
    return _("可以改在本市办，或直接向办理地申请。")


def _complete(asked: cases.Submission, partner: PartnerInfo, *, consented: bool) -> None:
    """Every paper is there now, and the applicant agreed."""
    later = {
        f"material:{one.key}": _("交外地办的，%s要现在交。") % one.name
        for one in asked.materials
        if one.way in {"later", "commit"}
    }
    lost = {
        f"material:{one.key}": _("请上传%s。") % one.name
        for one in asked.materials
        if one.way == "upload" and not one.files
    }
    if later or lost:
        raise cases.SubmissionRefused(_("还差%d份材料。") % len(later | lost), fields=later | lost)
    if not consented:
        raise cases.SubmissionRefused(
            _("还没有同意把材料转交%s。") % partner.name, fields={"consent": _("请先同意转交，或改在本市办。")},
            possible=_possible(),
        )  # fmt: skip


def _window(asked: cases.Submission, actor: kernel.Actor) -> tuple[str, str]:
    """The front desk that receives: of the officer's own place, else of the place in which one applied."""
    own = actors.live_unit(actor.unit) if actor.is_officer and actor.unit else None
    region = own.region if own else asked.region
    desk = actors.unit_for(department=FRONT_DESK, region=region)
    if desk is None:
        raise cases.SubmissionRefused(_("这里没有收件窗口。"), possible=_("请换一个地区，或打12345。"))
    return desk.id, region


def _write(
    asked: Sequence[cases.Submission],
    dockets: Sequence[int],
    partner: PartnerInfo,
    mode: str,
    *,
    actor: kernel.Actor,
    at: datetime,
) -> None:
    Handover.objects.bulk_create(
        _row(one, docket, partner, mode, actor=actor, at=at)
        for one, docket in zip(asked, dockets, strict=True)
    )
    for one, docket in zip(asked, dockets, strict=True):
        given = [(paper.key, digest, name) for paper in one.materials for digest, name in paper.files]
        for key, name in attach_many(given, docket_id=docket, by=actor.id, at=at):
            raise cases.SubmissionRefused(
                _("文件“%s”没有保存下来。") % name, fields={f"material:{key}": _("请重新上传。")}
            )


def _row(
    asked: cases.Submission,
    docket: int,
    partner: PartnerInfo,
    mode: str,
    *,
    actor: kernel.Actor,
    at: datetime,
) -> Handover:
    (case,) = asked.cases
    return Handover(
        docket_id=docket, partner_id=partner.region, mode=mode, matter_name=case.name, situation=case.situation,
        form=json.dumps(asked.form, ensure_ascii=False),
        materials=json.dumps([_paper(one) for one in asked.materials], ensure_ascii=False),
        delivery=asked.delivery, delivery_to=json.dumps(asked.delivery_to, ensure_ascii=False),
        consent=consent_words(partner, case.name), consented_at=at, consented_by=actor.id, received_at=at,
    )  # fmt: skip


def _paper(one: cases.MaterialGiven) -> dict[str, Any]:
    shown = one.evidence
    words = f"{shown.zh}（{shown.as_of.isoformat()}）" if shown and shown.as_of else shown.zh if shown else ""
    return {
        "key": one.key, "name": one.name, "way": one.way, "said": words, "evidence": shown.kind if shown else "",
        "reference": shown.reference if shown else "",
    }  # fmt: skip


def answer_slot(own: Handover) -> str:
    """Slot of the files that go with the answer to the present question of the partner."""
    return f"answer-{own.asked_times}"


def answer_with_files(
    *, docket: int, text: str, files: Sequence[tuple[str, bytes]], actor: kernel.Actor, at: datetime, key: str = "",
    seen: int | None = None,
) -> None:  # fmt: skip
    """Answer what a partner asked, with files (name, content) that go along signed; all of it or nothing.

    :raises UploadError: a file is not taken
    :raises MoveRefused: the partner asks nothing now, or the actor may not answer
    """
    kept = [(store(content=content, name=name, at=at).digest, name) for name, content in files]
    with kernel.writing():
        own = Handover.objects.select_related("docket").get(docket_id=docket)
        unanswered = own.docket.state == "assisting" and seen in {None, own.docket.revision}
        if unanswered:  # else it is a second click, or refused below
            slot = answer_slot(own)
            attach_many([(slot, digest, name) for digest, name in kept], docket_id=docket, by=actor.id, at=at)
        kernel.perform(docket, "answer", actor=actor, at=at, data={"text": text}, key=key, seen=seen)


# What moves do --------------------------------------------------------------------------------


@HANDOVER.prepares
def _load(steps: list[Step]) -> None:
    ids = [step.docket.id for step in steps]
    if len(ids) == 1:
        steps[0].own = _ROW.first(docket=ids[0])
        return
    rows = Handover.objects.select_related("docket", "partner").in_bulk(ids)
    for step in steps:
        step.own = rows[step.docket.id]


_ROW = Prepared(
    lambda docket: Handover.objects.select_related("docket", "partner").filter(docket_id=docket), docket=int
)


@HANDOVER.effect("pack")
def _pack(step: Step) -> None:
    own: Handover = step.own
    lacking = packing.without_files(own)
    if lacking:
        raise step.refuse(
            _("这些材料没有文件：%s。") % "、".join(lacking), possible=_("退给申请人补正。"), code="no_file"
        )
    own.generation += 1
    own.package = packing.package_id(own)
    own.returned = ""
    own.save(update_fields=["generation", "package", "returned"])
    step.note(package=own.package, manifest=packing.manifest_of(own), to=own.partner_id)
    sending.queue_package(own, at=step.at)
    if not step.docket.officer and step.actor.is_officer:
        step.assign(officer=step.actor.id)


@HANDOVER.effect("send")
def _sent(step: Step) -> None:
    given = step.data.model_dump()
    if given["number"] and not step.own.foreign_number:
        step.own.foreign_number = given["number"]
        step.own.save(update_fields=["foreign_number"])


@HANDOVER.effect("ask_mending", "send_back")
def _returned(step: Step) -> None:
    sending.drop(step.docket.id)
    step.own.returned = json.dumps(step.data.model_dump(), ensure_ascii=False)
    step.own.save(update_fields=["returned"])


@HANDOVER.effect("answer")
def _answer(step: Step) -> None:
    own, said = step.own, step.data.model_dump()["text"]
    files = packing.listed(step.docket.id, answer_slot(own))
    payload = packing.news(
        letter=f"{own.package}.{Told.ANSWER.value}.{step.docket.revision}", package=own.package,
        told=Told.ANSWER.value, home=packing.home_of(step.docket.unit), number=step.docket.number, at=step.at,
        said=said, answers=own.asked_letter, files=files,
    )  # fmt: skip
    step.note(to=own.partner_id, question=own.asked_letter, files=len(files))
    sending.queue_news(payload, partner=own.partner_id, docket=step.docket.id, at=step.at)


@HANDOVER.effect("bring_back")
def _brought(step: Step) -> None:
    step.note(decided_in=step.own.partner_id)
    if step.own.delivery == cases.DeliveryWay.ELECTRONIC.value:
        step.then(step.docket.id, "tell", actor=kernel.SYSTEM)


@HANDOVER.effect("give_up", "lapse")
def _given_up(step: Step) -> None:
    sending.drop(step.docket.id)
    if step.before in {"sent", "acknowledged", "assisting"}:
        sending.withdraw(step.own, at=step.at)


@HANDOVER.effect("mend")
def _mended(step: Step) -> None:
    """The old files of the papers that are handed in anew are taken away; the new ones are attached beside this move."""
    packing.take_away(step.docket.id, step.data.model_dump()["materials"], at=step.at)
