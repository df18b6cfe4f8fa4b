"""Matters with decision rules, published in the district of the tests, and who asks for them."""

from functools import cache
from pathlib import Path

from tests.desks.cases.town import DISTRICT, HALL, MONDAY, case
from tongban.desks.cases import api as cases
from tongban.desks.cases.api import MaterialGiven, Submission
from tongban.kernel import api as kernel
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue import loading, packs, services
from tongban.registers.catalogue.drafts import Draft
from tongban.registers.catalogue.profiles import demo_code

PACKS = Path(loading.__file__).resolve().parents[2] / "packs"
LIBRARY, PENSION, FUND, SIGN = "2002201100", "2001400400", "2004500800", "0104100100"
DEPARTMENTS = ("wlj", "rsj", "gjj", "cgj", "gaj", "scjg", "wjw", "ylbz", "zrzy")
ZHANG = "person:1"
CITIZEN = kernel.Actor(ZHANG, parties=frozenset({ZHANG}))
NUMBER = "422301198803163153"
"""The resident id of 张明远 in the demo city."""


@cache
def written() -> packs.Packs:
    """The packs of some departments; reading all takes longer than these tests."""
    found = packs.Packs()
    for folder, form, into in (
        ("elements", packs.checks.ELEMENT, found.elements),
        ("materials", packs.checks.MATERIAL, found.materials),
    ):
        for text, name, items in packs._files(PACKS / folder, found.faults):
            packs._keyed(into, form, text=text, name=name, items=items, faults=found.faults)
    seen: dict[str, str] = {}
    for text, name, content in packs._files(PACKS / "catalogue", found.faults):
        if content["department"] in DEPARTMENTS:
            for item in content["matters"]:
                packs._matter(found, seen, item, text=text, name=name, department=content["department"])
    assert found.faults == []
    return found


def entry(code: str) -> packs.Entry:
    return next(one for one in written().entries if one.code == code)


def _keys(entries) -> packs.Packs:
    """The data elements and papers of a few matters, with those that their rules read."""
    found, everything = packs.Packs(), written()
    for one in entries:
        rules = one.data.get("instant") or {"facts": [], "rules": []}
        read = {key.split(".", 2)[-1] for key in (item["key"] for item in rules["facts"])}
        keys = {use["key"] for use in one.data["elements"]} | (read & everything.elements.keys())
        found.elements |= {key: everything.elements[key] for key in keys}
        papers = {use["key"] for use in one.data["materials"]}
        found.materials |= {key: everything.materials[key] for key in papers}
    return found


def publish(*codes: str, changed=None, region: str = DISTRICT) -> None:
    """Publish matters in the district; `changed` says by code what they say differently."""
    wanted = [entry(code) for code in codes]
    loading.store_keys(_keys(wanted))
    drafts = []
    for one in wanted:
        code = one.code
        unit = f"{region[:6]}-{one.department}"
        drafts.append(
            Draft(
                basic_code=code, public_code=code, code=demo_code(code, region, unit), profile="demo", region=region,
                level="4", unit=unit, unit_name=one.department, department=one.department,
                data={**one.data, **(changed or {}).get(code, {})},
            )
        )  # fmt: skip
    services.bring_in(drafts, region=region, actor=kernel.SYSTEM, at=MONDAY)
    catalogue.forget()


def asked(*wanted, form=None, materials=(), **more) -> Submission:
    """A submission of some matters; each is a code, or (code, fields of the case)."""
    made = []
    for one in wanted:
        code, fields = one if isinstance(one, tuple) else (one, {})
        made.append(case(code, entry(code).department, **fields))
    said = {"person.name": "张明远", "person.id": NUMBER, "person.phone": "13871010007", **(form or {})}
    fields = {
        "title": "办几件事", "subject": made[0].matter, "applicant": ZHANG, "region": DISTRICT, "unit": HALL,
        "cases": tuple(made), "materials": tuple(materials), "form": said, **more,
    }  # fmt: skip
    return Submission(**fields)


def photo(*matters: str, key: str = "single-photo", way: str = "paper") -> MaterialGiven:
    return MaterialGiven(key, "照片", way, matters)


def submit(submission: Submission, *, when=MONDAY, key="once"):
    return cases.submit(submission, actor=CITIZEN, at=when, key=key)
