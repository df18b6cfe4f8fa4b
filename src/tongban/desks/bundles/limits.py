"""Clocks of bundles: their lengths are the market's rules in packs/bundles/_market.yaml."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tongban.desks.bundles.reading import shelf
from tongban.kernel.flow.declaration import Limit, Span, Words, working_days

if TYPE_CHECKING:
    from tongban.kernel.flow.step import Step

SOURCE = "国发〔2024〕3号；本市涉企增值服务管理规定（示例）"


def span_of(name: str) -> Callable[[Step], Span]:
    """The length of a step's limit, read when the clock starts: a running one keeps the rule that it began under."""
    return lambda _step: shelf().market.span(name)


def limit(name: str, label: Words, *, on_due: str = "", ours: bool = False) -> Limit:
    """A limit of the market's rules.

    :param ours: the desk's own; others bind provider or company, and never count as the unit's delay
    """
    return Limit(
        name, label, span_of(name), on_due=on_due, whose="unit" if ours else "applicant", source=SOURCE,
        warn=working_days(1) if ours else None,
    )  # fmt: skip
