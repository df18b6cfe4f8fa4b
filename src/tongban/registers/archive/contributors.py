"""What goes into the package of which kind of docket: each desk says it for its own kinds.

::

    @contributor("application")
    def contribute(row: DocketRow, family: Sequence[DocketRow], at: datetime) -> Contribution: ...

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


_CONTRIBUTORS: dict[str, Contributor] = {}


def contributor(*kinds: str) -> Callable[[Contributor], Contributor]:
    """Declare what dockets of these kinds contribute. They are archived by themselves some days after closing."""

    def declare(function: Contributor) -> Contributor:
        for kind in kinds:
            _CONTRIBUTORS[kind] = function
        return function

    return declare


def kinds() -> list[str]:
    """The kinds that are archived by themselves."""
    return sorted(_CONTRIBUTORS)


def contribution(row: DocketRow, family: Sequence[DocketRow], *, at: datetime) -> Contribution:
    """The desk's part; empty for a kind that no desk spoke for."""
    found = _CONTRIBUTORS.get(row.kind)
    return found(row, family, at) if found else Contribution()
