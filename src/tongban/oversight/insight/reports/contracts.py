"""What a report is, whatever it is written as: chapters of paragraphs, tables and charts, and notes on each figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tongban.oversight.insight.contracts import Period


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a sentence. One with an `indicator` is a figure: it opens `url` and is explained by note `note`.

    :param asked: what of the indicator is said: the value itself is ``""``, else a word of `wording.ASKED`
    :param value: the number that is said, as it is counted; None where none is said
    """

    text: str
    indicator: str = ""
    asked: str = ""
    value: Decimal | None = None
    note: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One sentence or several."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """What is read."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; `missed` where a target is not reached, which is said in words too."""

    text: str
    url: str = ""
    missed: bool = False
    note: int = 0
    value: Decimal | None = None
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`head` has a cell for each column; the first of a row is its heading. `none` is said where there is no row."""

    title: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    none: str = ""
    remark: str = ""
    wide: int = 1
    """So many columns from the left hold words, the others numbers."""
    placed: bool = False
    """Whether the first column says the place, not a name."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures that stand in a table of the same report; `finding` says what it shows."""

    title: str
    finding: str
    svg: str


Part = Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and what stands under it."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """On what a figure stands: the indicator with its version, the days it counts, and where it can be opened."""

    number: int
    indicator: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is read, in one language.

    :param whose: the unit or division that it is limited to; empty for the whole city
    :param figures: every figure of the whole period, by indicator
    """

    kind: str
    title: str
    issuer: str
    issue: str
    whose: str
    period: Period
    at: datetime
    lang: str
    lead: Paragraph
    chapters: tuple[Chapter, ...]
    notes: tuple[Note, ...]
    figures: dict[str, Decimal | None]

    @property
    def name(self) -> str:
        """A name for files: ``monthly-2026-10``, ``annual-2023``."""
        day: date = self.period.first
        return f"{self.kind}-{day:%Y-%m}" if self.kind == "monthly" else f"{self.kind}-{day.year}"


class ReportError(Exception):
    """A report that cannot be; says what is wrong and what is possible."""
