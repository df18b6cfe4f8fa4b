"""How far the facts are behind."""

from __future__ import annotations

from datetime import datetime

from tongban.oversight.insight.facts.models import Sighting

MANY = 100_000


def troubles(_at: datetime) -> list[str]:
    """What `/healthz` tells: entries that wait to become facts, when they are more than an hour's work."""
    waiting = Sighting.objects.count()
    return [f"{waiting} entries wait to become facts"] if waiting > MANY else []
