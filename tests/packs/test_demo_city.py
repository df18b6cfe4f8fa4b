"""The demo city holds together: numbers carry correct check digits and every reference leads somewhere."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from stdnum.cn import ric, uscc

from tongban.actors.contracts import Role
from tongban.registers.catalogue.packs import Packs, read_packs

PACKS = Path(__file__).resolve().parents[2] / "src" / "tongban" / "packs"
DEMO = PACKS / "demo"
XIANAN = "421202"
CITY = "421200"
LEVEL_OF_PARENT = {"4": "3", "5": "4", "6": "5"}


def load(name: str) -> Any:
    return YAML(typ="safe").load((DEMO / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def regions() -> dict[str, dict[str, Any]]:
    return {region["code"]: region for region in load("regions")}


@pytest.fixture(scope="module")
def units() -> dict[str, dict[str, Any]]:
    return {unit["id"]: unit for unit in load("units")}


@pytest.fixture(scope="module")
def staff() -> dict[str, Any]:
    return load("officers")


@pytest.fixture(scope="module")
def city() -> dict[str, Any]:
    return load("people")


@pytest.fixture(scope="module")
def accounts() -> list[dict[str, Any]]:
    return load("accounts")


@pytest.fixture(scope="module")
def packs() -> Packs:
    return read_packs(PACKS)


def test_regions_form_one_tree_of_four_levels(regions):
    assert [code for code, region in regions.items() if region["parent"] is None] == [f"{CITY}000000"]
    for code, region in regions.items():
        assert len(code) == 12
        if region["parent"]:
            assert regions[region["parent"]]["level"] == LEVEL_OF_PARENT[region["level"]]
    assert Counter(region["level"] for region in regions.values())["4"] == 6


def test_every_unit_has_a_valid_credit_code_of_its_own(units):
    assert len({unit["uscc"] for unit in units.values()}) == len(units)
    for unit in units.values():
        uscc.validate(unit["uscc"])


def test_units_stand_in_known_regions_below_known_parents(units, regions):
    for key, unit in units.items():
        assert unit["region"] in regions, key
        assert unit["parent"] is None or unit["parent"] in units, key
        assert unit["region"].startswith(key.partition("-")[0]), key
        assert unit["hours"], key
        assert 29.0 < unit["lat"] < 30.4, key
        assert 113.5 < unit["lon"] < 114.8, key


def test_phone_numbers_of_units_are_not_shared(units):
    phones = Counter(unit["phone"] for unit in units.values())
    assert max(phones.values()) == 1


def test_officers_serve_in_known_units_with_known_roles(staff, units):
    known = set(Role.values)
    names = Counter(officer["username"] for officer in staff["officers"])
    assert max(names.values()) == 1
    for officer in staff["officers"]:
        assert officer["unit"] in units, officer["username"]
        assert {role.replace("-", "_") for role in officer["roles"]} <= known, officer["username"]


def test_delegation_names_an_officer_a_unit_and_a_matter_of_that_unit(staff, units, packs):
    usernames = {officer["username"] for officer in staff["officers"]}
    matters = {entry.code: entry.department for entry in packs.entries}
    for delegation in staff["delegations"]:
        assert delegation["officer"] in usernames
        unit = units[delegation["on_behalf_of"]]
        assert delegation["valid_from"] < delegation["valid_until"]
        assert {matters[code] for code in delegation["matters"]} == {unit["department"]}


def test_residents_and_organisations_have_valid_numbers(city, regions):
    for person in city["people"]:
        ric.validate(person["id_number"])
        assert person["id_number"][6:14] == person["birth_date"].strftime("%Y%m%d")
        assert (int(person["id_number"][16]) % 2 == 1) == (person["gender"] == "男")
        assert person["region"] in regions
    for organisation in city["organisations"]:
        uscc.validate(organisation["uscc"])
        assert organisation["region"] in regions


def test_people_know_each_other(city):
    keys = {person["key"] for person in city["people"]}
    for person in city["people"]:
        relatives = [*person.get("children", []), *person.get("guardians", [])]
        relatives += [person["spouse"]] if person.get("spouse") else []
        assert set(relatives) <= keys, person["key"]
    for organisation in city["organisations"]:
        assert {organisation["legal_representative"], *(m["person"] for m in organisation["members"])} <= keys


def test_some_names_are_hard_to_print(city):
    names = [person["name"] for person in city["people"]]
    assert any(len(name) == 25 for name in names)
    assert any(ord(letter) > 0xFFFF for name in names for letter in name)


def test_accounts_belong_to_somebody(accounts, staff, city):
    who = {f"officer:{officer['username']}" for officer in staff["officers"]}
    who |= {f"person:{person['key']}" for person in city["people"]}
    organisations = {organisation["key"] for organisation in city["organisations"]}
    assert max(Counter(account["username"] for account in accounts).values()) == 1
    for account in accounts:
        assert account["who"] in who, account["username"]
        assert account.get("acts_for") in {None, *organisations}, account["username"]
        assert account["zh"], account["username"]
        assert account["en"], account["username"]


def test_every_department_of_the_catalogue_has_a_unit_with_staff(units, staff, packs):
    """Each matter must be able to find a unit, a handler and an approver in 咸安区 or the city."""
    departments = {entry.department for entry in packs.entries}
    held: dict[str, set[str]] = {}
    for officer in staff["officers"]:
        held.setdefault(officer["unit"], set()).update(officer["roles"])
    for department in departments:
        homes = [f"{region}-{department}" for region in (XIANAN, CITY) if f"{region}-{department}" in units]
        assert homes, department
        assert any({"handler", "approver", "head"} <= held.get(home, set()) for home in homes), department
