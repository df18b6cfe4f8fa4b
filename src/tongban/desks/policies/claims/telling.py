"""What holders are told: money waits (with the code that takes it), again while it waits, why not, that it came back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.policies.claims import confirming, selectors
from tongban.desks.policies.claims.contracts import DueState
from tongban.desks.policies.claims.models import Due
from tongban.kernel import api as kernel
from tongban.registers.messages import api as messages

REMIND = timedelta(days=20)
MOST_TOLD = 3
"""The first message and two reminders; afterwards the page and the portal tell it."""
BATCH = 200
_TEMPLATES = {
    DueState.WAITING: "benefit.waiting",
    DueState.ASIDE: "benefit.aside",
    DueState.LEFT: "benefit.left",
    DueState.RETURNED: "benefit.returned",
}


def amount_words(fen: int) -> dict[str, str]:
    """12.50元 and CNY 12.50."""
    said = f"{fen // 100:,}.{fen % 100:02}"
    return {"zh": f"{said}元", "en": f"CNY {said}"}


def tell_due(*, at: datetime, limit: int = BATCH) -> int:
    """Tell those whose turn has come; gives how many. Each is told once per state and reminder, whoever repeats it."""
    pks = list(Due.objects.filter(tell_at__lte=at).order_by("tell_at").values_list("pk", flat=True)[:limit])
    for pk in pks:
        with kernel.writing():
            one = Due.objects.select_for_update().get(pk=pk)
            if one.tell_at is not None and one.tell_at <= at:
                _tell(one, at=at)
    return len(pks)


def _tell(one: Due, *, at: datetime) -> None:
    template = _TEMPLATES.get(DueState(one.state))
    if template is not None:
        code = confirming.code_of(one) if one.state in (DueState.WAITING, DueState.ASIDE) else ""
        one.code = confirming.index_of(code) if code else None
        until = selectors.clocks([one.run.docket], "confirm").get(one.run.docket) if one.run else None
        context: dict[str, Any] = {
            "title": {"zh": one.title, "en": one.title_en or one.title}, "number": one.number,
            "amount": amount_words(one.amount_fen), "code": code, "reason": one.words or _("见详情页。"),
            "until": until.date() if until else {"zh": "随时", "en": "any time"},
        }  # fmt: skip
        messages.send(
            to=one.payee, template=template, docket=one.number, at=at, context=context,
            key=f"due:{one.pk}:{one.state}:{one.told}:{one.at.isoformat()}",
        )  # fmt: skip
    one.told += 1
    again = one.state == DueState.WAITING and one.told < MOST_TOLD
    one.tell_at = at + REMIND if again else None
    one.save(update_fields=["code", "told", "tell_at"])
