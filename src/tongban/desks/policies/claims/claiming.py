"""A quick claim 快申快享: opened with what is known, proven where it is not, decided, refused with reason and remedy.

The place is taken when the claim is made: two who claim the last one in the same second are put in order by the pool's lock,
one has it and the other is told the rank. Where the published order is another than that of claiming and there is a last
day, claims are collected until then and put in order together (`queueing`). What the party proves is weighed by the officer who
decides; the amount is always the rule's, never typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.claims import accounts, drawing, pools, queueing, rules, selectors, sources
from tongban.desks.policies.claims.contracts import (
    CLAIM,
    ClaimInfo,
    ClaimsError,
    DueState,
    Finding,
    NewAccount,
)
from tongban.desks.policies.claims.models import Claim, Due
from tongban.desks.policies.contracts import Claimway, MeasureInfo
from tongban.kernel import api as kernel
from tongban.kernel.files import services as files


@dataclass(frozen=True, slots=True)
class NewClaim:
    """What a party claims with.

    :param proven: values for the elements that are not known, by key, as the element's type holds them
    :param evidence: stored files: slot (key of the element or material), digest, name
    :param account: where the money is to go; None: to the account that is known
    :param key: idempotency key of the submission
    """

    measure: str
    party: str
    key: str
    proven: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[tuple[str, str, str]] = ()
    account: NewAccount | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A claim that may be opened: the version that decides, what it came to, where the money is to go."""

    measure: MeasureInfo
    period: str
    finding: Finding
    account: NewAccount

    @property
    def fen(self) -> int:
        assert self.finding.amount_fen is not None  # what `pays` says
        return self.finding.amount_fen


def claim(new: NewClaim, *, actor: kernel.Actor, at: datetime) -> ClaimInfo:
    """Claim a measure; repeated with the same key, it is the same claim.

    :raises ClaimsError: no such measure to claim, not entitled, enjoyed already or by one that excludes it, an account
        that cannot be, evidence missing; `possible` says what can be done
    """
    known = _earlier(new)
    if known is not None:
        return known
    day = actors.day_of(at)
    measure = _claimable(new, at=at)
    finding = _found(new, measure, at=at)
    account = _account(new, actor=actor, at=at)
    weighed = _Weighed(measure, rules.period_of(measure.period, day), finding, account)
    excluding = sources.excluding(measure, on=day)
    with kernel.writing():
        pool = pools.lock(measure, weighed.period, periods=excluding)
        known = _earlier(new)
        if known is not None:
            return known
        _refuse_second(measure, weighed.period, new.party, excluding)
        room = (
            not queueing.gathers(measure, on=day)
            and pools.left(pool).holds(weighed.fen)
            and not _somebody_waits(measure.key, weighed.period)
        )
        if room:
            pools.take(pool, places=1, fen=weighed.fen)
        return selectors.claim_of(_opened(new, weighed, room=room, actor=actor, at=at))


def _earlier(new: NewClaim) -> ClaimInfo | None:
    """What the same submission made before."""
    found = Claim.objects.filter(key=_key(new)).select_related("due").first()
    return selectors.claim_of(found) if found else None


def _key(new: NewClaim) -> str:
    return f"{new.party}:{new.measure}:{new.key}"[:160]


def _claimable(new: NewClaim, *, at: datetime) -> MeasureInfo:
    measure = sources.measure(new.measure, on=actors.day_of(at))
    if measure is None or measure.way != Claimway.QUICK or not measure.open_on(actors.day_of(at)):
        raise ClaimsError(
            _("这项措施现在不能申领。"), possible=_("可以看看还有哪些能享受的。"), code="closed"
        )
    if not new.party.startswith(f"{measure.party}:"):
        raise ClaimsError(_("这项措施不是给这类对象的。"), code="party")
    if sources.ended(new.party, at=at):
        raise ClaimsError(_("登记显示已注销或合并，不能申领。"), code="ended")
    return measure


def _found(new: NewClaim, measure: MeasureInfo, *, at: datetime) -> Finding:
    bare = sources.finding(measure, new.party, at=at)
    stray = set(new.proven) - set(bare.missing)
    if stray:
        raise ClaimsError(
            _("这些数据政府已经有了，不用另外证明。"),
            possible=_("数据不对的，请在画像里更正。"),
            code="known",
        )
    finding = sources.finding(measure, new.party, at=at, proven=new.proven) if new.proven else bare
    if finding.standing == "unknown" or finding.missing:
        raise ClaimsError(
            _("还有数据不知道，要您填写并上传证明。"),
            code="missing",
            fields=dict.fromkeys(finding.missing, "missing"),
        )
    if not finding.pays:
        raise ClaimsError(
            _("按现在的数据，不符合这项措施的条件。"),
            possible=_("“为什么”里有每一条条件；数据不对的，可以先更正再申领。"), code="not",
        )  # fmt: skip
    if set(new.proven) - {slot for slot, _digest, _name in new.evidence}:
        raise ClaimsError(
            _("填写的数据要有证明材料。"), possible=_("请给每一项传一份材料。"), code="evidence"
        )
    return finding


def _account(new: NewClaim, *, actor: kernel.Actor, at: datetime) -> NewAccount:
    if new.account is not None:
        return accounts.note(new.party, new.account, source=_("本人填写"), actor=actor, at=at)
    found = accounts.in_full(new.party)
    if found is None:
        raise ClaimsError(
            _("还不知道您的收款账户。"), possible=_("请填户名、账号和开户银行。"), code="account"
        )
    return found


def _refuse_second(measure: MeasureInfo, period: str, party: str, excluding: Mapping[str, str]) -> None:
    live = Due.objects.filter(key=rules.key_of(measure.key, period, party)).exclude(state=DueState.LEFT)
    number = live.values_list("number", flat=True).first()
    if number:
        raise ClaimsError(
            _("这一期已经有一笔（%s），同一项只享受一次。") % number,
            possible=_("可以查它到哪一步了。"),
            code="twice",
        )
    other = pools.enjoying({party}, excluding).get(party)
    if other:
        title = getattr(sources.measure(other), "title", other)
        raise ClaimsError(
            _("和“%s”不能同时享受。") % title,
            possible=_("要换成这一项，先放弃那一项（还没发放的可以放弃）。"), code="excluded",
        )  # fmt: skip


def _somebody_waits(measure: str, period: str) -> bool:
    return Due.objects.filter(measure=measure, period=period, state=DueState.QUEUED).exists()


def _opened(new: NewClaim, weighed: _Weighed, *, room: bool, actor: kernel.Actor, at: datetime) -> Claim:
    """The docket, the due and the claim, with the papers attached. Under the pool's lock."""
    one = weighed.measure
    opening = kernel.Opening(
        kind=CLAIM, way="claim" if room else "queue", title=one.title, unit=one.unit, applicant=new.party,
        agent="" if actor.id == new.party else actor.id, region=one.region, channel="web", subject=one.key,
        data={
            "measure": one.key, "version": one.version, "period": weighed.period, "amount_fen": weighed.fen,
            "proven": sorted(new.proven), "evidence": [digest for _slot, digest, _name in new.evidence],
        },
    )  # fmt: skip
    (docket,), _again = kernel.open_dockets([opening], actor=actor, at=at)
    if files.attach_many(list(new.evidence), docket_id=docket.id, by=actor.id, at=at):
        raise ClaimsError(_("有的证明材料没有传上来。"), possible=_("请重新上传再提交。"), code="evidence")
    return Claim.objects.create(
        docket=docket.id, due=_due(new, weighed, docket, room=room, at=at), key=_key(new), said=new.said,
        proven=json.dumps(dict(new.proven), ensure_ascii=False, default=str) if new.proven else "",
    )  # fmt: skip


def _weight(one: MeasureInfo, new: NewClaim, *, at: datetime) -> str:
    """What the published order goes by, as it is known, or proven, now; empty where it is not."""
    if one.order.by != "element":
        return ""
    value = new.proven.get(one.order.element)
    if value is None:
        value = sources.value(one.order.element, new.party, at=at)
    return "" if value is None else str(value)[:64]


def _due(new: NewClaim, weighed: _Weighed, docket: kernel.DocketRow, *, room: bool, at: datetime) -> Due:
    one, account = weighed.measure, weighed.account
    return Due.objects.create(
        key=rules.key_of(one.key, weighed.period, new.party), number=docket.number, measure=one.key,
        version=one.version, period=weighed.period, party=new.party, payee=new.party, title=one.title,
        title_en=one.title_en, article=one.article, unit=one.unit, region=one.region, claim=docket.id,
        amount_fen=weighed.fen, state=DueState.CLAIMED if room else DueState.QUEUED,
        facts=drawing.written(weighed.finding.facts), holder=account.holder, account=account.account,
        bank=account.bank, weight=_weight(one, new, at=at), at=at,
    )  # fmt: skip
