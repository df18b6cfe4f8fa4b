"""The fee of a case: asked for when the case is accepted, cancelled or given back when nothing comes of it.

Which fee is collected on line, and whether a refusal gives it back, the matter says (packs/catalogue, `fees`: ``due:
accept``, ``back: true``). 行政许可法 第五十九条: only by law and at the published rate. Deciding does not wait for the money.
"""

from __future__ import annotations

from django.utils import translation

from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import News, on
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import Fee
from tongban.registers.payments import api as payments

ON_ACCEPTANCE = "accept"
WHY_CANCELLED, WHY_BACK = "办件没有办成，不用缴了", "办件没有办成，按收费规定退还"


def _fees(row: Docket) -> dict[str, Fee]:
    """Fees of the case's matter that are collected on line, by the key of their order."""
    spec = catalogue.matters([row.subject], row.region).get(row.subject)
    wanted = [one for one in spec.fees if one.due == ON_ACCEPTANCE and one.amount_fen] if spec else []
    return {f"case:{row.number}:{one.name}": one for one in wanted}


def _english(name: str) -> str:
    with translation.override("en"):
        return catalogue.pack_said(name)


@on("case.accept", "case.deem_accepted")
def charge(news: News) -> None:
    """Ask for what the matter costs; a case that was decided meanwhile is asked for nothing."""
    row = Docket.objects.get(pk=news.docket or 0)
    if row.closed_at is not None or not row.applicant:
        return
    for key, fee in _fees(row).items():
        payments.ask_fee(
            payments.NewFee(
                payer=row.applicant, unit=row.unit, region=row.region, amount_fen=fee.amount_fen, what=fee.name,
                what_en=_english(fee.name), basis=fee.basis, about=row.number, subject=row.subject, key=key,
            ),
            actor=kernel.SYSTEM, at=news.at,
        )  # fmt: skip


@on("case.refuse", "case.reject", "case.withdraw", "case.stop")
def give_back(news: News) -> None:
    """Nothing came of the case: what was not paid is not owed, what was paid is given back where the matter says so."""
    row = Docket.objects.get(pk=news.docket or 0)
    asked = payments.fees_about(row.number)
    if not asked:
        return
    back = {one.name for one in _fees(row).values() if one.back}
    for fee in asked:
        payments.cancel(number=fee.number, actor=kernel.SYSTEM, reason=WHY_CANCELLED, at=news.at)
        if fee.state == "paid" and fee.what in back and fee.open_fen:
            payments.ask_refund(
                number=fee.number, amount_fen=None, reason=WHY_BACK, actor=kernel.SYSTEM, at=news.at,
                key=f"case:{row.number}:{fee.number}",
            )  # fmt: skip
