"""A report beside figures that were published elsewhere: each has to be the same, digit for digit.

A list of published figures is data: rows of a table in a text, each with the words in which the figure stands there and the
indicator that has to give it. Nothing of it is read when figures are counted.

    - {row: E1, said: "318,679 calls", indicator: calls.inbound}
    - {row: E1, said: "(94.7 %)", indicator: calls.answered_rate}
    - {row: A1, said: "Zengdu 1,810", not_here: another city}
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tongban.oversight.insight.reports.contracts import Report, ReportError

_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Proved:
    """One published figure and what the report says of it; `found` is None where the report has none."""

    row: str
    said: str
    indicator: str
    published: Decimal
    found: Decimal | None

    @property
    def same(self) -> bool:
        """Whether the report's figure, with the digits that were published, is the one that was published.

        Cities round their last digit half up or cut it off, and do not say which: either is the same figure.
        """
        if self.found is None:
            return False
        digits = Decimal(1).scaleb(int(self.published.as_tuple().exponent))
        roundings = (ROUND_HALF_UP, ROUND_DOWN)
        return self.published in {self.found.quantize(digits, how) for how in roundings}


def prove(report: Report, *, published: Path, text: str) -> tuple[Proved, ...]:
    """Each published figure beside the report's.

    :param published: the list of figures, as above
    :param text: the text in which they were published, with a table whose rows begin with ``| E1 |``
    :raises ReportError: words of the list that do not stand in their row
    """
    listed: Sequence[Mapping[str, Any]] = YAML(typ="safe").load(published)
    found_rows = rows(text)
    found = []
    for one in listed:
        if one["said"] not in found_rows.get(one["row"], ""):
            raise ReportError(f"{published.name}: {one['row']} does not say “{one['said']}”")
        if "indicator" in one:
            found.append(
                Proved(
                    one["row"],
                    one["said"],
                    one["indicator"],
                    _number(one),
                    report.figures.get(one["indicator"]),
                )
            )
    return tuple(found)


def rows(text: str) -> dict[str, str]:
    """The rows of the tables of a text, by the id in their first column."""
    lines = (line.split("|") for line in text.splitlines() if line.startswith("|"))
    return {cells[1].strip(): "|".join(cells[2:]) for cells in lines if len(cells) > 3}


def _number(one: Mapping[str, Any]) -> Decimal:
    """The first number of the words, or the one that `value` names where there are several."""
    numbers = [text.replace(",", "").replace("−", "-") for text in _NUMBER.findall(one["said"])]
    place = int(one.get("place", 1)) - 1
    if not 0 <= place < len(numbers):
        raise ReportError(f"{one['row']}: “{one['said']}” holds no number {place + 1}")
    return Decimal(numbers[place])
