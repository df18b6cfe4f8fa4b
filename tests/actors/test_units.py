"""Units live by dates: renamed, merged, dissolved, never deleted."""

from datetime import date, timedelta

import pytest

from tests.actors.factories import (
    CITY,
    DISTRICT,
    NOON,
    VILLAGE,
    a_unit,
    an_officer,
    delegated,
    the_city,
)
from tongban.actors import api
from tongban.actors.models import Appointment, Region, Unit
from tongban.kernel import api as kernel
from tongban.kernel.contracts import SYSTEM

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def merge(*sources, into, on=TODAY):
    api.merge_units(sources=sources, into=into, on=on, actor=SYSTEM, at=NOON)


def test_the_unit_for_a_community_is_the_nearest_above_it():
    a_unit("421200-scjg", region=CITY)
    a_unit("421200-gjj", region=CITY)
    a_unit("421202-scjg")
    assert api.unit_for(department="scjg", region=VILLAGE).id == "421202-scjg"
    assert api.unit_for(department="gjj", region=VILLAGE).id == "421200-gjj"
    assert api.unit_for(department="scjg", region=CITY).id == "421200-scjg"
    assert api.unit_for(department="hg", region=VILLAGE) is None


def test_regions_know_what_lies_above_and_below():
    the_city()
    assert api.region_chain(VILLAGE) == (VILLAGE, "421202001000", DISTRICT, CITY)
    assert VILLAGE in api.regions_within(CITY)
    assert [one.name for one in api.regions_below(CITY)] == ["咸安区", "赤壁市"]
    assert api.region_chain("000000000000") == ()
    with pytest.raises(api.NotKnownError):
        api.region("000000000000")


def test_a_change_is_seen_at_once():
    unit = a_unit("421202-scjg", name="工商局")
    assert api.unit("421202-scjg").name == "工商局"
    unit.name = "市场监督管理局"
    unit.save()
    assert api.unit("421202-scjg").name == "市场监督管理局"


def test_a_renamed_unit_keeps_its_earlier_name():
    a_unit("421202-scjg", name="工商行政管理局")
    api.rename_unit(unit_id="421202-scjg", name="市场监督管理局", on=TODAY, actor=SYSTEM, at=NOON)
    assert api.unit_name(unit_id="421202-scjg") == "市场监督管理局"
    assert api.unit_name(unit_id="421202-scjg", on=TODAY - timedelta(days=1)) == "工商行政管理局"
    assert api.unit_name(unit_id="421202-scjg", on=TODAY) == "市场监督管理局"
    with pytest.raises(api.ActorsError, match="改过名"):
        api.rename_unit(unit_id="421202-scjg", name="别名", on=TODAY, actor=SYSTEM, at=NOON)


class TestMerger:
    def test_the_merged_unit_stays_resolvable_and_points_to_its_successor(self):
        a_unit("421202-wlj", name="文化局")
        a_unit("421202-lyj2", department="tour", name="文化和旅游局")
        merge("421202-wlj", into="421202-lyj2")
        ended = api.unit("421202-wlj")
        assert (ended.name, ended.ended_on, ended.successor) == ("文化局", TODAY, "421202-lyj2")
        assert api.live_unit("421202-wlj").id == "421202-lyj2"
        assert api.unit_for(department="wlj", region=VILLAGE).id == "421202-lyj2"
        assert [one.id for one in api.units_in(region=DISTRICT)] == ["421202-lyj2"]

    def test_its_people_and_delegations_go_along_from_that_day(self):
        source, target, third = a_unit("421202-a"), a_unit("421202-b"), a_unit("421202-c")
        officer, chief = an_officer("handler", of=source), an_officer("handler", of=third)
        delegated(chief, by=source, matters=["0104100100"])
        merge("421202-a", into="421202-b")
        now = api.actor_of_officer(officer_id=officer.pk, at=NOON)
        assert now.holds("handler", target.id)
        assert not now.holds("handler", source.id)
        assert now.unit == target.id
        yesterday = api.actor_of_officer(officer_id=officer.pk, at=NOON - timedelta(days=1))
        assert yesterday.holds("handler", source.id)
        assert [one.unit for one in api.actor_of_officer(officer_id=chief.pk, at=NOON).authorities] == [
            target.id
        ]

    def test_an_appointment_that_had_not_begun_begins_in_the_successor(self):
        source, target = a_unit("421202-a"), a_unit("421202-b")
        officer = an_officer("handler", of=source, since=TODAY + timedelta(days=10))
        merge("421202-a", into="421202-b")
        later = api.actor_of_officer(officer_id=officer.pk, at=NOON + timedelta(days=11))
        assert {grant.unit for grant in later.grants} == {target.id}

    def test_open_dockets_are_handed_over(self, monkeypatch):
        calls = []
        monkeypatch.setattr(kernel, "hand_over", lambda **given: calls.append(given) or 0)
        a_unit("421202-a")
        a_unit("421202-b")
        merge("421202-a", into="421202-b")
        assert [(call["unit_from"], call["unit_to"]) for call in calls] == [("421202-a", "421202-b")]

    def test_it_is_in_the_ledger_of_the_ended_unit(self):
        a_unit("421202-a")
        a_unit("421202-b")
        merge("421202-a", into="421202-b")
        last = kernel.history("unit:421202-a", at=NOON)[-1]
        assert (last.act, last.body["successor"]) == ("unit-ended", "421202-b")

    def test_impossible_mergers_are_refused_and_nothing_is_half_done(self):
        a_unit("421202-a")
        a_unit("421202-b")
        with pytest.raises(api.ActorsError, match="并入自己"):
            merge("421202-a", into="421202-a")
        with pytest.raises(api.ActorsError, match="还没到"):
            merge("421202-a", into="421202-b", on=TODAY + timedelta(days=1))
        with pytest.raises(api.NotKnownError):
            merge("421202-a", "421202-x", into="421202-b")
        assert api.unit("421202-a").ended_on is None
        merge("421202-a", into="421202-b")
        with pytest.raises(api.EndedError, match="421202-b"):
            merge("421202-a", into="421202-b")

    def test_a_chain_of_successors_is_followed(self):
        for name in ("421202-a", "421202-b", "421202-c"):
            a_unit(name)
        merge("421202-a", into="421202-b")
        api.dissolve_unit(unit_id="421202-b", successor="421202-c", on=TODAY, actor=SYSTEM, at=NOON)
        assert api.live_unit("421202-a").id == "421202-c"


def test_nothing_is_ever_deleted():
    unit = a_unit("421202-scjg")
    with pytest.raises(api.UndeletableError, match="不能删除"):
        unit.delete()
    with pytest.raises(api.UndeletableError):
        Unit.objects.all().delete()
    with pytest.raises(api.UndeletableError):
        Region.objects.filter(code=CITY).delete()
    assert "delete" not in Appointment._meta.default_permissions


def test_scope_and_sees_agree():
    """The condition on rows and the answer for one row are two spellings of one rule."""
    from tests.actors.factories import a_docket, a_person, an_organisation
    from tongban.kernel.docket.models import Docket

    scjg, cgj = a_unit("421202-scjg"), a_unit("421202-cgj")
    city = a_unit("421200-dsj", region=CITY)
    owner = a_person()
    company = an_organisation(led_by=owner)
    chief = an_officer("handler", of=scjg)
    delegated(chief, by=cgj, matters=["m1"])
    actors = [
        api.actor_of_officer(officer_id=chief.pk, at=NOON),
        api.actor_of_officer(officer_id=an_officer("leader", of=city).pk, at=NOON),
        api.actor_of_officer(officer_id=an_officer(of=city).pk, at=NOON),
        api.actor_of_person(person_id=owner.pk, at=NOON),
    ]
    number = 0
    for unit in (scjg.id, cgj.id):
        for subject in ("m1", "m2"):
            for applicant in (str(owner), str(company), "person:9999"):
                for region in (VILLAGE, "429900000000"):
                    number += 1
                    row = a_docket(unit=unit, subject=subject, applicant=applicant, region=region)
                    Docket.objects.create(
                        number=f"N{number}", kind="case", state="open", title="", unit=unit, applicant=applicant,
                        region=region, subject=subject, opened_at=NOON, revision=1, flow_version=1,
                    )  # fmt: skip
                    for actor in actors:
                        found = Docket.objects.filter(api.default_scope(actor), number=f"N{number}").exists()
                        assert found == api.default_sees(actor, row), (actor.id, row)
