"""The city of the enrolment morning: shared registers know as many families as are asked about."""

from tongban.config.settings import *  # noqa: F403 - the same settings but for this one

EXCHANGE_PROVIDERS = dict.fromkeys(
    ("population", "households", "houses", "education", "health"), "benchmarks.families.Registers"
)
STORAGES = {
    **STORAGES,  # noqa: F405
    # Pages without collectstatic.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
