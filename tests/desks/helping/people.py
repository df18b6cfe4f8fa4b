"""An agent in a village, an old woman, a company with staff: the demo city's people of these tests."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.faces.portal.walking import photo, signed_in
from tongban.actors import api as actors
from tongban.registers.identity.models import Account
from tongban.registers.messages.models import Message

__all__ = ["days_from_now", "entrusts", "last_code", "paper", "party", "photo", "signed_in", "text"]


def text(answer: Any) -> str:
    return answer.content.decode()


def party(username: str) -> str:
    return Account.objects.get(username=username).actor_id


def days_from_now(days: int) -> str:
    return (actors.day_of(timezone.now()) + timedelta(days=days)).isoformat()


def entrusts(client: Client, agent: str, *themes: str, until: str = "") -> Any:
    """A citizen gives an agent authority over whole themes on the portal."""
    step = client.post("/my/authorities/new", {"agent": agent})
    assert step.status_code == 302, text(step)
    return client.post(step["Location"], {"theme": themes, "until": until or days_from_now(60)})


def paper(**more: Any) -> dict[str, Any]:
    """The form of a signed paper of the old woman He Xiuzhen for her village's agent."""
    return {
        "principal_name": "何秀珍", "principal_number": "422321194702122843", "to": "me", "theme": ["open-restaurant"],
        "until": days_from_now(60), "paper": photo("授权书.jpg"), **more,
    }  # fmt: skip


def last_code(recipient: str) -> str:
    """The code in the newest message on somebody's phone."""
    sms = (
        Message.objects.filter(recipient=recipient, template="acting.code")
        .order_by("-pk")
        .values_list("sms", flat=True)[0]
    )
    found = re.search(r"\d{6}", sms)
    assert found
    return found[0]
