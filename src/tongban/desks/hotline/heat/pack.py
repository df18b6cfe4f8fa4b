"""The city's own words and thresholds: `packs/hotline/heat.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).resolve().parents[3] / "packs" / "hotline" / "heat.yaml"


@cache
def pack() -> Mapping[str, Any]:
    """The pack, read once."""
    return dict(YAML(typ="safe").load(FILE.read_text(encoding="utf-8")))
