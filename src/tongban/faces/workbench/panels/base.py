"""What a kind of docket adds to the one docket page: its own panels, registered by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongban.kernel import api as kernel


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom and when panels are made. `clear` shows personal data unmasked (revealed, for a minute)."""

    row: kernel.DocketRow
    actor: kernel.Actor
    at: datetime
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One section: a template of the workbench with its context."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choosing:
    """What a kind of docket knows of a move's fields, so that nobody types an id.

    :param choices: by field, what may be chosen, as value and words
    :param initial: by field, what is most likely right
    """

    choices: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    initial: Mapping[str, Any] = field(default_factory=dict)


Maker = Callable[[Asked], list[Panel]]
Files = Callable[[Asked], set[int]]
Chooser = Callable[[Asked, str], Choosing]
_MAKERS: dict[str, Maker] = {}
_CHOOSERS: dict[str, Chooser] = {}
_FILES: dict[str, Files] = {}


def register(*kinds: str, files: Files | None = None) -> Callable[[Maker], Maker]:
    """Declare the panels of some kinds of dockets.

    :param files: ids of the attachments that belong on the page; without it a docket shows none
    """

    def declare(maker: Maker) -> Maker:
        for kind in kinds:
            _MAKERS[kind] = maker
            if files:
                _FILES[kind] = files
        return maker

    return declare


def register_choosing(*kinds: str) -> Callable[[Chooser], Chooser]:
    """Declare what may be chosen in the moves' forms of some kinds of dockets."""

    def declare(chooser: Chooser) -> Chooser:
        _CHOOSERS.update(dict.fromkeys(kinds, chooser))
        return chooser

    return declare


def choosing_of(asked: Asked, move: str) -> Choosing:
    """What may be chosen in the form of a move; nothing for a kind that registered nothing."""
    chooser = _CHOOSERS.get(asked.row.kind)
    return chooser(asked, move) if chooser else Choosing()


def panels_of(asked: Asked) -> list[Panel]:
    """The panels of a docket, none for a kind that registered nothing."""
    maker = _MAKERS.get(asked.row.kind)
    return maker(asked) if maker else []


def may_read_file(asked: Asked, attachment: int) -> bool:
    """Whether the attachment belongs on this docket's page."""
    files = _FILES.get(asked.row.kind)
    return files is not None and attachment in files(asked)
