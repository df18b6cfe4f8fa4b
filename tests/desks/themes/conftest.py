"""Themes as files, and a city whose catalogue they stand on."""

import pytest

from tests.desks.themes.city import THEMES
from tongban.desks.themes.load import read_file


@pytest.fixture(scope="session")
def themes():
    """The themes of the packs, by code."""
    found = {path.stem: read_file(path).theme for path in THEMES}
    assert all(found.values())
    return found
