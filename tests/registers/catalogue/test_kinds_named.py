"""A paper or a result of a kind of licence that nobody defines is refused when the packs are read."""

from tests.registers.catalogue.conftest import PACKS
from tongban.registers.catalogue.packs import read_packs


def test_every_kind_of_licence_that_the_packs_name_is_defined(tmp_path):
    for name in ("licences", "materials", "catalogue"):
        (tmp_path / name).mkdir()
    (tmp_path / "licences" / "a.yaml").write_text(
        "department: a\nlicences:\n  - slug: food-business\n", "utf-8"
    )
    (tmp_path / "materials" / "a.yaml").write_text(
        '- {key: one, name: 甲, source: "20", licence_kind: food-business}\n'
        '- {key: two, name: 乙, source: "20", licence_kind: no-such}\n',
        "utf-8",
    )
    (tmp_path / "catalogue" / "scjg.yaml").write_text(
        "department: scjg\nmatters:\n"
        '  - {code: "0103100200", name: 甲, kind: "01", results: [{name: 证, kind: 证照, licence_kind: neither}]}\n',
        "utf-8",
    )
    faults = read_packs(tmp_path).faults
    assert [one for one in faults if "no-such" in one] == [
        "materials/a.yaml:2 “two”licence_kind “no-such”不在 packs/licences 里。"
    ]
    assert any("“neither”不在 packs/licences 里" in one for one in faults)
    assert not any("food-business" in one for one in faults)
    assert (PACKS / "licences").is_dir()
