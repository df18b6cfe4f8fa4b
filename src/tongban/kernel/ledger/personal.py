"""Personal fields of ledger entries: encrypted under a key per subject, erasable by law.

Destroying a subject's key makes the fields unreadable for good (个人信息保护法 第四十七条) while the
chain, which covers only a salted digest, stays whole.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tongban.kernel.ledger.models import SubjectKey
from tongban.kernel.ledger.rules import canonical, salted_digest

SALT_BYTES = NONCE_BYTES = 16


class Erased(Exception):  # noqa: N818 - a lawful state of the record
    """The subject's key was destroyed; `by` names the ledger entry that says so."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


def _master() -> AESGCM:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"tongban ledger subjects").derive(
        bytes.fromhex(settings.MASTER_KEY)
    )
    return AESGCM(derived)


def _seal(box: AESGCM, plain: bytes, bound_to: str) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + box.encrypt(nonce, plain, bound_to.encode())


def _open(box: AESGCM, sealed: bytes, bound_to: str) -> bytes:
    return box.decrypt(sealed[:12], sealed[12:], bound_to.encode())


def subject_box(subject: str, *, at: datetime) -> AESGCM:
    """The subject's cipher, made on first use.

    :raises Erased: when the key was destroyed
    """
    found = SubjectKey.objects.filter(subject=subject).first()
    if found is None:
        key = AESGCM.generate_key(256)
        SubjectKey.objects.bulk_create(
            [SubjectKey(subject=subject, wrapped=_seal(_master(), key, subject), made_at=at)],
            ignore_conflicts=True,
        )
        found = SubjectKey.objects.get(subject=subject)
    if found.erased_by:
        raise Erased(found.erased_by)
    return AESGCM(_open(_master(), bytes(found.wrapped), subject))


def seal(fields: dict[str, Any], *, subject: str, bound_to: str, at: datetime) -> tuple[str, bytes]:
    """Encrypt the personal fields of one entry.

    :param bound_to: stream and sequence, so that a ciphertext cannot be moved to another entry
    :return: the salted digest for the chain, and the sealed bytes
    """
    salt, plain = secrets.token_bytes(SALT_BYTES), canonical(fields).encode()
    sealed = _seal(subject_box(subject, at=at), salt + plain, bound_to)
    return salted_digest(salt, plain), sealed


def unseal(sealed: bytes, *, subject: str, bound_to: str, digest: str, at: datetime) -> dict[str, Any]:
    """Read the personal fields of one entry.

    :raises Erased: the key is gone, lawfully
    :raises ValueError: the bytes are not what the chain's digest covers
    """
    try:
        opened = _open(subject_box(subject, at=at), sealed, bound_to)
    except InvalidTag:
        raise ValueError("the personal fields were altered") from None
    salt, plain = opened[:SALT_BYTES], opened[SALT_BYTES:]
    if salted_digest(salt, plain) != digest:
        raise ValueError("the personal fields do not match the chain")
    fields: dict[str, Any] = json.loads(plain)
    return fields
