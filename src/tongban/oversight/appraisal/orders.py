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
from tongban.oversight.appraisal import elsewhere
from tongban.oversight.appraisal.contracts import Figures
from tongban.oversight.appraisal.models import Evaluation


def rate(
    row: kernel.DocketRow, *, level: int, text: str, channel: str, actor: kernel.Actor, at: datetime
) -> Evaluation:
    """The company's word on a delivered order, as the move `rate` of the order; it is not kept a second time.

    :raises EvaluationRefused: nothing is delivered and confirmed yet, or it was rated before
    """
    return elsewhere.rate(
        row, elsewhere.Word(level, channel, actor, at), data={"level": level, "said": text.strip()},
        rated=lambda: (own := bundles.order_behind(row.id)) is not None and own.level is not None,
        again=_("这笔订单您已经评价过了。"), early=_("这笔订单还没有确认交付，交付以后再评价。"),
    )  # fmt: skip


def is_order(number: str) -> bool:
    """Whether a number, normalised, is one of an order; nothing is looked up."""
    return re.fullmatch(r"PS\d.*", number) is not None


def figures(*, regions: Sequence[str], since: datetime, until: datetime) -> Figures:
    """What companies of these divisions said of their orders in a time."""
    return elsewhere.figures(bundles.rated(regions, since=since, until=until))
