"""Plan sessions, take what people say in them, keep the promises; what the moves do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.listening import selectors
from tongban.desks.hotline.listening.contracts import KIND, ListeningRefused, NewSession, SessionKind
from tongban.desks.hotline.listening.flow import SESSION
from tongban.desks.hotline.listening.models import Promise, Session
from tongban.desks.hotline.listening.rules import personal_in
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step

OPEN_TO_TICKETS = frozenset({"planned", "held", "reported"})


def plan(new: NewSession, *, unit: str, region: str, actor: kernel.Actor, at: datetime, key: str = "") -> str:
    """Announce a session; gives the number of its docket.

    :param unit: the desk of the hotline that holds it
    :raises ListeningRefused: something is missing or wrong, by field
    """
    _checked(new)
    opening = kernel.Opening(
        kind=KIND, way="plan", title=new.title, unit=unit, region=region, channel=new.kind, subject=new.kind,
        data={"planned_at": new.planned_at.isoformat(), "host": new.host},
    )  # fmt: skip
    with kernel.writing():
        (row,), replayed = kernel.open_dockets([opening], actor=actor, at=at, key=key)
        if not replayed:
            Session.objects.create(
                docket_id=row.id, kind=new.kind, host=new.host, place=new.place, topic=new.topic,
                planned_at=new.planned_at, planned_until=new.planned_until,
            )  # fmt: skip
    return row.number


def _checked(new: NewSession) -> None:
    fields: dict[str, str] = {}
    if new.kind not in SessionKind.values:
        fields["kind"] = _("请选：领导接听、行风热线节目或办不成事窗口。")
    asked = {"title": _("请填标题。"), "host": _("请填谁来接听。"), "place": _("请填地点、电话或频率。")}
    fields |= {
        name: words for name, words in asked.items() if not 2 <= len(getattr(new, name).strip()) <= 200
    }
    if new.planned_until <= new.planned_at:
        fields["planned_until"] = _("结束要在开始之后。")
    if fields:
        raise ListeningRefused(_("还有%d处要补。") % len(fields), fields=fields)


def open_ticket(
    number: str, told: Mapping[str, Any], *, said: str, promised_by: date | None, withheld: bool, actor: kernel.Actor,
    at: datetime, key: str = "",
) -> hotline.Taken:  # fmt: skip
    """Take what somebody says in a session as a ticket of its channel, with what was promised.

    :param told: fields of `NewTicket` but the channel
    :raises ListeningRefused: the session is over, or what was promised names a person
    :raises HotlineRefused: the message cannot be taken
    :raises kernel.NotFound: no such session that the actor may see
    """
    row = _open(number, actor)
    _public(said, "said")
    with kernel.writing():
        taken = hotline.take(hotline.NewTicket(channel=row.subject, **told), actor=actor, at=at, key=key)
        _add(row, taken.number, said, promised_by, withheld=withheld, at=at)
    return taken


def add_ticket(
    number: str,
    ticket: str,
    *,
    said: str,
    promised_by: date | None,
    withheld: bool,
    actor: kernel.Actor,
    at: datetime,
) -> None:
    """Put a ticket that is there already on a session's list; again changes what was promised.

    :raises kernel.NotFound: no such session or ticket that the actor may see
    """
    row = _open(number, actor)
    _public(said, "said")
    found = hotline.ticket(kernel.normalise(ticket), actor=actor)
    with kernel.writing():
        _add(row, found.number, said, promised_by, withheld=withheld or found.confidential, at=at)


def _open(number: str, actor: kernel.Actor) -> kernel.DocketRow:
    row = kernel.docket(number, actor=actor)
    if row.kind != KIND:
        raise kernel.NotFound("no_session", _("这个编号不是接听活动。"))
    if row.state not in OPEN_TO_TICKETS or not _may(actor, row):
        raise ListeningRefused(_("这场活动已经结束或取消，或者不由您办，不能再登记。"))
    return row


def _may(actor: kernel.Actor, row: kernel.DocketRow) -> bool:
    return actor.is_system or SESSION.moves["note"].by(actor, row) is not None


def _public(text: str, field: str) -> None:
    if personal_in(text):
        words = _("这里会公开，不能写电话和身份证号。")
        raise ListeningRefused(words, fields={field: words})


def _add(
    row: kernel.DocketRow, ticket: str, said: str, promised_by: date | None, *, withheld: bool, at: datetime
) -> None:
    told = {"said": said.strip(), "promised_by": promised_by, "withheld": withheld}
    _promise, made = Promise.objects.update_or_create(
        session_id=row.id, ticket=ticket, defaults=told, create_defaults={**told, "added_at": at}
    )
    if made:
        target = kernel.docket(ticket, actor=kernel.SYSTEM)
        kernel.link(source=row.id, target=target.id, kind="causes", at=at)


# Moves of a session


@SESSION.effect("change")
def _change(step: Step) -> None:
    given = step.data.model_dump()
    if given["planned_until"] <= given["planned_at"]:
        raise step.refuse(_("结束要在开始之后。"), code="ends_first")
    Session.objects.filter(pk=step.docket.id).update(**given)


@SESSION.effect("hold")
def _hold(step: Step) -> None:
    own = Session.objects.get(pk=step.docket.id)
    if own.planned_at > step.at:
        raise step.refuse(_("还没到开始时间。"), possible=_("提前举行的，先改时间。"), code="early")
    given = step.data.model_dump()
    Session.objects.filter(pk=own.pk).update(held_at=own.planned_at, **given)


@SESSION.effect("publish", "correct")
def _publish(step: Step) -> None:
    text = step.data.model_dump()["report"]
    if personal_in(text):
        raise step.refuse(
            _("报告里有电话或身份证号，不能公布。"), possible=_("去掉以后再公布。"), code="personal"
        )
    Session.objects.filter(pk=step.docket.id).update(report=text, reported_at=step.at)


@SESSION.effect("finish")
def _finish(step: Step) -> None:
    left = [one.number for one in selectors.follow_ups(step.docket.id, actor=kernel.SYSTEM) if not one.done]
    if left:
        raise step.refuse(
            _("还有%d件没有办结，不能销号。") % len(left), possible=_("办结以后再销号：%s") % "、".join(left[:5]),
            code="open_promises",
        )  # fmt: skip
