"""The packs: what they say is faultless, what is wrong is told with its place, and search finds it."""

import pytest
from django.core.management import CommandError, call_command

from tests.registers.catalogue.conftest import AT, CITY, PACKS
from tongban.actors import api as actors
from tongban.kernel.contracts import SYSTEM
from tongban.registers.catalogue import api, generating, loading, quality
from tongban.registers.catalogue.packs import read_packs

QUERIES = PACKS.parents[2] / "benchmarks" / "queries"
THEMES = ["0103100200", "0700900100", "0701500100", "2000500100", "0703100300", "2005200200"]


@pytest.fixture(scope="module")
def packs():
    return read_packs(PACKS)


def test_packs_are_faultless_and_large_enough(packs):
    assert packs.faults == []
    assert len(packs.entries) >= 300
    assert len({entry.department for entry in packs.entries}) >= 25
    assert {entry.code for entry in packs.entries} >= set(THEMES)


def pack(tmp_path, matter):
    for folder in ("catalogue", "elements", "materials"):
        (tmp_path / folder).mkdir()
    (tmp_path / "elements" / "a.yaml").write_text("- {key: a.b, name: 甲, type: text}\n", encoding="utf-8")
    (tmp_path / "materials" / "a.yaml").write_text('- {key: m, name: 乙, source: "10"}\n', encoding="utf-8")
    text = f"department: scjg\nmatters:\n{matter}"
    (tmp_path / "catalogue" / "a.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ('kind: "77"', "可填：00"),
        ('kind: "01", elements: [x.y]', "x.y"),
        ('kind: "01", materials: [{key: m, when: nie}]', "不是本事项的情形"),
        ('kind: "01", naem: 错', "不认识 naem"),
        (
            'kind: "01", legal_limit: {amount: 5, unit: working_days}, promised_limit: {amount: 9, unit: working_days}',
            "只能更短",
        ),
        ('kind: "01", lists: {quick: true}', "不认识 quick"),
        ('kind: "01", lists: {cross_region: [跨界]}', "跨县"),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path, said, fault):
    found = read_packs(pack(tmp_path, f'  - {{code: "0103100200", name: 许可, {said}}}\n')).faults
    assert any(line.startswith("catalogue/a.yaml:3 ") and fault in line for line in found)


def test_broken_yaml_and_double_codes_are_told(tmp_path):
    line = '  - {code: "0103100200", name: 许可, kind: "01"}\n'
    folder = pack(tmp_path, line + line)
    (folder / "elements" / "b.yaml").write_text("- {key: a.b, name: [}\n", encoding="utf-8")
    found = "\n".join(read_packs(folder).faults)
    assert "编码重复" in found
    assert "elements/b.yaml:1:" in found


@pytest.fixture
def city(db):
    actors.load_city(folder=PACKS / "demo")
    actors.forget()
    yield
    actors.forget()


def test_the_demo_city_is_searchable_and_says_the_same_at_all_levels(city):
    with pytest.raises(CommandError):
        call_command("catalogue", "import", "no-such-file.csv")
    loading.load_packs(folder=PACKS, root=CITY, actor=SYSTEM, at=AT)
    assert api.check_same(CITY) == []
    for code in THEMES:
        spec = api.matter(code, "421202")
        assert spec.materials
        assert spec.unit
    measured = quality.measure(QUERIES / "demo.tsv", region="421202", rounds=0)
    assert measured.asked >= 57
    assert measured.hits >= 53, measured.missed
    assert api.search_matters("开饭馆", "421202", filters={"party": ["organisation"]}, top=3)
    assert "开饭馆、卖食品的许可证" in api.suggest("开饭", "421202")


def test_the_generator_makes_different_matters_and_the_same_again():
    made = list(generating.drafts(count=13_948, places=[CITY], seed=1))
    assert len({draft.code for draft in made}) == len({draft.data["name"] for draft in made}) == 13_948
    assert all(draft.generated for draft in made)
    assert list(generating.drafts(count=50, places=[CITY], seed=1)) == made[:50]
