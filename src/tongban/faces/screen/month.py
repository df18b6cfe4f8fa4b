"""The month so far in indicators: value, target and trend; those that miss their target come first; each opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ruamel.yaml import YAML

from tongban.oversight.insight import api as insight
from tongban.oversight.insight.api import Figure, Good, Indicator, Measured, Scope
from tongban.oversight.insight.reports import api as reports
from tongban.web import formats

KEPT = 60  # seconds: as often as the page asks


@dataclass(frozen=True, slots=True)
class Watched:
    """An indicator with its figure of the month so far and of the month before."""

    indicator: Indicator
    now: Figure | None
    before: Figure | None


@dataclass(frozen=True, slots=True)
class Tile:
    """One indicator as it is shown."""

    name: str
    value: str
    of: str
    target: str
    trend: str
    missed: bool
    url: str
    short: str
    """Where what pulls it down stands, where it misses its target."""


@lru_cache(maxsize=1)
def listed() -> tuple[str, ...]:
    """The indicators that the screen shows (`packs/insight/screen.yaml`)."""
    return tuple(YAML(typ="safe").load(Path(settings.PACKS) / "insight" / "screen.yaml"))


def watched(*, scope: Scope, at: datetime) -> list[Watched]:
    """The figures of a scope, at most a minute old."""
    today = timezone.localtime(at).date()
    key = f"screen-month:{today:%Y-%m}:{','.join(scope.regions)}:{','.join(scope.units)}".replace(" ", "")
    found: list[Watched] | None = cache.get(key)
    if found is None:
        known = insight.indicators(on=today)
        wanted = [known[one] for one in listed() if one in known]
        now, before = (
            insight.figures(wanted, period=insight.month(today, back=back), scope=scope) for back in (0, 1)
        )
        found = [Watched(one, now[one.id].figures.get(()), before[one.id].figures.get(())) for one in wanted]
        cache.set(key, found, KEPT)
    return found


def tiles(found: Sequence[Watched], *, region: str, at: datetime) -> list[Tile]:
    """As they are shown, in the reader's language."""
    month = timezone.localtime(at).strftime("%Y-%m")
    query = urlencode({"month": month} | ({"region": region} if region else {}))
    shown = [_tile(one, query) for one in found]
    return sorted(shown, key=lambda tile: not tile.missed)


def _tile(one: Watched, query: str) -> Tile:
    indicator, now = one.indicator, one.now
    missed = reports.missed(indicator, now)
    share = indicator.measured is Measured.SHARE and now is not None and bool(now.whole)
    return Tile(
        insight.name(indicator), insight.shown(indicator, now),
        f"{formats.count(now.part or 0)}/{formats.count(now.whole or 0)}" if share and now else "",
        reports.target(indicator), _trend(one), missed, f"{reverse('insight:one', args=[indicator.id])}?{query}",
        f"{reverse('reports:short', args=[indicator.id])}?{query}" if missed and share else "",
    )  # fmt: skip


def _trend(one: Watched) -> str:
    """变好 or 变差 against the month before; of what grows with its month the month before as a whole: this one is not over."""
    now, before = one.now, one.before
    if before is None or before.value is None or now is None or now.value is None:
        return _("上月无")
    told = insight.shown(one.indicator, before)
    if one.indicator.grows or one.indicator.good is Good.NEITHER:
        return _("上月全月%s") % told
    if now.value == before.value:
        return _("与上月持平")
    better = (now.value > before.value) == (one.indicator.good is Good.UP)
    return (_("比上月的%s变好") if better else _("比上月的%s变差")) % told
