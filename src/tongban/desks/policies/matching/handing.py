"""Findings on their way from a reading child process to the one that writes: a file of records, read one at a time.

A record is a line of JSON with the lengths of the bytes that follow it. The file appears under its name only when its
last record is in it, so what is there is whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final

from tongban.desks.policies.matching.computing import Found, Head, Part, Tail

_KINDS: Final[dict[str, type[Part]]] = {"head": Head, "found": Found, "tail": Tail}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def write(path: Path, parts: Iterable[Part]) -> None:
    """Write findings; the file is there when all of them are."""
    growing = path.with_suffix(".part")
    with growing.open("wb") as file:
        for part in parts:
            _put(file, part)
        file.flush()
        os.fsync(file.fileno())
    growing.replace(path)


def read(path: Path) -> Iterator[Part]:
    """The findings, one after the other.

    :raises OSError: no such file: the child did not finish
    :raises ValueError: not a file of findings
    """
    with path.open("rb") as file:
        while line := file.readline():
            yield _taken(file, json.loads(line))


def _put(file: BinaryIO, part: Part) -> None:
    plain: dict[str, Any] = {"": _NAMES[type(part)]}
    blobs: list[tuple[str, bytes]] = []
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, bytes):
            blobs.append((field.name, value))
        else:
            plain[field.name] = value.isoformat() if isinstance(value, date) else value
    plain["bytes"] = [(name, len(blob)) for name, blob in blobs]
    file.write(json.dumps(plain, ensure_ascii=False).encode() + b"\n")
    file.writelines(blob for _name, blob in blobs)


def _taken(file: BinaryIO, plain: dict[str, Any]) -> Part:
    kind = _KINDS[plain.pop("")]
    lengths = plain.pop("bytes")
    values = plain | {name: file.read(length) for name, length in lengths}
    if kind is Head:
        values["day"] = date.fromisoformat(values["day"])
    if kind is Tail:
        values["lacking"] = tuple((key, pairs, parties) for key, pairs, parties in values["lacking"])
    return kind(**values)
