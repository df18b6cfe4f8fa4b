"""The legal list of what a hotline need not take, packs/hotline/refusals.yaml: each with its law and another way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).parents[2] / "packs" / "hotline" / "refusals.yaml"


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground: in words, the rule it stands in, and what to tell the caller instead."""

    key: str
    words: str
    law: str
    instead: str


@lru_cache(maxsize=1)
def grounds() -> dict[str, Ground]:
    """The grounds by key, in the order of the file."""
    given = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {one["key"]: Ground(one["key"], one["words"], one["law"], one["instead"]) for one in given}
