"""A session about an unfinished application: begun by who fills it in, values proposed and answered, followed when sent.

This desk knows no draft: whoever does is connected as a `DraftDesk` by the face that offers sharing one.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from tongban.desks.remote import access
from tongban.desks.remote.contracts import Answer, DraftDesk, DraftRef, RemoteRefused
from tongban.desks.remote.flow import REMOTE
from tongban.desks.remote.models import Proposal, RemoteSession
from tongban.desks.remote.services import OPEN, checked, drop_open, opened
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.prepared import Prepared

MOST_OPEN = 20
"""Proposals that may wait for an answer at once."""
_connected: list[DraftDesk] = []


def connect(desk: DraftDesk) -> None:
    """Have drafts read and written by `desk`; the last one counts."""
    _connected[:] = [desk]


def begin_on_draft(
    *, draft: DraftRef, title: str, applicant: str, region: str, far_unit: str, place: str, consent: str,
    actor: kernel.Actor, at: datetime, key: str = "",
) -> str:  # fmt: skip
    """Invite an officer of a unit to look at an unfinished application with who fills it in.

    :param actor: the applicant, somebody of theirs, or an officer who fills it in for them by authority
    :param consent: see `services.consents_for`
    :returns: number of the session
    :raises RemoteRefused: no consent, the wrong unit, one is open already, or the link is down: nothing is kept
    """
    unit = checked(far_unit, consent, actor)
    if open_on(draft.key):
        raise RemoteRefused(
            _("这份草稿已经有一个远程窗口在等或在共享。"), possible=_("请先接着用，或结束它。")
        )
    opening = kernel.Opening(
        kind="remote", way="ask_help", title=_("远程窗口：%s") % title, unit=unit.id, applicant=applicant,
        agent="" if actor.id == applicant else actor.id, region=region,
        channel="window" if actor.is_officer else access.HOME, subject=draft.subject,
        data={"draft": draft.subject, "near": actor.unit or "home", "far": unit.id, "consent": consent},
    )  # fmt: skip
    return opened(
        opening, unit, place=place, consent=consent, actor=actor, at=at, key=key, shared_id=None,
        draft_owner=draft.owner, draft_subject=draft.subject, draft_key=draft.key,
    )  # fmt: skip


_OPEN_ON = Prepared(
    lambda key: RemoteSession.objects.filter(draft_key=key, docket__state__in=OPEN).values_list(
        "docket_id", flat=True
    )
)


def open_on(key: str) -> list[int]:
    """Dockets of the open sessions about a draft; one query, which every submission makes."""
    return list(_OPEN_ON(key=key)) if key else []


def followed(key: str, number: str, at: datetime) -> None:
    """The draft has become the docket `number`: its open sessions go on with that."""
    for docket in open_on(key):
        kernel.perform(docket, "follow", actor=kernel.SYSTEM, at=at, data={"shared": number})


@REMOTE.effect("follow")
def _follow(step: Step) -> None:
    shared = kernel.docket(step.data.model_dump()["shared"], actor=kernel.SYSTEM)
    own = RemoteSession.objects.filter(docket_id=step.docket.id)
    own.update(shared_id=shared.id, pointed="", active_at=step.at, turns=F("turns") + 1)
    drop_open(step.docket.id, at=step.at)


@REMOTE.effect("propose")
def _propose(step: Step) -> None:
    own, said = _of(step), step.data.model_dump()
    if Proposal.objects.filter(session=own, answer=Answer.OPEN).count() >= MOST_OPEN:
        raise step.refuse(_("还有%d条建议等答复，请先等申请人答复。") % MOST_OPEN)
    try:
        value, before = _connected[0].proposed(
            _ref(own), element=said["element"], typed=said["value"], at=step.at
        )
    except RemoteRefused as refused:
        raise step.refuse(refused.reason, possible=refused.possible) from refused
    same = Proposal.objects.filter(session=own, element=said["element"], answer=Answer.OPEN)
    same.update(answer=Answer.DROPPED, answered_at=step.at)
    made = Proposal.objects.create(
        session=own,
        element=said["element"],
        value=value,
        before=before,
        by=step.actor.id,
        proposed_at=step.at,
    )
    step.note(proposal=made.pk, element=made.element)
    _touched(own, step.at)


@REMOTE.effect("accept")
def _accept(step: Step) -> None:
    own, said = _of(step), step.data.model_dump()
    found = _waiting(step, own, said["proposal"])
    try:
        value, now = _connected[0].proposed(_ref(own), element=found.element, typed=found.value, at=step.at)
        if now not in {found.before, value} and not said["anyway"]:
            raise step.refuse(
                _("您在这期间改过这一项，没有动您填的。"),
                possible=_("看一下现在填的，再选“仍然采用”或“不采用”。"),
            )
        _connected[0].put(_ref(own), element=found.element, typed=value, at=step.at)
    except RemoteRefused as refused:
        raise step.refuse(refused.reason, possible=refused.possible) from refused
    _answered(step, own, found, Answer.ACCEPTED)


@REMOTE.effect("refuse")
def _refuse(step: Step) -> None:
    own = _of(step)
    _answered(step, own, _waiting(step, own, step.data.model_dump()["proposal"]), Answer.DECLINED)


def _of(step: Step) -> RemoteSession:
    return RemoteSession.objects.get(docket_id=step.docket.id)


def _ref(own: RemoteSession) -> DraftRef:
    return DraftRef(own.draft_owner, own.draft_subject, own.draft_key)


def _waiting(step: Step, own: RemoteSession, proposal: int) -> Proposal:
    found = Proposal.objects.filter(session=own, pk=proposal).first()
    if found is None:
        raise step.refuse(_("这个远程窗口里没有这条建议。"))
    if found.answer != Answer.OPEN:
        raise step.refuse(_("这条建议已经答复过，或已经作废。"))
    return found


def _answered(step: Step, own: RemoteSession, found: Proposal, answer: Answer) -> None:
    found.answer, found.answered_at = answer, step.at
    found.save(update_fields=["answer", "answered_at"])
    step.note(element=found.element)
    _touched(own, step.at)


def _touched(own: RemoteSession, at: datetime) -> None:
    RemoteSession.objects.filter(pk=own.pk).update(active_at=at, turns=F("turns") + 1)
