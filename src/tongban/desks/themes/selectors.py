"""Reading themes: which are in force where, parsed once per version."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tongban.actors import api as actors
from tongban.desks.themes import load
from tongban.desks.themes.contracts import ThemeCard, UnknownTheme, VersionLine, Wording
from tongban.desks.themes.format import Theme as ThemeFile
from tongban.desks.themes.models import Status, Theme
from tongban.kernel.prepared import Prepared

MAX_PARSED = 512


@lru_cache(maxsize=MAX_PARSED)
def parsed(text: str) -> ThemeFile:
    """A theme file, parsed once per process: the text is its version.

    :raises ThemeFaulty: the text is no theme (a published one always is)
    """
    return load.parse(text)


def region_chain(region: str) -> tuple[str, ...]:
    """The region and everything above it, nearest first; a region not known here stands alone."""
    return actors.region_chain(region) or (region,)


def in_force(region: str) -> list[Theme]:
    """Rows of every theme offered in a region, by code: the region's own, else the nearest above it."""
    chain = region_chain(region)
    rows = Theme.objects.filter(region__in=chain, status=Status.PUBLISHED)
    nearest: dict[str, Theme] = {}
    for row in sorted(rows, key=lambda row: chain.index(row.region), reverse=True):
        nearest[row.code] = row
    return [nearest[code] for code in sorted(nearest)]


_IN_FORCE = Prepared(
    lambda code, regions: Theme.objects.filter(code=code, region__in=regions, status=Status.PUBLISHED)
)
_OF_VERSION = Prepared(
    lambda code, regions, version: Theme.objects.filter(code=code, region__in=regions, version=version),
    version=int,
)


def row_of(code: str, region: str, version: int | None = None) -> Theme:
    """The row in force in a region; or, with `version`, that version whatever became of it.

    :raises UnknownTheme: none; names those that are offered
    """
    chain = region_chain(region)
    rows = (
        _IN_FORCE(code=code, regions=chain)
        if version is None
        else _OF_VERSION(code=code, regions=chain, version=version)
    )
    found = sorted(rows, key=lambda row: chain.index(row.region))
    if not found:
        raise UnknownTheme(code, region, tuple(row.code for row in in_force(region)))
    return found[0]


def card(row: Theme) -> ThemeCard:
    """A theme as a list or a search result shows it."""
    theme = parsed(row.text)
    return ThemeCard(
        code=row.code,
        region=row.region,
        version=row.version,
        name=Wording(theme.name, theme.name_en),
        summary=Wording(theme.summary, theme.summary_en),
        for_whom=Wording(theme.for_whom, theme.for_whom_en),
        life_stage=theme.life_stage,
        parties=theme.parties,
        keywords=theme.keywords,
        matters=theme.codes,
        days=theme.limits.days,
        adopted_from=row.adopted_from,
    )


def cards(rows: Iterable[Theme]) -> list[ThemeCard]:
    return [card(row) for row in rows]


def history(code: str, region: str) -> list[VersionLine]:
    """Every version of a theme in exactly this region, newest first."""
    return [
        VersionLine(
            version=row.version,
            status=row.status,
            adopted_from=row.adopted_from,
            published_at=row.published_at,
            published_by=row.published_by,
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=row.withdrawn_by,
        )
        for row in Theme.objects.filter(code=code, region=region).order_by("-version")
    ]
