"""Notes on figures: which indicator in which version, which days, on what it stands, where it opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.oversight.insight import api as insight
from tongban.oversight.insight import words
from tongban.oversight.insight.api import Indicator, Period
from tongban.oversight.insight.reports.contracts import Note
from tongban.oversight.insight.reports.gathering import Sheet, months_of
from tongban.web import formats


def address(key: str, period: Period, region: str = "") -> str:
    """Where a figure opens: the indicator's page of the period's last month."""
    asked = {"month": f"{period.last:%Y-%m}"} | ({"region": region} if region else {})
    return f"{reverse('insight:one', args=[key])}?{urlencode(asked)}"


@dataclass(slots=True)
class Notes:
    """Numbers of notes, given in the order in which the figures are met."""

    sheet: Sheet
    region: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    altered: frozenset[str] = field(init=False)
    """Indicators that rest on entries of the ledger that somebody altered by hand."""

    def __post_init__(self) -> None:
        days = months_of(self.sheet.period)
        self.altered = frozenset(key for day in days for key in insight.marked(day, scope=self.sheet.scope))

    def number(self, key: str) -> int:
        """The number of an indicator's note."""
        return self.numbers.setdefault(key, len(self.numbers) + 1)

    def told(self) -> tuple[Note, ...]:
        """The notes, by number."""
        return tuple(
            Note(
                number, key, self._text(self.sheet.wanted[key]), address(key, self.sheet.period, self.region)
            )
            for key, number in self.numbers.items()
        )

    def _text(self, one: Indicator) -> str:
        period, figure = self.sheet.period, self.sheet.figure(one.id)
        said = [told for _place, told in words.parts(one)]
        if len(said) > 1:  # which comes first matters: the first of the second, the first less the second
            said = [_("（%(n)d）%(said)s") % {"n": n, "said": told} for n, told in enumerate(said, 1)]
        parts = _("；").join(said)
        told = _("%(name)s，第%(version)d版，%(first)s至%(last)s。%(how)s——%(parts)s。依据：%(source)s。") % {
            "name": words.name(one), "version": figure.version if figure else one.version, "first": formats.iso(period.first),
            "last": formats.iso(period.last), "how": words.how(one.formula), "parts": parts, "source": one.source,
        }  # fmt: skip
        return told + _("它所依据的台账记录被改动过，这个数不能作准。") if one.id in self.altered else told


def unit_address(unit: str, period: Period) -> str:
    """Where a unit's own page opens."""
    return f"{reverse('reports:department', args=[unit])}?{urlencode({'month': f'{period.last:%Y-%m}'})}"
