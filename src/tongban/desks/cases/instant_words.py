"""What decision rules came to, in words for the applicant and the officer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.cases.contracts import InstantOutlook, InstantRule
from tongban.registers.catalogue import api as catalogue
from tongban.registers.licences import api as licences

if TYPE_CHECKING:
    from tongban.desks.cases.instant import Asked, Looked

PAPERS = "papers"


def outlook(
    looked: Looked, *, on: bool, waits: bool, approved: bool = False, at: datetime | None = None
) -> InstantOutlook:
    """One case's review in the reader's language."""
    asked = looked.asked
    return InstantOutlook(
        matter=asked.matter,
        name=asked.spec.name_en if _english() and asked.spec.name_en else asked.spec.title,
        verdict=looked.verdict.value,
        on=on,
        waits=waits,
        approved=approved,
        checked_at=at,
        rules=tuple(_rule(asked, looked, one) for one in looked.findings),
    )


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _rule(asked: Asked, looked: Looked, found: catalogue.Finding) -> InstantRule:
    if found.rule == PAPERS:
        unknown = tuple(_paper(name, way) for name, way in found.unknown)
        return InstantRule(PAPERS, _("材料都能自动核对"), "", found.value, unknown)
    says, mend = found.rule, ""
    if any(one.key == found.rule for one in asked.rules.demands):
        says, mend = asked.rules.demand(found.rule).words(get_language() or "")
    unknown = tuple(
        _unknown(name_of(key, asked.rules), looked.why.get(key, why)) for key, why in found.unknown if key
    )
    return InstantRule(found.rule, says, mend, found.value, unknown)


def _paper(name: str, way: str) -> str:
    words = {
        "upload": _("%s：上传的要人看"), "earlier": _("%s：以前交过的要人看"), "paper": _("%s：窗口收的要人看"), "later": _("%s：还没有交"),
    }  # fmt: skip
    return words.get(way, _("%s：没有查到电子证照或共享数据")) % name


def _unknown(name: str, why: str) -> str:
    words = {
        "stale": _("%s：数据太旧，不作数"), "unavailable": _("%s：数据来源暂时连不上"),
        "future": _("%s：来源的时间不对，不作数"), "ambiguous": _("%s：有几份，不知道是哪一份"),
        "wrong_type": _("%s：来源给的内容不能用"), "disputed": _("%s：您说登记的不对，要人核对"),
    }  # fmt: skip
    return words.get(why, _("%s：没有查到")) % name


def name_of(key: str, rules: catalogue.InstantSpec) -> str:
    """What something that a rule reads is called, in the reader's language."""
    english = _english()
    fact = rules.facts.get(key)
    if fact is not None and fact.name:
        return fact.name_en if english and fact.name_en else fact.name
    if key in catalogue.GIVEN:
        _kind, zh, en = catalogue.GIVEN[key]
        return en if english else zh
    if key.startswith((catalogue.LICENCE, catalogue.HOLDS)):
        kind = licences.kinds().get(key.split(".")[1])
        return key if kind is None else kind.name_en if english else kind.name
    element = key.split(".", 2)[2] if key.startswith(catalogue.SHARED) else key
    try:
        spec = catalogue.element(element)
    except LookupError:
        return key
    return spec.name_en if english and spec.name_en else spec.name
