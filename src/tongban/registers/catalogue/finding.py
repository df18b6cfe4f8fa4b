"""Finding matters (replaced below by the index)."""

from collections.abc import Callable, Mapping, Sequence

from tongban.registers.catalogue.contracts import MatterHit

PROVIDERS: dict[str, Callable[..., Sequence[object]]] = {}


def search(text: str, *, region: str, filters: Mapping[str, Sequence[str]], top: int) -> list[MatterHit]:
    return []


def suggest(text: str, *, region: str, top: int) -> list[str]:
    return []


def register_provider(name: str, provider: Callable[..., Sequence[object]]) -> None:
    PROVIDERS[name] = provider
