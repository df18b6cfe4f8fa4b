"""What a provider of identity outside the platform has to offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OutsideIdentity:
    """Who the provider says it is. Only a `verified` identity (real name checked by the provider) is linked.

    :param subject: the provider's own stable name for the person; kept as a blind index only
    """

    subject: str = field(repr=False)
    name: str = field(repr=False)
    number: str = field(repr=False)
    phone: str = field(default="", repr=False)
    verified: bool = False


class ProviderDownError(Exception):
    """The provider does not answer; other ways to sign in stay open."""


class ProviderRefusedError(Exception):
    """The person did not go through with it there, or the answer does not fit what was asked."""


class OutsideProvider(Protocol):
    """A plugin, named in `settings.OUTSIDE_PROVIDERS` (slug → dotted path).

    `state` and `nonce` are random, made and kept by the platform; a provider sends `state` back unchanged and
    binds its answer to `nonce`.
    """

    name: str
    name_en: str
    demo: bool

    def begin(self, *, state: str, nonce: str, return_to: str) -> str:
        """The address to which the browser goes.

        :raises ProviderDownError: not now
        """
        ...

    def finish(self, *, answer: Mapping[str, str], nonce: str, return_to: str) -> OutsideIdentity:
        """Who came back, from the query of the address that the browser returned to.

        :raises ProviderDownError: not now
        :raises ProviderRefusedError: refused there, or forged, or too old
        """
        ...
