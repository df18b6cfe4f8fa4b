"""The catalogue packs are files that civil servants edit: this says in plain words what must hold in them."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

PACKS = Path(__file__).resolve().parents[2] / "src" / "tongban" / "packs"
DEPARTMENTS = {
    "fgw": "004", "jyj": "005", "kjj": "006", "jxj": "007", "mzw": "008", "gaj": "009", "mzj": "011",
    "sfj": "012", "czj": "013", "rsj": "014", "zrzy": "015", "sthj": "016", "zjj": "017", "jtj": "018",
    "slj": "019", "nyj": "020", "swu": "021", "wlj": "022", "wjw": "023", "tyjr": "024", "yjj": "025",
    "swj": "030", "scjg": "031", "tyj": "033", "tjj": "034", "ylbz": "036", "cgj": "041", "dsj": "042",
    "xfjy": "043", "lyj": "044", "gjj": "045", "cl": "046", "yczm": "047", "gdgs": "051", "swgs": "052",
    "rqgs": "053", "gdwl": "054", "qxj": "055", "rfb": "056", "daj": "057", "hg": "058",
}  # fmt: skip
KINDS = {"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20"}  # GB/T 39046
LEVELS = {"3", "4", "5", "6"}
APPLICANTS = {"1", "2", "3", "4", "5", "6"}
CHANNELS = {"1", "2", "3", "4"}
LINKS = {"收件", "受理", "审查", "决定", "制证", "送达"}
PROCEDURES = {"survey", "hearing", "expert_review", "publicity", "test"}
NECESSITY = {"必要", "非必要", "容缺后补"}
UNITS = {"working_days", "natural_days", "working_hours"}
ELEMENT_TYPES = {"text", "date", "number", "choice", "yesno", "id", "uscc", "phone", "address", "money"}
FLAGS = {
    "commitment", "tolerance", "instant", "self_service", "high_frequency",
    "convenience", "nearby", "once", "intermediary",
}  # fmt: skip
CROSS = {"全国", "跨省", "跨市", "跨县"}
THEME_MATTERS = {
    "open-restaurant": [
        "0703100100", "0103100200", "0104300100", "0104100100", "0101700100", "1001600100",
        "1003000100", "0104100200",
    ],
    "newborn": [
        "2002300100", "2002300200", "0700900100", "2003600100", "2001400100", "2003600200",
        "2002300300",
    ],
    "second-hand-house": [
        "1001700100", "0403000100", "0701500100", "2005200100", "2005100100", "2005300100",
        "2005400100",
    ],
    "school-enrolment": [
        "2000500100", "2000900100", "2001500100", "2000900200", "2001400200", "2002300400",
    ],
    "company-closing": [
        "0703100300", "1003000200", "2001400300", "2004500100", "1005800100", "1000900300",
        "0103100201",
    ],
    "utilities": [
        "2005200200", "2005100200", "2005300200", "2005400200", "0104100300", "0101500200",
        "0104100400", "0100900400",
    ],
}  # fmt: skip

TOLD = ("legal_basis", "results", "conditions", "steps", "mistakes", "topics", "keywords", "elements")

Record = dict[str, Any]


@cache
def read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def entries(folder: str) -> Iterator[tuple[str, Record]]:
    for path in sorted((PACKS / folder).glob("*.yaml")):
        for entry in read(path):
            yield path.name, entry


def departments() -> list[Path]:
    return sorted((PACKS / "catalogue").glob("*.yaml"))


@cache
def matters() -> list[tuple[str, Record]]:
    return [(path.stem, matter) for path in departments() for matter in read(path)["matters"]]


def twice(values: list[str]) -> list[str]:
    return sorted(value for value, count in Counter(values).items() if count > 1)


def key_of(use: str | Record) -> str:
    return use if isinstance(use, str) else use["key"]


def situations_of(use: Record) -> list[str]:
    when = use.get("when", [])
    return [when] if isinstance(when, str) else when


def natural_days(limit: Record) -> float:
    """The limit on one scale, so that a promise in hours can be held against a law in days."""
    per_unit = {"working_days": 7 / 5, "natural_days": 1, "working_hours": 7 / 5 / 8}
    return limit["amount"] * per_unit[limit["unit"]]


@pytest.fixture(scope="module")
def element_keys() -> set[str]:
    return {entry["key"] for _, entry in entries("elements")}


@pytest.fixture(scope="module")
def material_keys() -> set[str]:
    return {entry["key"] for _, entry in entries("materials")}


@pytest.fixture(params=departments(), ids=lambda path: path.stem)
def department(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_a_city_has_at_least_300_matters_over_25_departments() -> None:
    assert len(matters()) >= 300
    assert len(departments()) >= 25


def test_matters_are_unique_and_the_six_themes_find_theirs() -> None:
    codes = [matter["code"] for _, matter in matters()]
    assert twice(codes) == []
    assert twice([matter["name"] for _, matter in matters()]) == []
    for theme, wanted in THEME_MATTERS.items():
        assert sorted(set(wanted) - set(codes)) == [], theme


@pytest.mark.parametrize("folder", ["elements", "materials"])
def test_one_fact_has_one_key_and_one_name(folder: str) -> None:
    assert twice([entry["key"] for _, entry in entries(folder)]) == []
    assert twice([entry["name"] for _, entry in entries(folder)]) == []


def test_elements_are_well_formed() -> None:
    for file, entry in entries("elements"):
        where = f"{file} {entry['key']}"
        assert re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", entry["key"]), where
        assert entry["type"] in ELEMENT_TYPES, where
        assert (entry["type"] == "choice") == bool(entry.get("choices")), where
        assert entry["name_en"], where
        assert entry["group"], where
        assert isinstance(entry.get("personal", False), bool), where


def test_materials_are_well_formed() -> None:
    for file, entry in entries("materials"):
        where = f"{file} {entry['key']}"
        assert re.fullmatch(r"[a-z][a-z0-9-]*", entry["key"]), where
        assert entry["source"] in {"10", "20", "99"}, where
        assert entry["form"] in {"原件", "复印件", "电子"}, where
        assert entry["name_en"], where
        assert entry["sample"], where
        assert entry.get("issuer", "scjg") in DEPARTMENTS, where


def test_codes_say_kind_and_department(department: Path) -> None:
    pack = read(department)
    assert pack["department"] == department.stem
    for matter in pack["matters"]:
        code = matter["code"]
        assert re.fullmatch(r"\d{10}", code), code
        assert matter["kind"] in KINDS, code
        assert code[:2] == matter["kind"], code
        assert code[2:5] == DEPARTMENTS[department.stem], code


def test_every_matter_is_told_in_full(department: Path) -> None:
    for matter in read(department)["matters"]:
        for name in TOLD:
            assert matter[name], f"{matter['code']} {name}"
        for name in ("name", "plain_name", "name_en"):
            assert matter[name].strip(), f"{matter['code']} {name}"
        for basis in matter["legal_basis"]:
            assert basis["law"], matter["code"]
            assert basis["says"], matter["code"]
        for name in ("topics", "keywords", "elements", "materials"):
            uses = [key_of(use) if name in {"elements", "materials"} else use for use in matter[name]]
            assert twice(uses) == [], f"{matter['code']} {name}"


def test_code_tables_are_kept(department: Path) -> None:
    for matter in read(department)["matters"]:
        code, lists = matter["code"], matter["lists"]
        assert set(matter["levels"]) <= LEVELS, code
        assert matter["levels"], code
        assert set(matter["applicants"]) <= APPLICANTS, code
        assert matter["applicants"], code
        assert set(matter["channels"]) <= CHANNELS, code
        assert matter["channels"], code
        assert matter["case_kind"] in {"1", "2"}, code
        assert matter["depth"] in {"I", "II", "III", "IV"}, code
        assert matter["visits"] in range(4), code
        assert set(matter["procedures"]) <= PROCEDURES, code
        assert {step["link"] for step in matter["steps"]} <= LINKS, code
        assert {result["kind"] for result in matter["results"]} <= {"证照", "批文", "证明", "其他"}, code
        assert {use["necessity"] for use in matter["materials"]} <= NECESSITY, code
        assert all(isinstance(fee["amount_fen"], int) and fee["basis"] for fee in matter["fees"]), code
        assert {name for name, value in lists.items() if isinstance(value, bool)} == FLAGS, code
        assert set(lists["cross_region"]) <= CROSS, code
        assert set(lists["sunk_to"]) <= {"5", "6"}, code


def test_the_city_promises_no_longer_than_the_law_allows(department: Path) -> None:
    for matter in read(department)["matters"]:
        legal, promised = matter["legal_limit"], matter["promised_limit"]
        assert {legal["unit"], promised["unit"]} <= UNITS, matter["code"]
        assert natural_days(promised) <= natural_days(legal), matter["code"]
        allowed = ceil(promised["amount"] / 8) if promised["unit"] == "working_hours" else promised["amount"]
        assert sum(step["days"] for step in matter["steps"]) <= allowed, matter["code"]


def test_references_are_kept(department: Path, element_keys: set[str], material_keys: set[str]) -> None:
    for matter in read(department)["matters"]:
        code = matter["code"]
        situations = [situation["key"] for situation in matter["situations"]]
        assert twice(situations) == [], code
        assert {key_of(use) for use in matter["elements"]} <= element_keys, code
        assert {use["key"] for use in matter["materials"]} <= material_keys, code
        used = {key for use in matter["materials"] for key in situations_of(use)}
        assert used <= set(situations), code
        items = matter["handling_items"]
        assert twice([item["code"] for item in items]) == [], code
        assert {key for item in items for key in item["situations"]} == set(situations), code


def test_lists_cut_from_the_catalogue_are_not_empty_and_agree_with_the_elements() -> None:
    for flag in FLAGS:
        assert any(matter["lists"][flag] for _, matter in matters()), flag
    for name in ("cross_region", "sunk_to", "abolished_proofs"):
        assert any(matter["lists"][name] for _, matter in matters()), name
    for _, matter in matters():
        lists, papers = matter["lists"], matter["materials"]
        if any(use["necessity"] == "容缺后补" for use in papers):
            assert lists["tolerance"], matter["code"]
        if any(use.get("commitment") for use in papers):
            assert lists["commitment"], matter["code"]


def test_papers_named_as_licences_are_given_by_some_matter_of_the_city() -> None:
    """Otherwise nobody would ever find the paper in the licence store and spare the applicant from it."""
    given = {result.get("licence_kind") for _, matter in matters() for result in matter["results"]}
    core = [entry for file, entry in entries("materials") if file == "a-core.yaml"]
    wanted = {entry["licence_kind"] for entry in core if "licence_kind" in entry}
    assert wanted - given == {"special-care"}  # given by the armed forces and other offices
