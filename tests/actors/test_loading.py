"""Loading the demo city: complete, idempotent, precise about what is wrong."""

import pytest
from django.conf import settings
from django.utils import timezone

from tongban.actors import api
from tongban.actors.models import Officer, Unit

pytestmark = pytest.mark.django_db
FOLDER = settings.PACKS / "demo"


def test_a_second_run_changes_nothing():
    assert api.load_city(folder=FOLDER)["added"] > 500
    assert not api.load_city(folder=FOLDER)


def test_a_changed_record_is_put_right():
    api.load_city(folder=FOLDER)
    Unit.objects.filter(pk="421202-scjg").update(phone="1")
    assert api.load_city(folder=FOLDER) == {"changed": 1}


def test_the_chief_officer_of_the_demo_may_decide_the_signboard_permit():
    api.load_city(folder=FOLDER)
    chief = Officer.objects.get(staff_number="chief")
    (authority,) = api.actor_of_officer(officer_id=chief.pk, at=timezone.now()).authorities
    assert authority.unit == "421202-cgj"
    assert "0104100100" in authority.matters


def test_a_parent_acts_for_the_child():
    api.load_city(folder=FOLDER)
    mother = api.actor(actor_id="person:2", at=timezone.now())
    assert "person:4" in mother.parties


def test_new_rows_after_loading_get_fresh_ids():
    from tests.actors.factories import a_person

    api.load_city(folder=FOLDER)
    assert a_person().pk > 4


def test_a_mistake_in_a_file_names_file_and_record(tmp_path):
    for path in FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    text = (FOLDER / "units.yaml").read_text().replace("11421200TB000001XE", "11421200TB000001X9", 1)
    (tmp_path / "units.yaml").write_text(text)
    with pytest.raises(api.LoadError, match=r"units\.yaml: 1: .*校验位"):
        api.load_city(folder=tmp_path)
    assert not Unit.objects.exists()
    (tmp_path / "regions.yaml").write_text("- {code: [")
    with pytest.raises(api.LoadError, match=r"(?s)regions\.yaml.*line 2"):
        api.load_city(folder=tmp_path)
