"""What tests of every context need of actors and accounts."""

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from tongban.actors import directory
from tongban.registers.identity.contracts import demo_steps


@pytest.fixture(autouse=True)
def _fresh_directory():
    """Regions and units are cached per process; a test's rows are rolled back."""
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def demo_city(db):
    """Regions, units, officers, people and accounts of `packs/demo`."""
    for step in demo_steps():
        if step.name in {"city", "accounts"}:
            step.loader(django_settings.PACKS / "demo", timezone.now())
