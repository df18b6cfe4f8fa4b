"""Indicators as the packs have them: every fault is named with its file and id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from ruamel.yaml import YAML

from tongban.oversight.insight.contracts import Good, Grain, InsightError, Measured, Theme
from tongban.oversight.insight.formulas import Formula, leaves, parse

NEEDED = ("id", "name", "name_en", "theme", "measured", "good", "owner", "since", "source", "formula")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure that is kept: what it counts, who answers for it, on what it stands.

    :param owner: department that answers for the definition
    :param source: law or policy that asks for it
    :param target: what should be reached, in the unit of the indicator
    :param grain: the smallest for which it is told; units where the pack says nothing
    :param written: the formula as data
    """

    id: str
    name: str
    name_en: str
    theme: Theme
    measured: Measured
    good: Good
    owner: str
    since: date
    source: str
    formula: Formula
    written: Mapping[str, Any]
    target: Decimal | None = None
    version: int = 1
    grain: Grain = Grain.UNIT

    def told_by(self, group: str) -> bool:
        """Whether it is told for each unit, or each division; other groups are always possible."""
        if group == "region":
            return self.grain is not Grain.CITY
        return group != "unit" or self.grain is Grain.UNIT

    @property
    def grows(self) -> bool:
        """Whether its number grows with its period, so that a part of a month is not compared with a whole one; what stands at
        the end of a period does not.
        """
        whole = self.measured in {Measured.COUNT, Measured.FEN}
        return whole and any(leaf.kind != "stock" for leaf in leaves(self.formula))


@lru_cache(maxsize=1)
def indicators() -> Mapping[str, Indicator]:
    """Indicators by id, in the order of the packs."""
    found: dict[str, Indicator] = {}
    for path in sorted((Path(settings.PACKS) / "insight" / "indicators").glob("*.yaml")):
        for record in YAML(typ="safe").load(path):
            one = read(record, where=path.name)
            if one.id in found:
                raise InsightError(f"{path.name}: " + _("指标%s写了两次。") % one.id)
            found[one.id] = one
    return found


def read(record: Mapping[str, Any], *, where: str) -> Indicator:
    """An indicator as written. :raises InsightError: what is wrong with it, and where"""
    name = f"{where}: {record.get('id', '?')}"
    if missing := [key for key in NEEDED if not record.get(key)]:
        raise InsightError(f"{name}: " + _("少了%s。") % "、".join(missing))
    if unknown := sorted(set(record) - {*NEEDED, "target", "grain"}):
        raise InsightError(f"{name}: " + _("没有这一项：%s。") % "、".join(unknown))
    target = record.get("target")
    try:
        return Indicator(
            record["id"], record["name"], record["name_en"], Theme(record["theme"]), Measured(record["measured"]),
            Good(record["good"]), record["owner"], record["since"], record["source"], parse(record["formula"]),
            record["formula"], None if target is None else Decimal(str(target)), grain=Grain(record.get("grain", Grain.UNIT)),
        )  # fmt: skip
    except InsightError as error:
        raise InsightError(f"{name}: {error.reason}", possible=error.possible) from error
    except ValueError as error:
        raise InsightError(f"{name}: {error}") from error


def written(one: Indicator) -> dict[str, Any]:
    """A definition as a row or an edition keeps it; `read` reads it back."""
    record: dict[str, Any] = {
        "id": one.id, "name": one.name, "name_en": one.name_en, "theme": str(one.theme), "measured": str(one.measured),
        "good": str(one.good), "owner": one.owner, "since": one.since.isoformat(), "source": one.source, "formula": one.written,
        "grain": str(one.grain),
    }  # fmt: skip
    return record if one.target is None else record | {"target": str(one.target)}
