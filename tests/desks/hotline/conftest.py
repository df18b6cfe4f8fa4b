import pytest

from tests.desks.hotline import town as place


@pytest.fixture
def town(db):
    place.build()
