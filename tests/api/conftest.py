"""The demo city behind the API, and a caller per demo account."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.faces.portal.city import loaded_city, town
from tongban.registers.identity import api as identity

__all__ = ["loaded_city", "town"]


class Caller:
    """Speaks JSON with a bearer token, as a program would."""

    def __init__(self, username: str = "", language: str = "zh-hans") -> None:
        self.headers = {"Accept-Language": language}
        if username:
            token = identity.issue_token(username=username, label="tests", at=timezone.now())
            self.headers["Authorization"] = f"Bearer {token.secret}"
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        more = {"Idempotency-Key": key} if key else {}
        return self.client.post(
            f"/api/v1{path}",
            body if isinstance(body, str | bytes) else json.dumps(body),
            content_type=headers.pop("content_type", "application/json"),
            headers={**self.headers, **more, **headers},
        )


@pytest.fixture
def calls() -> Callable[..., Caller]:
    return Caller


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem details of a refusal, which must be complete."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert told["type"] == f"urn:tongban:{code}", told
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told
