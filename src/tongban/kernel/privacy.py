"""Personal data at rest and on the screen: encrypted, found by blind index, masked.

A ciphertext reads ``v1:BASE64`` – the version names the master key; ``v1s:BASE64`` is SM4-GCM (GB/T 32907, RFC 8998)
instead of AES-256-GCM. `settings.PERSONAL_CIPHER` (``aes`` or ``sm4``) says with which one new values are written; both
are always read. `settings.MASTER_KEY` (32 bytes in hex) is the key of the current version
`settings.MASTER_KEY_VERSION` (1 when absent); `settings.MASTER_KEYS_OLD`, a dict of version to hex, holds earlier ones, so
that a key can be replaced: old values stay readable, new ones use the new key, :func:`rotate` rewrites one and
`kernel.rekeying` all. Blind indexes depend on `settings.BLIND_INDEX_KEY` (hex; MASTER_KEY when absent), which must stay when
the master key is replaced.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

from tongban.kernel.ciphers import AES, SM4, box_of

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField

KEY_BYTES = 32
NONCE_BYTES = 12


class PrivacyError(Exception):
    """A value that cannot be decrypted: changed, of another purpose, or its key is not at hand."""


@lru_cache(maxsize=256)
def derive_key(master: str, purpose: str) -> bytes:
    """A subkey of 32 bytes for one purpose (HKDF-SHA-256).

    :param master: the master key in hex
    :raises PrivacyError: the master key is shorter than 32 bytes or not hex
    """
    try:
        material = bytes.fromhex(master)
    except ValueError as error:
        raise PrivacyError("the master key is not written in hex") from error
    if len(material) < KEY_BYTES:
        raise PrivacyError(f"the master key has {len(material)} bytes, {KEY_BYTES} are needed")
    return HKDF(
        algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"tongban/" + purpose.encode()
    ).derive(material)


def key_version() -> int:
    """Version of the master key under which new values are written."""
    return int(getattr(settings, "MASTER_KEY_VERSION", 1))


def master_key(version: int) -> str:
    """A master key in hex. :raises PrivacyError: it is not at hand"""
    if version == key_version():
        return str(settings.MASTER_KEY)
    old: dict[int, str] = getattr(settings, "MASTER_KEYS_OLD", {})
    if version not in old:
        raise PrivacyError(f"master key version {version} is not at hand")
    return old[version]


def _sign() -> str:
    """What the ciphertexts of the current cipher have behind the version."""
    return {"aes": "", "sm4": "s"}[getattr(settings, "PERSONAL_CIPHER", "aes")]


def current_prefix() -> str:
    """How every ciphertext begins that is under the current key and cipher."""
    return f"v{key_version()}{_sign()}:"


def _box(version: int, sign: str, purpose: str) -> Any:
    # Each cipher has subkeys of its own: one key never serves two algorithms.
    if sign:
        return box_of(SM4, derive_key(master_key(version), f"sm4/{purpose}"))
    return box_of(AES, derive_key(master_key(version), purpose))


def encrypt(text: str, *, purpose: str) -> str:
    """Encrypt `text` (fresh nonce) with the current key and cipher. Only the same `purpose` decrypts it."""
    prefix = current_prefix()
    nonce = os.urandom(NONCE_BYTES)
    sealed = _box(key_version(), _sign(), purpose).encrypt(nonce, text.encode(), prefix[:-1].encode())
    return f"{prefix}{base64.b64encode(nonce + sealed).decode()}"


def encrypter(*, purpose: str) -> Callable[[str], str]:
    """:func:`encrypt` for many values at once: the key is looked up one time. Use it for one run, do not keep it."""
    prefix, box = current_prefix(), _box(key_version(), _sign(), purpose)
    bound, seal, chance, text_of = prefix[:-1].encode(), box.encrypt, os.urandom, base64.b64encode

    def encrypted(text: str) -> str:
        nonce = chance(NONCE_BYTES)
        return prefix + text_of(nonce + seal(nonce, text.encode(), bound)).decode()

    return encrypted


def decrypt(token: str, *, purpose: str) -> str:
    """The text that :func:`encrypt` was given.

    :raises PrivacyError: changed since, another purpose, or an unknown key version
    """
    found = re.fullmatch(r"v(\d{1,4})(s?):([A-Za-z0-9+/=]+)", token)
    if found is None:
        raise PrivacyError("not a ciphertext of this platform")
    version, sign = int(found[1]), found[2]
    try:
        raw = base64.b64decode(found[3], validate=True)
        box = _box(version, sign, purpose)
        opened: bytes = box.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], f"v{version}{sign}".encode())
        return opened.decode()
    except (InvalidTag, ValueError) as error:
        raise PrivacyError("the value was changed or belongs to another purpose") from error


def rotate(token: str, *, purpose: str) -> str:
    """The same text under the current key and cipher; unchanged if it is already."""
    if token.startswith(current_prefix()):
        return token
    return encrypt(decrypt(token, purpose=purpose), purpose=purpose)


def blind_index(value: str, *, purpose: str) -> str:
    """A keyed digest (HMAC-SHA-256, hex) by which an encrypted value can be looked up.

    Full-width forms, case and spaces do not matter: ``42…1x`` and `` 42…１X`` find each other.
    """
    key = derive_key(getattr(settings, "BLIND_INDEX_KEY", None) or settings.MASTER_KEY, f"index/{purpose}")
    return hmac.new(key, normalise(value).encode(), hashlib.sha256).hexdigest()


SHORT_BYTES = 16


def short_indexer(*, purpose: str) -> Callable[[str], str]:
    """A blind index of 32 hex digits (keyed BLAKE2b) for many values at once; spellings as in :func:`blind_index`.

    For tables with very many rows: half as long and half the work.
    """
    key = derive_key(getattr(settings, "BLIND_INDEX_KEY", None) or settings.MASTER_KEY, f"short/{purpose}")
    digest_of = hashlib.blake2b

    def indexed(value: str) -> str:
        # ASCII letters and digits have one spelling up to case: the usual number needs no more.
        plain = value.upper() if value.isascii() and value.isalnum() else normalise(value)
        return digest_of(plain.encode(), key=key, digest_size=SHORT_BYTES).hexdigest()

    return indexed


def keyed_digester(*, purpose: str) -> Callable[[str], str]:
    """A keyed digest (BLAKE2b, 64 hex digits) of texts exactly as they are: proves a content, tells nothing of it."""
    key = derive_key(getattr(settings, "BLIND_INDEX_KEY", None) or settings.MASTER_KEY, f"digest/{purpose}")
    digest_of = hashlib.blake2b
    return lambda text: digest_of(text.encode(), key=key, digest_size=KEY_BYTES).hexdigest()


def normalise(value: str) -> str:
    """The form in which two spellings of one identifier are the same."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", value)).upper()


class EncryptedTextField(_TextField):
    """A text that lies encrypted in the database. It cannot be searched: keep a :func:`blind_index` beside it.

    :param purpose: names the subkey; by default ``<app label>.<model>.<field>``. Name it when the field is shared
        or may be renamed.
    """

    description = "encrypted text"

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        if self.purpose:
            kwargs["purpose"] = self.purpose
        return name, path, args, kwargs

    @property
    def subkey(self) -> str:
        """The purpose under which its values are encrypted."""
        return self.purpose or f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return text if text is None or text == "" else encrypt(text, purpose=self.subkey)

    def from_db_value(
        self, value: str | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> str | None:
        del expression, connection
        return value if value is None or value == "" else decrypt(value, purpose=self.subkey)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise PrivacyError(f"{self.name} is encrypted: look it up by its blind index, not by {lookup_name}")


def sealed(model: type[models.Model], name: str, text: str) -> str:
    """A text as an encrypted column of a model keeps it, for statements that are not the ORM's."""
    column: models.Field[Any, Any] = getattr(model, name).field
    return str(column.get_prep_value(text))


def mask(text: str, *, head: int = 1, tail: int = 1) -> str:
    """Keep `head` and `tail` characters and star the rest; of a text too short for that, the first at most."""
    if len(text) <= head + tail:
        head, tail = min(head, 1, max(len(text) - 1, 0)), 0
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_name(name: str) -> str:
    """张明 → 张*, 张小明 → 张*明, 欧阳小明 → 欧**明."""
    return mask(name.strip())


def mask_id(number: str) -> str:
    """421202199001011234 → 4212************34. Fits resident ids and credit codes."""
    return mask(number.strip(), head=4, tail=2)


def mask_phone(number: str) -> str:
    """13812345678 → 138****5678; a short or landline number keeps its last two digits."""
    digits = number.strip()
    if re.fullmatch(r"\d{11}", digits):
        return f"{digits[:3]}****{digits[-4:]}"
    return mask(digits, head=0, tail=2)
