"""Personal data of the demo city's people, watched for during every test of the suite.

Each test fails at which one of these got out: a log line (as the installation writes it), an address that was asked for or
redirected to, the body of an error page or of a problem+json answer. Logs and addresses are searched for names too; pages,
which greet the reader by name, for numbers and phones.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client
from ruamel.yaml import YAML

from tongban.kernel.redaction import Redacting

ERROR_PAGES = frozenset({400, 403, 404, 405, 409, 410, 429, 500, 503})
PROBLEM = "application/problem+json"


@cache
def people() -> tuple[frozenset[str], frozenset[str]]:
    """Names, and numbers with phones, of everybody in the demo city."""
    city = YAML(typ="safe").load(settings.PACKS / "demo" / "people.yaml")["people"]
    names = frozenset(one["name"] for one in city if len(one["name"]) > 2)
    numbers = frozenset(
        str(one[key]) for one in city for key in ("id_number", "phone") if len(str(one.get(key) or "")) >= 11
    )
    return names, numbers


@cache
def _pattern(*, with_names: bool) -> re.Pattern[str]:
    names, numbers = people()
    wanted = sorted(numbers | names if with_names else numbers, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE)


def found_in(text: str, *, with_names: bool = False) -> list[str]:
    """What of the demo people stands in a text."""
    return sorted(set(_pattern(with_names=with_names).findall(text)))


class Watch(logging.Handler):
    """Everything that is logged at INFO and above, as the installation's formatter writes it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(Redacting("{levelname} {name} {message}", style="{"))
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        if leaked := found_in(line, with_names=True):
            self.leaks.append(f"log {record.name}: {leaked}")


WATCH = Watch()


def watch_the_client() -> None:
    """Every request of every test client passes by here once."""
    plain = Client.request

    def request(self: Client, **environ: Any) -> Any:
        response = plain(self, **environ)
        path = unquote(f"{environ.get('PATH_INFO', '')}?{environ.get('QUERY_STRING', '')}")
        if response.status_code not in ERROR_PAGES and (leaked := found_in(path, with_names=True)):
            WATCH.leaks.append(f"address {environ.get('PATH_INFO', '')[:20]}: {leaked}")
        if leaked := found_in(unquote(response.headers.get("Location", "")), with_names=True):
            WATCH.leaks.append(f"redirect: {leaked}")
        said = response.headers.get("Content-Type", "")
        refused = response.status_code in ERROR_PAGES or said.startswith(PROBLEM)
        body = response.content.decode(errors="replace") if refused and not response.streaming else ""
        if leaked := found_in(body):
            WATCH.leaks.append(f"{response.status_code} {said}: {leaked}")
        return response

    Client.request = request  # type: ignore[method-assign]  # the suite's own watch


def begin() -> None:
    """Once per process, before any test."""
    root = logging.getLogger()
    root.addHandler(WATCH)
    for name in ("tongban", "django.request", "django.security"):
        logging.getLogger(name).setLevel(logging.INFO)
    watch_the_client()


@pytest.fixture(autouse=True)
def _nobody_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """No personal data in logs, addresses and error answers: see this module. `@pytest.mark.leaks` is for its own tests."""
    WATCH.leaks.clear()
    if WATCH not in logging.getLogger().handlers:  # a test configured logging anew
        logging.getLogger().addHandler(WATCH)
    yield
    leaks, WATCH.leaks = WATCH.leaks, []
    if "leaks" not in request.keywords:
        assert leaks == []
