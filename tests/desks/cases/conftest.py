import pytest

from tongban.actors.api import load_city


@pytest.fixture
def city(db, settings):
    """The demo city's regions, units, officers and people."""
    load_city(folder=settings.PACKS / "demo")
