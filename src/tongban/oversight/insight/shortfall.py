"""What pulls a share down, as something that can be counted. Pure."""

from __future__ import annotations

from dataclasses import replace

from tongban.oversight.insight.contracts import Good
from tongban.oversight.insight.formulas import Joined, Leaf, Line
from tongban.oversight.insight.packs import Indicator


def wrong(one: Indicator) -> Leaf | None:
    """What pulls a share down, as something that can be counted; None where the formula does not tell."""
    formula = one.formula
    if not isinstance(formula, Joined) or formula.how != "share":
        return None
    part, whole = formula.parts
    if not isinstance(part, Leaf) or not isinstance(whole, Leaf):
        return None
    if one.good is Good.DOWN:
        return part
    if part.table != whole.table or part.distinct != whole.distinct:
        return None
    stricter = [line for line in part.where if line not in whole.where]
    if len(stricter) != 1 or stricter[0].how != "is":
        return None
    return replace(whole, where=(*whole.where, Line(stricter[0].column, "not", stricter[0].values)))
