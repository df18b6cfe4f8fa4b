import pytest

from tests.year import town
from tongban.actors import api as actors
from tongban.year import profiles


@pytest.fixture
def month(db, settings, tmp_path, monkeypatch):
    """An empty platform with a city, and a month's profile; gives the profile's name."""
    settings.DATA = tmp_path / "data"
    actors.load_city(folder=settings.PACKS / "demo")
    actors.forget()
    slug = town.written(tmp_path)
    profiles.topics()  # what people say stays the packs'
    monkeypatch.setattr(profiles, "folder", lambda: tmp_path)
    return slug
