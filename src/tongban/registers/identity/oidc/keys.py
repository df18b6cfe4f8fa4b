"""Keys that sign identity tokens (RS256): made at first need, replaced by command, published while tokens live."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tongban.kernel import api as kernel
from tongban.registers.identity.oidc.models import OidcKey

ALGORITHM = "RS256"
BITS = 2048
PUBLISHED_FOR = timedelta(days=1)


@kernel.writing()
def signing_key(*, at: datetime) -> OidcKey:
    """The key that signs now; made when there is none yet."""
    return OidcKey.objects.filter(retired_at__isnull=True).order_by("-pk").first() or _new(at)


@kernel.writing()
def rotate(*, at: datetime) -> OidcKey:
    """A new key signs from now on; the one before stays published for a day."""
    OidcKey.objects.filter(retired_at__isnull=True).update(retired_at=at)
    return _new(at)


def _new(at: datetime) -> OidcKey:
    made = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return OidcKey.objects.create(kid=secrets.token_urlsafe(12), pem=pem.decode(), created_at=at)


def published(*, at: datetime) -> dict[str, Any]:
    """The JSON Web Key Set."""
    signing_key(at=at)
    keys = []
    for row in OidcKey.objects.order_by("-pk"):
        if row.retired_at is None or row.retired_at > at - PUBLISHED_FOR:
            public = json.loads(RSAAlgorithm.to_jwk(_private(row).public_key()))
            keys.append({**public, "kid": row.kid, "use": "sig", "alg": ALGORITHM})
    return {"keys": keys}


def signed(claims: dict[str, Any], *, at: datetime) -> str:
    """A signed token with these claims."""
    row = signing_key(at=at)
    return jwt.encode(claims, _private(row), algorithm=ALGORITHM, headers={"kid": row.kid})


def read(token: str, *, issuer: str) -> dict[str, Any] | None:
    """The claims of one of our own tokens, also of one that ran out; None when it is not ours."""
    try:
        kid = jwt.get_unverified_header(token).get("kid", "")
        row = OidcKey.objects.filter(kid=kid).first()
        if row is None:
            return None
        return jwt.decode(
            token,
            _private(row).public_key(),
            algorithms=[ALGORITHM],
            issuer=issuer,
            options={"verify_aud": False, "verify_exp": False},
        )
    except jwt.PyJWTError:
        return None


def _private(row: OidcKey) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(row.pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key
