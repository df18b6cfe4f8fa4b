"""The two authenticated ciphers for personal data: AES-256-GCM, and SM4-GCM (GB/T 32907-2016, RFC 8998).

OpenSSL does both; `cryptography` has a class for the first and the parts of the second.
"""

from __future__ import annotations

from typing import Final, Literal, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Name = Literal["aes", "sm4"]
AES: Final[Name] = "aes"
SM4: Final[Name] = "sm4"
AES_KEY_BYTES, SM4_KEY_BYTES, TAG_BYTES = 32, 16, 16


class Box(Protocol):
    """An authenticated cipher under one key. `decrypt` raises `cryptography.exceptions.InvalidTag`."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


class SM4GCM:
    """SM4 in Galois/Counter mode in the shape of `AESGCM`: ciphertext with a tag of 16 bytes behind it."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        made = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        made.authenticate_additional_data(associated_data or b"")
        return made.update(data) + made.finalize() + made.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        if len(data) < TAG_BYTES:
            raise ValueError("too short for a tag")
        opened = Cipher(self._algorithm, modes.GCM(nonce, data[-TAG_BYTES:])).decryptor()
        opened.authenticate_additional_data(associated_data or b"")
        return opened.update(data[:-TAG_BYTES]) + opened.finalize()


def box_of(name: Name, key: bytes) -> Box:
    """A cipher by its name; of a longer key SM4 takes the first 16 bytes."""
    return SM4GCM(key[:SM4_KEY_BYTES]) if name == SM4 else AESGCM(key)
