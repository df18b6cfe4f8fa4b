"""What a city's published figures have and its packs lack: generated matters, in exact numbers, through the importer.

A profile says how many matters a city has and how many are online, without a visit, across provinces … What is published
already counts; the rest is made up, spread over the city's units, and marked as generated (`Implementation.generated`).
Where a list of ours is longer than the city's, its last matters are taken off that list: a version of its own, as any change is.
"""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.registers.catalogue import (
    exporting,
    generating,
    importing,
    listing,
    profiles,
    regions,
    regulated,
    selectors,
)
from tongban.registers.catalogue.contracts import CatalogueError
from tongban.registers.catalogue.drafts import Draft
from tongban.registers.catalogue.models import Implementation

MATTERS, REGULATED = "matters", "regulated"
# Counted by implementation, as cities do; the lists below by matter, once however many places carry it out.
ONLINE, NO_VISIT = "online", "no_visit"
_CROSS = {"cross_province": "跨省", "cross_city": "跨市", "cross_county": "跨县"}
_FLAGS = (
    "nearby",
    "commitment",
    "tolerance",
    "self_service",
    "high_frequency",
    "convenience",
    "intermediary",
)
_SUNK = "sunk"
LISTS = (*_CROSS, *_FLAGS, _SUNK)
_TAKEN_OFF = (*_FLAGS, _SUNK)
POSSIBLE = (MATTERS, REGULATED, ONLINE, NO_VISIT, *LISTS)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a city has after filling up, by figure, and how many of its matters were made up now."""

    made: int
    stock: Mapping[str, int]


def standing(region: str) -> dict[str, int]:
    """What is published in a region and below, by every figure of `POSSIBLE`."""
    rows = selectors.published(regions.pad(region)).exclude(partner=True)
    fined = Q(elements__kind__in=regulated.KINDS)
    by_place = {ONLINE: listing.LISTS[ONLINE].condition, NO_VISIT: listing.LISTS[NO_VISIT].condition}
    asked = {name: Count("pk", filter=condition) for name, condition in by_place.items()}
    asked |= {
        name: Count("matter", filter=listing.LISTS[name].condition, distinct=True)
        for name in LISTS
    }  # fmt: skip
    found: dict[str, int] = rows.exclude(fined).aggregate(**{MATTERS: Count("pk")}, **asked)
    return {**found, REGULATED: rows.filter(fined).count()}


def fill(*, wanted: Mapping[str, int], region: str, seed: int, actor: Actor, at: datetime) -> Filled:
    """Make up what is lacking of the wanted figures. The same again changes nothing.

    :param wanted: figures of `POSSIBLE` by name; `matters` are all that one applies for, `regulated` what is punished,
        enforced or inspected. What is not named is made up as it comes, none on a list
    :raises CatalogueError: an unknown figure, more on a list than matters to make, or more published already than wanted
        of what is no list that a matter can be taken off; or what was made up does not give them: nothing is kept then
    """
    region = regions.pad(region)
    if unknown := sorted(set(wanted) - set(POSSIBLE)):
        raise CatalogueError(f"没有这些数：{'、'.join(unknown)}；可以写：{'、'.join(POSSIBLE)}。")
    have = standing(region)
    lacking = {name: number - have[name] for name, number in wanted.items()}
    over = {name: -lack for name, lack in lacking.items() if lack < 0}
    if fixed := [f"{name}已有{have[name]}，要{wanted[name]}" for name in over if name not in _TAKEN_OFF]:
        raise CatalogueError(f"已公布的比要的多，不能再补：{'；'.join(fixed)}。")
    made = _entries({name: max(lack, 0) for name, lack in lacking.items()}, region=region, seed=seed)
    entries = made + _taken_off(over, region=region)
    with kernel.writing(), transaction.atomic():
        if entries:
            content = json.dumps({"matters": entries}, ensure_ascii=False).encode()
            importing.import_file(content=content, name="generated.json", region=region, actor=actor, at=at)
        stock = standing(region)
        if apart := [
            f"{name}要{number}，有{stock[name]}" for name, number in wanted.items() if stock[name] != number
        ]:
            raise CatalogueError(f"补出来的和要的对不上，一项都没有补：{'；'.join(apart)}。")
    return Filled(len(made), stock)


def _taken_off(over: Mapping[str, int], *, region: str) -> list[dict[str, Any]]:
    """The last matters of each list that is too long, wherever they are carried out, as they stand without it."""
    rows = selectors.published(region).exclude(partner=True).exclude(generated=True)
    rows = rows.exclude(elements__kind__in=regulated.KINDS).select_related("elements", "matter")
    found: dict[int, dict[str, Any]] = {}
    for name, number in over.items():
        on_it = rows.filter(listing.LISTS[name].condition)
        codes = sorted(set(on_it.values_list("matter__code", flat=True)))[-number:]
        for row in on_it.filter(matter__code__in=codes).order_by("region", "code"):
            entry = found.setdefault(row.pk, exporting.entry(row))
            key = "sunk_to" if name == _SUNK else name
            entry["lists"] = {word: value for word, value in entry["lists"].items() if word != key}
    return list(found.values())


def _entries(lacking: Mapping[str, int], *, region: str, seed: int) -> list[dict[str, Any]]:
    places = [
        code for code in sorted(actors.regions_within(region)) if regions.level(code) in {"3", "4"}
    ] or [region]
    earlier = Implementation.objects.filter(generated=True, region__startswith=regions.significant(region))
    fined = earlier.filter(elements__kind__in=regulated.KINDS).count()
    made = _applied(lacking, places=places, before=earlier.count() - fined, seed=seed)
    number = lacking.get(REGULATED, 0)
    made += list(generating.regulated_drafts(count=fined + number, places=places))[fined:] if number else []
    units = {unit.id: unit.name for unit in actors.units_in(region=region, below=True)}
    return [_entry(_at_home(draft, region, units)) for draft in made]


def _at_home(draft: Draft, root: str, units: Mapping[str, str]) -> Draft:
    """Carried out by a unit that there is: by the root region's where a department has none further down."""
    above = f"{root[:6]}-{draft.department}"
    if draft.unit in units or above not in units:
        return replace(draft, unit_name=units.get(draft.unit, draft.unit_name))
    code, level = profiles.demo_code(draft.basic_code, root, above), regions.level(root)
    data = {**draft.data, "levels": [level]}
    return replace(draft, region=root, unit=above, unit_name=units[above], code=code, level=level, data=data)


def _applied(lacking: Mapping[str, int], *, places: list[str], before: int, seed: int) -> list[Draft]:
    """So many drafts, exactly as many of them on each list as are lacking."""
    count = lacking.get(MATTERS, 0)
    if short := [f"{name}缺{lack}" for name, lack in lacking.items() if name != REGULATED and lack > count]:
        raise CatalogueError(f"只缺{count}个事项，不够：{'、'.join(short)}。")
    if not count:
        return []
    made = list(generating.drafts(count=before + count, places=places, seed=seed))[before:]
    chance = random.Random(f"{seed}:{before}")  # noqa: S311 - test data, no secret
    order = chance.sample(range(count), count)
    online, no_visit = set(order[: lacking.get(ONLINE, 0)]), set(order[: lacking.get(NO_VISIT, 0)])
    if not no_visit <= online:
        raise CatalogueError("不用跑现场的事项都要能网上办：no_visit缺的不能比online缺的多。")
    chosen = {name: set(chance.sample(range(count), lacking.get(name, 0))) for name in LISTS}
    for place, draft in enumerate(made):
        _shape(draft.data, online=place in online, no_visit=place in no_visit)
        draft.data["lists"] = _lists({name for name in LISTS if place in chosen[name]})
    return made


def _shape(data: dict[str, Any], *, online: bool, no_visit: bool) -> None:
    data["channels"] = ["1", "2", "3"] if online else ["1"]
    data["visits"] = 0 if no_visit else 1
    data["depth"] = "IV" if no_visit else "III" if online else "I"


def _lists(names: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {name: True for name in _FLAGS if name in names}
    if across := [word for name, word in _CROSS.items() if name in names]:
        found["cross_region"] = across
    return {**found, "sunk_to": ["5"]} if _SUNK in names else found


def _entry(draft: Draft) -> dict[str, Any]:
    """A draft as a file of ours has it."""
    return {
        **draft.data, "code": draft.code, "basic_code": draft.basic_code, "region": draft.region, "unit_name": draft.unit_name,
        "generated": True,
    }  # fmt: skip
