"""What every test may rely on: plain static names, a browser, and which database it is."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone, translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import leaks
from tests.actors.fixtures import _fresh_directory, demo_city
from tests.leaks import _nobody_leaks
from tests.web.fixtures import browser, open_page

__all__ = ["_fresh_directory", "_nobody_leaks", "browser", "demo_city", "open_page"]


# A slow machine is no fault of the code: properties are judged by what they find, not by the clock.
hypothesis_settings.register_profile(
    "tongban", deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
hypothesis_settings.load_profile("tongban")


@pytest.fixture(autouse=True)
def _chinese() -> None:
    """A request in English leaves its language behind in the thread; the next test starts in Chinese."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def no_polls(settings) -> None:
    """For tests that count queries: what a process re-reads every few seconds is not read between two counts."""
    settings.CATALOGUE_POLL_SECONDS = settings.CALENDAR_CHECK_SECONDS = 3600


def _second_factor(*, request: HttpRequest, **_signal: object) -> None:
    """Whom a test signs in by `force_login` has passed the second factor just now; a page's own sign-in has not."""
    from tongban.registers.identity.web import proof

    if "SERVER_NAME" not in request.META:  # made by the test client, nobody sent it
        proof.prove(request, how="test", strong=True, at=timezone.now())


user_logged_in.connect(_second_factor, dispatch_uid="tests.second-factor")


def pytest_configure() -> None:
    # Digested names need `collectstatic`; tests read the files where they lie.
    storages = {**settings.STORAGES}
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = storages
    # The real hash is slow on purpose. Set once: cities are loaded by fixtures of every scope.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    leaks.begin()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns of a missing folder


# Files with tests of minutes: begun first, so that no worker walks on alone when the others are done.
LONG = ("tests/stories/test_every_page.py", "tests/boundaries/test_routes.py", "tests/stories/")


def _asks_the_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or not {"db", "django_db_setup"}.isdisjoint(
        fixtures
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: next((n for n, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG))
    )
    if "postgresql" in settings.DATABASES["default"]["ENGINE"]:
        # What asks no database comes to the same on any: it is run once.
        asks = [_asks_the_database(item) or "postgres" in item.keywords for item in items]
        config.hook.pytest_deselected(
            items=[item for item, asked in zip(items, asks, strict=True) if not asked]
        )
        items[:] = [item for item, asked in zip(items, asks, strict=True) if asked]
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: python -m tests.postgres python -m pytest …")
    for item in items:
        if "postgres" in item.keywords:
            item.add_marker(skip)
