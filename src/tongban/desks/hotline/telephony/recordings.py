"""A call's recording: who may listen, for what; each time is in the ledger before anything is heard."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.api import starred
from tongban.desks.hotline.contracts import CENTRE
from tongban.desks.hotline.telephony.contracts import (
    CallView,
    ExchangeDownError,
    HearingPurpose,
    Recording,
    TelephonyError,
)
from tongban.desks.hotline.telephony.exchanges import exchange
from tongban.desks.hotline.telephony.models import Call
from tongban.desks.hotline.telephony.selectors import call as one_call
from tongban.kernel import api as kernel

HEARERS = (Role.DISPATCHER, Role.CALLBACK, Role.SUPERVISOR, Role.HEAD)
FOR = timedelta(minutes=10)
LEAST_REASON, MOST_REASON = 4, 200


def may_listen(call: int, *, actor: kernel.Actor) -> CallView:
    """The call, for whoever may listen to it: who took it, and at the hotline's desk those who dispatch, call back, supervise.

    Somebody who does not see one of its tickets (a confidential one) does not hear it either.

    :raises TelephonyError: ``unknown``, ``no_recording``, ``not_allowed``
    """
    found = one_call(call)
    if not found.recorded:
        raise TelephonyError("no_recording", _("这个通话没有录音，或录音已过保存期。"))
    roles = {role.value for role in HEARERS}
    desks = {grant.unit for grant in actor.grants if grant.role in roles}
    at_desk = any(actors.unit(unit).department == CENTRE for unit in desks)
    if found.officer != actor.id and not at_desk:
        raise TelephonyError(
            "not_allowed",
            _("这个通话不是您接的，您不能听录音。"),
            possible=_("请找热线中心的派单员或负责人。"),
        )
    for number in found.tickets:
        try:
            kernel.docket(number, actor=actor)
        except kernel.NotFound:
            raise TelephonyError(
                "not_allowed", _("这个通话里有您无权查看的工单，您不能听录音。"), possible=_("请找知情人。")
            ) from None
    return found


def ask(call: int, *, purpose: str, reason: str, actor: kernel.Actor, at: datetime) -> datetime:
    """Write down who listens and what for; gives until when the sound may be fetched.

    :raises TelephonyError: not allowed (see `may_listen`), ``purpose``, ``reason``
    """
    found = may_listen(call, actor=actor)
    if purpose not in HearingPurpose.values:
        raise TelephonyError("purpose", _("请选用途。"))
    reason = starred(" ".join(reason.split()))
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        raise TelephonyError(
            "reason",
            _("请写为什么要听，%(least)d到%(most)d个字。") % {"least": LEAST_REASON, "most": MOST_REASON},
        )
    data = {"purpose": purpose, "reason": reason, "tickets": list(found.tickets)}
    kernel.record(stream=f"call:{call}", act="recording_heard", actor=actor, at=at, data=data)
    return at + FOR


def sound(call: int) -> Recording:
    """The sound, from the exchange; who asks has passed `ask`.

    :raises TelephonyError: ``unknown``, ``no_recording``; ``down``: the exchange does not give it now
    """
    row = Call.objects.filter(pk=call).only("recording").first()
    if row is None or not row.recording:
        raise TelephonyError("no_recording", _("这个通话没有录音，或录音已过保存期。"))
    try:
        return exchange().recording(reference=row.recording)
    except ExchangeDownError as error:
        raise TelephonyError(
            "down", _("交换机没有响应，录音现在取不到。"),
            possible=_("过一会儿再点“收听”；急用的，凭录音编号%s请话务平台的管理员调取。") % row.recording,
        ) from error  # fmt: skip


def heard(call: int, *, at: datetime, most: int = 20) -> list[kernel.Happening]:
    """Who listened to a call, the last first."""
    return list(reversed(list(kernel.history(f"call:{call}", at=at))))[:most]
