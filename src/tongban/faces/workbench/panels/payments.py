"""The panels of orders, refunds, differences and batches of payments."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.faces.workbench.panels.base import Asked, Choosing, Panel, register, register_choosing
from tongban.kernel.privacy import mask_name
from tongban.registers.payments import api as payments
from tongban.registers.payments.contracts import Gap, ItemState

FIRST = 50


@register("fee")
def fee_panels(asked: Asked) -> list[Panel]:
    """What is owed, its receipts and refunds."""
    fee = payments.fee_behind(asked.row.id)
    return [_fee(fee)] if fee else []


def _fee(fee: payments.FeeInfo) -> Panel:
    english = (get_language() or "").startswith("en")
    context = {
        "fee": fee, "what": fee.what_en if english and fee.what_en else fee.what,
        "receipts": payments.receipts_of(fee.number),
    }  # fmt: skip
    return Panel("workbench/panels/fee.html", context)


@register("refund")
def refund_panels(asked: Asked) -> list[Panel]:
    """How much, why, who asked, and the order that it is of."""
    refund = payments.refund_behind(asked.row.id)
    if refund is None:
        return []
    context: dict[str, Any] = {"refund": refund, "by": _name(refund.asked_by)}
    found = [Panel("workbench/panels/refund.html", context)]
    return [*found, _fee(payments.fee(refund.fee))] if refund.fee else found


@register("difference")
def difference_panels(asked: Asked) -> list[Panel]:
    """What the bank says, what is noted here."""
    gap = payments.gap_behind(asked.row.id)
    if gap is None:
        return []
    return [Panel("workbench/panels/difference.html", {"gap": gap, "words": Gap(gap.gap).label})]


@register("payout")
def payout_panels(asked: Asked) -> list[Panel]:
    """The batch with its sums, and its items: those that did not arrive first."""
    batch = payments.batch_behind(asked.row.id)
    if batch is None:
        return []
    wrong = payments.items_of(batch.docket, states=(ItemState.RETURNED, ItemState.CORRECTED))
    rest = payments.items_of(batch.docket, most=FIRST)
    places = {one.place for one in wrong}
    context = {
        "batch": batch, "people": [(_name(batch.prepared_by), _("制单")), (_name(batch.checked_by), _("初审")),
                                   (_name(batch.approved_by), _("复核"))],
        "sums": [
            (ItemState(state).label, batch.counts[state], fen) for state, fen in sorted(batch.sums.items())
        ],
        "items": [
            {"item": one, "state": ItemState(one.state).label}
            for one in [*wrong, *(one for one in rest if one.place not in places)]
        ],
        "more": batch.count > FIRST,
    }  # fmt: skip
    return [Panel("workbench/panels/payout.html", context)]


@register_choosing("payout")
def choose_item(asked: Asked, move: str) -> Choosing:
    """Items that the move can be made for, by place."""
    states = {
        "correct": (ItemState.RETURNED, ItemState.CORRECTED), "confirm": (ItemState.CORRECTED,),
        "drop": (ItemState.RETURNED, ItemState.CORRECTED),
    }.get(move)  # fmt: skip
    if states is None:
        return Choosing()
    found = payments.items_of(asked.row.id, states=states)
    choices = [
        (str(one.place), _("第%(place)d笔 %(account)s") % {"place": one.place, "account": one.account})
        for one in found
    ]
    return Choosing(choices={"place": choices}, initial={"place": choices[0][0]} if choices else {})


def _name(actor: str) -> str:
    if not actor:
        return ""
    if actor == "system":
        return _("系统")
    name = actors.names([actor]).get(actor, "")
    return name if actor.startswith("officer:") else mask_name(name)
