"""Anomalies and expectations as sentences, for pages and reports."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongban.oversight.insight import names, words
from tongban.oversight.insight.contracts import Measured
from tongban.oversight.insight.foresight.contracts import Anomaly, BackTest, By, Contributor
from tongban.oversight.insight.foresight.looking import REQUESTS
from tongban.oversight.insight.packs import indicators
from tongban.web import formats


def name(by: By, key: str) -> str:
    """What a part is called in the reader's language."""
    if by is By.UNIT:
        return names.unit(key)
    if by is By.PLACE:
        return names.division(key)
    return _("全部") if by is By.CITY else key.rpartition("/")[2] or key


def what(one: Anomaly) -> str:
    """The figure's name."""
    return _("热线诉求") if one.what == REQUESTS else words.name(indicators()[one.what])


def is_share(one: Anomaly) -> bool:
    """Whether it is per cent."""
    return one.what != REQUESTS and indicators()[one.what].measured is Measured.SHARE


def number(one: Anomaly, value: float) -> str:
    """A value as it is read."""
    return f"{value:.1f}%" if is_share(one) else formats.count(round(value))


def sentence(one: Anomaly) -> str:
    """One anomaly in one sentence: what, how much, what is usual, and who explains how much of it."""
    about = what(one) if one.by is By.CITY else f"{name(one.by, one.key)}{_('：')}{what(one)}"
    said = (
        _("%(about)s%(value)s，高于平常的%(low)s–%(high)s")
        if one.distance > 0
        else _("%(about)s%(value)s，低于平常的%(low)s–%(high)s")
    )
    text = said % {
        "about": about + " ", "value": number(one, one.value), "low": number(one, one.low), "high": number(one, one.high),
    }  # fmt: skip
    parts = explained(one)
    return _("%(text)s；主要来自%(parts)s。") % {"text": text, "parts": parts} if parts else _("%s。") % text


def explained(one: Anomaly) -> str:
    """The largest contributor of each kind with its part of the change."""
    first: dict[By, Contributor] = {}
    for part in one.contributors:
        first.setdefault(part.by, part)
    return _("、").join(contribution(part) for part in first.values())


def contribution(part: Contributor) -> str:
    """A contributor with its share of the change."""
    return _("%(name)s（占变化的%(share)s）") % {
        "name": name(part.by, part.key),
        "share": f"{100 * part.share:.0f}%",
    }


def verdict(test: BackTest) -> str:
    """What the back-test says, plainly."""
    return {
        "too_little": _("过去的月份还太少，说不准这份名单可不可靠。"),
        "better": _("回测中，这份名单比“去年同月再来一次”和“一年平均再来一次”都准，差距超出了偶然。"),
        "no_better": _("回测中，这份名单不比简单的估计（去年同月或一年平均）可靠地更准，请当参考。"),
        "worse": _("回测中，模型不如简单的估计，下面改用简单估计的次序。"),
    }[test.verdict]
