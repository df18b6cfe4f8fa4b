"""Read sessions. The caller has passed access."""

from __future__ import annotations

from datetime import datetime

from tongban.desks.remote.access import begun_by
from tongban.desks.remote.contracts import (
    IDLE,
    UNANSWERED,
    DraftRef,
    ProposalView,
    Remark,
    SessionView,
    Side,
)
from tongban.desks.remote.models import Proposal, RemoteSession
from tongban.desks.remote.services import side_of
from tongban.kernel import api as kernel


def session_of(row: kernel.DocketRow, actor: kernel.Actor) -> SessionView:
    """A session as one side sees it; the video's address only while it is shared, and only for who takes part."""
    own = RemoteSession.objects.get(docket_id=row.id)
    side = side_of(row, actor)
    video = {Side.NEAR.value: own.near_link, Side.FAR.value: own.far_link}.get(side, "")
    return SessionView(
        docket=row.id, number=row.number, state=row.state, shared=own.shared_id, near_unit=own.near_unit,
        near_officer=begun_by(row), far_unit=row.unit, far_officer=row.officer, place=own.place,
        consent=str(own.get_consent_display()), opened_at=row.opened_at, joined_at=own.joined_at,
        ends_at=own.active_at + (IDLE if row.state == "live" else UNANSWERED), pointed=own.pointed,
        revision=own.turns, side=side, video=video if row.state == "live" else "", outcome=row.outcome, said=own.said,
        draft=None if own.shared_id else DraftRef(own.draft_owner, own.draft_subject, own.draft_key),
    )  # fmt: skip


def remarks_of(row: kernel.DocketRow, *, at: datetime) -> list[Remark]:
    """What was said on the shared page, the last first; what is erased says nothing."""
    entries = kernel.history(row.number, at=at, with_personal=True)
    return [
        Remark(one.at, one.actor, one.unit, str((one.personal or {}).get("text", "")))
        for one in reversed(entries)
        if one.act == "remark"
    ]


def proposals_of(session: int) -> list[ProposalView]:
    """What was proposed, the last first, with what became of it."""
    return [
        ProposalView(
            id=one.pk, element=one.element, answer=one.answer, answer_words=str(one.get_answer_display()), by=one.by,
            at=one.proposed_at, value=one.value, before=one.before,
        )
        for one in Proposal.objects.filter(session_id=session).order_by("-pk")
    ]  # fmt: skip


def sessions(actor: kernel.Actor, *, open_only: bool, size: int) -> list[kernel.DocketRow]:
    """Sessions that an officer sees, the newest first."""
    found = kernel.page(actor, kernel.Filters(kind="remote", open_only=open_only), size=size)
    return list(found.rows)


def about(shared: int) -> list[int]:
    """Dockets of the sessions about a docket, the newest first."""
    rows = RemoteSession.objects.filter(shared_id=shared).order_by("-docket_id")
    return list(rows.values_list("docket_id", flat=True))


def places_of(dockets: list[int]) -> dict[int, str]:
    """The unit at whose window each session was begun; one query."""
    return dict(RemoteSession.objects.filter(docket_id__in=dockets).values_list("docket_id", "near_unit"))
