"""Stand-in until kernel.privacy lands."""

import base64
import hashlib
import hmac
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models


def _key(purpose: str) -> bytes:
    return hmac.new(settings.MASTER_KEY.encode(), purpose.encode(), hashlib.sha256).digest()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    def get_prep_value(self, value: Any) -> Any:
        if not value:
            return value
        nonce = os.urandom(12)
        return "v1:" + base64.b64encode(nonce + AESGCM(_key("field")).encrypt(nonce, value.encode(), None)).decode()

    def from_db_value(self, value: Any, *_: Any) -> Any:
        if not value:
            return value
        raw = base64.b64decode(value[3:])
        return AESGCM(_key("field")).decrypt(raw[:12], raw[12:], None).decode()


def blind_index(value: str, purpose: str) -> str:
    return hmac.new(_key("index:" + purpose), value.encode(), hashlib.sha256).hexdigest()


def mask_name(value: str) -> str:
    return value[:1] + "*" + (value[-1:] if len(value) > 2 else "")


def mask_number(value: str) -> str:
    return value[:4] + "*" * (len(value) - 6) + value[-2:] if len(value) > 8 else "****"


def mask_phone(value: str) -> str:
    return value[:3] + "****" + value[-4:] if len(value) >= 11 else "****"
