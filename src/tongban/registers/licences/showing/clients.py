"""Other systems that ask: each with its kinds, its purposes, its quota; every question is written down.

国务院令第716号 第十二条: departments share e-licences instead of asking people for papers; 个人信息保护法 第三十四条: within
the limits of what they lawfully do, and no more than that needs.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Min
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.registers.licences import kinds
from tongban.registers.licences import selectors as licences
from tongban.registers.licences.contracts import LicenceInfo
from tongban.registers.licences.life import note_use
from tongban.registers.licences.showing.contracts import (
    ClientError,
    ClientInfo,
    Presented,
    QuotaError,
    ShowingError,
)
from tongban.registers.licences.showing.models import Call, Client
from tongban.registers.licences.showing.services import present

MINUTE: Final = timedelta(minutes=1)
_ZONE = ZoneInfo("Asia/Shanghai")


def register(
    *, name: str, actor: str, unit: str, purposes: Collection[str], kinds_: Collection[str], per_minute: int,
    per_day: int, until: date, by: Actor, at: datetime,
) -> ClientInfo:  # fmt: skip
    """Enter or change a system; the same name again changes it. Written to the ledger.

    :param actor: of the account whose tokens it uses, e.g. ``officer:12``
    :param purposes: what it may name as its purpose, word for word
    :param kinds_: slugs; empty means every kind
    :raises ClientError: no purpose, an unknown kind, or no such unit
    """
    if unknown := sorted(set(kinds_) - set(kinds.kinds())):
        raise ClientError("kind", _("没有证照种类：%s。") % "、".join(unknown))
    if not purposes:
        raise ClientError("purpose", _("至少要登记一个用途。"))
    try:
        actors.unit(unit)
    except actors.NotKnownError as error:
        raise ClientError("unit", _("没有单位%s。") % unit) from error
    values = {
        "actor": actor, "unit": unit, "purposes": list(purposes), "kinds": sorted(set(kinds_)), "per_minute": per_minute,
        "per_day": per_day, "until": until, "ended_at": None,
    }  # fmt: skip
    with kernel.writing():
        row, _new = Client.objects.update_or_create(name=name, defaults=values)
        data = {**values, "until": until.isoformat(), "name": name}
        kernel.record(stream=f"licence-client:{row.pk}", act="client.registered", actor=by, at=at, data=data)
    return _info(row)


@kernel.writing()
def end(*, name: str, by: Actor, at: datetime) -> None:
    """No more questions of this system.

    :raises ClientError: no such system
    """
    row = Client.objects.filter(name=name).first()
    if row is None:
        raise ClientError("unknown", _("没有接入系统%s。") % name)
    row.ended_at = row.ended_at or at
    row.save(update_fields=["ended_at"])
    kernel.record(stream=f"licence-client:{row.pk}", act="client.ended", actor=by, at=at, data={"name": name})


def registered() -> tuple[ClientInfo, ...]:
    """Every system that has not ended, by name."""
    return tuple(_info(row) for row in Client.objects.filter(ended_at=None).order_by("name"))


def client_of(actor: Actor, *, at: datetime) -> ClientInfo:
    """The system for which an account speaks.

    :raises ClientError: none, or its time has ended
    """
    return _info(_row_of(actor, at=at))


def _row_of(actor: Actor, *, at: datetime) -> Client:
    row = Client.objects.filter(actor=actor.id).first() if actor.id else None
    if row is None:
        raise ClientError(
            "not_a_client",
            _("这个账号没有登记为接入系统。"),
            possible=_("请向数据管理部门登记系统、用途、证照种类和次数。"),
        )
    if (row.ended_at is not None and row.ended_at <= at) or row.until < actors.day_of(at):
        raise ClientError(
            "ended", _("接入系统%s的登记已经到期或停用。") % row.name, possible=_("请向数据管理部门续期。")
        )
    return row


def left(actor: Actor, *, at: datetime) -> tuple[int, int]:
    """How often a system may still ask in this minute and today.

    :raises ClientError: as `client_of`
    """
    row = _row_of(actor, at=at)
    minute, day = _asked(row, at=at)
    return max(row.per_minute - minute, 0), max(row.per_day - day, 0)


def read_code(*, typed: str, actor: Actor, purpose: str, docket: str, at: datetime) -> Presented:
    """Read a code that a holder shows to a system (a hospital's desk, a gate).

    :raises ClientError: not a client, or not a purpose of its
    :raises QuotaError: too many questions
    :raises ShowingError: the code is not taken; every try counts
    """
    call = _asks(actor, operation="present", purpose=purpose, docket=docket, at=at)
    try:
        found = present(
            typed=typed,
            by=_speaking(actor, call.client),
            purpose=purpose,
            docket=docket,
            client=call.client.name,
            at=at,
        )
    except ShowingError as error:
        _ended(call, error.code)
        raise
    _ended(call, "ok", found=len(found.licences))
    return found


def held(
    *, number: str, wanted: Collection[str], actor: Actor, purpose: str, docket: str, at: datetime
) -> tuple[LicenceInfo, ...]:
    """The valid licences of a person or an organisation by resident id or credit code, of the kinds asked for.

    :param wanted: slugs of kinds; at least one
    :param docket: what the question is for: without a piece of business there is no question
    :raises ClientError: not a client, not a purpose or a kind of its, or no business named
    :raises QuotaError: too many questions
    """
    call = _asks(actor, operation="held", purpose=purpose, docket=docket, at=at)
    refused = _outside(call.client, wanted, docket)
    if refused is not None:
        _ended(call, refused.code)
        raise refused
    found = licences.held_by_number(number, on=actors.day_of(at), kinds=list(wanted))
    with kernel.writing():
        for one in found:
            note_use(
                identifier=one.identifier,
                by=_speaking(actor, call.client),
                purpose=purpose,
                docket=docket,
                system=True,
                at=at,
            )
        _ended(call, "ok", found=len(found))
    return found


def _outside(row: Client, wanted: Collection[str], docket: str) -> ClientError | None:
    if not docket:
        return ClientError("docket", _("请写明为哪一件事查（案卷号或业务流水号）。"))
    if not wanted:
        return ClientError("kind", _("请写明要查哪些证照种类。"))
    if unknown := sorted(set(wanted) - set(kinds.kinds())):
        return ClientError("kind", _("没有证照种类：%s。") % "、".join(unknown))
    if row.kinds and (more := sorted(set(wanted) - set(row.kinds))):
        names = "、".join(kinds.kind(slug).name for slug in more)
        return ClientError(
            "kind", _("登记的范围里没有：%s。") % names, possible=_("请先向数据管理部门扩大登记范围。")
        )
    return None


def _speaking(actor: Actor, row: Client) -> Actor:
    """The account as the unit that runs the system."""
    return Actor(id=actor.id, unit=row.unit, region=actor.region, grants=actor.grants, name=row.name)


def _asks(actor: Actor, *, operation: str, purpose: str, docket: str, at: datetime) -> Call:
    """Write the question down, if the client may ask once more. What is refused here is written down too.

    :raises ClientError: not a client, or not a purpose of its
    :raises QuotaError: too many questions
    """
    row = _row_of(actor, at=at)
    refused: ClientError | QuotaError | None = None
    with kernel.writing():
        Client.objects.select_for_update().get(
            pk=row.pk
        )  # two questions at once are counted one after the other
        if purpose not in row.purposes:
            refused = ClientError(
                "purpose",
                _("用途不在登记的范围里。"),
                possible=_("可以用的用途：%s。") % "、".join(row.purposes),
            )
        elif wait := _wait(row, at=at):
            refused = QuotaError(
                _("接入系统%(name)s的次数用完了：每分钟%(minute)d次，每天%(day)d次。")
                % {"name": row.name, "minute": row.per_minute, "day": row.per_day},
                retry_seconds=wait, possible=_("请%d秒后再试，或向数据管理部门申请增加。") % wait,
            )  # fmt: skip
        outcome = "quota" if isinstance(refused, QuotaError) else refused.code if refused else "asked"
        call = Call.objects.create(
            client=row, operation=operation, purpose=purpose[:200], docket=docket[:60], outcome=outcome,
            counted=outcome != "quota", at=at,
        )  # fmt: skip
    if refused is not None:
        raise refused
    return call


def _wait(row: Client, *, at: datetime) -> int:
    """Seconds until the client may ask again; 0 when it may now."""
    minute, day = _asked(row, at=at)
    if day >= row.per_day:
        midnight = (at.astimezone(_ZONE) + timedelta(days=1)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        return int((midnight - at).total_seconds()) + 1
    if minute >= row.per_minute:
        first = row.calls.filter(counted=True, at__gt=at - MINUTE).aggregate(first=Min("at"))["first"]
        return int((first + MINUTE - at).total_seconds()) + 1 if first else 1
    return 0


def _asked(row: Client, *, at: datetime) -> tuple[int, int]:
    """Questions counted in the last minute and since midnight."""
    midnight = at.astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    counted = row.calls.filter(counted=True)
    return counted.filter(at__gt=at - MINUTE).count(), counted.filter(at__gte=midnight).count()


def _ended(call: Call, outcome: str, *, found: int = 0) -> None:
    with kernel.writing():
        Call.objects.filter(pk=call.pk).update(outcome=outcome[:20], found=found)


def _info(row: Client) -> ClientInfo:
    return ClientInfo(
        row.pk,
        row.name,
        row.actor,
        row.unit,
        tuple(row.purposes),
        tuple(row.kinds),
        row.per_minute,
        row.per_day,
        row.until,
    )
