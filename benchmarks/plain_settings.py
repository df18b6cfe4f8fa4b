"""Plain Django on the same database: its own middleware, one view."""

from tongban.config.settings import *  # noqa: F403 - the same settings but for these two

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "benchmarks.plain"
