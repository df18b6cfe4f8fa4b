"""A partner's package becomes an application decided here: wholly, or not at all.

国办发〔2020〕35号: the receiving place checks who the applicant is, so its word, signed, is enough to register a person
that we do not know yet. A package is taken once, however often it arrives.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import checking, packing, register, sending
from tongban.desks.cases.partners.checking import Package
from tongban.desks.cases.partners.contracts import LetterRefused, Mode, PartnerInfo, Received, Told
from tongban.desks.cases.partners.models import Heard, Incoming
from tongban.kernel import api as kernel
from tongban.kernel.calendar.selectors import calendar_for
from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.services import attach_many, store
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import MatterSpec

FRONT_DESK = "dsj"
HOURS_A_DAY, USUAL_DAYS = 7, 20
Files = Mapping[str, bytes]


def receive(statement: Mapping[str, Any], files: Files, *, at: datetime) -> Received:
    """Take a package.

    :param files: contents by whatever name; only their digests count
    :raises LetterRefused: it is not taken and nothing of it was kept; says why and what is possible
    """
    partner = checking.partner_of(statement)
    checking.authentic(statement, partner, at=at)
    given = checking.package(statement["payload"])
    digest = packing.digest_of(statement["payload"])
    if first := checking.replayed(partner, given.id, digest):
        return _receipt(first.docket_id, first.docket.number, replayed=True)
    checking.fresh(statement, at=at)
    checking.whole(statement["payload"], files)
    spec = _matter(given, partner)
    kept = _keep(given, files, at=at)
    with kernel.writing():
        if first := checking.replayed(partner, given.id, digest):  # another process took it at this moment
            return _receipt(first.docket_id, first.docket.number, replayed=True)
        open_one = _mended(given, partner)
        if open_one is not None:
            docket = _supply(open_one, given, kept, at=at)
        else:
            docket = _open(given, spec, kept, partner, at=at)
        Heard.objects.create(
            partner_id=partner.region, letter=given.id, digest=digest, docket_id=docket, at=at
        )
        receipt = _receipt(docket, kernel.docket_by_id(docket, actor=kernel.SYSTEM).number)
        _acknowledge(given, receipt, docket, partner, at=at)
    return receipt


def _receipt(docket: int, number: str, *, replayed: bool = False) -> Received:
    return Received(number, replayed, cases.application_of(docket).promised_on)


def _matter(given: Package, partner: PartnerInfo) -> MatterSpec:
    """The matter as it is handled in the place meant. :raises LetterRefused: not ours, or not agreed for across places"""
    region = checking.our_place(given.to.region)
    spec = catalogue.matters([given.matter.code], region).get(given.matter.code)
    if spec is None or not register.agreed(spec, partner):
        raise LetterRefused(
            422, "unknown_matter", _("“%s”不在与贵地的跨域通办清单上。") % (given.matter.name or given.matter.code),
            possible=_("清单见 GET /api/v1/partners/matters；清单外的请申请人在网上提交，或到办理地窗口。"),
        )  # fmt: skip
    if given.mode == Mode.ONLINE or given.mode not in partner.modes:
        raise LetterRefused(
            422, "unknown_matter", _("与贵地没有“%s”的约定。") % given.mode.label,
            possible=_("请改用约定的模式：%s。") % "、".join(str(Mode(one).label) for one in partner.modes),
        )  # fmt: skip
    if given.situation and given.situation not in {one.key for one in spec.situations}:
        raise LetterRefused(
            422, "unknown_matter", _("没有“%s”这种情形。") % given.situation,
            possible=_("可以是：%s。") % ("、".join(one.key for one in spec.situations) or "—"),
        )  # fmt: skip
    return spec


def _keep(given: Package, files: Files, *, at: datetime) -> dict[str, str]:
    """Check and store every file; gives by digest of the manifest the digest of what is kept (pictures are drawn anew)."""
    named = {file.digest: file.name for paper in given.materials for file in paper.files}
    kept = {}
    for content in files.values():
        digest = packing.content_digest(content)
        try:
            kept[digest] = store(content=content, name=named[digest], at=at).digest
        except UploadError as error:
            raise LetterRefused(
                422, "files", f"“{named[digest]}”：{error.message}",
                possible=_("请换成PDF、照片或Office文件后整包重发；没有收下任何内容。"),
            ) from error  # fmt: skip
    return kept


def _party(given: Package, *, actor: kernel.Actor, at: datetime) -> str:
    """The applicant, known here or registered now. :raises LetterRefused: a wrong number, or another name under it"""
    told = given.applicant
    try:
        if told.kind == "person":
            number = actors.resident_id(told.number)
            found = actors.find_person(number) or actors.register_person(
                name=told.name, resident_id=number, phone=told.phone, address=told.address, region="", actor=actor, at=at,
            )  # fmt: skip
        else:
            number = actors.credit_code(told.number)
            found = actors.find_organisation(number) or actors.register_organisation(
                name=told.name, uscc=number, type="", address=told.address, region="", phone=told.phone,
                legal_representative="", actor=actor, at=at,
            )  # fmt: skip
    except ValidationError as error:
        raise LetterRefused(
            422, "applicant", " ".join(error.messages), possible=_("请收件窗口核对证件后整包重发。")
        ) from error
    if actors.party_facts(found).name != told.name.strip():
        raise LetterRefused(
            422, "applicant", _("申请人的姓名或名称与证件号码在本市的登记不一致。"),
            possible=_("请收件窗口核对证件后整包重发；确实改过名的，请申请人先更新登记。"),
        )  # fmt: skip
    return found


def _open(
    given: Package, spec: MatterSpec, kept: Mapping[str, str], partner: PartnerInfo, *, at: datetime
) -> int:
    """One application with one case, at the front desk of the place meant."""
    outside = kernel.Actor(f"partner:{partner.region}", name=partner.unit)
    party = _party(given, actor=outside, at=at)
    desk = actors.unit_for(department=FRONT_DESK, region=given.to.region)
    unit = actors.live_unit(spec.unit) or actors.unit_for(department=spec.department, region=given.to.region)
    if desk is None or unit is None:
        raise LetterRefused(
            422, "wrong_place", _("“%s”没有承办单位。") % given.to.place, possible=_("请发给所属县区。")
        )
    days = _days(spec)
    own = cases.CaseAsked(
        matter=spec.code, name=spec.name, unit=unit.id, promised_days=days,
        legal_days=spec.legal_limit.amount if spec.legal_limit else USUAL_DAYS, situation=given.situation,
        case_kind=spec.case_kind, implementation_code=spec.implementation_code,
        results=tuple(result.name for result in spec.results),
    )  # fmt: skip
    asked = cases.Submission(
        title=spec.name, subject=spec.code, applicant=party, region=given.to.region, unit=desk.id, cases=(own,),
        materials=tuple(_materials(given, kept, spec.code)), form=dict(given.form), channel="partner",
        promised_on=calendar_for(given.to.region).workday_after(actors.day_of(at), max(days, 1)),
        received_from=partner.region,
    )  # fmt: skip
    sender = kernel.Actor(outside.id, name=outside.name, parties=frozenset({party}))
    try:
        receipt = cases.submit(asked, actor=sender, at=at)
    except cases.SubmissionRefused as refused:
        words = "；".join(dict.fromkeys([refused.reason, *refused.fields.values()]))
        raise LetterRefused(422, "files", words, possible=refused.possible) from refused
    Incoming.objects.create(
        application_id=receipt.docket, partner_id=partner.region, mode=given.mode, foreign_number=given.number,
        foreign_unit=given.sender.unit, package=given.id, received_at=at,
    )  # fmt: skip
    return receipt.docket


def _days(spec: MatterSpec) -> int:
    limit = spec.promised_limit or spec.legal_limit
    if limit is None:
        return USUAL_DAYS
    return -(-limit.amount // HOURS_A_DAY) if limit.unit == "working_hours" else limit.amount


def _materials(given: Package, kept: Mapping[str, str], matter: str) -> list[cases.MaterialGiven]:
    return [
        cases.MaterialGiven(
            paper.key, paper.name, "upload" if paper.files else "paper", (matter,),
            files=tuple((kept[file.digest], file.name) for file in paper.files),
        )
        for paper in given.materials
    ]  # fmt: skip


def _mended(given: Package, partner: PartnerInfo) -> Incoming | None:
    """The application that a mended package belongs to, while it waits for papers."""
    if not given.replaces:
        return None
    row = Incoming.objects.select_related("application").filter(
        partner_id=partner.region, foreign_number=given.number, application__closed_at=None
    ).first()  # fmt: skip
    if row is not None and row.application.state != "supplement":
        raise LetterRefused(
            409, "over", _("这件在办，没有等补正。"), possible=_("要撤回请发withdrawn，再重新移交。")
        )
    return row


def _supply(row: Incoming, given: Package, kept: Mapping[str, str], *, at: datetime) -> int:
    """The papers that were asked for: attached, and the cases go on."""
    docket = row.application
    sender = kernel.Actor(f"partner:{row.partner_id}", parties=frozenset({docket.applicant}))
    files = [(paper.key, kept[file.digest], file.name) for paper in given.materials for file in paper.files]
    attach_many(files, docket_id=docket.pk, by=sender.id, at=at)
    Incoming.objects.filter(pk=row.pk).update(package=given.id)
    keys = [paper.key for paper in given.materials if paper.files]
    kernel.perform(docket.pk, "supply", actor=sender, at=at, data={"materials": keys})
    return docket.pk


def _acknowledge(
    given: Package, receipt: Received, docket: int, partner: PartnerInfo, *, at: datetime
) -> None:
    row = kernel.docket_by_id(docket, actor=kernel.SYSTEM)
    payload = packing.news(
        letter=f"{given.id}.{Told.ACKNOWLEDGED.value}", package=given.id, told=Told.ACKNOWLEDGED.value,
        home=packing.home_of(row.unit), number=receipt.number, at=at,
        promised_on=receipt.promised_on.isoformat() if receipt.promised_on else "",
    )  # fmt: skip
    sending.queue_news(payload, partner=partner.region, docket=docket, at=at + timedelta(seconds=1))
