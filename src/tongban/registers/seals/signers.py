"""Where private keys are: a plugin, so that a city can keep them in a hardware module 密码机.

`settings.SEAL_SIGNER` names a class with these three methods. A handle is whatever the plugin needs to find the key
again; it is stored encrypted under the master key. The one that ships puts the key itself there.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from tongban.registers.seals import p256, sm2
from tongban.registers.seals.contracts import ES256, SM2, SealsError

_ENGINES = {SM2: sm2, ES256: p256}


class Signer(Protocol):
    """What a plugin does. `algorithm` is ``SM2-SM3`` or ``ES256``."""

    def make(self, *, unit: str, algorithm: str) -> tuple[str, bytes]:
        """Make a key for a unit; gives its handle and its public part (SPKI, DER)."""

    def sign(self, *, handle: str, algorithm: str, message: bytes) -> bytes:
        """Sign a message; gives r‖s, 64 bytes.

        :raises SealsError: the key cannot be reached
        """

    def destroy(self, *, handle: str, algorithm: str) -> None:
        """Destroy a key that has been replaced or revoked (电子签名法 第十五条: stop using it)."""


class LocalSigner:
    """Keys in the database, encrypted under the master key; signing happens in this process."""

    def make(self, *, unit: str, algorithm: str) -> tuple[str, bytes]:
        del unit
        private, public = _ENGINES[algorithm].generate()
        return base64.b64encode(private).decode(), public

    def sign(self, *, handle: str, algorithm: str, message: bytes) -> bytes:
        if not handle:
            raise SealsError("this seal's private key was destroyed")
        signature: bytes = _ENGINES[algorithm].sign(base64.b64decode(handle), message)
        return signature

    def destroy(self, *, handle: str, algorithm: str) -> None:
        """Nothing beside the handle, which is emptied."""


def current() -> Signer:
    """The configured plugin."""
    return _named(str(getattr(settings, "SEAL_SIGNER", "")) or f"{__name__}.LocalSigner")


@cache
def _named(path: str) -> Signer:
    signer: Signer = import_string(path)()
    return signer
