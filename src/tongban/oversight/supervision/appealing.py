"""A unit says why it was late, or that the mark is wrong; the supervisor of the division above decides."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel import api as kernel
from tongban.kernel.calendar.selectors import calendar_for
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.services import attach, store
from tongban.kernel.flow.step import Step
from tongban.oversight.supervision import access
from tongban.oversight.supervision.contracts import KIND, Colour, SupervisionError
from tongban.oversight.supervision.days import last_day
from tongban.oversight.supervision.flow import APPEAL
from tongban.oversight.supervision.models import Appeal, Mark
from tongban.oversight.supervision.pack import rules
from tongban.oversight.supervision.rules import after

SLOT = "evidence"
_OPENING = ("kind", "unit", "region", "channel", "subject", "party", "parent")


class Evidence(NamedTuple):
    """A file that supports an appeal, as it was handed in."""

    content: Any
    name: str


class Said(NamedTuple):
    """What an appeal says: a ground of the pack, and the facts."""

    ground: str
    words: str


def stream_of(mark: Mark) -> str:
    """Where the ledger has what became of a warning."""
    return f"warning:{mark.clock}"


def explain(*, mark: int, reason: str, words: str, actor: kernel.Actor, at: datetime) -> Mark:
    """Give the reason of a late mark; given again it takes the place of the first one, and the ledger has both.

    :raises SupervisionError: not late, not theirs, no such reason
    """
    with kernel.writing():
        row = _locked(mark, actor)
        if reason not in rules().reasons:
            raise SupervisionError(_("没有这个原因。"), possible=_("请从列出的原因里选一个。"), code="reason")
        if len(words.strip()) < 2:
            raise SupervisionError(
                _("请写清楚为什么超期。"), possible=_("写明经过和打算怎么办。"), code="words"
            )
        row.reason, row.words, row.explained_at, row.explained_by = reason, words.strip(), at, actor.id
        row.next_at = None
        row.save(update_fields=["reason", "words", "explained_at", "explained_by", "next_at"])
        said = {"docket": row.docket.number, "limit": row.limit, "reason": reason}
        kernel.record(
            stream=stream_of(row), act="explain", actor=actor, at=at, data=said, personal={"words": row.words}
        )
    return row


def lodge(
    *,
    mark: int,
    ground: str,
    words: str,
    actor: kernel.Actor,
    at: datetime,
    evidence: Evidence | None = None,
    key: str = "",
) -> str:
    """Appeal against a late mark; gives the number of the appeal.

    :param key: idempotency key; the same one again gives the same appeal
    :raises SupervisionError: why it cannot be appealed against, and what can be done
    :raises UploadError: the file cannot be taken; nothing is kept
    """
    said = Said(ground, words.strip())
    if again := _refuse(_locked(mark, actor, lock=False), said, at):
        return again
    stored = None
    if evidence is not None and evidence.name:
        stored = store(content=evidence.content, name=evidence.name, at=at), evidence.name
    with kernel.writing():  # whoever appeals at the same moment waits here, and then sees this appeal
        row = _locked(mark, actor)
        return _refuse(row, said, at) or _open(row, said, actor=actor, at=at, key=key, stored=stored)


def _refuse(row: Mark, said: Said, at: datetime) -> str:
    """The number of the same appeal where it was lodged before. :raises SupervisionError: why it cannot be lodged"""
    if said.ground not in rules().grounds:
        raise SupervisionError(_("没有这个申诉理由。"), possible=_("请从列出的理由里选一个。"), code="ground")
    if len(said.words) < 10:
        raise SupervisionError(
            _("事实和理由写得太少。"), possible=_("至少写十个字：发生了什么、有什么依据。"), code="words"
        )
    known = Appeal.objects.filter(mark=row.pk, docket__closed_at=None).select_related("docket").first()
    if known is not None and known.ground == said.ground and known.words == said.words:
        return known.docket.number
    if refusal := why_not(row, at=at):
        raise SupervisionError(refusal, code="closed")
    return ""


def _open(
    row: Mark,
    said: Said,
    *,
    actor: kernel.Actor,
    at: datetime,
    key: str,
    stored: tuple[StoredFile, str] | None,
) -> str:
    opening = kernel.Opening(
        kind=KIND, way="lodge", title=_title(row), unit=_judging_unit(row, at), region=_home(row), subject=row.unit,
        officer="", data={"docket": row.docket.number, "limit": row.limit, "ground": said.ground},
        personal={"words": said.words}, spans={"judge": rules().judge},
    )  # fmt: skip
    (made,), replayed = kernel.open_dockets([opening], actor=actor, at=at, key=key, unit=row.unit)
    if not replayed:
        Appeal.objects.create(
            docket_id=made.id, mark=row, unit=row.unit, ground=said.ground, words=said.words
        )
        Mark.objects.filter(pk=row.pk).update(appeal=made.id)
        kernel.link(source=row.docket_id, target=made.id, kind="causes", at=at)
        if stored is not None:
            file, name = stored
            attach(docket_id=made.id, slot=SLOT, file=file, name=name, by=actor.id, at=at)
    return made.number


def why_not(mark: Mark, *, at: datetime) -> str:
    """Why a mark cannot be appealed against now; empty when it can."""
    if mark.colour != Colour.RED or (mark.over_at is not None and mark.outcome != "missed"):
        return _("这个期限没有超期，不用申诉。")
    if mark.over_at is None:
        return _("事情还没有办完，先办完再申诉；现在可以说明原因。")
    if mark.excused_at is not None:
        return _("申诉已经成立，这次不算超期。")
    until = until_when(mark)
    late = _("过了申诉的期限（%s以前，含当天）。") % last_day(until) if at >= until else ""
    return _appealed(mark) or late


def _appealed(mark: Mark) -> str:
    """Why an earlier appeal leaves no other; one that was withdrawn does."""
    earlier = Appeal.objects.filter(mark=mark.pk).select_related("docket").order_by("-pk").first()
    if earlier is None or earlier.docket.outcome == "withdrawn":
        return ""
    if earlier.docket.closed_at is None:
        return _("已经申诉，编号%s，等待裁定。") % earlier.docket.number
    return _("申诉已经裁定不成立，编号%s，一次超期只裁定一次。") % earlier.docket.number


def until_when(mark: Mark) -> datetime:
    """Until when a mark may be appealed against: so many working days after the limit ended, or was found to have."""
    started = max(mark.over_at or mark.seen_at, mark.seen_at)
    return after(rules().appeal, started, calendar_for(mark.region))


def _locked(key: int, actor: kernel.Actor, *, lock: bool = True) -> Mark:
    rows = Mark.objects.select_related("docket").filter(access.readable(actor), pk=key)
    row = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if row is None:
        raise SupervisionError(_("没有这条预警，或者您无权查看。"), code="unknown")
    if not access.may_explain(actor, row.unit):
        raise SupervisionError(_("由超期单位的负责人说明或申诉。"), code="not_yours")
    if row.colour != Colour.RED:
        raise SupervisionError(_("这个期限没有超期，不用说明。"), code="not_late")
    return row


def _title(mark: Mark) -> str:
    """In Chinese, whoever lodges it in which language: all read the same one."""
    return f"{mark.docket.number}“{mark.label or mark.limit}”超期申诉"


def _home(mark: Mark) -> str:
    """The division of the unit that appeals."""
    found = actors.live_unit(mark.unit)
    return found.region if found is not None else mark.region


def _judging_unit(mark: Mark, at: datetime) -> str:
    """The unit whose supervisor judges: of the nearest division above that has one, never the unit itself."""
    for region in access.judging_regions(_home(mark)):
        for _officer, unit in actors.overseers(role=Role.SUPERVISOR, region=region, at=at):
            if unit != mark.unit:
                return unit
    raise SupervisionError(
        _("上级没有设效能监督岗，没有谁可以裁定。"), possible=_("请管理员先在上级单位设岗。"), code="nobody"
    )


@APPEAL.effect("uphold")
def _uphold(step: Step) -> None:
    """The mark is taken away; the ledger says which limit, so that the figures can be reckoned from it alone."""
    mark = Mark.objects.select_for_update().get(appeals=step.docket.id)
    if mark.excused_at is not None or mark.over_at is None:
        raise step.refuse(_("这次超期已经不算了。"), code="excused")
    step.note(excuses=_excuse(mark))
    mark.excused_at, mark.next_at = step.at, None
    mark.save(update_fields=["excused_at", "next_at"])


def _excuse(mark: Mark) -> dict[str, Any]:
    """The missed limit with what its docket was, as the facts know it; a docket about a person names nobody."""
    first = kernel.written([mark.docket.number])
    body = json.loads(next(iter(first)).body)
    known = {name: str(body.get(name, "")) for name in _OPENING}
    if known["subject"].startswith(("person:", "organisation:", "officer:")):
        known["subject"] = known["subject"].partition(":")[0]
    assert mark.over_at is not None
    return {
        **known, "unit": mark.unit, "docket": mark.docket.number, "clock": mark.limit, "opened": mark.docket.opened_at.isoformat(),
        "started": mark.started_at.isoformat(), "due": mark.due_at.isoformat(), "ended": mark.over_at.isoformat(),
    }  # fmt: skip
