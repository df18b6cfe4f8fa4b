"""What bundles name of other desks: themes and measures of policies, found here and shown there as plain links."""

from __future__ import annotations

from datetime import date

from tongban.actors import api as actors
from tongban.desks.bundles import api as bundles
from tongban.desks.policies import api as policies
from tongban.desks.policies.contracts import UnknownMeasureError
from tongban.desks.themes import api as themes

_NOTHING = bundles.Words("", "")


def connect() -> None:
    """Bring both lookups to bundles."""
    bundles.register_lookup("theme", theme)
    bundles.register_lookup("measure", measure)


def theme(code: str, region: str, _day: date) -> bundles.Lawful | None:
    """A theme that is offered in a division."""
    card = next((one for one in themes.published(region) if one.code == code), None)
    if card is None:
        return None
    name = bundles.Words(card.name.zh, card.name.en or card.name.zh)
    return bundles.Lawful("theme", code, name, f"/themes/{code}?region={region}", _NOTHING)


def measure(key: str, region: str, day: date) -> bundles.Lawful | None:
    """A measure in force on a day whose division holds the one asked about."""
    try:
        found = policies.measure(key, on=day)
    except UnknownMeasureError:
        return None
    if found.region not in actors.region_chain(region):
        return None
    name = bundles.Words(found.title, found.title_en or found.title)
    return bundles.Lawful("measure", key, name, f"/policies/{found.policy}", _NOTHING)
