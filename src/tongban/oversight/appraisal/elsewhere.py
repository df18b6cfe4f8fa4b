"""What is rated on another desk's docket and kept there: its move `rate`, and the figures of what was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.oversight.appraisal.contracts import BAD_FROM, EvaluationRefused, Figures
from tongban.oversight.appraisal.models import Evaluation


class Word(NamedTuple):
    """What somebody says of a docket: through which channel, who, when."""

    level: int
    channel: str
    actor: kernel.Actor
    at: datetime


def rate(
    row: kernel.DocketRow,
    word: Word,
    *,
    data: dict[str, Any],
    rated: Callable[[], bool],
    again: str,
    early: str,
) -> Evaluation:
    """Make the move; what is given back is not kept a second time.

    :param data: the move's input
    :param rated: asked when the move is refused: whether it was rated before
    :param again: what is said then
    :param early: what is said when there is nothing to rate yet
    :raises EvaluationRefused: either of them
    :raises kernel.MoveRefused: the input does not fit, they may not, or somebody was quicker: in its own words
    """
    try:
        kernel.perform(row.id, "rate", actor=word.actor, at=word.at, data=data)
    except kernel.MoveRefused as error:
        if rated():
            raise EvaluationRefused("evaluated", again, possible=_("还有要说的，请打12345。")) from error
        if isinstance(error, kernel.InvalidInput | kernel.NotPermitted | kernel.NotFound | kernel.Conflict):
            raise
        raise EvaluationRefused("open", early, possible=_("现在可以查进度。")) from error
    return Evaluation(
        docket=row.id, number=row.number, unit=row.unit, region=row.region, level=word.level, at=word.at, channel=word.channel
    )  # fmt: skip


def figures(said: Mapping[Any, int], *, level: Callable[[Any], int] = int) -> Figures:
    """How many said anything, and how many of them were content.

    :param said: how often each was said, by the desk's own word for it
    :param level: the level of such a word
    """
    total = sum(said.values())
    bad = sum(count for one, count in said.items() if level(one) >= BAD_FROM)
    return Figures(total, total - bad, bad)
