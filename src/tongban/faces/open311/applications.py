"""Programs that send requests: registered, with a quota and a last day. Their key is a token of the account they use.

国办发〔2020〕53号 wants one entrance for all channels, and 个人信息保护法 that who passes on other people's data is known: a
program is entered by whoever runs the platform before it may send anything. Reading needs no key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.faces.open311.contracts import Refused
from tongban.faces.open311.models import Application, Submission
from tongban.kernel import api as kernel
from tongban.registers.identity.rest_auth import signed_in

if TYPE_CHECKING:
    from tongban.registers.identity.contracts import ActorRequest

MINUTE: Final = timedelta(minutes=1)
_ZONE: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Sender:
    """A program and the account that it speaks through."""

    application: int
    actor: kernel.Actor


def register(
    *, name: str, actor: str, per_minute: int, per_day: int, until: date, at: datetime
) -> Application:
    """Enter or change a program; the same name again changes it. Written to the ledger.

    :param actor: of the account whose tokens are its keys, e.g. ``organisation:3``
    :raises ValueError: another program uses that account
    """
    if Application.objects.filter(actor=actor).exclude(name=name).exists():
        raise ValueError(_("这个账号已经登记给另一个程序。"))
    given = {"actor": actor, "per_minute": per_minute, "per_day": per_day, "until": until, "ended_at": None}
    with kernel.writing():
        row, _new = Application.objects.update_or_create(name=name, defaults=given)
        told = {**given, "until": until.isoformat(), "name": name}
        kernel.record(
            stream=f"open311:{row.pk}", act="application.registered", actor=kernel.SYSTEM, at=at, data=told
        )
    return row


def end(*, name: str, at: datetime) -> None:
    """A program may send no more. :raises ValueError: there is none of that name"""
    with kernel.writing():
        row = Application.objects.filter(name=name).first()
        if row is None:
            raise ValueError(_("没有登记这个程序。"))
        Application.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at)
        kernel.record(
            stream=f"open311:{row.pk}",
            act="application.ended",
            actor=kernel.SYSTEM,
            at=at,
            data={"name": name},
        )


def registered() -> list[Application]:
    """Every program that was not ended, by name."""
    return list(Application.objects.filter(ended_at=None).order_by("name"))


def sender_of(request: HttpRequest, key: str, *, at: datetime) -> Sender:
    """Who sends with this key.

    :raises Refused: 403, as the specification has it: no key, an unknown one, no program, or its time is over
    """
    if not key:
        raise Refused(403, _("没有给api_key。请用登记过的程序的令牌；只是查看不用密钥。"))
    if signed_in.authenticate(request, key) is None:
        raise Refused(403, _("api_key不对、过期或被吊销。请在“我的账户”里重新开设令牌。"))
    actor = cast("ActorRequest", request).actor
    row = Application.objects.filter(actor=actor.id).first()
    if row is None:
        raise Refused(403, _("这个账号没有登记为Open311程序。请向12345热线的管理部门登记名称和次数。"))
    if row.ended_at is not None or row.until < actors.day_of(at):
        raise Refused(403, _("这个程序的登记已经到期或停用。请向12345热线的管理部门续期。"))
    return Sender(row.pk, actor)


def hold(sender: Sender) -> None:
    """Let the requests of one program come one after the other until the transaction ends."""
    Application.objects.select_for_update().get(pk=sender.application)


def spend(sender: Sender, *, at: datetime) -> None:
    """One more request of this program; inside the transaction that keeps it, after `hold`.

    :raises Refused: 429 with Retry-After
    """
    row = Application.objects.get(pk=sender.application)
    sent = Submission.objects.filter(application=row)
    midnight = at.astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    wait = 0
    if sent.filter(at__gte=midnight).count() >= row.per_day:
        wait = int((midnight + timedelta(days=1) - at).total_seconds()) + 1
    elif sent.filter(at__gt=at - MINUTE).count() >= row.per_minute:
        wait = int(MINUTE.total_seconds())
    if wait:
        raise Refused(
            429,
            _("次数用完了：每分钟%(minute)d次，每天%(day)d次。请%(wait)d秒后再试，急事请打12345。")
            % {"minute": row.per_minute, "day": row.per_day, "wait": wait},
            headers={"Retry-After": str(wait)},
        )
