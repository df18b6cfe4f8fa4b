"""What every check looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches

from tongban.desks.themes.contracts import Finding
from tongban.desks.themes.format import Path, Theme
from tongban.desks.themes.load import Source
from tongban.desks.themes.order import Calendar
from tongban.desks.themes.planning import SHANGHAI
from tongban.registers.catalogue.contracts import ElementSpec, MaterialSpec, MatterSpec


@dataclass(frozen=True, slots=True)
class Context:
    """One theme under check. `specs` holds the matters that the catalogue knows, by code; `at` is the fixed
    instant at which it is tried out.
    """

    theme: Theme
    source: Source
    specs: Mapping[str, MatterSpec]
    at: datetime
    calendar: Calendar
    region: str

    def finding(self, path: Path, code: str, zh: str, en: str) -> Finding:
        return self.source.finding(path, code, zh, en)

    def name(self, code: str) -> str:
        """A matter as a reader knows it."""
        spec = self.specs.get(code)
        return f"{spec.name}（{code}）" if spec else code

    @property
    def elements(self) -> dict[str, ElementSpec]:
        """Every data element of the theme's matters by key."""
        return {element.key: element for spec in self.specs.values() for element in spec.elements}

    @property
    def papers(self) -> dict[str, MaterialSpec]:
        """Every paper of the theme's matters by key."""
        return {paper.key: paper for spec in self.specs.values() for paper in spec.materials}


def instant_of(day: str) -> datetime:
    """A working hour of a day (YYYY-MM-DD)."""
    return datetime.combine(date.fromisoformat(day), time(10), SHANGHAI)


Check = Callable[[Context], Iterator[Finding]]


def nearest(word: str, known: Iterable[str]) -> tuple[str, str]:
    """What may have been meant, as the end of a Chinese and of an English sentence."""
    names = list(known)
    close = get_close_matches(word, names, n=1)
    if close:
        return f"，是不是“{close[0]}”？", f"; did you mean “{close[0]}”?"
    listed = "、".join(names[:12])
    return f"。有：{listed}{'…' if len(names) > 12 else ''}。", f". There are: {listed}."
