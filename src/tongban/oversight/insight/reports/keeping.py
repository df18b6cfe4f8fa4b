"""Reports that are written once and read often: kept as files beside the facts, for a day or until one is asked for anew.

A year's report takes seconds to count. What is kept is told apart by everything that it depends on: period, scope, language,
versions of the indicators, and the editions of its months and of those it is compared with.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.cache.backends.filebased import FileBasedCache
from django.utils import translation

from tongban.oversight.insight import api as insight
from tongban.oversight.insight import names
from tongban.oversight.insight.access import prefix
from tongban.oversight.insight.api import Period, Scope
from tongban.oversight.insight.reports import contracts, wording
from tongban.oversight.insight.reports.contracts import Report
from tongban.oversight.insight.reports.gathering import before, month_of, year_ago, year_of
from tongban.oversight.insight.reports.services import annual, kind, monthly
from tongban.oversight.insight.shelf import layout

DAY = 24 * 60 * 60
AGAIN = timedelta(minutes=5)
"""So often one report is written anew, however many ask for it: a year takes seconds to count."""
LANGUAGES = ("zh-hans", "en")


def kept(
    name: str,
    day: date,
    *,
    at: datetime,
    scope: Scope,
    whose: str = "",
    region: str = "",
    fresh: bool = False,
) -> Report:
    """The report of the period of a day, at most a day old; it says itself until when its figures are.

    :param fresh: written anew, unless what is kept was written minutes ago
    """
    year = kind(name).period == "year"
    shelf = FileBasedCache(str(settings.DATA / "reports"), {"TIMEOUT": DAY})
    key = _key(name, year_of(day.year) if year else month_of(day), scope, region)
    found: Report | None = shelf.get(key)
    if found is None or (fresh and at - found.at >= AGAIN):
        if year:
            found = annual(day.year, at=at, scope=scope, whose=whose, region=region)
        else:
            found = monthly(day, at=at, scope=scope, whose=whose, region=region)
        shelf.set(key, found)
    return found


def prepare(at: datetime) -> int:
    """Write the city's newest bulletins and reports, so that the first reader of a day does not wait for them."""
    today = at.astimezone(wording.SHANGHAI).date()
    scope = Scope((prefix(settings.ROOT_REGION),))
    written = 0
    for language in LANGUAGES:
        with translation.override(language):
            whose = names.division(settings.ROOT_REGION)
            for name, period in (("monthly", month_of(today)), ("annual", year_of(today.year))):
                for own in (period, before(period)):
                    kept(name, own.first, at=at, scope=scope, whose=whose, fresh=True)
                    written += 1
    return written


def _key(name: str, period: Period, scope: Scope, region: str) -> str:
    editions = insight.editions(year_ago(period).first.replace(month=1), period.last)
    versions = sorted((one.id, one.version) for one in insight.indicators(on=period.last).values())
    told = (
        layout(contracts),
        name,
        period,
        scope,
        region,
        translation.get_language(),
        versions,
        editions,
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()
