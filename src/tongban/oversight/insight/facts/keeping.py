"""Which words of an entry are kept (`packs/insight/facts.yaml`): codes and numbers, never free text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

_CODE = re.compile(r"(?!person:|organisation:|officer:)[A-Za-z0-9_.:+-]{1,64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """Words kept by kind of docket, and by kind of register record; a record that is not named is not counted."""

    dockets: Mapping[str, tuple[str, ...]]
    records: Mapping[str, tuple[str, ...]]
    untold: Mapping[str, tuple[str, ...]]
    """Acts of such records that are not counted one by one: another entry tells of all of them."""
    only: Mapping[str, tuple[str, ...]]
    """Acts of such records that are counted, where the rest are not."""
    listing: frozenset[str]
    """Streams whose entries list things or calls, by what stands before the colon."""
    stocks: Mapping[str, tuple[str, ...]]
    """Words kept of a listed thing, by its kind; what is not named is not counted."""
    names: Mapping[str, tuple[str, str]]
    """What codes are called, in Chinese and in English."""
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Words whose values come from a list of a pack and are kept as they stand there."""

    def counts(self, stream: str) -> bool:
        """Whether entries of a stream become facts: every docket's, and those of registers that are named."""
        kind, colon, _rest = stream.partition(":")
        return not colon or kind in self.records or kind in self.listing


@lru_cache(maxsize=1)
def kept() -> Kept:
    """The pack of this installation."""
    path = Path(settings.PACKS) / "insight" / "facts.yaml"
    pack = YAML(typ="safe").load(path)
    return Kept(
        {kind: tuple(words) for kind, words in pack["dockets"].items()},
        {kind: tuple(words) for kind, words in pack["records"].items()},
        {kind: tuple(acts) for kind, acts in pack["untold"].items()},
        {kind: tuple(acts) for kind, acts in pack["only"].items()},
        frozenset(pack["listing"]),
        {kind: tuple(words) for kind, words in pack["stocks"].items()},
        {code: (zh, en) for code, (zh, en) in pack["names"].items()},
        {word: _listed(str(place)) for word, place in pack.get("lists", {}).items()},
    )


def _listed(place: str) -> frozenset[str]:
    """The keys of one heading of another pack, written ``folder/file.yaml#heading``, and what stands above them."""
    file, _, heading = place.partition("#")
    keys = YAML(typ="safe").load(Path(settings.PACKS) / file)[heading]
    return frozenset("/".join(key.split("/")[:depth]) for key in keys for depth in (1, 2, 3))


def words_of(
    body: Mapping[str, Any], names: tuple[str, ...], lists: Mapping[str, frozenset[str]] | None = None
) -> dict[str, str]:
    """The kept words of an entry: from what was put in, else from what the desk noted, else from the body itself.

    What is no code is left out, whatever the pack says: somebody's own words, or who somebody is. A word that has a list
    keeps what stands on it; one that was left empty is looked for in the next place.

    :param lists: see `Kept.lists`
    """
    found = {}
    for name in names:
        for place in (body.get("data"), body.get("note"), body):
            if isinstance(place, Mapping) and place.get(name, "") != "":
                text = _text(place[name], (lists or {}).get(name, frozenset()))
                if text is not None:
                    found[name] = text
                break
    return found


def _text(value: Any, listed: frozenset[str]) -> str | None:
    if isinstance(value, str) and value in listed:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None
