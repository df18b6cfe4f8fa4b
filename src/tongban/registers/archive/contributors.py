"""What goes into the package of which kind of docket: each desk says it for its own kinds.

::

    @contributor("application")
    def contribute(row: DocketRow, family: Sequence[DocketRow], at: datetime) -> Contribution: ...

What a docket of a kind must have before it is packed, and is otherwise only made when somebody asks for it (a sealed
letter), whoever makes it completes, at the same kind, with `completer`.

A docket of a kind without contributor is archived with what every docket has: its row, files and ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from tongban.kernel.api import DocketRow
from tongban.registers.archive.contracts import Contribution


class Contributor(Protocol):
    """Gives the desk's part of a package. `family` is the docket and everything that it owns; `at` is now."""

    def __call__(self, row: DocketRow, family: Sequence[DocketRow], at: datetime) -> Contribution: ...


class Completer(Protocol):
    """Makes what is still wanting of a closed docket. :raises ArchiveError: it cannot be made now; the docket waits"""

    def __call__(self, row: DocketRow, at: datetime) -> None: ...


_CONTRIBUTORS: dict[str, Contributor] = {}
_COMPLETERS: dict[str, list[Completer]] = {}


def contributor(*kinds: str) -> Callable[[Contributor], Contributor]:
    """Declare what dockets of these kinds contribute. They are archived by themselves some days after closing."""

    def declare(function: Contributor) -> Contributor:
        for kind in kinds:
            _CONTRIBUTORS[kind] = function
        return function

    return declare


def completer(kind: str) -> Callable[[Completer], Completer]:
    """Declare what is made of a docket of this kind before it is packed."""

    def declare(function: Completer) -> Completer:
        _COMPLETERS.setdefault(kind, []).append(function)
        return function

    return declare


def complete(row: DocketRow, *, at: datetime) -> None:
    """Have everything made that a package of the docket holds.

    :raises ArchiveError: something cannot be made now
    """
    for one in _COMPLETERS.get(row.kind, ()):
        one(row, at)


def kinds() -> list[str]:
    """The kinds that are archived by themselves."""
    return sorted(_CONTRIBUTORS)


def contribution(row: DocketRow, family: Sequence[DocketRow], *, at: datetime) -> Contribution:
    """The desk's part; empty for a kind that no desk spoke for."""
    found = _CONTRIBUTORS.get(row.kind)
    return found(row, family, at) if found else Contribution()
