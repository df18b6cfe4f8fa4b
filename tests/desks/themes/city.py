"""A catalogue straight from the packs, and a calendar: themes are planned without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import yaml

import tongban
from tongban.desks.themes.days import WorkingDays
from tongban.kernel.calendar.rules import WorkCalendar
from tongban.registers.catalogue.contracts import (
    ElementSpec,
    Fee,
    LimitSpec,
    MaterialSpec,
    MatterSpec,
    Result,
    Situation,
)

PACKS = Path(tongban.__file__).parent / "packs"
THEMES = sorted((PACKS / "themes").glob("*.yaml"))
REGION = "421202000000"
AT = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
NECESSITY = {"必要": "1", "非必要": "2", "容缺后补": "3"}


def _calendar() -> WorkCalendar:
    days = {
        **dict.fromkeys(chinese_calendar.holidays, False),
        **dict.fromkeys(chinese_calendar.workdays, True),
    }
    years = range(2020, 2027)
    return WorkCalendar.build(
        code="national", years=years, days={day: works for day, works in days.items() if day.year in years}
    )


CALENDAR = WorkingDays(_calendar())


def packed(folder: str) -> list[Any]:
    """The entries of a folder of packs, as they are written; those of the catalogue by department."""
    files = _read(folder)
    return files if folder == "catalogue" else [entry for entries in files for entry in entries]


def _read(folder: str) -> list[Any]:
    # The packs are large; the C loader reads them in a tenth of the time.
    return [
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for path in sorted((PACKS / folder).glob("*.yaml"))
    ]


def as_list(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,) if value else ()


@cache
def _entries() -> tuple[dict[str, Any], dict[str, Any], dict[str, tuple[str, Any]]]:
    elements = {entry["key"]: entry for entries in _read("elements") for entry in entries}
    papers = {entry["key"]: entry for entries in _read("materials") for entry in entries}
    matters = {
        matter["code"]: (file["department"], matter)
        for file in _read("catalogue")
        for matter in file["matters"]
    }
    return elements, papers, matters


@cache
def spec(code: str) -> MatterSpec:
    """A matter of the packs. :raises KeyError: unknown code"""
    elements, papers, matters = _entries()
    department, matter = matters[code]
    return _spec(matter, department, elements, papers)


def _spec(
    matter: Mapping[str, Any], department: str, elements: Mapping[str, Any], papers: Mapping[str, Any]
) -> MatterSpec:
    return MatterSpec(
        code=matter["code"],
        name=matter["name"],
        kind=matter["kind"],
        region=REGION,
        unit=f"{REGION[:6]}-{department}",
        unit_name=department,
        department=department,
        implementation_code=f"{matter['code']}-{REGION}",
        version=1,
        plain_name=matter.get("plain_name", ""),
        name_en=matter.get("name_en", ""),
        case_kind=matter["case_kind"],
        legal_limit=LimitSpec(**matter["legal_limit"]),
        promised_limit=LimitSpec(**matter["promised_limit"]),
        visits=matter["visits"],
        fees=tuple(Fee(**fee) for fee in matter["fees"]),
        results=tuple(Result(**result) for result in matter["results"]),
        procedures=tuple(matter["procedures"]),
        situations=tuple(Situation(**situation) for situation in matter["situations"]),
        elements=tuple(_element(use, elements) for use in matter["elements"]),
        materials=tuple(_paper(use, papers) for use in matter["materials"]),
    )


def _element(use: Any, elements: Mapping[str, Any]) -> ElementSpec:
    use = {"key": use} if isinstance(use, str) else use
    entry = dict(elements[use["key"]])
    for name in ("choices", "choices_en"):
        entry[name] = tuple(entry.get(name, ()))
    return ElementSpec(**entry, required=use.get("required", True), when=as_list(use.get("when")))


def _paper(use: Mapping[str, Any], papers: Mapping[str, Any]) -> MaterialSpec:
    entry = papers[use["key"]]
    return MaterialSpec(
        key=use["key"],
        name=entry["name"],
        name_en=entry.get("name_en", ""),
        necessity=NECESSITY[use["necessity"]],
        form=as_list(entry.get("form")),
        source=entry["source"],
        issuer=entry.get("issuer", ""),
        licence_kind=entry.get("licence_kind", ""),
        sample=entry.get("sample", ""),
        mistakes=as_list(entry.get("mistakes")),
        commitment=use.get("commitment", False),
        when=as_list(use.get("when")),
    )


class PackCatalogue:
    """The matters of the packs, the same in every region."""

    def matters(self, codes: Sequence[str], region: str) -> Mapping[str, MatterSpec]:
        known = _entries()[2]
        return {code: spec(code) for code in codes if code in known}


def day(text: str) -> date:
    return date.fromisoformat(text)
