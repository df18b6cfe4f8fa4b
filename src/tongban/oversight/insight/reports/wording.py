"""From figures to words: numbers with separators, shares with two decimals, what rose and what fell."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from tongban.desks.hotline.contracts import Channel
from tongban.oversight.insight import names, words
from tongban.oversight.insight.contracts import Figure, Measured
from tongban.oversight.insight.packs import Indicator
from tongban.web import formats

SHANGHAI = ZoneInfo("Asia/Shanghai")
_CENT = Decimal("0.01")


def said(indicator: Indicator, figure: Figure | None) -> str:
    """A figure in a report: 318,679; 94.69%; 1.52天; 无 where there is nothing to divide by."""
    if figure is None or figure.value is None:
        return _("无")
    if indicator.measured is Measured.SHARE:
        return percent(figure.part or 0, figure.whole or 0)
    if indicator.measured is Measured.DAYS:
        return _("%s天") % f"{figure.value:.2f}"
    if indicator.measured is Measured.FEN:
        return formats.money(int(figure.value))
    return formats.count(int(figure.value))


def percent(part: int, whole: int) -> str:
    """A share with two decimals, never rounded up to 100 %."""
    if not whole:
        return _("无")
    exact = 100 * Decimal(part) / Decimal(whole)
    shown = exact.quantize(_CENT, ROUND_HALF_UP)
    if exact < 100 <= shown:
        shown = exact.quantize(_CENT, ROUND_DOWN)
    return f"{shown:,}%"


def reached(indicator: Indicator, figure: Figure | None) -> str:
    """Whether the target is reached, in words."""
    if indicator.target is None:
        return _("未定目标")
    if figure is None or figure.value is None:
        return _("无数可比目标")
    told = _("未达到%s的目标") if words.missed(indicator, figure) else _("达到%s的目标")
    return told % words.target(indicator)


def moved(indicator: Indicator, now: Figure | None, then: Figure | None, *, known: bool) -> str:
    """上升3.20%, 下降1.20个百分点, 持平; 无 where one of the two is none.

    :param known: whether anything was written down in the earlier period
    """
    if not known or now is None or then is None or now.value is None or then.value is None:
        return _("无")
    difference = now.value - then.value
    if not difference:
        return _("持平")
    return (_("上升%s") if difference > 0 else _("下降%s")) % _size(indicator, difference, then)


def _size(indicator: Indicator, difference: Decimal, then: Figure) -> str:
    if indicator.measured is Measured.SHARE:
        return _("%s个百分点") % f"{abs(difference):,.2f}"
    if indicator.measured is Measured.DAYS:
        return _("%s天") % f"{abs(difference):.2f}"
    if not then.value:  # from nought: no percentage says it
        return said(
            indicator, Figure(then.indicator, then.version, (), abs(difference), int(abs(difference)))
        )
    return percent(int(abs(difference)), int(abs(then.value)))


def compared(change: str, against: str) -> str:
    """A change against what it is compared with, in a sentence: 比上月上升3.20%, 与上月持平, 上月无可比数."""
    if formats.english():
        against = f"the {against.lower()}"
    if change == _("无"):
        return _("%s无可比数") % against
    if change == _("持平"):
        return _("与%s持平") % against
    return _("比%(against)s%(change)s") % {"against": against, "change": change}


def name_of(by: str, group: str) -> str:
    """What a group is called in the reader's language."""
    if not group:
        return _("没有记载")
    if by == "unit":
        return names.unit(group)
    if by == "region":
        return names.division(group)
    if by == "month":
        return group
    return str(Channel(group).label) if group in Channel.values else words.code_name(group)
