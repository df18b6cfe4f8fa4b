"""Codes at places: made by the desk of the division, printed with a code that is read back, retired and never lost."""

import pytest
from django.test import Client

from tests.desks.hotline.town import CITY, COUNTY, NINE, TOWN, who
from tests.faces.portal.hotline.conftest import officer
from tongban.desks.hotline.places import api
from tongban.desks.hotline.places.models import Place
from tongban.kernel import api as kernel
from tongban.kernel.ledger.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
FORM = {
    "name": "城东广场公示栏",
    "where": "城东广场西南角",
    "region": TOWN,
    "latitude": "29.84",
    "longitude": "114.32",
}


def page(answer):
    return answer.content.decode()


def test_an_officer_makes_prints_and_retires_a_code():
    desk = officer("dispatcher")
    made = desk.post("/work/hotline/places/new", FORM)
    one = Place.objects.get()
    assert made["Location"] == f"/work/hotline/places/{one.code}"
    assert "城东广场公示栏" in page(desk.get("/work/hotline/places"))
    assert f"/12345/at/{one.code}" in page(desk.get(made["Location"]))
    for size in ("a4", "a6"):
        sheet = desk.get(f"{made['Location']}/sheet.pdf?size={size}")
        assert sheet["Content-Type"] == "application/pdf"
        assert sheet.content.startswith(b"%PDF-")
    assert desk.post(f"{made['Location']}/retire").status_code == 302
    assert "停用" in page(desk.get(made["Location"]))
    assert desk.get(f"{made['Location']}/sheet.pdf").status_code == 404
    acts = list(
        Entry.objects.filter(stream=f"place:{one.code}").order_by("sequence").values_list("act", flat=True)
    )
    assert acts == ["make", "retire"]


def test_only_desks_of_the_division_make_and_see_it():
    new = api.NewPlace("市政府门口", "市政府东门", CITY)
    city = api.make(new, actor=who("dispatcher"), at=NINE)
    with pytest.raises(api.PlacesRefused) as refused:
        api.make(new, actor=who("county"), at=NINE)
    assert "region" in refused.value.fields
    with pytest.raises(kernel.NotFound):
        api.place(city.code, actor=who("county"))
    own = api.make(api.NewPlace("浮山广场", "浮山广场", COUNTY), actor=who("county"), at=NINE)
    assert [one.code for one in api.places(actor=who("county"))[0]] == [own.code]
    assert [one.code for one in api.places(actor=who("dispatcher"))[0]] == [own.code, city.code]
    assert officer("urban").get("/work/hotline/places").status_code == 403
    assert Client().get("/work/hotline/places").status_code == 302


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "！！"}, "name"),
        ({"latitude": ""}, "latitude"),
        ({"region": "9"}, "region"),
        ({"where": ""}, "where"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(wrong, field):
    answer = officer("operator").post("/work/hotline/places/new", {**FORM, **wrong})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert Place.objects.count() == 0
