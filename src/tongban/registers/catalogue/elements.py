"""One canonical form of a matter's elements: what packs, files and versions have in common. Pure."""

import hashlib
import json
from typing import Any

from tongban.registers.catalogue.contracts import Change, Lists

# Every element with the value it has when nobody says anything.
EMPTY: dict[str, Any] = {
    "name": "",
    "plain_name": "",
    "name_en": "",
    "kind": "",
    "levels": [],
    "applicants": [],
    "case_kind": "",
    "legal_basis": [],
    "legal_limit": None,
    "promised_limit": None,
    "channels": [],
    "depth": "",
    "visits": None,
    "fees": [],
    "results": [],
    "conditions": [],
    "steps": [],
    "procedures": [],
    "elements": [],
    "materials": [],
    "situations": [],
    "handling_items": [],
    "mistakes": [],
    "faq": [],
    "lists": {},
    "topics": [],
    "keywords": [],
}
OPTIONAL = ("instant", "regulated")
"""Elements that are left out when nobody says anything, so that matters without them keep their digest."""
LIST_NAMES = tuple(Lists.__dataclass_fields__)
FLAGS = tuple(name for name in LIST_NAMES if name not in {"cross_region", "sunk_to", "abolished_proofs"})


def digest(data: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def columns(data: dict[str, Any]) -> dict[str, Any]:
    """The columns of `models.Elements` that the canonical form implies."""
    lists = data["lists"]
    across = lists.get("cross_region", [])
    limit = data["promised_limit"] or data["legal_limit"] or {}
    applicants = set(data["applicants"])
    return {
        "digest": digest(data),
        "name": data["name"],
        "plain_name": data["plain_name"],
        "kind": data["kind"],
        "case_kind": data["case_kind"],
        "depth": data["depth"],
        "visits": data["visits"],
        "limit_amount": limit.get("amount"),
        "limit_unit": limit.get("unit", ""),
        "for_person": "1" in applicants,
        "for_organisation": bool(applicants - {"1"}),
        "online": bool({"2", "3"} & set(data["channels"])),
        "instant": bool(lists.get("instant")) or data["case_kind"] == "1",
        **{name: bool(lists.get(name)) for name in FLAGS if name != "instant"},
        "across_nation": "全国" in across,
        "across_provinces": "跨省" in across,
        "across_cities": "跨市" in across,
        "across_counties": "跨县" in across,
        "sunk": bool(lists.get("sunk_to")),
        "abolished_proofs": len(lists.get("abolished_proofs", [])),
        "handling_items": len(data["handling_items"]),
        "data": data,
    }


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """What differs between two canonical forms, element by element; list items matched by key or code."""
    found: list[Change] = []
    for element in (*EMPTY, *OPTIONAL):
        old, new = before.get(element), after.get(element)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            found += [
                Change(f"{element}.{key}", old.get(key), new.get(key))
                for key in sorted({*old, *new})
                if old.get(key) != new.get(key)
            ]
        elif _keyed(old) and _keyed(new):
            found += _keyed_changes(element, old or [], new or [])
        else:
            found.append(Change(element, old, new))
    return found


def _keyed(items: Any) -> bool:
    return isinstance(items, list) and all(
        isinstance(item, dict) and ("key" in item or "code" in item) for item in items
    )


def _keyed_changes(element: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[Change]:
    def by_key(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {str(item.get("key") or item.get("code")): item for item in items}

    before, after = by_key(old), by_key(new)
    found = [
        Change(f"{element}[{key}]", before.get(key), after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]
    return found or [Change(f"{element} (顺序)", list(before), list(after))]
