"""What a refused move says: why, and what is possible instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


class MoveRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A move that was not made; nothing was changed.

    `code` is stable for programs, `reason` is told to people, `open_moves` are the names and
    labels of the moves that are open to this actor now, `fields` are errors by input field.
    """

    status = 409

    def __init__(
        self,
        code: str,
        reason: str,
        *,
        possible: str = "",
        open_moves: tuple[tuple[str, str], ...] = (),
        fields: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(reason)
        self.code, self.reason, self.possible = code, reason, possible
        self.open_moves, self.fields, self.extra = open_moves, fields or {}, extra or {}

    def __str__(self) -> str:
        words = [self.reason]
        if self.possible:
            words.append(self.possible)
        elif self.open_moves:
            words.append(_("现在可以：%s。") % "、".join(label for _name, label in self.open_moves))
        return " ".join(words)


class NotFound(MoveRefused):
    """No such docket, or none that the actor may see: both say the same."""

    status = 404


class NotPermitted(MoveRefused):
    """The actor sees the docket but may not make this move."""

    status = 403


class InvalidInput(MoveRefused):
    """The input does not fit; `fields` names each place."""

    status = 422


class Conflict(MoveRefused):
    """The docket is no longer as the actor saw it; `extra` names who changed what and when."""


@dataclass(slots=True)
class Refused:
    """The place of one refused request in the answer of `perform_many`."""

    docket: int
    move: str
    error: MoveRefused
    replayed: bool = field(default=False, init=False)
