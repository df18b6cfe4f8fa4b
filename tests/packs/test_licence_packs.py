"""Kinds of licences: the packs are whole, agree with the catalogue, and their faults are told with file and line."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from ruamel.yaml import YAML

from tongban.registers.licences import kinds
from tongban.registers.licences.contracts import KindPackError

PACKS = Path(settings.PACKS)
# Changing, renewing or re-issuing builds on the licence before, which has what the form does not ask again.
BUILDS_ON_EARLIER = ("变更", "补", "延续", "签注", "更正", "迁移", "分户", "继承", "年审", "换领", "过户")


@pytest.fixture(scope="module")
def matters():
    found = []
    for path in sorted((PACKS / "catalogue").glob("*.yaml")):
        found += [(path.stem, matter) for matter in YAML(typ="safe").load(path)["matters"]]
    return found


def test_many_kinds_of_many_departments():
    found = kinds.kinds().values()
    assert len(found) >= 70
    assert len({one.department for one in found}) >= 22
    assert sum(one.trade for one in found) >= 10
    codes = Counter(one.code for one in found)
    assert max(codes.values()) == 1


def test_results_of_matters_can_fill_their_licence(matters):
    """Every required entry comes from the matter's elements, the holder, the issue, or the licence before."""
    lacking = []
    for _department, matter in matters:
        asked = {use if isinstance(use, str) else use["key"] for use in matter.get("elements", [])}
        for result in matter.get("results", []):
            kind = kinds.kinds().get(result.get("licence_kind", ""))
            if kind is None or any(word in matter["name"] for word in BUILDS_ON_EARLIER):
                continue
            lacking += [
                f"{matter['code']} {matter['name']} → {kind.slug}.{one.key}"
                for one in kind.fields
                if one.required and not asked & {one.element, *one.sources} and not _by_facts(one)
            ]
    assert lacking == []


def _by_facts(one):
    return any(name.startswith(("party.", "issue.")) for name in one.sources) or one.type == "licences"


def test_kinds_are_issued_at_the_levels_that_exercise_their_matters(matters):
    wrong = []
    for _department, matter in matters:
        levels = {*map(str, matter["levels"]), *map(str, (matter.get("lists") or {}).get("sunk_to", []))}
        for result in matter.get("results", []):
            kind = kinds.kinds().get(result.get("licence_kind", ""))
            if kind is not None and not levels <= set(kind.issuer_levels):
                wrong.append(f"{matter['code']} {kind.slug}: {sorted(levels)} {kind.issuer_levels}")
    assert wrong == []


def test_a_material_names_the_kind_that_replaces_it():
    told = {
        material["key"]: material["licence_kind"]
        for path in (PACKS / "materials").glob("*.yaml")
        for material in YAML(typ="safe").load(path)
        if material.get("licence_kind") in kinds.kinds()
    }
    replaced = {key for one in kinds.kinds().values() for key in one.replaces}
    assert set(told) - replaced == set()


def a_pack(folder, text):
    for name in ("elements", "materials", "licences"):
        (folder / name).mkdir()
    (folder / "elements/a.yaml").write_text("- key: person.name\n  name: 姓名\n", encoding="utf-8")
    (folder / "materials/a.yaml").write_text("- {key: id-card, name: 身份证}\n", encoding="utf-8")
    (folder / "licences/setters.yaml").write_text(
        "- {code: 11100000MB0143028R, name: 总局}\n", encoding="utf-8"
    )
    (folder / "licences/scjg.yaml").write_text(text, encoding="utf-8")
    return folder


GOOD = """department: scjg
licences:
  - slug: a-licence
    code: 11100000MB0143028R001
    name: 甲证
    name_en: A
    levels: ["4"]
    holder: person
    template: card
    replaces: [id-card]
    fields:
      - {key: name, name: 姓名, name_en: Name, type: text, element: person.name, from: [party.name]}
"""


def test_a_good_pack_is_read(tmp_path):
    found = kinds.read(a_pack(tmp_path, GOOD))
    assert found["a-licence"].fields[0].sources == ("party.name",)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("MB0143028R001", "MB0143028X001", "校验位"), ("R001", "R01", "3位数字"), ("person.name", "person.nam", "数据元|elements"),
        ("[id-card]", "[id-crad]", "materials"), ("template: card", "template: poster", "template"),
        ("holder: person", "holder: cat", "holder"), ("type: text", "type: txt", "type"),
        ("party.name", "party.shoe", "事实"), ('["4"]', '["9"]', "levels"), ("name: 甲证", "nmae: 甲证", "缺少 name"),
        ("    template: card", "    template: card\n    number: '{moon}'", "moon"),
        ("    template: card", "    template: card\n    parts: [b]", "parts"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_and_line(tmp_path, right, wrong, says):
    with pytest.raises(KindPackError, match=says) as refused:
        kinds.read(a_pack(tmp_path, GOOD.replace(right, wrong, 1)))
    assert "parts" in says or "licences/scjg.yaml:3" in str(refused.value)
