"""What published figures have and packs lack is made up in exact numbers, through the importer, and marked."""

import pytest

from tests.registers.catalogue.conftest import AT, CITY, COUNTY, draft
from tongban.kernel import api as kernel
from tongban.kernel.contracts import SYSTEM
from tongban.registers.catalogue import api, services
from tongban.registers.catalogue.contracts import CatalogueError
from tongban.registers.catalogue.models import Implementation

pytestmark = pytest.mark.django_db
WANTED = {"matters": 120, "regulated": 30, "online": 118, "no_visit": 90, "cross_province": 17, "cross_city": 11, "sunk": 5}  # fmt: skip


@pytest.fixture
def some(keys):
    services.bring_in([draft(), draft(region=CITY)], region=CITY, actor=SYSTEM, at=AT)


def fill(wanted, seed=7):
    return api.fill_up(wanted=wanted, region=CITY, seed=seed, actor=SYSTEM, at=AT)


def test_figures_are_met_exactly_beside_what_is_published_already(some):
    filled = fill(WANTED)
    assert filled.made == 148
    assert {name: filled.stock[name] for name in WANTED} == WANTED
    assert Implementation.objects.filter(generated=True).count() == 148
    assert not Implementation.objects.get(region=COUNTY, matter__code="0103100200").generated
    assert fill(WANTED).made == 0, "the same again changes nothing"
    more = fill({**WANTED, "matters": 200, "online": 190})
    assert (more.made, more.stock["matters"], more.stock["online"]) == (80, 200, 190)


def test_a_list_that_is_too_long_is_shortened_by_versions_without_it(some):
    listed = {
        **Implementation.objects.get(region=COUNTY).elements.data["lists"],
        "high_frequency": True,
        "sunk_to": ["5"],
    }
    services.bring_in(
        [draft(lists=listed), draft(region=CITY, lists=listed)], region=CITY, actor=SYSTEM, at=AT
    )
    have = fill({"matters": 2}).stock
    assert (have["high_frequency"], have["sunk"]) == (1, 1)
    filled = fill({"matters": 2, "high_frequency": 0})
    assert (filled.made, filled.stock["high_frequency"], filled.stock["sunk"]) == (0, 0, 1)
    filled = fill({"matters": 2, "sunk": 0})
    assert (filled.stock["matters"], filled.stock["sunk"]) == (2, 0)
    assert not Implementation.objects.filter(generated=True).exists()


def test_every_matter_is_in_the_ledger_as_it_stands(some):
    fill(WANTED)
    listed = {}
    for entry in kernel.history(f"catalogue:{CITY}", at=AT):
        listed |= {one["key"]: one for one in entry.body.get("stock", ())}
    applied = [one for one in listed.values() if one["kind"] == "matter"]
    assert len(applied) == 120
    assert sum(one.get("no_visit", False) for one in applied) == 90
    assert len({one["code"] for one in applied if one.get("cross_province")}) == 17
    api.withdraw(codes=["0103100200"], region=COUNTY, actor=SYSTEM, at=AT, note="停办")
    (gone,) = kernel.history(f"catalogue:{COUNTY}", at=AT)[-1].body["stock"]
    assert gone["gone"]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"matters": 100, "colour": 3}, "no_visit"),
        ({"matters": 1}, "matters已有2"),
        ({"matters": 10, "sunk": 40}, "sunk缺40"),
        ({"matters": 10, "online": 4, "no_visit": 8}, "no_visit"),
    ],
)
def test_what_cannot_be_met_is_refused_and_nothing_is_made(some, wanted, told):
    with pytest.raises(CatalogueError, match=told):
        fill(wanted)
    assert not Implementation.objects.filter(generated=True).exists()
