"""Who decides: a person, or a threshold that the city set; and what the ledger says of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.hotline.contracts import Urgency
from tongban.desks.hotline.sorting.contracts import Ruling, Suggestion
from tongban.desks.hotline.sorting.selectors import threshold


def ruling(suggestion: Suggestion, *, region: str = "", channel: str = "") -> Ruling:
    """Whether a ticket may be dispatched as suggested without a person. One query.

    Only where the region (or one above) has a threshold for the channel and the category, the confidence reaches it, there is a unit, and it is no
    emergency: that goes to 110, 119, 120 and to a person at once.
    """
    head = suggestion.category[0] if suggestion.category else ""
    least = threshold(region or suggestion.region, channel=channel, category=head)
    if least is None:
        return Ruling(automatic=False, why=_("本地没有开自动派单。"), threshold=None)
    why = _against(suggestion, least)
    return Ruling(automatic=not why, why=why or _("置信度达到门槛。"), threshold=least)


def _against(suggestion: Suggestion, least: float) -> str:
    if not suggestion.category:
        return suggestion.reason or _("没有建议。")
    if suggestion.urgency == Urgency.EMERGENCY:
        return _("突发事件由人派单。")
    if not suggestion.unit:
        return _("没有找到承办单位。")
    if suggestion.confidence < least:
        return _("置信度没有达到门槛。")
    return ""


def entry(
    suggestion: Suggestion, *, decided_by: str, chosen: str = "", ruled: Ruling | None = None
) -> dict[str, Any]:
    """What the ledger keeps beside a dispatch: version, confidence, words and who decided. No text of the caller.

    The words are words of the lexicon, never names or numbers.

    :param decided_by: id of the actor; ``system`` where the threshold decided
    :param chosen: category that was dispatched, when it is another one than suggested
    """
    return {
        "version": suggestion.version, "category": suggestion.path, "confidence": suggestion.confidence,
        "words": [[word, share] for word, share in suggestion.words], "matter": suggestion.matter,
        "unit": suggestion.unit, "decided_by": decided_by,
        "followed": not chosen or chosen == suggestion.path,
        "threshold": ruled.threshold if ruled and ruled.automatic else None,
    }  # fmt: skip
