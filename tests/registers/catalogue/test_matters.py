"""Specs, versions, publishing: what the catalogue answers and when."""

from datetime import timedelta

import pytest

from tests.registers.catalogue.conftest import AT, CITY, COUNTY, OTHER_COUNTY, data, draft
from tongban.kernel import api as kernel
from tongban.kernel.contracts import SYSTEM
from tongban.registers.catalogue import api, cache
from tongban.registers.catalogue.contracts import CatalogueError, UnknownKeyError, UnknownMatterError
from tongban.registers.catalogue.models import CatalogueVersion, Elements, Generation

FOOD = "0103100200"
VILLAGE = "421202001002"


def test_the_most_specific_implementation_answers(bring):
    bring(draft(region=CITY), draft(region=COUNTY))
    assert api.matter(FOOD, VILLAGE).unit == "421202-scjg"
    assert api.matter(FOOD, "421202").region == COUNTY
    assert api.matter(FOOD, OTHER_COUNTY).unit == "421200-scjg"


def test_a_county_matter_is_not_found_in_another_county(bring):
    bring(draft(region=COUNTY))
    with pytest.raises(UnknownMatterError, match="421221000000"):
        api.matter(FOOD, OTHER_COUNTY)
    assert api.matters([FOOD], OTHER_COUNTY) == {}


def test_spec_carries_papers_and_elements(bring):
    bring(draft())
    spec = api.matter(FOOD, COUNTY)
    assert [paper.key for paper in spec.materials_for("renew")] == ["id-card"]
    assert [paper.necessity for paper in spec.materials_for("new")] == ["1", "3"]
    assert spec.materials[0].from_government
    assert spec.elements[0].name == "店铺名称"
    assert spec.handling_item("new").code == "01"
    assert api.matter(spec.implementation_code, COUNTY) == spec


def test_a_warm_read_costs_no_query_and_many_cost_one(bring, settings, django_assert_num_queries):
    settings.CATALOGUE_POLL_SECONDS = 60
    bring(draft(), draft("0103100300", name="食品生产许可"))
    api.element("business.name")
    api.material("id-card")
    with django_assert_num_queries(1):
        assert len(api.matters([FOOD, "0103100300", "0000000000"], COUNTY)) == 2
    with django_assert_num_queries(0):
        api.matter(FOOD, COUNTY)
        assert api.matters(["0000000000"], COUNTY) == {}


def test_another_process_publishing_is_noticed(bring, settings):
    settings.CATALOGUE_POLL_SECONDS = 0
    bring(draft())
    assert api.matter(FOOD, COUNTY).promised_limit.amount == 5
    row = Elements.objects.get(implementations__region=COUNTY)
    row.data["promised_limit"]["amount"] = 3
    row.save()
    assert api.matter(FOOD, COUNTY).promised_limit.amount == 5  # nobody said it changed
    Generation.objects.update(token="said by another process")
    assert api.matter(FOOD, COUNTY).promised_limit.amount == 3


def test_a_new_version_is_written_only_for_something_new(bring):
    assert bring(draft()).created == 1
    assert bring(draft()).unchanged == 1
    later = AT + timedelta(days=1)
    assert bring(draft(promised_limit={"amount": 3, "unit": "working_days"}), at=later).changed == 1
    assert api.matter(FOOD, COUNTY).version == 2
    assert api.matter(FOOD, COUNTY, at=AT).promised_limit.amount == 5
    assert api.matter(FOOD, COUNTY, at=later).promised_limit.amount == 3
    with pytest.raises(UnknownMatterError):
        api.matter(FOOD, COUNTY, at=AT - timedelta(days=1))
    assert [line.state for line in api.history(FOOD, COUNTY)] == ["published", "superseded"]


def test_alike_implementations_share_their_elements(bring):
    bring(draft(region=CITY), draft(region=COUNTY), draft(region=OTHER_COUNTY))
    assert Elements.objects.count() == 1


def test_draft_is_unseen_until_published(bring):
    bring(draft(), publish=False)
    with pytest.raises(UnknownMatterError):
        api.matter(FOOD, COUNTY)
    assert api.publish(codes=[FOOD], region=COUNTY, actor=SYSTEM, at=AT, note="首次") == 1
    assert api.matter(FOOD, COUNTY).version == 1
    with pytest.raises(CatalogueError, match="没有待发布的草稿"):
        api.publish(codes=[FOOD], region=COUNTY, actor=SYSTEM, at=AT)


def test_withdrawn_is_gone_now_and_there_in_the_past(bring):
    bring(draft())
    later = AT + timedelta(days=1)
    api.withdraw(codes=[FOOD], region=COUNTY, actor=SYSTEM, at=later, note="法规修改")
    with pytest.raises(UnknownMatterError):
        api.matter(FOOD, COUNTY)
    assert api.matter(FOOD, COUNTY, at=AT).name == "食品经营许可"
    assert api.history(FOOD, COUNTY)[0].state == "withdrawn"
    with pytest.raises(CatalogueError, match="已撤回"):
        api.withdraw(codes=[FOOD], region=COUNTY, actor=SYSTEM, at=later, note="再来")


def test_one_bad_code_publishes_nothing(bring):
    bring(draft(), publish=False)
    with pytest.raises(UnknownMatterError):
        api.publish(codes=[FOOD, "9999999999"], region=COUNTY, actor=SYSTEM, at=AT)
    with pytest.raises(UnknownMatterError):
        api.matter(FOOD, COUNTY)


def test_every_act_is_written_down(bring):
    bring(draft())
    api.withdraw(codes=[FOOD], region=COUNTY, actor=SYSTEM, at=AT, note="法规修改")
    assert [(v.act, v.actor) for v in CatalogueVersion.objects.order_by("id")] == [
        ("publish", "system"),
        ("withdraw", "system"),
    ]
    assert [entry.act for entry in kernel.history(stream=f"catalogue:{COUNTY}", at=AT)] == ["withdraw"]


def test_diff_names_each_element(bring):
    bring(draft())
    bring(draft(promised_limit={"amount": 3, "unit": "working_days"}, materials=data()["materials"][:1]))
    changes = {
        change.element: (change.before, change.after) for change in api.changes_between(FOOD, COUNTY, 1, 2)
    }
    assert changes["promised_limit.amount"] == (5, 3)
    assert changes["materials[plan]"][1] is None
    with pytest.raises(CatalogueError, match="有：1、2"):
        api.changes_between(FOOD, COUNTY, 1, 9)


def test_lists_are_counted_from_elements(bring):
    bring(
        draft(lists={"commitment": True, "cross_region": ["跨省"]}),
        draft("0103100300", name="查询", case_kind="1", visits=1, channels=["1"]),
    )
    counts = {entry.key: entry.count for entry in api.list_counts(CITY)}
    assert (counts["commitment"], counts["cross_province"], counts["instant"]) == (1, 1, 1)
    assert (counts["online"], counts["no_visit"], counts["once"]) == (1, 1, 2)
    assert [hit.code for hit in api.on_list("instant", COUNTY)] == ["0103100300"]
    with pytest.raises(CatalogueError, match="commitment"):
        api.on_list("nonsense", COUNTY)


def test_four_levels_must_say_the_same(bring):
    bring(draft(region=CITY), draft(region=COUNTY))
    assert api.check_same(CITY) == []
    bring(draft(region=OTHER_COUNTY, name="食品经营许可证核发", kind="07"))
    assert {found.field for found in api.check_same(CITY)} == {"name", "kind"}


def test_unknown_keys_are_told(keys):
    with pytest.raises(UnknownKeyError, match="no-such"):
        api.element("no-such")
    with pytest.raises(UnknownKeyError, match="no-such"):
        api.materials(["id-card", "no-such"])


def test_cache_forgets_when_full(monkeypatch):
    monkeypatch.setattr(cache, "MAX_ENTRIES", 2)
    for number in range(5):
        cache.put(number, number)
    assert len(cache._entries) <= 2
