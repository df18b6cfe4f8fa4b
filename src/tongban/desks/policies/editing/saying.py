"""An amount in the words of a notice: 研发费用的5%，最多50万元; in steps, one sentence for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.policies.editing import rows, sums
from tongban.desks.policies.editing.comparisons import literal
from tongban.desks.policies.editing.sums import Sum
from tongban.desks.policies.wording import Wording, money_words
from tongban.kernel.rules.compile import compile_amount, compile_rule
from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.operators import yuan
from tongban.registers.portraits.contracts import ElementInfo


def amount_words(source: Any, infos: Mapping[str, ElementInfo]) -> str:
    """A formula that was checked, in words; empty where nothing is paid."""
    elements = {key: infos[key].rule for key in _named(source) if key in infos}
    return _said(sums.read(source, elements=elements), infos)


def _named(source: Any) -> Iterator[str]:
    """Keys that a formula reads."""
    if isinstance(source, list):
        for part in source:
            yield from _named(part)
    elif isinstance(source, Mapping):
        for name, given in source.items():
            if name == "var":
                yield str(given[0] if isinstance(given, list) and given else given)
            else:
                yield from _named(given)


def _said(said: Sum, infos: Mapping[str, ElementInfo]) -> str:
    match said.kind:
        case sums.NOTHING:
            return ""
        case sums.FIXED:
            return _money(said.yuan)
        case sums.SHARE | sums.EACH:
            return _capped(_share(said, infos) if said.kind == sums.SHARE else _each(said, infos), said)
        case sums.STEPS:
            return _steps(said, infos)
        case _:
            elements = {key: info.rule for key, info in infos.items()}
            node = compile_amount(said.source, elements=elements, rounding="down")
            return Wording(infos).say(node.dividend)  # type: ignore[union-attr]  # the rounding is outermost


def _base(said: Sum, infos: Mapping[str, ElementInfo]) -> str:
    language = get_language() or "zh"
    name = infos[said.element].name_in(language)
    if not said.minus.strip():
        return name
    if said.minus in infos:
        less = infos[said.minus].name_in(language)
    else:
        less = _money(said.minus) if infos[said.element].type is Type.MONEY else said.minus
    return _("“%(one)s”减“%(other)s”") % {"one": name, "other": less}


def _share(said: Sum, infos: Mapping[str, ElementInfo]) -> str:
    base = _base(said, infos)
    if said.times == said.over:
        return base
    if said.over == "100":
        return _("%(base)s的%(percent)s%%") % {
            "base": base,
            "percent": f"{Decimal(said.times).normalize():f}",
        }
    return _("%(base)s×%(times)s÷%(over)s") % {"base": base, "times": said.times, "over": said.over}


def _each(said: Sum, infos: Mapping[str, ElementInfo]) -> str:
    return _("%(base)s×%(sum)s") % {"base": _base(said, infos), "sum": _money(said.yuan)}


def _capped(words: str, said: Sum) -> str:
    return (
        words
        if not said.cap.strip()
        else _("%(words)s，最多%(cap)s") % {"words": words, "cap": _money(said.cap)}
    )


def _steps(said: Sum, infos: Mapping[str, ElementInfo]) -> str:
    elements = {key: info.rule for key, info in infos.items()}
    wording = Wording(infos)
    parts = []
    for step in said.steps:
        node = compile_rule(rows.write(step.when, elements=elements), elements=elements)
        parts.append(
            _("%(when)s的，%(gives)s") % {"when": wording.say(node), "gives": _said(step.gives, infos)}
        )
    rest = _said(said.otherwise, infos) if said.otherwise is not None else ""
    return _("；").join([*parts, _("其余%s") % rest])


def _money(typed: str) -> str:
    return money_words(yuan(literal(typed, Type.MONEY)["yuan"]), language=get_language() or "zh")
