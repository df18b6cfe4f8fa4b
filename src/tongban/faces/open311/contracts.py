"""What the rooms of this door hand to each other, and its one kind of refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Words = tuple[str, str]
"""Chinese and English."""


class Refused(Exception):  # noqa: N818 - an answer to the program, not a fault
    """An error as the specification has it: a status as code, and what is wrong and possible in words."""

    def __init__(self, code: int, description: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.headers = code, description, dict(headers or {})


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that a service asks for besides the description. `values` are the choices, by key."""

    code: str
    ask: Words
    datatype: str
    required: bool = False
    about: Words = ("", "")
    values: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """What may be asked for: a category of the hotline under a code that stays."""

    code: str
    name: Words
    group: Words
    category: str
    kind: str
    about: Words
    keywords: tuple[str, ...]
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of requests is narrowed by. `ids` overrides everything else."""

    since: datetime
    until: datetime
    services: tuple[str, ...] = ()
    status: str = ""
    ids: tuple[str, ...] = ()
    page: int = 1
    size: int = 1000
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What a program gets for a request. `again`: it had been sent before, this is the first answer."""

    number: str
    token: str
    notice: str
    again: bool = False


Item = dict[str, Any]
"""One request, service or error with the specification's own names."""
