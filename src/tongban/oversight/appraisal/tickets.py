"""Tickets of the hotline in the evaluation 好差评: the same five levels, kept where the ticket keeps them, counted here too.

A caller's word is one fact: the ticket's own satisfaction, by the call-back or by the caller. Nothing is copied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from tongban.desks.hotline import api as hotline
from tongban.kernel import api as kernel
from tongban.oversight.appraisal import elsewhere
from tongban.oversight.appraisal.contracts import Figures, Level
from tongban.oversight.appraisal.models import Evaluation

LEVELS: Final = {
    Level.VERY_SATISFIED: hotline.Satisfaction.VERY, Level.SATISFIED: hotline.Satisfaction.SATISFIED,
    Level.FAIR: hotline.Satisfaction.FAIR, Level.DISSATISFIED: hotline.Satisfaction.UNSATISFIED,
    Level.VERY_DISSATISFIED: hotline.Satisfaction.VERY_UNSATISFIED,
}  # fmt: skip
_LEVEL_OF: Final = {said.value: level for level, said in LEVELS.items()}


def rate(
    row: kernel.DocketRow, *, level: int, text: str, channel: str, actor: kernel.Actor, at: datetime
) -> Evaluation:
    """The caller's word on an answer, as the move `rate` of the ticket; what is given back is not kept a second time.

    :raises EvaluationRefused: there is no answer to speak of yet, or it was rated before
    """
    return elsewhere.rate(
        row, elsewhere.Word(level, channel, actor, at),
        data={"satisfaction": LEVELS[Level(level)].value, "said": text.strip()},
        rated=lambda: bool(hotline.ticket(row.number, actor=kernel.SYSTEM).satisfaction),
        again=_("这张工单您已经评价过了。"), early=_("这张工单还没有可以评价的答复。"),
    )  # fmt: skip


def is_ticket(number: str) -> bool:
    """Whether a number, normalised, is one of a ticket of the hotline; nothing is looked up."""
    return re.fullmatch(rf"{hotline.PREFIX}\d.*", number) is not None


def figures(*, units: Sequence[str], since: datetime, until: datetime) -> dict[str, Figures]:
    """Callers' words by the unit that answered, as `selectors.figures` has evaluations; units without any are absent."""
    said = hotline.rated(units, since=since, until=until)
    return {unit: elsewhere.figures(own, level=_LEVEL_OF.__getitem__) for unit, own in said.items()}
