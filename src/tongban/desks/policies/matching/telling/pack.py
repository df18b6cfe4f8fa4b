"""The city's own limits: `packs/matching/telling.yaml`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from ruamel.yaml import YAML

from tongban.desks.policies.matching.telling.rules import Limits


def limits() -> Limits:
    """How often and how much is told."""
    return _read(Path(settings.PACKS) / "matching" / "telling.yaml")


@lru_cache(maxsize=4)
def _read(path: Path) -> Limits:
    given = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return Limits(**{**given, "channels": tuple(given["channels"])})
