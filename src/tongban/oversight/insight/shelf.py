"""What was counted once is kept, until one of the files changes that it was counted from.

A month that is over costs its counting once. What is kept lies on the disk beside the facts, so that processes share it and a restart
does not lose it; it can be deleted at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from types import ModuleType
from typing import TypeVar

from django.conf import settings
from django.core.cache.backends.filebased import FileBasedCache

from tongban.oversight.insight import contracts, stocks
from tongban.oversight.insight.contracts import Period, Scope, Series
from tongban.oversight.insight.counting import Asked, count
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.formulas import leaves

Made = TypeVar("Made")
WEEK = 7 * 24 * 60 * 60
MOST = 2_000
RULES = 2
"""Raised when the same facts give other figures than before."""


def layout(module: ModuleType) -> str:
    """The fields of a module's dataclasses: what was kept by a release in which they were others is not taken for theirs."""
    found = [one for one in vars(module).values() if isinstance(one, type) and is_dataclass(one)]
    return repr([(one.__qualname__, [field.name for field in fields(one)]) for one in found])


def counted(
    asked: Sequence[Asked], *, period: Period, scope: Scope, by: Sequence[str] = ()
) -> Mapping[str, Series]:
    """The same as `counting.count`, from the shelf where it lies there."""
    return kept(_told(asked, period, scope, by), lambda: count(asked, period=period, scope=scope, by=by))


def kept(told: object, make: Callable[[], Made]) -> Made:
    """What `make` gives, never None; from the shelf where it lies there.

    :param told: everything that it depends on
    """
    shelf = FileBasedCache(
        str(settings.DATA / "figures"), {"TIMEOUT": WEEK, "OPTIONS": {"MAX_ENTRIES": MOST}}
    )
    key = hashlib.sha256(repr(told).encode()).hexdigest()
    found: Made | None = shelf.get(key)
    if found is None:
        found = make()
        shelf.set(key, found)
    return found


def _told(asked: Sequence[Asked], period: Period, scope: Scope, by: Sequence[str]) -> tuple[object, ...]:
    """Everything that the answer depends on; the files are looked at before they are counted."""
    tables = sorted({leaf.table for one in asked for leaf in leaves(one.formula)})
    root = facts.folder()
    files = [facts.stamp(root, table, *_days(table, period)) for table in tables]
    return (
        RULES,
        layout(contracts),
        settings.INSIGHT_ENGINE,
        str(root),
        list(asked),
        period,
        scope,
        tuple(by),
        files,
    )


def _days(table: str, period: Period) -> tuple[date, date]:
    reached = stocks.reaching(table, period)
    return reached.first, reached.last
