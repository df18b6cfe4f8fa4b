"""One payment from end to end, for auditors: article, version of the rule, data with source and date, people, ledger.

Reading it is an entry in the due's own stream: an auditor is seen too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.desks.policies.claims import access, rules, selectors, sources
from tongban.desks.policies.claims.contracts import DueInfo, Fact, UnknownError
from tongban.desks.policies.claims.models import Due, Recovery
from tongban.desks.policies.contracts import MeasureInfo
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.registers.payments import api as payments


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was done: where it is written down, who did it, as which unit."""

    stream: str
    sequence: int
    at: datetime
    actor: str
    unit: str
    act: str
    digest: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecoveryInfo:
    """Money asked back, as the office reads it."""

    docket: int
    number: str
    due: str
    amount_fen: int
    reason: str
    proposed_by: str
    fee: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A payment with everything that it stands on.

    :param measure: the version of the rule that decided; None when policies know it no longer
    :param lot: what decided between equals in the published order
    :param sent: the payment in its batch; None while there is none
    :param acts: of the list or claim, of this one alone, and of its batch, in the order of time
    """

    due: DueInfo
    measure: MeasureInfo | None
    facts: tuple[Fact, ...]
    lot: str
    weight: str
    list_digest: str
    sent: payments.ItemInfo | None
    batch: payments.BatchInfo | None
    recoveries: tuple[RecoveryInfo, ...]
    acts: tuple[Act, ...]


def trace(number: str, *, actor: kernel.Actor, at: datetime) -> Trace:
    """Everything about one due, for an officer who sees its list or claim. :raises UnknownError: not for this officer"""
    one = Due.objects.filter(number=number).select_related("run").first()
    if one is None or not _may(one, actor):
        raise UnknownError(_("没有这笔政策资金，或者您无权查看。"), code="unknown")
    kernel.record(stream=one.stream, act="trace", actor=actor, at=at, data={"number": one.number})
    batch = payments.batch(one.batch) if one.batch else None
    try:
        sent = payments.item(one.key) if one.batch else None
    except payments.UnknownError:
        sent = None
    return Trace(
        due=selectors.due(one.number), measure=sources.measure(one.measure, version=one.version),
        facts=selectors.facts_of(one), lot=rules.lot(one.measure, one.period, one.party)[:16], weight=one.weight,
        list_digest=one.run.digest if one.run else "", sent=sent, batch=batch,
        recoveries=tuple(_recovery(row) for row in one.recoveries.select_related("due").order_by("pk")),
        acts=tuple(sorted(_acts(one, batch, at=at), key=lambda act: (act.at, act.stream, act.sequence))),
    )  # fmt: skip


def _may(one: Due, actor: kernel.Actor) -> bool:
    if not any(grant.role in {str(role) for role in access.READERS} for grant in actor.grants):
        return False
    docket = one.run.docket if one.run else one.claim
    try:
        kernel.docket_by_id(docket or 0, actor=actor)
    except kernel.NotFound:
        return bool(one.batch) and _sees_batch(one.batch, actor)
    return True


def _sees_batch(number: str, actor: kernel.Actor) -> bool:
    """The finance bureau sees what it pays."""
    try:
        kernel.docket(number, actor=actor)
    except kernel.NotFound:
        return False
    return True


def _acts(one: Due, batch: payments.BatchInfo | None, *, at: datetime) -> Iterator[Act]:
    dockets = [docket for docket in (one.run.docket if one.run else None, one.claim) if docket]
    numbers = list(Docket.objects.filter(pk__in=dockets).values_list("number", flat=True))
    for stream in (*numbers, one.stream, *([batch.number] if batch else [])):
        for entry in kernel.history(stream, at=at):
            data = entry.body.get("data", entry.body)
            reason = data.get("reason", "") if isinstance(data, dict) else ""
            yield Act(
                stream,
                entry.sequence,
                entry.at,
                entry.actor,
                entry.unit,
                entry.act,
                entry.digest,
                str(reason),
            )


def _recovery(row: Recovery) -> RecoveryInfo:
    number = Docket.objects.values_list("number", flat=True).get(pk=row.docket)
    return RecoveryInfo(
        row.docket, number, row.due.number, row.amount_fen, row.reason, row.proposed_by, row.fee
    )


def recovery_behind(docket: int) -> RecoveryInfo | None:
    """The recovery of a docket; the caller has made sure that the reader sees the docket."""
    row = Recovery.objects.filter(docket=docket).select_related("due").first()
    return _recovery(row) if row else None
