"""A month of a small invented city: few enough to run in a test, every branch in it."""

from copy import deepcopy
from datetime import date
from pathlib import Path

from django.conf import settings
from ruamel.yaml import YAML

FIRST, LAST = date(2023, 3, 1), date(2023, 3, 31)
PUBLISHED = {
    "requests": {"value": 60, "row": "E1", "indicator": "hotline.requests"},
    "by_phone": {"value": 52, "row": "E1", "indicator": "hotline.by_phone"},
    "by_net": {"value": 8, "row": "E1", "indicator": "hotline.by_net"},
    "calls": {"value": 40, "row": "E1", "indicator": "hotline.calls"},
    "answered": {"value": 36, "row": "E1", "indicator": "hotline.answered"},
    "closed": {"value": 48, "row": "E2", "indicator": "hotline.closed"},
    "satisfied": {"value": 86.54, "row": "E4", "indicator": "hotline.satisfied"},
    "operators_satisfied": {"value": 97.5, "row": "E4", "indicator": "hotline.operators_satisfied"},
    "sessions": {"value": 1, "row": "E7", "indicator": "hotline.sessions"},
    "blocked": {"value": 1, "row": "E6", "indicator": "hotline.repeats_marked"},
    "lines": {"value": 42, "row": "E1", "indicator": "hotline.lines", "stock": True},
    "posts": {"value": 6754, "row": "H2"},
}
SHARES = {
    "at_once": 0.3, "returned": 0.12, "upheld": 0.5, "delayed": 0.1, "joint": 0.1, "urged": 0.1, "reopened": 0.05,
    "signed_late": 0.05, "handled_late": 0.0, "urgent": 0.1, "applications": 0, "crossings": 0, "uses": 0,
}  # fmt: skip


def written(folder: Path, **changes: object) -> str:
    """Write the month's profile into a folder; gives its name."""
    given = YAML(typ="safe").load(settings.PACKS / "years" / "xianning-2023.yaml")
    given |= {
        "city": "小城",
        "city_en": "Small",
        "first": FIRST,
        "last": LAST,
        "published": deepcopy(PUBLISHED),
    }
    given["assumed"] |= SHARES
    given["assumed"]["unclosed"] = {"merged": 3, "refused": 2, "withdrawn": 2, "open": 5}
    for path, value in changes.items():
        *above, last = path.split("__")
        place = given
        for key in above:
            place = place[key]
        place[last] = value
    with (folder / "small.yaml").open("w", encoding="utf-8") as out:
        YAML(typ="safe").dump(given, out)
    return "small"
