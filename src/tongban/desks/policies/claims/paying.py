"""Confirmed dues go to the finance bureau in batches, and what the bank answers comes back: through registers/payments.

How nothing is paid twice: a due is in one batch under its own key, which payments lets through once; due and batch are
written in one transaction; what became of a payment is always read from the books of payments, so an event that comes
twice, late or never changes nothing that is not true. What finance sends back goes out again only by an officer's act.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from django.db.models import Sum
from django.utils.translation import gettext as _

from tongban.desks.policies.claims import dues, rules, running, sources
from tongban.desks.policies.claims.contracts import BENEFIT, SOURCE, DueState
from tongban.desks.policies.claims.flow import BENEFIT_FLOW
from tongban.desks.policies.claims.models import Due, Pool, Run
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.models import Docket
from tongban.registers.payments import api as payments
from tongban.registers.payments.contracts import BudgetAsk, NewBatch, NewItem

AT_BANK = (DueState.PAYING, DueState.RETURNED)
MOST = 5_000


def _item(one: Due) -> NewItem:
    return NewItem(one.key, one.payee, one.holder, one.account, one.bank, one.amount_fen)


def budget_of(measure: str, period: str) -> str:
    """What payments are told to name the budget by."""
    return f"{measure}:{period}"


@BENEFIT_FLOW.effect("bundle")
def _bundle(step: Step) -> None:
    """Everybody who confirmed, in one batch; who has ended meanwhile is examined."""
    run = running.run_of(step)
    found = [
        dues.locked(pk=pk)
        for pk in run.dues.filter(state=DueState.CONFIRMED).order_by("pk").values_list("pk", flat=True)[:MOST]
    ]
    if not found:
        raise step.refuse(_("没有已确认、待发放的。"), possible=_("等有人确认了再送。"), code="nobody")
    payable = _living(found, at=step.at)
    if not payable:
        return
    serial = run.batches + 1
    batch = payments.prepare(
        NewBatch(
            source=SOURCE, title=run.title[:200], unit=run.unit, region=run.region,
            items=[_item(one) for one in payable], key=f"{run.number}:{serial}",
            budget=budget_of(run.measure, run.period), basis=f"{run.policy} {run.article}".strip(),
        ),
        actor=kernel.SYSTEM, at=step.at,
    )  # fmt: skip
    Run.objects.filter(pk=run.pk).update(batches=serial)
    _into(payable, batch.number, at=step.at)
    step.note(batch=batch.number, count=len(payable), amount_fen=batch.amount_fen)


def _living(found: Sequence[Due], *, at: datetime) -> list[Due]:
    """Those whose payee still exists; the others are held back for the office to look at."""
    gone = [one for one in found if sources.ended(one.payee, at=at)]
    for one in gone:
        dues.change(
            one, DueState.HELD, act="hold", actor=kernel.SYSTEM, at=at, words=_("登记显示已注销或合并。")
        )
    return [one for one in found if one not in gone]


def _into(found: Iterable[Due], batch: str, *, at: datetime) -> None:
    for one in found:
        dues.change(
            one, DueState.PAYING, act="bundle", actor=kernel.SYSTEM, at=at, batch=batch, sent=one.sent + 1
        )


def bundle_runs(*, at: datetime) -> int:
    """Send what is confirmed, run by run; gives how many batches were prepared."""
    waiting = Due.objects.filter(state=DueState.CONFIRMED, run__isnull=False).values("run__docket").distinct()
    dockets = [one["run__docket"] for one in waiting]
    done = 0
    for docket in Docket.objects.filter(pk__in=dockets, kind=BENEFIT, closed_at=None).values_list(
        "pk", flat=True
    ):
        try:
            kernel.perform(docket, "bundle", actor=kernel.SYSTEM, at=at)
        except kernel.MoveRefused:
            continue  # somebody else was first
        done += 1
    return done


def bundle_claims(*, at: datetime) -> int:
    """Send what was granted of claims, one batch a measure, period and unit; gives how many batches were prepared."""
    rows = Due.objects.filter(state=DueState.CONFIRMED, claim__isnull=False)
    groups = rows.values_list("measure", "period", "unit").distinct()
    return sum(_bundled(*group, at=at) for group in sorted(set(groups)))


@kernel.writing()
def _bundled(measure: str, period: str, unit: str, *, at: datetime) -> bool:
    rows = Due.objects.filter(
        state=DueState.CONFIRMED, claim__isnull=False, measure=measure, period=period, unit=unit
    )
    dockets = list(rows.order_by("claim").values_list("claim", flat=True)[:MOST])
    kernel.lock_dockets([docket for docket in dockets if docket])
    locked = [
        dues.locked(pk=pk)
        for pk in rows.filter(claim__in=dockets).order_by("pk").values_list("pk", flat=True)
    ]
    found = _living([one for one in locked if one.state == DueState.CONFIRMED], at=at)
    if not found:
        return False
    first = found[0]
    batch = payments.prepare(
        NewBatch(
            source=SOURCE, title=first.title[:200], unit=unit, region=first.region, items=[_item(one) for one in found],
            key=f"claims:{_digest(found)}", budget=budget_of(measure, period), basis=first.article,
        ),
        actor=kernel.SYSTEM, at=at,
    )  # fmt: skip
    _into(found, batch.number, at=at)
    for one in found:
        assert one.claim is not None
        kernel.perform(one.claim, "send", actor=kernel.SYSTEM, at=at, data={"batch": batch.number})
    return True


def _digest(found: Sequence[Due]) -> str:
    said = "|".join(f"{one.pk}:{one.sent}" for one in found)
    return sha256(said.encode()).hexdigest()[:40]


def may_pay(ask: BudgetAsk) -> str | None:
    """Whether a batch of ours may be paid: every item is a due on its way to the bank, and the budget holds them all.

    Asked by payments inside the approving transaction; the pool's row is locked until it is through.
    """
    measure, _colon, period = ask.budget.rpartition(":")
    pool = Pool.objects.select_for_update().filter(measure=measure, period=period).first()
    if pool is None:
        return _("没有这项措施的名额和预算。")
    rows = Due.objects.filter(measure=measure, period=period, batch=ask.number, state=DueState.PAYING)
    found = dict(rows.values_list("key", "amount_fen"))
    if set(found) != set(ask.keys) or sum(found.values()) != ask.amount_fen:
        return _("批次和应得的名单不一致。")
    spent = Due.objects.filter(measure=measure, period=period, state=DueState.PAID).aggregate(
        fen=Sum("amount_fen")
    )
    total = (spent["fen"] or 0) + ask.amount_fen
    measure_now = sources.measure(measure)
    limit = measure_now.budget_fen if measure_now is not None else pool.budget_fen
    if limit is not None and total > limit:
        return _("本期预算%(limit)s元，连同已发放的要%(total)s元。") % {
            "limit": f"{limit / 100:,.2f}", "total": f"{total / 100:,.2f}",
        }  # fmt: skip
    return None


payments.register_budget(SOURCE, may_pay)


# What the bank says -----------------------------------------------------------------------------


def settle(key: str, *, at: datetime) -> bool:
    """Bring a due to what payments know of it; whether that was news. May be repeated at any time."""
    pk = Due.objects.filter(key=key).exclude(state=DueState.LEFT).values_list("pk", flat=True).first()
    if pk is None:
        return False
    with kernel.writing():
        docket = Due.objects.values_list("claim", flat=True).get(pk=pk)
        if docket:
            kernel.lock_dockets([docket])
        one = dues.locked(pk=pk)
        if one.state not in (*AT_BANK, DueState.PAID):
            return False
        state, reason = _known(key)
        to = DueState(rules.after_bank(state))
        if to == one.state:
            return False
        _settled(one, to, reason, at=at)
    if one.run is not None:
        running.finish_if_done(one.run, at=at)
    return True


def _known(key: str) -> tuple[str, str]:
    try:
        found = payments.item(key)
    except payments.UnknownError:
        return "", _("财政部门退回，由发钱的单位核查。")
    return found.state, found.reason


_MOVES = {DueState.PAID: "arrive", DueState.RETURNED: "bounce", DueState.PAYING: "resend"}


def _settled(one: Due, to: DueState, reason: str, *, at: datetime) -> None:
    if to == DueState.HELD and one.claim:
        # A claim has an officer of its own: it goes back to be sent, or to be refused.
        dues.change(one, DueState.HELD, act="hold", actor=kernel.SYSTEM, at=at, words=reason, batch="")
        kernel.perform(one.claim, "hold", actor=kernel.SYSTEM, at=at, data={"reason": reason})
        return
    dues.change(
        one, to, act=f"bank_{to.value}", actor=kernel.SYSTEM, at=at, words="" if to == DueState.PAID else reason,
        paid_at=at if to == DueState.PAID else None, tell_at=at if to == DueState.RETURNED else None,
        told=0,
    )  # fmt: skip
    if one.claim:
        data = {"reason": reason} if to == DueState.RETURNED else {}
        try:
            kernel.perform(one.claim, _MOVES[to], actor=kernel.SYSTEM, at=at, data=data)
        except kernel.MoveRefused:
            return  # paid, closed, and sent back by the bank days later: the due tells it


def settle_open(*, at: datetime) -> int:
    """Ask the books of payments after everything that is at the bank; gives how much was news. Mends lost events."""
    keys = list(Due.objects.filter(state__in=AT_BANK).order_by("pk").values_list("key", flat=True))
    news = sum(settle(key, at=at) for key in keys)
    for run in Run.objects.filter(
        docket__in=list(Docket.objects.filter(kind=BENEFIT, state="paying").values_list("pk", flat=True))
    ):
        running.finish_if_done(run, at=at)
    return news
