"""Politeness towards who asks, patience with who guesses: every count is per address and quarter of an hour."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest

from tongban.registers.identity import api as identity

RETRY_SECONDS: Final = 15 * 60
# A hall has one address for many people. Codes are 80 random bits, so that only wrong ones count.
MOST: Final = {"number": 60, "token": 30, "file": 60}


def asked_too_often(request: HttpRequest, what: str, *, at: datetime) -> bool:
    """Whether this address has asked too often; counts this time.

    :param what: ``number``, ``token`` (wrong ones only: call it when one was wrong) or ``file``
    """
    subject = f"verify-{what}:{request.META.get('REMOTE_ADDR', '')}"
    if identity.guessed_too_often(limits={subject: MOST[what]}, at=at):
        return True
    identity.note_wrong_guess(what=[subject], at=at)
    return False
