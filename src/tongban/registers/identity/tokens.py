"""How long random secrets are kept."""

from __future__ import annotations

import hashlib


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is long and random, so a plain digest is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
