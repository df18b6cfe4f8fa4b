"""Beginning a session, what its moves do, what both sides share, and its end by time."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.remote import links
from tongban.desks.remote.access import begun_by
from tongban.desks.remote.contracts import (
    IDLE,
    UNANSWERED,
    Answer,
    Consent,
    LinkDownError,
    RemoteRefused,
    Side,
)
from tongban.desks.remote.flow import REMOTE
from tongban.desks.remote.models import Proposal, RemoteSession
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step

BATCH = 200
OPEN = ("invited", "live")


def begin(
    *, shared: kernel.DocketRow, far_unit: str, place: str, consent: str, actor: kernel.Actor, at: datetime,
    key: str = "",
) -> str:  # fmt: skip
    """Invite an officer of a unit to look at a docket together.

    :param shared: a docket that the actor sees
    :param consent: how the applicant agreed, see `Consent`
    :returns: number of the session
    :raises RemoteRefused: no consent, the wrong unit, one is open already, or the link is down (`down`): nothing is kept
    """
    unit = checked(far_unit, consent, actor)
    if shared.closed_at is not None:
        raise RemoteRefused(_("这件已经办结，不用再请远程窗口。"), possible=_("有疑问可以给承办单位打电话。"))
    if RemoteSession.objects.filter(shared_id=shared.id, docket__state__in=OPEN).exists():
        raise RemoteRefused(_("这件已经有一个远程窗口在等或在共享。"), possible=_("请先接着用，或结束它。"))
    opening = kernel.Opening(
        kind="remote", way="invite", title=_("远程窗口：%s") % shared.title, unit=unit.id, applicant=shared.applicant,
        agent=actor.id, region=shared.region, channel="window", subject=shared.subject,
        data={"shared": shared.number, "near": actor.unit, "far": unit.id, "consent": consent},
    )  # fmt: skip
    return opened(
        opening, unit, place=place, consent=consent, actor=actor, at=at, key=key, shared_id=shared.id
    )


def opened(
    opening: kernel.Opening, unit: actors.UnitInfo, *, place: str, consent: str, actor: kernel.Actor, at: datetime,
    key: str, **about: object,
) -> str:  # fmt: skip
    """Link the two sides and open the session; nothing is kept when the link is down.

    :param about: what is shared, as fields of `RemoteSession`
    :raises RemoteRefused: see `begin`
    """
    try:
        room = links.link(near=actor.unit, far=unit.id, at=at)
    except LinkDownError as error:
        raise RemoteRefused(_("远程窗口现在连不上。"), possible=ordinary_ways(unit), down=True) from error
    with kernel.writing():
        (row,), replayed = kernel.open_dockets([opening], actor=actor, at=at, key=key)
        if not replayed:
            RemoteSession.objects.create(
                docket_id=row.id, near_unit=actor.unit, place=" ".join(place.split())[:100], consent=consent,
                consented_at=at, near_link=room.near, far_link=room.far, active_at=at, **about,
            )  # fmt: skip
    return row.number


def checked(far_unit: str, consent: str, actor: kernel.Actor) -> actors.UnitInfo:
    """The unit that is asked. At a window consent is spoken or signed, at home it is given online.

    :raises RemoteRefused: no consent, or no such unit
    """
    unit, fields = actors.live_unit(far_unit), {}
    if consent not in consents_for(actor):
        fields["consent"] = (
            _("先征得申请人同意，再选一项。") if actor.is_officer else _("请先同意，再请远程窗口。")
        )
    if unit is None or unit.id != far_unit:
        fields["far"] = _("请选一个承办单位。")
    if fields:
        raise RemoteRefused(_("还有%d处要补。") % len(fields), fields=fields)
    assert unit is not None
    return unit


def consents_for(actor: kernel.Actor) -> dict[str, str]:
    """The ways in which consent is given on this side, with their words."""
    ways = (Consent.SPOKEN, Consent.SIGNED) if actor.is_officer else (Consent.ONLINE,)
    return {one.value: str(one.label) for one in ways}


def ordinary_ways(unit: actors.UnitInfo) -> str:
    """What the window can do without a remote window."""
    if unit.phone:
        return _("可以打%(unit)s电话 %(phone)s，或照常代收，由承办单位在期限内办；稍后也可以再试。") % {
            "unit": unit.name, "phone": unit.phone,
        }  # fmt: skip
    return _("可以照常代收，由承办单位在期限内办；稍后也可以再试。")


@REMOTE.effect("join")
def _joined(step: Step) -> None:
    step.assign(officer=step.actor.id)
    RemoteSession.objects.filter(docket_id=step.docket.id).update(joined_at=step.at, active_at=step.at)


@REMOTE.effect("remark")
def _remarked(step: Step) -> None:
    RemoteSession.objects.filter(docket_id=step.docket.id).update(active_at=step.at, turns=F("turns") + 1)


@REMOTE.effect("end", "time_out", "decline", "call_off")
def _over(step: Step) -> None:
    """The room is closed for both: what was shared is no longer shown, and its addresses are forgotten."""
    said = step.data.model_dump().get("said", "")
    RemoteSession.objects.filter(docket_id=step.docket.id).update(
        near_link="", far_link="", pointed="", active_at=step.at, said=said
    )
    drop_open(step.docket.id, at=step.at)


def drop_open(session: int, *, at: datetime) -> None:
    """What nobody answered in time is proposed no more."""
    open_ones = Proposal.objects.filter(session_id=session, answer=Answer.OPEN)
    open_ones.update(answer=Answer.DROPPED, answered_at=at)


def point(*, docket: kernel.DocketRow, key: str, actor: kernel.Actor, at: datetime) -> bool:
    """Point at a field so that the other side sees it; the same field again takes the pointer away. False: it is over.

    No move and no line in the ledger: it changes nothing but what both look at.
    """
    if docket.state != "live" or not side_of(docket, actor):
        return False
    with kernel.writing():
        own = RemoteSession.objects.get(docket_id=docket.id)
        own.pointed = "" if own.pointed == key else key[:80]
        own.turns, own.active_at = own.turns + 1, at
        own.save(update_fields=["pointed", "turns", "active_at"])
    return True


def side_of(docket: kernel.DocketRow, actor: kernel.Actor) -> str:
    """On which side an actor is; empty for others who may see the docket but take no part."""
    if begun_by(docket) == actor.id:
        return Side.NEAR.value
    return Side.FAR.value if docket.officer == actor.id and docket.state == "live" else ""


def end_stale(*, at: datetime) -> int:
    """End invitations that nobody took and sharings in which nobody did anything; gives how many."""
    waiting = RemoteSession.objects.filter(docket__state="invited", active_at__lte=at - UNANSWERED)
    idle = RemoteSession.objects.filter(docket__state="live", active_at__lte=at - IDLE)
    ended = 0
    for docket in [
        *waiting.values_list("docket_id", flat=True)[:BATCH],
        *idle.values_list("docket_id", flat=True)[:BATCH],
    ]:
        try:
            kernel.perform(docket, "time_out", actor=kernel.SYSTEM, at=at)
        except kernel.MoveRefused:  # somebody ended it at this moment
            continue
        ended += 1
    return ended
