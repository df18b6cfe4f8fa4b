"""Code tables, division codes, implementation codes."""

import json
import os
from pathlib import Path

import pytest

from tongban.registers.catalogue import codes, profiles, regions

TABLES = {
    "事项类型": codes.MatterKind,
    "行使层级": codes.ExerciseLevel,
    "实施主体性质": codes.UnitNature,
    "服务对象": codes.Applicant,
    "办理形式": codes.Channel,
    "办件类型": codes.CaseKind,
    "特别程序种类": codes.SpecialProcedure,
    "满意度": codes.Satisfaction,
}


def test_tables_are_those_of_the_standard():
    shared = Path(os.environ.get("TONGBAN_SHARED", Path(__file__).resolve().parents[4] / "shared"))
    file = shared / "data" / "standards" / "gbt39046_2020_codes.json"
    if not file.exists():
        pytest.skip(f"standard missing: {file} (set TONGBAN_SHARED)")
    standard = json.loads(file.read_text(encoding="utf-8"))
    for name, table in TABLES.items():
        assert {member.value: str(member.label) for member in table} == standard[name]
    assert codes.CrossRegion.values == standard["通办范围"]


@pytest.mark.parametrize(("written", "code"), [("1", "01"), ("01", "01"), ("20", "20"), ("行政许可", "01")])
def test_kinds_are_padded(written, code):
    assert codes.kind_code(written) == code


@pytest.mark.parametrize("written", ["", "99", "许可"])
def test_unknown_kind_names_what_is_possible(written):
    with pytest.raises(ValueError, match="20 公共服务事项"):
        codes.kind_code(written)


def test_division_codes():
    assert regions.pad("511602") == "511602000000"
    assert [regions.level(code) for code in ("420000000000", "421200000000", "421202000000")] == [
        "2",
        "3",
        "4",
    ]
    assert [regions.level(code) for code in ("421202001000", "421202001002")] == ["5", "6"]
    assert regions.lineage("421202001002") == (
        "421202001002",
        "421202001000",
        "421202000000",
        "421200000000",
        "420000000000",
    )
    for bad in ("51160", "51160x", ""):
        with pytest.raises(ValueError, match="区划代码"):
            regions.pad(bad)


@pytest.mark.parametrize(
    ("code", "profile", "basic"),
    [
        ("0103100200-421202000000-scjg", "demo", "0103100200"),
        ("511A0138600000-511602000000-000-115113010833722043-1-00", "sichuan", "511A0138600000"),
        ("H-000185-001-4444444444", "sichuan", "H-000185-001-4444444444"),
        ("11420000MB1234567890ABCD", "national", "11420000MB"),
        ("某地/自编", "opaque", "某地/自编"),
    ],
)
def test_implementation_codes_are_opaque_with_profiles(code, profile, basic):
    found = profiles.recognise(code)
    assert (found.name, found.basic(code)) == (profile, basic)
