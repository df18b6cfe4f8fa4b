"""Personal fields of ledger entries: encrypted under a key per subject, erasable by law.

Destroying a subject's key makes the fields unreadable for good (个人信息保护法 第四十七条) while the
chain, which covers only a salted digest, stays whole.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tongban.kernel import store
from tongban.kernel.ciphers import AES, AES_KEY_BYTES, SM4, SM4_KEY_BYTES, Box, box_of
from tongban.kernel.ledger.models import SubjectKey
from tongban.kernel.ledger.rules import canonical, salted_digest
from tongban.kernel.prepared import Prepared
from tongban.kernel.privacy import key_version, master_key

SALT_BYTES = NONCE_BYTES = 16
_VERSION_BYTES = 2
_KEY = Prepared(
    lambda subject: SubjectKey.objects.filter(subject=subject).values_list("wrapped", "erased_by")
)
_UNMARKED = 12 + AES_KEY_BYTES + 16  # as 0.1 wrote them: nonce, key and tag under the first master key


class Erased(Exception):  # noqa: N818 - a lawful state of the record
    """The subject's key was destroyed; `by` names the ledger entry that says so."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


def _master(version: int) -> Box:
    return box_of(AES, _derived(master_key(version)))


@lru_cache(maxsize=16)
def _derived(master: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"tongban ledger subjects").derive(
        bytes.fromhex(master)
    )


def _seal(box: Box, plain: bytes, bound_to: str) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + box.encrypt(nonce, plain, bound_to.encode())


def _open(box: Box, sealed: bytes, bound_to: str) -> bytes:
    return box.decrypt(sealed[:12], sealed[12:], bound_to.encode())


def _wrap(key: bytes, subject: str) -> bytes:
    """A subject's key under the current master key: two bytes of version, nonce, ciphertext."""
    version = key_version()
    return version.to_bytes(2, "big") + _seal(_master(version), key, subject)


def _unwrap(wrapped: bytes, subject: str) -> bytes:
    skipped = 0 if len(wrapped) == _UNMARKED else _VERSION_BYTES
    return _open(_master(version_of(wrapped)), wrapped[skipped:], subject)


def version_of(wrapped: bytes) -> int:
    """The version of the master key under which a subject's key lies."""
    return 1 if len(wrapped) == _UNMARKED else int.from_bytes(wrapped[:_VERSION_BYTES], "big")


def rewrap(wrapped: bytes, *, subject: str) -> bytes:
    """A subject's key under the current master key."""
    return _wrap(_unwrap(wrapped, subject), subject)


def subject_box(subject: str, *, at: datetime) -> Box:
    """The subject's cipher, made on first use: SM4-GCM for a key of 16 bytes, else AES-256-GCM.

    :raises Erased: when the key was destroyed
    """
    wrapped, erased_by = _KEY.first(subject=subject) or _made(subject, at=at)
    if erased_by:
        raise Erased(erased_by)
    key = _unwrap(bytes(wrapped), subject)
    return box_of(SM4 if len(key) == SM4_KEY_BYTES else AES, key)


def _made(subject: str, *, at: datetime) -> tuple[bytes | memoryview[int], str]:
    """A new key; of two that are made at once the first one stays."""
    sm4 = getattr(settings, "PERSONAL_CIPHER", "aes") == "sm4"
    wrapped = _wrap(secrets.token_bytes(SM4_KEY_BYTES if sm4 else AES_KEY_BYTES), subject)
    table, columns = SubjectKey._meta.db_table, ("subject", "wrapped", "made_at", "erased_by")
    if store.insert_unless_there(table, columns, (subject, wrapped, at, ""), key=("subject",)):
        return wrapped, ""
    found = _KEY.first(subject=subject)
    assert found is not None, "what is in the way is there"
    return found


class Sealed(NamedTuple):
    """Personal fields of an entry: under whose key, the salted digest for the chain, the sealed bytes."""

    subject: str
    digest: str
    secret: bytes


def seal(fields: dict[str, Any], *, subject: str, bound_to: str, at: datetime) -> Sealed:
    """Encrypt the personal fields of one entry under the subject's key, or after an erasure that of the next life.

    Somebody whose data were erased may come back: what he says then is not erased, and is not mixed with what was.

    :param bound_to: stream and sequence, so that a ciphertext cannot be moved to another entry
    """
    name, life, box = subject, 1, None
    while box is None:
        try:
            box = subject_box(name, at=at)
        except Erased:
            life += 1
            name = f"{subject}+{life}"
    salt, plain = secrets.token_bytes(SALT_BYTES), canonical(fields).encode()
    return Sealed(name, salted_digest(salt, plain), _seal(box, salt + plain, bound_to))


def unseal(sealed: bytes, *, subject: str, bound_to: str, digest: str, at: datetime) -> dict[str, Any]:
    """Read the personal fields of one entry.

    :raises Erased: the key is gone, lawfully
    :raises ValueError: the bytes are not what the chain's digest covers
    """
    _salt, plain = unseal_with_salt(sealed, subject=subject, bound_to=bound_to, digest=digest, at=at)
    fields: dict[str, Any] = json.loads(plain)
    return fields


def unseal_with_salt(
    sealed: bytes, *, subject: str, bound_to: str, digest: str, at: datetime
) -> tuple[bytes, bytes]:
    """The salt and the canonical text of personal fields: with both, anyone can check the chain's digest.

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
    return salt, plain
