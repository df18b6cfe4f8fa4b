"""What every test may rely on: plain static names, a browser, and which database it is."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.actors.fixtures import _fresh_directory, _quick_passwords, demo_city
from tests.web.fixtures import browser, open_page

__all__ = ["_fresh_directory", "_quick_passwords", "browser", "demo_city", "open_page"]


def pytest_configure() -> None:
    # Digested names need `collectstatic`; tests read the files where they lie.
    storages = {**settings.STORAGES}
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = storages
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns of a missing folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "postgresql" in settings.DATABASES["default"]["ENGINE"]:
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: python -m tests.postgres python -m pytest …")
    for item in items:
        if "postgres" in item.keywords:
            item.add_marker(skip)
