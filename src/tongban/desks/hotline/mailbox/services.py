"""Consent to publish a letter, the decision about it, and taking it down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.hotline.contracts import Channel
from tongban.desks.hotline.mailbox import selectors
from tongban.desks.hotline.mailbox.contracts import LetterState, LetterView, MailboxRefused
from tongban.desks.hotline.mailbox.models import Letter
from tongban.desks.hotline.models import Ticket
from tongban.desks.hotline.rules import MOST_TEXT, MOST_TITLE, cleaned, has_words, personal_in
from tongban.kernel import api as kernel

LEAST_NAME = 2


def _record(number: str, act: str, actor: kernel.Actor, at: datetime, **said: Any) -> None:
    kernel.record(stream=f"letter:{number}", act=act, data=said, actor=actor, at=at)


def consent(docket: int, *, actor: kernel.Actor, at: datetime) -> bool:
    """Keep that a letter's writer agrees to its publication; again, and for confidential letters, it changes nothing.

    :return: whether the letter may now be published
    """
    with kernel.writing():
        own = Ticket.objects.select_related("docket").get(pk=docket)
        if own.channel != Channel.MAILBOX or own.confidential:
            return False
        _one, made = Letter.objects.get_or_create(
            docket_id=docket, defaults={"state": LetterState.WAITING, "consented_at": at}
        )
        if made:
            _record(own.docket.number, "consent", actor, at)
    return True


def take_back(docket: int, *, actor: kernel.Actor, at: datetime) -> None:
    """The writer does not agree any more: not published, or gone from the list at once."""
    with kernel.writing():
        found = Letter.objects.select_related("docket").filter(pk=docket).first()
        if found and found.state != LetterState.TAKEN_BACK:
            _decide(found, LetterState.TAKEN_BACK, "", actor, at)


def publish(number: str, *, title: str, text: str, actor: kernel.Actor, at: datetime) -> None:
    """Publish a letter with its reply, as the officer has worded it.

    :raises MailboxRefused: something stands in the way, by field
    :raises kernel.NotFound: no such letter for this officer
    """
    with kernel.writing():
        view = _to_decide(number, actor)
        own = Ticket.objects.select_related("docket").get(pk=view.docket)
        title, text, reply = " ".join(cleaned(title).split()), cleaned(text), cleaned(own.reply)
        _checked(own, title, text, reply)
        found = Letter.objects.select_related("docket").get(pk=view.docket)
        found.title, found.text, found.reply = title, text, reply
        found.unit, found.replied_at, found.published_at = own.replied_by, own.replied_at, at
        _decide(found, LetterState.PUBLISHED, "", actor, at)


def keep(number: str, *, reason: str, actor: kernel.Actor, at: datetime) -> None:
    """Decide that a letter is not published. :raises MailboxRefused: no reason, or decided before"""
    with kernel.writing():
        view = _to_decide(number, actor)
        found = Letter.objects.select_related("docket").get(pk=view.docket)
        _decide(found, LetterState.KEPT, _reason(reason), actor, at)


def take_down(number: str, *, reason: str, actor: kernel.Actor, at: datetime) -> None:
    """Take a published letter down. :raises MailboxRefused: no reason, or it is not published"""
    with kernel.writing():
        view = selectors.letter(number, actor=actor)
        if view.state != LetterState.PUBLISHED:
            raise MailboxRefused(_("这封信没有公开。"))
        found = Letter.objects.select_related("docket").get(pk=view.docket)
        _decide(found, LetterState.TAKEN_DOWN, _reason(reason), actor, at)


def _to_decide(number: str, actor: kernel.Actor) -> LetterView:
    view = selectors.letter(number, actor=actor)
    if not any(grant.role in {role.value for role in selectors.DECIDERS} for grant in actor.grants):
        raise MailboxRefused(_("公开由热线派单员或负责人决定。"))
    if view.state in {LetterState.PUBLISHED, LetterState.TAKEN_BACK}:
        raise MailboxRefused(_("已经公开，或者写信人不同意公开了。"))
    return view


def _reason(text: str) -> str:
    said = " ".join(cleaned(text).split())
    if not has_words(said) or personal_in(said):
        raise MailboxRefused(_("要写理由。"), fields={"reason": _("请写为什么，不写姓名和号码。")})
    return said[:300]


def _decide(found: Letter, state: LetterState, reason: str, actor: kernel.Actor, at: datetime) -> None:
    found.state, found.reason, found.decided_at, found.decided_by = state, reason, at, actor.id
    if state != LetterState.PUBLISHED:
        found.title, found.text, found.reply, found.published_at = "", "", "", None
    found.save()
    _record(found.docket.number, str(state.value), actor, at, **({"reason": reason} if reason else {}))


def _checked(own: Ticket, title: str, text: str, reply: str) -> None:
    """:raises MailboxRefused: not ready, nothing to read, or somebody can be told from it"""
    if own.confidential:
        raise MailboxRefused(_("保密的不能公开。"))
    if own.docket.state not in selectors.REVIEWED or not reply:
        raise MailboxRefused(_("答复审核通过以后才能公开。"))
    fields: dict[str, str] = {}
    for key, said, most in (("title", title, MOST_TITLE), ("text", text, MOST_TEXT)):
        if not has_words(said):
            fields[key] = _("请写内容。")
        elif len(said) > most:
            fields[key] = _("最多%d字。") % most
        elif _tells_who(own, said):
            fields[key] = _("里面有姓名、电话或证件号码，请改掉再公开。")
    if _tells_who(own, reply):
        fields["__all__"] = _("答复里有姓名、电话或证件号码，不能公开。")
    if fields:
        raise MailboxRefused(_("还有%d处要改。") % len(fields), fields=fields)


def _tells_who(own: Ticket, said: str) -> bool:
    name = "".join(str(own.caller_name).split())
    return bool(personal_in(said)) or (len(name) >= LEAST_NAME and name in "".join(said.split()))
