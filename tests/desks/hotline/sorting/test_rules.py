"""What needs no learning: places, urgency, matters by their words."""

import pytest

from tests.desks.hotline.sorting import pieces
from tongban.desks.hotline.sorting import matching
from tongban.desks.hotline.sorting.places import gazetteer, named_places
from tongban.desks.hotline.sorting.urgency import judge
from tongban.registers.catalogue.contracts import LegalBasis, MatterSpec
from tongban.registers.catalogue.regulated import RegulatedSpec

CITY, COUNTY, OTHER = "421200000000", "421202000000", "421281000000"
NAMES = gazetteer(
    [
        (CITY, "咸宁市", (CITY,)),
        (COUNTY, "咸安区", (COUNTY, CITY)),
        (OTHER, "赤壁市", (OTHER, CITY)),
        ("421202001000", "温泉街道", ("421202001000", COUNTY, CITY)),
        ("421202001004", "南山社区", ("421202001004", "421202001000", COUNTY, CITY)),
        ("421281001004", "南山社区", ("421281001004", OTHER, CITY)),
    ]
)


@pytest.mark.parametrize(
    ("text", "near", "code"),
    [
        ("咸宁市咸安区温泉街道的路灯坏了", CITY, "421202001000"),
        ("咸安的路灯", CITY, COUNTY),
        ("南山社区垃圾没人清", COUNTY, "421202001004"),
        ("赤壁南山社区垃圾没人清", CITY, "421281001004"),
        ("赤壁市南山社区", COUNTY, "421281001004"),
        ("我家门口路灯坏了", CITY, ""),
    ],
)
def test_the_region_meant_is_the_deepest_that_fits(text, near, code):
    assert NAMES.within(text, near=near)[1] == code


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("我住在温泉街道万年路88号，在桂花花园小区旁边", ("温泉街道", "万年路88号", "桂花花园")),
        ("实验小学门口的咸宁大道在修路，农村公路也坏了", ("实验小学", "咸宁大道")),
        ("孩子上小学要走一段泥巴路", ()),
        ("公司不发工资", ()),
    ],
)
def test_places_are_named_as_people_name_them(text, places):
    assert named_places(text) == places


@pytest.mark.parametrize(
    ("text", "level", "calls"),
    [
        ("楼下燃气泄漏，味道很大", "emergency", ("119",)),
        ("我不想活了，活不下去了", "emergency", ("110",)),
        ("有人溺水，昏迷不醒", "emergency", ("119", "120")),
        ("楼道堆满杂物，存在火灾隐患", "ordinary", ()),
        ("加强防溺水宣传", "ordinary", ()),
        ("楼道堆杂物有火灾隐患，现在着火了", "emergency", ("119",)),
        ("小区停水两天", "urgent", ()),
        ("办身份证要什么材料", "ordinary", ()),
        ("", "ordinary", ()),
    ],
)
def test_how_urgent_it_is(text, level, calls):
    judged = judge(text, pieces.shipped_lexicon().alarms)
    assert (judged.level, judged.calls) == (level, calls)


def _matter(code, name, words, department="cgj"):
    return MatterSpec(
        code=code, name=name, kind="02", region=COUNTY, unit=f"421202-{department}", unit_name="城管局",
        department=department, implementation_code=code, version=1,
        legal_basis=(LegalBasis("城市市容和环境卫生管理条例", "第三十四条", ""),),
        regulated=RegulatedSpec(unit="brigade", becomes="onsite", words=words),
    )  # fmt: skip


MATTERS = [
    _matter("0204100100", "乱倒垃圾", ("倒垃圾", "垃圾成堆")),
    _matter("0204100200", "占道经营", ("占道", "摆摊", "流动摊贩")),
    _matter("0203100100", "无照经营", ("没有执照", "摆摊"), "scjg"),
]


def _best(text, *, department="", learned=None, sure=0.0):
    found = matching.Matcher(MATTERS).best(
        ("", text), department=department, learned=learned or {}, sure=sure
    )
    return found and found.code


def test_a_matter_is_found_by_its_words_with_its_law():
    found = matching.Matcher(MATTERS).best(("门口有人倒垃圾", "垃圾成堆"), department="", learned={})
    assert (found.code, found.unit) == ("0204100100", "421202-cgj")
    assert found.basis == "《城市市容和环境卫生管理条例》第三十四条"


def test_a_word_of_two_matters_goes_to_the_department_of_the_category():
    assert _best("天天摆摊，没有人管，占道", department="scjg") == "0204100200"
    assert _best("天天摆摊，没有人管", department="scjg") is None  # one shared word is a guess
    assert _best("天天摆摊，没有执照", department="scjg") == "0203100100"


def test_a_short_word_alone_does_not_take_a_sure_category_to_another_department():
    assert _best("工地门口占道", department="scjg", sure=0.5) == "0204100200"
    assert _best("在占道的摊位干活没领到工资", department="rsj", sure=0.95) is None
    assert _best("有人倒垃圾", department="rsj", sure=0.95) == "0204100100"


def test_what_was_learned_finds_a_matter_without_its_words():
    assert _best("夜里吵得很", learned={"0204100200": 0.6, "0204100100": -0.5, "gone": 1.0}) == "0204100200"
    assert _best("夜里吵得很") is None
