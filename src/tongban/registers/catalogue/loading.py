"""From packs to the published catalogue of the deployment's own regions."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from tongban.actors import api as actors
from tongban.kernel.contracts import SYSTEM, Actor
from tongban.registers.catalogue import cache, codes, profiles, regions, services
from tongban.registers.catalogue.contracts import CatalogueError
from tongban.registers.catalogue.drafts import Draft
from tongban.registers.catalogue.models import DataElement, MaterialKind
from tongban.registers.catalogue.packs import Entry, Packs, read_packs, taken

# Who serves people at the lower levels, where departments have no office of their own.
_FRONT_OFFICES = {"5": "bmfw", "6": "fwz"}
_GOVERNMENTS = {"5": "zf"}


@transaction.atomic
def load_packs(
    *, folder: Path, root: str, actor: Actor, at: datetime, skip_faulty: bool = False
) -> services.Outcome:
    """Take the packs in `folder` and publish what they say for `root` and the regions below it.

    :param skip_faulty: leave out matters with faults instead of refusing everything (while packs are written)
    :raises PackError: any fault in any file; nothing is written then
    :raises CatalogueError: the units are not there yet
    """
    packs = read_packs(folder) if skip_faulty else taken(read_packs(folder))
    store_keys(packs)
    known = actors.units_in(region=root, below=True)
    if not known:
        raise CatalogueError(f"区划{root}还没有单位。请先装入城市：tongban demo load。")
    places = _Places(root)
    drafts = [draft for entry in packs.entries for draft in _drafts(entry, places)]
    return services.bring_in(drafts, region=root, actor=actor, at=at, note="装入事项包")


def load_demo(_folder: Path, at: datetime) -> dict[str, int]:
    """The packs' catalogue for the demo city; a second time changes nothing."""
    done = load_packs(folder=settings.PACKS, root=settings.ROOT_REGION, actor=SYSTEM, at=at)
    return {"added": done.created, "changed": done.changed}


def store_keys(packs: Packs) -> None:
    """Write data elements and papers; those no pack names any more stay, old versions need them."""
    DataElement.objects.bulk_create(
        [
            DataElement(
                key=key,
                name=data["name"],
                type=data["type"],
                group=data.get("group", ""),
                personal=bool(data.get("personal")),
                data=_rest(data, "name", "type", "group", "personal"),
            )
            for key, data in packs.elements.items()
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name", "type", "group", "personal", "data"],
    )
    MaterialKind.objects.bulk_create(
        [
            MaterialKind(
                key=key,
                name=data["name"],
                source=data["source"],
                issuer=data.get("issuer") or "",
                licence_kind=data.get("licence_kind") or "",
                data=_rest(data, "name", "source", "issuer", "licence_kind"),
            )
            for key, data in packs.materials.items()
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name", "source", "issuer", "licence_kind", "data"],
    )
    cache.changed()


def _rest(data: dict[str, Any], *columns: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in columns}


class _Places:
    """Regions of the city by level, and which unit carries out a department's matter in each."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.by_level: dict[str, list[str]] = {}
        self.units: dict[tuple[str, str], tuple[str, str]] = {}
        for code in sorted(actors.regions_within(root)):
            self.by_level.setdefault(regions.level(code), []).append(code)
        for unit in actors.units_in(region=root, below=True):
            self.units.setdefault((unit.region, unit.department), (unit.id, unit.name))

    def of(self, department: str, level: str, *, regulated: bool = False) -> list[tuple[str, str, str]]:
        """(region, unit id, unit name) wherever the level has a unit for it.

        :param regulated: punished, enforced or inspected: below the county by the government itself
        """
        slug = (_GOVERNMENTS if regulated else _FRONT_OFFICES).get(level, department)
        found = []
        for region in self.by_level.get(level, []):
            unit = self.units.get((region, slug))
            if unit is not None:
                found.append((region, *unit))
        return found

    def fallback(self, department: str) -> tuple[str, str, str]:
        """The city's unit: a matter of a level without office of its own is carried out by the city."""
        unit = self.units.get((self.root, department)) or (f"{self.root[:6]}-{department}", department)
        return self.root, *unit


def _drafts(entry: Entry, places: _Places) -> list[Draft]:
    found = [
        (level, *place)
        for level in entry.data["levels"]
        for place in places.of(entry.department, level, regulated="regulated" in entry.data)
    ]
    if not any(level in {"3", "4"} for level, *_ in found):
        found.append((codes.ExerciseLevel.CITY.value, *places.fallback(entry.department)))
    return [
        Draft(
            basic_code=entry.code,
            public_code=entry.code,
            code=profiles.demo_code(entry.code, region, unit),
            profile="demo",
            region=region,
            level=level,
            unit=unit,
            unit_name=unit_name,
            department=entry.department,
            data=entry.data,
        )
        for level, region, unit, unit_name in found
    ]
