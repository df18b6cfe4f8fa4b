"""The outside providers of this installation.

A city that is connected writes a class like `DemoProvider` and names it:
``OUTSIDE_PROVIDERS = {"province": "city.identity.Province"}``. A demonstration has one that runs inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from tongban.actors import api as actors
from tongban.registers.identity.outside.contracts import (
    OutsideIdentity,
    OutsideProvider,
    ProviderDownError,
    ProviderRefusedError,
)

_HERE = "tongban.registers.identity.outside.providers"
DEMO_PAGE = "/outside-demo"
_SALT = "tongban.outside.demo"
ANSWER_FOR = 300
"""Seconds in which an answer of the demo must be used."""


class DemoProvider:
    """A province's unified identity as it might be: one page inside, marked as a demonstration.

    Its answer is signed and bound to the nonce; it names a person by number of register, not by name.
    """

    name, name_en, demo = "省统一身份认证（演示）", "Province sign-in (demo)", True

    def begin(self, *, state: str, nonce: str, return_to: str) -> str:
        return f"{DEMO_PAGE}?{urlencode({'state': state, 'nonce': nonce, 'return_to': return_to})}"

    @staticmethod
    def answer(*, person: int, nonce: str, verified: bool = True) -> str:
        """What the demo page sends back."""
        return signing.dumps({"person": person, "nonce": nonce, "verified": verified}, salt=_SALT)

    def finish(self, *, answer: Mapping[str, str], nonce: str, return_to: str) -> OutsideIdentity:
        del return_to
        try:
            told = signing.loads(answer.get("code", ""), salt=_SALT, max_age=ANSWER_FOR)
            facts = actors.party_facts(f"person:{int(told['person'])}")
        except (signing.BadSignature, actors.NotKnownError, KeyError, ValueError) as error:
            raise ProviderRefusedError("the demo gave no identity") from error
        if told["nonce"] != nonce:
            raise ProviderRefusedError("an answer to another question")
        return OutsideIdentity(
            subject=f"demo-{told['person']}", name=facts.name, number=facts.number, phone=facts.phone,
            verified=bool(told["verified"]),
        )  # fmt: skip


class FailingDemo:
    """A provider that never answers: for trying what happens then."""

    name, name_en, demo = "连不上的认证（演示）", "Sign-in that is down (demo)", True

    def begin(self, **_asked: str) -> str:
        raise ProviderDownError("the failing demo does not answer")

    def finish(self, **_asked: object) -> OutsideIdentity:
        raise ProviderDownError("the failing demo does not answer")


@cache
def providers() -> Mapping[str, OutsideProvider]:
    """The plugins by slug."""
    without = {"demo": f"{_HERE}.DemoProvider"} if settings.DEMO else {}
    chosen: Mapping[str, str] | None = getattr(settings, "OUTSIDE_PROVIDERS", None)
    return {slug: import_string(path)() for slug, path in (without if chosen is None else chosen).items()}


def _forget(**kwargs: object) -> None:
    if kwargs.get("setting") in {"OUTSIDE_PROVIDERS", "DEMO"}:
        providers.cache_clear()


setting_changed.connect(_forget, dispatch_uid=_HERE)
