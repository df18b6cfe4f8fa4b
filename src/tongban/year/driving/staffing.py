"""Somebody at every unit that tickets go to: what the demonstration's staff lack is entered as any city's staff is."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from tongban.actors import api as actors
from tongban.actors.api import Role

FILES: Final = ("regions.yaml", "units.yaml", "people.yaml")
FIRST_ID: Final = 20_000
"""Above every officer of the pack."""


def staffed(unit: str, *, at: datetime) -> str:
    """The officer who handles tickets at a unit: its handler, else its head; empty where there is neither."""
    for role in (Role.HANDLER, Role.HEAD):
        found = actors.officers_with(role=role.value, unit_id=unit, at=at)
        if found:
            return min(found)
    return ""


def staff(units: Collection[str], *, folder: Path, at: datetime) -> int:
    """Enter a handler, who is invented, for each unit that has nobody; gives how many."""
    without = [unit for unit in sorted(units) if not staffed(unit, at=at)]
    if not without:
        return 0
    given: dict[str, Any] = actors.read_pack(folder, "officers.yaml")
    first = max([FIRST_ID, *(int(one["id"]) + 1 for one in given["officers"])])
    given["officers"] += [
        {
            "id": first + n, "username": f"handler-{unit}", "name": f"{actors.unit_name(unit_id=unit)}承办员", "unit": unit,
            "position": "热线承办员", "roles": ["handler"],
        }
        for n, unit in enumerate(without)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        beside = Path(name)
        for file in FILES:
            shutil.copy(folder / file, beside / file)
        with (beside / "officers.yaml").open("w", encoding="utf-8") as out:
            YAML(typ="safe").dump(given, out)
        actors.load_city(folder=beside)
    return len(without)
