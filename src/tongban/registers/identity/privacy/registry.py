"""How contexts above and beside take part, without being known here: they register in ``ready()``."""

from __future__ import annotations

from tongban.registers.identity.privacy.contracts import Destroyer, Eraser, Keeper, Source

_sources: dict[str, Source] = {}
_erasers: dict[str, Eraser] = {}
_keepers: dict[str, Keeper] = {}
_destroyers: dict[str, Destroyer] = {}
_beside: dict[str, Destroyer] = {}


def register_source(name: str, source: Source) -> None:
    """Add what a context knows of a party to the export of one's own data."""
    _sources[name] = source


def register_eraser(name: str, eraser: Eraser) -> None:
    """Add what a context erases when somebody's account and profile are erased."""
    _erasers[name] = eraser


def register_keeper(name: str, keeper: Keeper) -> None:
    """Say what of a party a law keeps in spite of an erasure, and which; the person is told before asking."""
    _keepers[name] = keeper


def register_destroyer(kind: str, destroyer: Destroyer) -> None:
    """Say how the contents of a kind of docket are destroyed when their time is over."""
    _destroyers[kind] = destroyer


def register_beside(name: str, destroyer: Destroyer) -> None:
    """Say how what a context keeps beside dockets of any kind is destroyed with their contents."""
    _beside[name] = destroyer


def sources() -> dict[str, Source]:
    return dict(sorted(_sources.items()))


def erasers() -> dict[str, Eraser]:
    return dict(sorted(_erasers.items()))


def keepers() -> dict[str, Keeper]:
    return dict(sorted(_keepers.items()))


def destroyer_of(kind: str) -> Destroyer | None:
    return _destroyers.get(kind)


def beside() -> dict[str, Destroyer]:
    return dict(sorted(_beside.items()))
