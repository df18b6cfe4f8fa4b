"""Which definition of an indicator holds on a day: the packs', overlaid by the versions that were adopted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.oversight.insight import packs
from tongban.oversight.insight.contracts import Figure, InsightError, Period, Scope, Theme
from tongban.oversight.insight.counting import Asked
from tongban.oversight.insight.definitions.contracts import PACK, State, Version
from tongban.oversight.insight.definitions.models import Definition
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.shelf import counted


@dataclass(frozen=True, slots=True)
class Known:
    """Every indicator with its versions, as it was read once: for who asks of several days."""

    versions: Mapping[str, tuple[Indicator, Sequence[Version]]]

    def on(self, day: date) -> Mapping[str, Indicator]:
        """Indicators by id as they are counted on a day, in the order they are shown in; none that has ended by then.

        A day before the first version of an indicator is counted by the first one, so that it can be compared.
        """
        order = list(Theme)
        held = {key: _holding(first, later, day) for key, (first, later) in self.versions.items()}
        found = [(key, one) for key, one in held.items() if one is not None]
        return dict(sorted(found, key=lambda pair: order.index(pair[1].theme)))


def known() -> Known:
    """Every indicator of the packs and of the adopted versions."""
    adopted: dict[str, list[Version]] = {}
    for row in _adopted():
        if (version := _read(row)) is not None:
            adopted.setdefault(row.indicator, []).append(version)
    found = {key: (one, adopted.pop(key, [])) for key, one in packs.indicators().items()}
    return Known(found | {key: (own[0].indicator, own[1:]) for key, own in adopted.items()})


def indicators(*, on: date) -> Mapping[str, Indicator]:
    """Indicators by id as they are counted on a day: see `Known.on`."""
    return known().on(on)


def ended(*, on: date) -> list[Version]:
    """The ends that hold on a day, by indicator: what is counted no more."""
    last: dict[str, Version] = {}
    for row in _adopted():
        if row.since <= on and (version := _read(row)) is not None:
            last[row.indicator] = version
    return [one for _key, one in sorted(last.items()) if one.ended]


def _holding(first: Indicator, later: Iterable[Version], on: date) -> Indicator | None:
    held: Indicator | None = first
    for version in later:
        if version.since <= on:
            held = None if version.ended else version.indicator
    return held


def _adopted(key: str = "") -> list[Definition]:
    """Versions in the order in which they hold; one that begins when another does takes its place."""
    rows = Definition.objects.filter(state=State.ADOPTED)
    return list((rows.filter(indicator=key) if key else rows).order_by("since", "number"))


def read(record: Mapping[str, Any], *, number: int) -> Indicator:
    """A definition out of its row. :raises InsightError: it cannot be read any more"""
    said = {**record, "since": date.fromisoformat(record["since"])}
    one = packs.read(said, where=_("第%d版") % number)
    return replace(one, version=number)


def _read(row: Definition) -> Version | None:
    try:
        found = read(row.record, number=row.number or 0)
    except InsightError:
        return None  # `troubles` tells; the version before holds on
    return Version(
        found, row.number or 0, row.since, reason=row.reason, proposed_by=row.proposed_by, proposed_at=row.proposed_at,
        adopted_by=row.decided_by, adopted_at=row.decided_at, ended=row.ends,
    )  # fmt: skip


def versions(key: str) -> list[Version]:
    """Every version of an indicator, oldest first; the packs' is number 1. Empty for what is none."""
    own = [version for row in _adopted(key) if (version := _read(row)) is not None]
    if (first := packs.indicators().get(key)) is not None:
        own.insert(0, Version(first, PACK, first.since))
    ends = [*(one.since for one in own[1:]), None][: len(own)]
    return [replace(one, until=end) for one, end in zip(own, ends, strict=True)]


def proposal(key: str) -> Definition | None:
    """What waits to be adopted for an indicator; None where nothing does."""
    return Definition.objects.filter(indicator=key, state=State.PROPOSED).first()


def proposals() -> list[Definition]:
    """What waits to be adopted, oldest first."""
    return list(Definition.objects.filter(state=State.PROPOSED).order_by("proposed_at", "pk"))


def by_month(key: str, *, months: Sequence[Period], scope: Scope) -> dict[str, Figure]:
    """Figures of an indicator for months such as ``2026-11``, each by the version that holds on the month's last day;
    none for a month after its end.
    """
    held: dict[int, tuple[Indicator, list[Period]]] = {}
    own = versions(key)
    for month in months:
        if (one := _holding(own[0].indicator, own[1:], month.last)) is not None:
            held.setdefault(one.version, (one, []))[1].append(month)
    found: dict[str, Figure] = {}
    for one, parts in held.values():
        names = {f"{month.first:%Y-%m}" for month in parts}
        period = Period(min(month.first for month in parts), max(month.last for month in parts))
        asked = [Asked(key, one.version, one.formula)]
        for (name,), figure in counted(asked, period=period, scope=scope, by=("month",))[key].figures.items():
            if name in names:
                found[name] = figure
    return found


def troubles(_at: datetime) -> list[str]:
    """What `/healthz` tells: adopted versions that this release cannot read."""
    return [f"{row}: cannot be read" for row in _adopted() if _read(row) is None]
