"""Words that several pages of policies share."""

from __future__ import annotations

import contextlib
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies import packs, selectors
from tongban.desks.policies.contracts import Claimway, Gives, Order, Party, Period, Standing
from tongban.desks.policies.format import Terms
from tongban.desks.policies.wording import money_words
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import UnknownKeyError
from tongban.registers.portraits import api as portraits

EXPECTED = (
    ("entitled", Standing.ENTITLED.label),
    ("not", Standing.NOT.label),
    ("unknown", Standing.UNKNOWN.label),
)
FORM = {"who": gettext_lazy("谁可以享受"), "howmuch": gettext_lazy("给多少")}


def english() -> bool:
    """Whether the page is read in English."""
    return (get_language() or "").startswith("en")


def unit_name(unit: str) -> str:
    """What a unit is called, in the reader's language."""
    name = actors.unit_name(unit_id=unit)
    return actors.english_unit_name(name) if english() else name


def paper_name(key: str) -> str:
    """What a kind of paper is called, in the reader's language."""
    if english():
        with contextlib.suppress(UnknownKeyError):
            return catalogue.material(key).name_en or packs.papers().get(key, key)
    return packs.papers().get(key, key)


def terms_said(terms: Terms) -> list[tuple[str, str]]:
    """What a measure says beside its condition and amount, as labels and words; what is not said is left out."""
    language = get_language() or "zh"
    titles = selectors.titles(terms.excludes, english=english())
    span = _("%(first)s至%(last)s") % {"first": terms.opens_on or "—", "last": terms.closes_on or "—"}
    said = [
        (_("给谁"), str(Party(terms.party).label)), (_("给什么"), str(Gives(terms.gives).label)),
        (_("怎么享受"), str(Claimway(terms.way).label)), (_("事项编码"), terms.matter),
        (_("多久一次"), str(Period(terms.period).label)),
        (_("申领时间"), span if terms.opens_on or terms.closes_on else _("一直可以")),
        (_("名额（户）"), str(terms.quota or "")),
        (_("资金总额"), money_words(terms.budget_fen, language=language) if terms.budget_fen else ""),
        (_("名额或资金不够时"), order_words(terms) if terms.quota or terms.budget_fen else ""),
        (_("公示几个工作日"), str(terms.publicity_days) if terms.publicity_days else ""),
        (_("数据不够时要的材料"), _("、").join(map(paper_name, terms.evidence))),
        (_("不能同时享受的措施"), _("、").join(titles.get(key, key) for key in terms.excludes)),
    ]  # fmt: skip
    return [(label, words) for label, words in said if words]


def order_words(terms: Any) -> str:
    """The fair order in words; of terms or of a measure."""
    order = terms.ordered if isinstance(terms, Terms) else terms.order
    if order.by == "first" or terms.way != Claimway.QUICK:
        return _order_words(terms, order)
    words = _("截止以后一起排：%s") if terms.closes_on else _("先申请的先得；不够时排队的，%s")
    return words % _order_words(terms, order)


def _order_words(terms: Any, order: Order) -> str:
    if order.by == "amount":
        return _("金额大的先得")
    if order.by == "first":
        return _("先申请的先得")
    info = portraits.elements(terms.party).get(order.element)
    name = info.name_in(get_language() or "zh") if info else order.element
    return (_("%s大的先得") if order.descending else _("%s小的先得")) % name
