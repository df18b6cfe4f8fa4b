"""What goes into an index and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """A searched text. `boost` weighs it against the others; `sound` also indexes pinyin and initials, and
    lets it decide how close a document is to the query (names and everyday names, not long texts).
    """

    name: str
    boost: float
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to find.

    :param key: opaque, unique in the index
    :param texts: by field name; a field may be absent
    :param filters: exact values by filter name
    :param scope: who may see it: opaque tokens, empty meaning everybody
    :param payload: JSON handed back with a hit
    """

    key: str
    texts: Mapping[str, str]
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scope: tuple[str, ...] = ()
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. `score` orders the results of one search and means nothing beyond it."""

    key: str
    score: float
    payload: Mapping[str, Any]
