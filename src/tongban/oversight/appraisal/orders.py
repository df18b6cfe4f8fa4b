"""Orders of value-added services in the evaluation 好差评: the same five levels, kept with the order, counted here too.

What a company says is about a provider of the market, never about a unit: it stands beside the units' figures and is not
added to them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.desks.bundles import api as bundles
from tongban.kernel import api as kernel
from tongban.oversight.appraisal.contracts import BAD_FROM, EvaluationRefused, Figures
from tongban.oversight.appraisal.models import Evaluation


def rate(
    row: kernel.DocketRow, *, level: int, text: str, channel: str, actor: kernel.Actor, at: datetime
) -> Evaluation:
    """The company's word on a delivered order, as the move `rate` of the order; it is not kept a second time.

    :raises EvaluationRefused: nothing is delivered and confirmed yet, or it was rated before
    """
    try:
        kernel.perform(row.id, "rate", actor=actor, at=at, data={"level": level, "said": text.strip()})
    except kernel.MoveRefused as error:
        own = bundles.order_behind(row.id)
        rated = own is not None and own.level is not None
        raise EvaluationRefused(
            "evaluated" if rated else "open",
            _("这笔订单您已经评价过了。") if rated else _("这笔订单还没有确认交付，交付以后再评价。"),
            possible=_("还有要说的，请打12345。") if rated else _("现在可以查进度。"),
        ) from error
    return Evaluation(
        docket=row.id,
        number=row.number,
        unit=row.unit,
        region=row.region,
        level=level,
        at=at,
        channel=channel,
    )


def is_order(number: str) -> bool:
    """Whether a number, normalised, is one of an order; nothing is looked up."""
    return re.fullmatch(r"PS\d.*", number) is not None


def figures(*, regions: Sequence[str], since: datetime, until: datetime) -> Figures:
    """What companies of these divisions said of their orders in a time."""
    said = bundles.rated(regions, since=since, until=until)
    total = sum(said.values())
    bad = sum(count for level, count in said.items() if level >= BAD_FROM)
    return Figures(total, total - bad, bad)
