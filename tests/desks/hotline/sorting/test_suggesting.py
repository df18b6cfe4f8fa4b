"""What the operator is shown while typing, and who decides."""

from dataclasses import replace

import pytest

from tests.desks.hotline import town as place
from tests.desks.hotline.sorting import pieces
from tongban.desks.hotline.contracts import Urgency
from tongban.desks.hotline.sorting import api, current, suggesting
from tongban.kernel import api as kernel

pytestmark = pytest.mark.usefixtures("town", "room")


def test_a_message_is_sorted_with_reasons():
    found = api.suggest("咸安区城东小区旁边半夜施工噪音大，睡不着", region=place.CITY)
    assert found.category == ("环境", "噪音")
    assert found.confidence > 0.6
    assert {"施工", "噪音", "睡不着"} >= {word for word, _share in found.words} > set()
    assert (found.region, found.unit) == (place.COUNTY, place.URBAN)
    assert "城东小区" in found.places
    assert found.version.startswith("start-")
    assert found.reason == ""


def test_a_matter_brings_its_law_and_its_unit():
    found = api.suggest("有人倒垃圾，垃圾成堆", region=place.TOWN)
    assert (found.matter, found.unit) == ("0204100100", "421202-cgj")
    assert "第三十四条" in found.matter_basis


def test_a_category_goes_to_the_unit_of_its_department_at_the_place():
    found = api.suggest("餐馆的污水直排，臭味很重", region=place.TOWN)
    assert (found.path, found.unit) == ("环境/污水", place.MARKET)


def test_the_model_missing_leaves_urgency_and_places():
    current.file_of(current.current().version).write_bytes(b"nothing of the kind")
    assert (
        api.suggest("公交车不停", region=place.COUNTY).category[0] == "交通"
    )  # the starting model is made again
    report = api.train(pieces.lessons(), source="测试", actor=kernel.SYSTEM, at=place.NINE, anyway=True)
    current.file_of(report.version).write_bytes(b"PK\x03\x04")
    current.forget()
    found = api.suggest("咸安区燃气泄漏", region=place.CITY)
    assert (found.category, found.matter, found.unit, found.confidence) == ((), "", "", 0)
    assert "人工" in found.reason
    assert (found.version, found.region) == (report.version, place.COUNTY)


@pytest.mark.parametrize("text", ["", " \n", "😀" * 50, "<b>" * 40_000, "字" * 100_000, "\0\ud800"])
def test_whatever_is_typed_gets_an_answer(text):
    assert api.suggest(text, region=place.CITY).version.startswith("start-")
    assert api.suggest(text, region="nowhere").region == "nowhere"


def test_a_fault_inside_stops_nobody(monkeypatch, caplog):
    monkeypatch.setattr(suggesting, "named_places", lambda _text: 1 / 0)
    found = api.suggest("张三的电话是13812345678", region=place.CITY)
    assert (found.category, found.urgency) == ((), Urgency.ORDINARY)
    assert "人工" in found.reason
    assert "13812345678" not in caplog.text


# Who decides ---------------------------------------------------------------------------------


def test_without_a_threshold_a_person_decides():
    ruled = api.ruling(api.suggest("公交车不停", region=place.COUNTY))
    assert (ruled.automatic, ruled.threshold) == (False, None)


def test_a_threshold_holds_for_the_regions_below_and_is_in_the_ledger():
    head = place.who("centre_head")
    api.set_threshold(region=place.CITY, confidence=0.55, actor=head, at=place.NINE)
    api.set_threshold(region=place.COUNTY, confidence=0.999, actor=head, at=place.NINE)
    sure = replace(api.suggest("餐馆的污水直排，臭味很重", region=place.COUNTY), confidence=0.9)
    assert api.ruling(sure, region=place.CITY).automatic
    below = api.ruling(sure)  # the county's own is higher
    assert (below.automatic, below.threshold) == (False, 0.999)
    assert api.threshold(place.TOWN) == 0.999
    api.set_threshold(region=place.COUNTY, confidence=None, actor=head, at=place.NINE)
    assert api.threshold(place.TOWN) == 0.55
    said = kernel.history(f"sorting:{place.COUNTY}", at=place.NINE)
    assert [one.body["confidence"] for one in said] == [0.999, None]


@pytest.mark.parametrize("confidence", [0.2, 1.0])
def test_a_threshold_out_of_reason_is_refused(confidence):
    with pytest.raises(api.SortingError):
        api.set_threshold(region=place.CITY, confidence=confidence, actor=kernel.SYSTEM, at=place.NINE)


def test_an_emergency_is_never_left_to_a_threshold(monkeypatch):
    api.set_threshold(region=place.CITY, confidence=0.5, actor=kernel.SYSTEM, at=place.NINE)
    monkeypatch.setattr(suggesting, "lexicon", pieces.shipped_lexicon)
    assert api.ruling(api.suggest("公交车着火了，司机在喊", region=place.COUNTY)).why == "突发事件由人派单。"


def test_what_the_ledger_keeps_says_who_decided_and_holds_no_text():
    found = api.suggest("餐馆的污水直排，臭味很重", region=place.COUNTY)
    kept = api.entry(found, decided_by="officer:7", chosen="环境/噪音")
    assert (kept["version"], kept["confidence"], kept["decided_by"]) == (
        found.version,
        found.confidence,
        "officer:7",
    )
    assert kept["followed"] is False
    assert {word for word, _share in kept["words"]} <= {"污水", "直排", "臭味"}
    assert "餐馆" not in str(kept)
