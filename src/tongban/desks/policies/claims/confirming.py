"""The holder confirms where the money goes: by one tap when signed in, or by the code of the message 凭码兑现."""

from __future__ import annotations

import base64
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.desks.policies.claims import accounts, dues, pools, selectors, sources
from tongban.desks.policies.claims.contracts import (
    BENEFIT,
    ClaimsError,
    DueInfo,
    DueState,
    NewAccount,
    UnknownError,
)
from tongban.desks.policies.claims.models import Due, Run
from tongban.kernel import api as kernel
from tongban.kernel.privacy import keyed_digester
from tongban.registers.payments import api as payments

CODE_LENGTH = 12
OPEN = (DueState.WAITING, DueState.ASIDE)


def code_of(due: Due) -> str:
    """The code that confirms a due: sixty bits that only this installation can reckon, the same at each reminder."""
    made = keyed_digester(purpose="claims/code")(f"{due.pk}:{due.key}:{due.payee}")
    return base64.b32encode(bytes.fromhex(made)).decode()[:CODE_LENGTH]


def index_of(code: str) -> str:
    """What of a code is kept: a keyed digest."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return keyed_digester(purpose="claims/code-index")(plain)


def waiting_for(code: str) -> DueInfo:
    """The due that a code confirms. :raises UnknownError: none, or it was confirmed by somebody else meanwhile"""
    row = Due.objects.filter(code=index_of(code)).select_related("run").first()
    if row is None:
        raise UnknownError(
            _("没有这个兑现码。"), possible=_("请照短信里的12位码输入，大小写都可以。"), code="unknown"
        )
    return selectors.due_of(row)


def confirm(
    *, number: str, party: str, actor: kernel.Actor, at: datetime, account: NewAccount | None = None
) -> DueInfo:
    """Take what is waiting: to the account named, or to the one that is known. Again, it gives the same answer.

    :raises UnknownError: no such due of this party
    :raises ClaimsError: it does not wait, its holder has ended, or no account is known (code ``account``)
    """
    ended = False
    with kernel.writing():
        one = dues.locked(number=number, party=party)
        if one.state in (DueState.CONFIRMED, DueState.PAYING, DueState.PAID):
            return selectors.due(one.number)
        if one.state not in OPEN:
            raise ClaimsError(
                _("现在是“%(state)s”，不用确认。") % {"state": DueState(one.state).label}, code="state"
            )
        if sources.ended(one.payee, at=at):
            ended = True
            dues.change(
                one, DueState.HELD, act="hold", actor=kernel.SYSTEM, at=at, words=_("登记显示已注销或合并。")
            )
        else:
            _confirmed(one, account, actor=actor, at=at)
    if ended:  # written down first: the office sees it
        raise ClaimsError(
            _("登记显示已注销或合并，先由发钱的单位核查。"),
            possible=_("有承继单位的，由承继单位领取。"),
            code="ended",
        )
    return selectors.due(number)


def confirm_by_code(
    code: str, *, actor: kernel.Actor, at: datetime, account: NewAccount | None = None
) -> DueInfo:
    """The same for whoever has the code of the message; see `confirm`."""
    found = waiting_for(code)
    return confirm(number=found.number, party=found.payee, actor=actor, at=at, account=account)


def _confirmed(one: Due, account: NewAccount | None, *, actor: kernel.Actor, at: datetime) -> None:
    if account is not None:
        into = accounts.note(one.payee, account, source=_("本人确认"), actor=actor, at=at)
    else:
        found = accounts.in_full(one.payee)
        if found is None:
            raise ClaimsError(
                _("还不知道您的收款账户。"), possible=_("请填户名、账号和开户银行。"), code="account"
            )
        into = found
    late = one.state == DueState.ASIDE and one.run is not None and not selectors.still_open([one.run.docket])
    run = _again(one, actor=actor, at=at) if late else one.run
    dues.change(
        one, DueState.CONFIRMED, act="confirm", actor=actor, at=at, holder=into.holder, account=into.account,
        bank=into.bank, run=run, confirmed_by=actor.id,
    )  # fmt: skip


def _again(one: Due, *, actor: kernel.Actor, at: datetime) -> Run:
    """The open run for those who confirm after theirs was closed; opened when there is none. Under the pool's lock."""
    first = one.run
    assert first is not None
    pools.lock_known(one.measure, one.period)
    runs = Run.objects.filter(measure=one.measure, period=one.period, version=one.version, again=True)
    dockets = selectors.still_open(list(runs.values_list("docket", flat=True)))
    if dockets:
        return Run.objects.get(docket=dockets[0])
    opening = kernel.Opening(
        kind=BENEFIT, way="again", title=first.title, unit=first.unit, region=first.region, channel="system",
        subject=first.measure, data={"measure": one.measure, "version": one.version, "first": first.number},
    )  # fmt: skip
    (docket,), _replayed = kernel.open_dockets([opening], actor=actor, at=at)
    same = {
        name: getattr(first, name)
        for name in (
            "measure", "version", "policy", "period", "title", "title_en", "article", "says", "says_en", "unit", "region",
            "order", "publicity_days", "day", "entitled", "digest", "published_at",
        )
    }  # fmt: skip
    return Run.objects.create(docket=docket.id, number=docket.number, again=True, **same)


def decline(*, number: str, party: str, reason: str, actor: kernel.Actor, at: datetime) -> None:
    """Give up what one is due: the place goes to the next, and what excludes it becomes open again.

    :raises UnknownError: no such due of this party
    :raises ClaimsError: it is on its way to the bank, or is over
    """
    with kernel.writing():
        one = dues.locked(number=number, party=party)
        if one.run_id is None or one.state not in (DueState.LISTED, *OPEN):
            raise ClaimsError(
                _("现在不能放弃这一笔。"), possible=_("要退回已到账的钱，请打12345。"), code="state"
            )
        dues.change(
            one,
            DueState.LEFT,
            act="decline",
            actor=actor,
            at=at,
            words=reason or _("本人放弃。"),
            barred=True,
        )


def correct(*, number: str, party: str, account: NewAccount, actor: kernel.Actor, at: datetime) -> DueInfo:
    """Name another account for money that came back; an officer of the finance bureau looks at it before it goes again.

    :raises UnknownError: no such due of this party
    :raises ClaimsError: it did not come back, or this cannot be an account
    """
    with kernel.writing():
        one = dues.locked(number=number, party=party)
        if one.state != DueState.RETURNED:
            raise ClaimsError(_("这一笔没有被银行退回，不用更正。"), code="state")
        into = accounts.note(one.payee, account, source=_("本人更正"), actor=actor, at=at)
        try:
            payments.amend(
                key=one.key, holder=into.holder, account=into.account, bank=into.bank, payee=actor, at=at
            )
        except payments.PaymentsError as error:
            raise ClaimsError(error.reason, possible=error.possible, code=error.code) from error
        dues.change(
            one, DueState.PAYING, act="correct", actor=actor, at=at, holder=into.holder, account=into.account,
            bank=into.bank,
        )  # fmt: skip
    return selectors.due(number)
