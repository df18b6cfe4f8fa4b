"""News from a partner: how a package of ours goes on there, or what became of one that it handed to us."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.cases.partners import asking, checking, packing
from tongban.desks.cases.partners.checking import News
from tongban.desks.cases.partners.contracts import LetterRefused, PartnerInfo, Received, Told
from tongban.desks.cases.partners.models import Handover, Heard, Incoming
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.services import attach, store
from tongban.kernel.prepared import Prepared

RESULT_SLOT = "partner-result"
"""Slot of the files that came back with the result."""
ANSWER_SLOT = "partner-answer"
"""Slot of the files that came with the answer to an inquiry."""
ASKED = ("asked", "asked_why", "asked_purpose", "asked_by", "asked_letter", "asked_times")


def hear(statement: Mapping[str, Any], files: Mapping[str, bytes], *, at: datetime) -> Received:
    """Take news; the same again changes nothing.

    :raises LetterRefused: they are not taken; says why and what is possible
    """
    partner = checking.partner_of(statement)
    checking.authentic(statement, partner, at=at)
    given = checking.news(statement["payload"])
    digest = packing.digest_of(statement["payload"])
    if first := checking.replayed(partner, given.id, digest):
        return Received(first.docket.number, replayed=True)
    checking.fresh(statement, at=at)
    checking.whole(statement["payload"], files)
    own = _ours(given, partner)
    theirs = None if own else _theirs(given, partner)
    taken = files.values() if own or given.told == Told.ANSWER else ()
    kept = [(store_result(given, content, at=at), _name(given, content)) for content in taken]
    with kernel.writing():
        if first := checking.replayed(partner, given.id, digest):
            return Received(first.docket.number, replayed=True)
        try:
            docket = _about_ours(own, given, at=at) if own else _about_theirs(theirs, given, at=at)
        except kernel.MoveRefused as refused:
            raise LetterRefused(
                409, "over", str(refused), possible=_("请查看这件现在的状态；没有收下任何内容。")
            ) from refused
        for file, name in kept:
            attach(
                docket_id=docket,
                slot=RESULT_SLOT if own else ANSWER_SLOT,
                file=file,
                name=name,
                by=f"partner:{partner.region}",
                at=at,
            )
        Heard.objects.create(
            partner_id=partner.region, letter=given.id, digest=digest, docket_id=docket, at=at
        )
    return Received(kernel.docket_by_id(docket, actor=kernel.SYSTEM).number)


def store_result(given: News, content: bytes, *, at: datetime) -> Any:
    """A file that came with news, checked like any upload."""
    try:
        return store(content=content, name=_name(given, content), at=at)
    except UploadError as error:
        raise LetterRefused(422, "files", error.message, possible=_("请换成PDF后重发。")) from error


def _name(given: News, content: bytes) -> str:
    digest = packing.content_digest(content)
    return next(file.name for file in given.files if file.digest == digest)


_SENT = Prepared(
    lambda partner, package: Handover.objects.select_related("docket").filter(
        partner_id=partner, package=package
    )
)


def _ours(given: News, partner: PartnerInfo) -> Handover | None:
    row = _SENT.first(partner=partner.region, package=given.package)
    if row is None:
        return None
    if given.told in {Told.ANSWER, Told.WITHDRAWN}:
        raise LetterRefused(422, "unreadable", _("这件是本地移交给贵地的。"), possible=_("请发进展或结果。"))
    if given.told == Told.RECALLED and given.answers != row.asked_letter:
        raise LetterRefused(
            404, "unknown_question", _("没有编号为%s的协查函。") % given.answers, possible=_("请核对编号。")
        )
    return row


def _theirs(given: News, partner: PartnerInfo) -> Incoming:
    row = (
        Incoming.objects.select_related("application")
        .filter(partner_id=partner.region, package=given.package)
        .first()
    )
    if row is None:
        raise LetterRefused(
            404, "unknown_package", _("没有编号为%s的数据包。") % given.package[:80],
            possible=_("请核对编号；补正以后以最新一份为准。"),
        )  # fmt: skip
    return row


def _about_ours(own: Handover, given: News, *, at: datetime) -> int:
    """What the partner tells about a package of ours: a move of its docket, and what is kept beside it."""
    move, data = _move_of(given)
    known_already = given.told == Told.ACKNOWLEDGED and own.docket.state in {"acknowledged", "assisting"}
    if not known_already:  # what came later said so
        kernel.perform(own.docket_id, move, actor=kernel.SYSTEM, at=at, data=data)
    if given.number:
        own.foreign_number = given.number
    if given.told == Told.ACKNOWLEDGED and given.promised_on:
        own.foreign_due = given.promised_on
    if given.told == Told.ASKS:
        own.asked, own.asked_why, own.asked_purpose = given.said, given.reason, str(given.purpose)
        own.asked_by, own.asked_letter = given.answer_by or None, given.id
        own.asked_times += 1
    if given.told == Told.RESULT:
        own.result = json.dumps(
            {
                "outcome": given.outcome,
                "said": given.said,
                "results": given.results,
                "at": given.at.isoformat(),
                "unit": given.sender.unit,
            },
            ensure_ascii=False,
        )
    own.save(update_fields=[*ASKED, "foreign_number", "foreign_due", "result"])
    return own.docket_id


def _move_of(given: News) -> tuple[str, dict[str, Any]]:
    said = given.said or str(given.told.label)
    if given.told == Told.ACKNOWLEDGED:
        return "acknowledge", {"number": given.number, "promised_on": str(given.promised_on) or None}
    if given.told == Told.RETURNED:
        return "send_back", {"reason": said[:500] if len(said) > 1 else _("请补正"), "papers": given.papers}
    if given.told == Told.RESULT:
        return "bring_back", {"outcome": given.outcome or "granted"}
    if given.told == Told.ASKS:
        more = {"purpose": str(given.purpose), "reason": given.reason, "answer_by": given.answer_by or None}
        return "ask_here", {"said": said, **more}
    return ("recall" if given.told == Told.RECALLED else "progress"), {"said": said}


def _about_theirs(row: Incoming | None, given: News, *, at: datetime) -> int:
    """What the receiving place tells about an application decided here."""
    assert row is not None
    docket = row.application
    if given.told == Told.ANSWER:
        return asking.answered(row, given, at=at)
    if given.told != Told.WITHDRAWN:
        raise LetterRefused(
            422,
            "unreadable",
            _("这件由本市办理，进展由本市告知贵地。"),
            possible=_("可以发withdrawn撤回，或用answer答复协查函。"),
        )
    sender = kernel.Actor(f"partner:{row.partner_id}", parties=frozenset({docket.applicant}))
    reason = given.said or _("申请人在收件地表示不办了")
    kernel.perform(docket.pk, "withdraw", actor=sender, at=at, data={"reason": reason})
    return docket.pk
