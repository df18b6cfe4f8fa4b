"""Every address of the platform, with something real in its places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, get_resolver

from tongban.config.api import api

_PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")


def pages() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Route and view of every page; Django's admin and the API have their own tests."""
    yield from _below(get_resolver().url_patterns, "")


def _below(patterns: Any, prefix: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for one in patterns:
        where = f"{prefix}{one.pattern}"
        if where.startswith(("admin/", "api/v1/")):
            continue
        if isinstance(one, URLPattern):
            yield where, one.callback
        else:
            yield from _below(one.url_patterns, where)


def operations() -> Iterator[tuple[str, str, Any]]:
    """Method, path and operation of every route of the API."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method.lower(), path, operation


def filled(route: str, samples: dict[str, str]) -> str:
    """An address of the route: places by name, else by converter."""

    def put(place: re.Match[str]) -> str:
        kind, name = place.group(1) or "str", place.group(2)
        return "1" if kind == "int" else samples.get(name, "x")

    return "/" + _PLACE.sub(put, route.replace("^", "").replace("$", ""))
