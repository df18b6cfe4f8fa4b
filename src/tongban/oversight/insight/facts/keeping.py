"""Which words of an entry are kept (`packs/insight/facts.yaml`): codes and numbers, never free text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
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
    names: Mapping[str, tuple[str, str]]
    """What codes are called, in Chinese and in English."""


@lru_cache(maxsize=1)
def kept() -> Kept:
    """The pack of this installation."""
    path = Path(settings.PACKS) / "insight" / "facts.yaml"
    pack = YAML(typ="safe").load(path)
    return Kept(
        {kind: tuple(words) for kind, words in pack["dockets"].items()},
        {kind: tuple(words) for kind, words in pack["records"].items()},
        {code: (zh, en) for code, (zh, en) in pack["names"].items()},
    )


def words_of(body: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """The kept words of an entry: from what was put in, else from what the desk noted, else from the body itself.

    What is no code is left out, whatever the pack says: somebody's own words, or who somebody is.
    """
    found = {}
    for name in names:
        for place in (body.get("data"), body.get("note"), body):
            if isinstance(place, Mapping) and name in place:
                text = _text(place[name])
                if text is not None:
                    found[name] = text
                break
    return found


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None
