"""Who needs an indicator: what names it cannot do without it, so it does not end before they let it go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

Needs = Callable[[], Iterable[tuple[str, str]]]
"""Gives pairs: an indicator, and what it is needed for in the reader's language."""

_NEEDS: list[Needs] = []


def register_needs(needs: Needs) -> None:
    """Once, when the application starts."""
    if needs not in _NEEDS:
        _NEEDS.append(needs)


def needed_for(key: str) -> Iterator[str]:
    """What an indicator is needed for."""
    for needs in _NEEDS:
        yield from dict.fromkeys(what for one, what in needs() if one == key)
