"""Opening a difference as work: once, however often it is found."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.registers.payments import access
from tongban.registers.payments.contracts import Gap, Way
from tongban.registers.payments.flow import DIFFERENCE
from tongban.registers.payments.models import Difference, Item, Order, Refund, Taking
from tongban.registers.payments.rules import Apart

FALLBACK = "czj"


def open_one(taking: Taking, gap: Gap, *, ours: int | None, at: datetime) -> bool:
    """Money came in that settles nothing: late, twice, with another amount, or for no order that there is."""
    apart = Apart(gap, Way.IN, taking.transaction, taking.reference, ours, taking.amount_fen)
    return find(apart, provider=taking.provider, day=taking.day, at=at, taking=taking)


@kernel.writing()
def find(apart: Apart, *, provider: str, day: date, at: datetime, taking: Taking | None = None) -> bool:
    """Open a docket for a difference unless there is one; whether it is new."""
    if Difference.objects.filter(
        provider=provider, way=apart.way.value, transaction=apart.transaction, gap=apart.gap
    ).exists():
        return False
    region, about, unit = _where(apart)
    title = _("对账差异：%s") % apart.gap.label
    opening = kernel.Opening(
        kind=DIFFERENCE, way="find", title=title, unit=access.treasury(region, otherwise=unit), region=region,
        channel="system",
        data={
            "gap": apart.gap.value, "way": apart.way.value, "reference": apart.reference, "about": about,
            "ours_fen": apart.ours_fen, "theirs_fen": apart.theirs_fen, "day": day.isoformat(),
        },
    )  # fmt: skip
    (docket,), _again = kernel.open_dockets([opening], actor=kernel.SYSTEM, at=at)
    Difference.objects.create(
        docket=docket.id, number=docket.number, gap=apart.gap, provider=provider, way=apart.way.value,
        reference=apart.reference, transaction=apart.transaction, ours_fen=apart.ours_fen,
        theirs_fen=apart.theirs_fen, day=day, taking=taking,
    )  # fmt: skip
    return True


def _where(apart: Apart) -> tuple[str, str, str]:
    """Division, number and unit of what the reference belongs to."""
    root = settings.ROOT_REGION
    nobody = (root, "", f"{root[:6]}-{FALLBACK}")
    if apart.way is Way.IN:
        order = Order.objects.filter(reference=apart.reference).first()
        return (order.region, order.number, order.unit) if order else nobody
    if apart.way is Way.BACK:
        refund = Refund.objects.filter(reference=apart.reference).select_related("taking__order").first()
        order = refund.taking.order if refund else None
        return (order.region, order.number, order.unit) if order else nobody
    pk = apart.reference.removeprefix("P").partition("-")[0]
    item = (
        Item.objects.filter(pk=pk).select_related("batch").first()
        if pk.isdecimal() and len(pk) < 18
        else None
    )
    if item is None:
        return nobody
    row = kernel.docket_by_id(item.batch.docket, actor=kernel.SYSTEM)
    return row.region, row.number, row.unit
