import pytest

from tests.registers.archive.closed import closed_application
from tests.registers.seals.fixtures import root_folder
from tongban.actors.api import load_city
from tongban.kernel import api as kernel

__all__ = ["root_folder"]


@pytest.fixture
def city(db, settings, root_folder):
    """The demo city's regions, units, officers and people, with a root of its own."""
    load_city(folder=settings.PACKS / "demo")


@pytest.fixture
def closed(city):
    """An application that was withdrawn after a photograph had come and a case was decided."""
    return kernel.docket(closed_application(), actor=kernel.SYSTEM)
