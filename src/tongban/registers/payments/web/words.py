"""Orders, refunds and payments as pages show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.payments.contracts import FeeInfo, ItemInfo, ItemState, RefundInfo

TONES = {"due": "near", "approved": "info", "asked": "info", "stuck": "overdue"}


def english() -> bool:
    return (get_language() or "").startswith("en")


def fee_line(fee: FeeInfo, *, at: datetime) -> dict[str, Any]:
    """One order with its name and state in the reader's language."""
    state = kernel.flow_of("fee").states[fee.state]
    unit = actors.unit_name(unit_id=fee.unit)
    return {
        "fee": fee, "what": fee.what_en if english() and fee.what_en else fee.what, "state": str(state.told or state.label),
        "tone": TONES.get(fee.state, ""), "unit": actors.english_unit_name(unit) if english() else unit,
        "late": fee.due_at is not None and fee.due_at < at,
    }  # fmt: skip


def refund_line(one: RefundInfo, *, at: datetime) -> dict[str, Any]:
    """One refund as its payer reads it."""
    state = kernel.flow_of("refund").states[one.state]
    why = ""
    if one.state == "declined":
        acts = kernel.history(one.number, at=at)
        why = next(
            (act.body.get("data", {}).get("reason", "") for act in reversed(acts) if act.act == "decline"), ""
        )
    return {
        "refund": one,
        "state": str(state.told or state.label),
        "tone": TONES.get(one.state, ""),
        "why": why,
    }


def item_line(one: ItemInfo) -> dict[str, Any]:
    """One payment as its payee reads it."""
    return {"item": one, "state": str(ItemState(one.state).label)}


def pdf(content: bytes, *, name: str) -> HttpResponse:
    """A file to keep."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
