"""Batches of payments out: four eyes, one payment per entitlement, whatever is repeated and whenever it is killed.

How nothing is paid twice: an entitlement has one key in the whole city; an attempt has one reference, fixed before
anything is sent; that it is being sent is committed before the provider hears of it; whoever finds it so and without an
answer asks what became of the reference; a next attempt exists only once the last one is known to have failed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.privacy import keyed_digester
from tongban.registers.payments import differing, events, rules, selectors
from tongban.registers.payments.contracts import (
    MOST_FEN,
    Answer,
    BatchInfo,
    Budget,
    BudgetAsk,
    Gap,
    ItemState,
    NewBatch,
    NewItem,
    Outcome,
    PaymentsError,
    ProviderDownError,
    Send,
    Way,
)
from tongban.registers.payments.flow_out import BATCH, PAYOUT
from tongban.registers.payments.models import Batch, Item
from tongban.registers.payments.providers import provider

CHUNK = 100
ASK_AFTER = timedelta(minutes=5)
MOST_ITEMS = 100_000
_BUDGETS: dict[str, Budget] = {}


def register_budget(source: str, budget: Budget) -> None:
    """Let whoever prepares batches say whether money is left for one; asked when it is approved."""
    _BUDGETS[source] = budget


@kernel.writing()
def prepare(new: NewBatch, *, actor: kernel.Actor, at: datetime) -> BatchInfo:
    """Put a batch up for approval; the same key with the same items gives the same batch.

    :raises PaymentsError: no items, an amount or account that cannot be, an entitlement that is in a batch already
    """
    _check(new)
    digest = _digest(new)
    known = Batch.objects.filter(key=new.key).first()
    if known is not None:
        if known.digest != digest:
            raise PaymentsError(
                _("这个键已用于另一批发放。"), possible=_("换一个新键再报。"), code="key_reused"
            )
        return selectors.batch_of(known)
    try:
        with (
            transaction.atomic()
        ):  # a savepoint where the caller has a transaction: a refusal leaves nothing behind
            return selectors.batch_of(_written(new, digest, actor=actor, at=at))
    except IntegrityError as error:
        raise PaymentsError(
            _("有的款项已经在别的批次里，同一笔不发两次：%s。") % "、".join(_taken(new)),
            possible=_("去掉这些再报；在别的批次里不再发放的，可以重新报。"),
            code="twice",
        ) from error


def _written(new: NewBatch, digest: str, *, actor: kernel.Actor, at: datetime) -> Batch:
    """The docket, the batch and its items. :raises IntegrityError: an entitlement is in a batch already"""
    total = sum(one.amount_fen for one in new.items)
    opening = kernel.Opening(
        kind=PAYOUT, way="prepare", title=new.title, unit=new.unit, region=new.region, channel="system", subject=new.source,
        data={"count": len(new.items), "amount_fen": total, "budget": new.budget, "key": new.key, "items": digest},
    )  # fmt: skip
    (docket,), _again = kernel.open_dockets([opening], actor=actor, at=at)
    row = Batch.objects.create(
        docket=docket.id, number=docket.number, key=new.key, source=new.source, budget=new.budget, basis=new.basis,
        title=new.title, unit=new.unit, count=len(new.items), amount_fen=total, digest=digest, prepared_by=actor.id,
    )  # fmt: skip
    Item.objects.bulk_create(
        [
            Item(
                batch=row, place=place, key=one.key, payee=one.payee, holder=one.holder, account=one.account,
                bank=one.bank, amount_fen=one.amount_fen,
            )
            for place, one in enumerate(new.items, start=1)
        ],
        batch_size=500,
    )  # fmt: skip
    return row


def _taken(new: NewBatch) -> list[str]:
    keys = [one.key for one in new.items]
    found = Item.objects.filter(key__in=keys[:900]).exclude(state=ItemState.DROPPED)
    return list(found.order_by("pk").values_list("key", flat=True)[:5])


def _check(new: NewBatch) -> None:
    if not 1 <= len(new.items) <= MOST_ITEMS or not new.key or not new.title:
        raise PaymentsError(
            _("一批要有键、名称和1到%d笔。") % MOST_ITEMS, possible=_("太多的分几批报。"), code="incomplete"
        )
    for place, one in enumerate(new.items, start=1):
        if fault := _fault(one):
            raise PaymentsError(_("第%(place)d笔：%(fault)s") % {"place": place, "fault": fault}, code="item")
    repeated = [key for key, times in Counter(one.key for one in new.items).items() if times > 1]
    if repeated:
        raise PaymentsError(_("同一笔在一批里出现两次：%s。") % "、".join(repeated[:5]), code="twice")
    if sum(one.amount_fen for one in new.items) > MOST_FEN:
        raise PaymentsError(_("一批的总额太大。"), possible=_("请分几批报。"), code="amount")


def _fault(one: NewItem) -> str:
    if not rules.is_amount(one.amount_fen):
        return _("金额要是大于0的整数分。")
    if not (one.account.isascii() and one.account.isdigit() and 6 <= len(one.account) <= 32):
        return _("账号要是6到32位数字。")
    if not one.key or not one.holder.strip() or not one.bank.strip():
        return _("要有键、户名和开户银行。")
    return ""


def _digest(new: NewBatch) -> str:
    said = hashlib.sha256()
    for one in new.items:
        said.update(repr((one.key, one.payee, one.holder, one.account, one.bank, one.amount_fen)).encode())
    # The digest of accounts must tell nothing of them: it is keyed.
    return keyed_digester(purpose="payments/batch")(said.hexdigest())


# Moves ------------------------------------------------------------------------------------------


def _of(step: Step) -> Batch:
    return Batch.objects.get(docket=step.docket.id)


@BATCH.effect("check")
def _checked(step: Step) -> None:
    Batch.objects.filter(docket=step.docket.id).update(checked_by=step.actor.id)


@BATCH.effect("approve")
def _approve(step: Step) -> None:
    batch = _of(step)
    budget = _BUDGETS.get(batch.source)
    if budget is not None:
        keys = tuple(batch.items.order_by("place").values_list("key", flat=True))
        asked = BudgetAsk(batch.budget, batch.amount_fen, batch.count, keys, batch.number)
        refusal = budget(asked)
        if refusal:
            raise step.refuse(refusal, possible=_("可以退回整批，调整后再报。"), code="budget")
    Batch.objects.filter(pk=batch.pk).update(approved_by=step.actor.id)
    batch.items.update(live=True)
    step.note(count=batch.count, amount_fen=batch.amount_fen)


@BATCH.effect("refuse")
def _refuse(step: Step) -> None:
    batch = _of(step)
    _tell(step, batch, [(key, "dropped", fen) for key, fen in batch.items.values_list("key", "amount_fen")])
    batch.items.update(state=ItemState.DROPPED, live=False)


def _tell(step: Step, batch: Batch, items: Sequence[tuple[str, str, int]]) -> None:
    told = [{"key": key, "state": state, "amount_fen": fen} for key, state, fen in items]
    for start in range(0, len(told), 500):
        step.announce(
            events.ITEMS_ANSWERED, source=batch.source, batch=batch.number, items=told[start : start + 500]
        )


@BATCH.effect("answer")
def _answered(step: Step) -> None:
    batch, name = _of(step), provider().name
    results = {one.place: one for one in step.data.results}  # type: ignore[attr-defined]  # the input of `answer`
    told = []
    for item in batch.items.select_for_update().filter(place__in=list(results)):
        said = results[item.place]
        open_to = (ItemState.SENDING,) if said.state != "returned" else (ItemState.SENDING, ItemState.PAID)
        if item.attempt != said.attempt or item.state not in open_to:
            continue  # noted already, or an answer to an attempt that is over
        item.state, item.reason = ItemState(said.state), said.reason
        item.answered_at, item.provider = step.at, name
        item.transaction = said.transaction or item.transaction
        item.day = actors.day_of(step.at) if said.state == "paid" else item.day
        item.claimed_at = None
        item.save(update_fields=[
            "state", "reason", "answered_at", "provider", "transaction", "day", "claimed_at",
        ])  # fmt: skip
        if said.state != "waiting":
            told.append((item.key, said.state, item.amount_fen))
    step.note(answered=len(told))
    _tell(step, batch, told)
    _go_on(step, batch)


def _go_on(step: Step, batch: Batch) -> None:
    counts = {row["state"]: row["n"] for row in batch.items.values("state").annotate(n=Count("pk"))}
    move = rules.after_answers(counts)
    if move:
        step.then(step.docket.id, move, actor=kernel.SYSTEM, if_open=True)


def _item(step: Step, *states: ItemState) -> Item:
    place = step.data.place  # type: ignore[attr-defined]  # the input of the move
    item = Item.objects.select_for_update().filter(batch__docket=step.docket.id, place=place).first()
    if item is None:
        raise step.refuse(_("这一批没有第%d笔。") % place, code="place")
    if item.state not in states:
        raise step.refuse(
            _("第%(place)d笔%(state)s，不能这样做。")
            % {"place": place, "state": ItemState(item.state).label},
            possible=_("能做的是：%s。") % "、".join(str(one.label) for one in states),
            code="state",
        )
    return item


@BATCH.effect("correct")
def _correct(step: Step) -> None:
    item, said = _item(step, ItemState.RETURNED, ItemState.CORRECTED), step.data
    item.account, item.holder, item.bank = said.account, said.holder, said.bank  # type: ignore[attr-defined]  # the input of `correct`
    item.state, item.corrected_by = ItemState.CORRECTED, step.actor.id
    item.save(update_fields=["account", "holder", "bank", "state", "corrected_by"])


@BATCH.effect("amend")
def _amend(step: Step) -> None:
    item, said = _item(step, ItemState.RETURNED, ItemState.CORRECTED), step.data
    item.account, item.holder, item.bank = said.account, said.holder, said.bank  # type: ignore[attr-defined]  # the input of `amend`
    item.state, item.corrected_by = ItemState.CORRECTED, said.payee  # type: ignore[attr-defined]  # the input of `amend`
    item.save(update_fields=["account", "holder", "bank", "state", "corrected_by"])


def amend(*, key: str, holder: str, account: str, bank: str, payee: kernel.Actor, at: datetime) -> None:
    """The payee of a payment that came back names another account; a treasurer confirms it before it is sent again.

    The source of the batch has made sure that `payee` may speak for whom it is paid to.

    :raises PaymentsError: it is in no batch, did not come back, or its batch is closed
    """
    item = Item.objects.filter(key=key).exclude(state=ItemState.DROPPED).select_related("batch").first()
    if item is None:
        raise PaymentsError(_("没有这笔发放。"), code="unknown")
    data = {
        "place": item.place,
        "account": account,
        "holder": holder,
        "bank": bank,
        "payee": payee.id,
    }
    try:
        kernel.perform(item.batch.docket, "amend", actor=kernel.SYSTEM, at=at, data=data)
    except kernel.MoveRefused as refused:
        raise PaymentsError(
            refused.reason, possible=_("请联系财政部门，或打12345。"), code="closed"
        ) from refused


@BATCH.effect("confirm")
def _confirm(step: Step) -> None:
    item = _item(step, ItemState.CORRECTED)
    if item.corrected_by == step.actor.id:
        raise step.refuse(_("账号是您更正的，由另一个人复核。"), code="own")
    item.state, item.attempt, item.transaction = ItemState.WAITING, item.attempt + 1, ""
    item.reason, item.claimed_at, item.answered_at, item.day = "", None, None, None
    item.save(update_fields=["state", "attempt", "transaction", "reason", "claimed_at", "answered_at", "day"])
    step.note(place=item.place, attempt=item.attempt)


@BATCH.effect("drop")
def _drop(step: Step) -> None:
    item = _item(step, ItemState.RETURNED, ItemState.CORRECTED)
    Item.objects.filter(pk=item.pk).update(state=ItemState.DROPPED, live=False)
    batch = _of(step)
    _tell(step, batch, [(item.key, "dropped", item.amount_fen)])
    _go_on(step, batch)


# At the provider --------------------------------------------------------------------------------


def send_due(*, at: datetime, limit: int = CHUNK) -> int:
    """Hand the next payments of approved batches to the provider; gives how many were answered."""
    claimed = _claim(at=at, limit=limit)
    if not claimed:
        return 0
    try:
        answers = provider().send([_send_of(one) for one in claimed], at=at)
    except ProviderDownError:
        return 0  # what became of them is asked after
    return _note([(one, answers.get(one.reference)) for one in claimed], at=at)


@kernel.writing()
def _claim(*, at: datetime, limit: int) -> list[Item]:
    rows = Item.objects.select_for_update(skip_locked=True, of=("self",)) if _locks() else Item.objects.all()
    found = list(
        rows.select_related("batch").filter(live=True, state=ItemState.WAITING).order_by("pk")[:limit]
    )
    Item.objects.filter(pk__in=[one.pk for one in found]).update(state=ItemState.SENDING, claimed_at=at)
    return found


def _locks() -> bool:
    return connection.features.has_select_for_update_skip_locked


def _send_of(item: Item) -> Send:
    return Send(
        item.reference,
        item.amount_fen,
        item.batch.title,
        holder=item.holder,
        account=item.account,
        bank=item.bank,
    )


def ask_unanswered(*, at: datetime, limit: int = CHUNK) -> int:
    """Ask what became of payments that were handed over and not answered; gives how many are known now.

    Only what the provider never heard of goes back to be sent, under the same reference.
    """
    found = Item.objects.filter(state=ItemState.SENDING, claimed_at__lte=at - ASK_AFTER).select_related(
        "batch"
    )
    answers: list[tuple[Item, Answer | None]] = []
    for item in list(found.order_by("claimed_at")[:limit]):
        try:
            answer = provider().fate(item.reference, at=at)
        except ProviderDownError:
            break
        answers.append((item, answer))
        if answer.outcome is Outcome.PENDING:  # asked again, after the others
            with kernel.writing():
                Item.objects.filter(pk=item.pk, state=ItemState.SENDING).update(claimed_at=at)
    return _note(answers, at=at)


def returned(*, reference: str, reason: str, at: datetime) -> bool:
    """The bank sent a payment back 退票, maybe days after it had arrived; whether that was news.

    :raises PaymentsError: no such payment
    """
    pk, _dash, attempt = reference.removeprefix("P").partition("-")
    item = Item.objects.filter(pk=pk).select_related("batch").first() if pk.isdecimal() else None
    if item is None or str(item.attempt) != attempt:
        raise PaymentsError(_("没有这笔发放。"), code="unknown")
    if item.state == ItemState.RETURNED:
        return False
    try:
        return bool(_note([(item, Answer(Outcome.RETURNED, reason=reason))], at=at))
    except kernel.MoveRefused as refused:
        if refused.code != "not_open":
            raise
    # The batch is closed: what came back is work for people.
    apart = rules.Apart(Gap.ABSENT, Way.OUT, item.transaction, item.reference, item.amount_fen, None)
    return differing.find(apart, provider=item.provider, day=actors.day_of(at), at=at)


def _note(answers: Sequence[tuple[Item, Answer | None]], *, at: datetime) -> int:
    """Write answers down, batch by batch; those that say nothing yet are left as they are."""
    words = {Outcome.PAID: "paid", Outcome.RETURNED: "returned", Outcome.UNHEARD: "waiting"}
    by_batch: dict[int, list[dict[str, object]]] = {}
    for item, answer in answers:
        if answer is None or answer.outcome is Outcome.PENDING:
            continue
        result = {
            "place": item.place, "attempt": item.attempt, "state": words[answer.outcome],
            "transaction": answer.transaction, "reason": answer.reason[:200],
        }  # fmt: skip
        by_batch.setdefault(item.batch.docket, []).append(result)
    for docket, results in by_batch.items():
        kernel.perform(docket, "answer", actor=kernel.SYSTEM, at=at, data={"results": results})
    return sum(len(results) for results in by_batch.values())
