"""Columns on disk, under `TONGBAN_DATA/portraits`: read back in a second instead of made anew in half a minute.

A file is a head and arrays, each encrypted (AES-256-GCM) under a subkey of the master key, since facts about persons lie
encrypted wherever they lie. What cannot be read – damaged, half-written, of an earlier form or key – is as if it were not
there: it is made anew.
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from numpy.typing import NDArray

from tongban.kernel import privacy
from tongban.kernel.rules.columns.column import Column
from tongban.kernel.rules.elements import Type

if TYPE_CHECKING:
    from tongban.registers.portraits.census import Stock

_MAGIC = b"tongban-census-1\n"
_LENGTH = struct.Struct("<Q")
_NONCE = 12
_NUMBERS = ("ids", "marks", "parties")
_PARTS = ("data", "state", "starts", "known_day")
Arrays = list[NDArray[Any]]


def _path(kind: str) -> Path:
    return Path(settings.DATA) / "portraits" / f"{kind}.census"


def _box() -> AESGCM:
    key = privacy.derive_key(privacy.master_key(privacy.key_version()), "portraits.census")
    return AESGCM(key)


def put(kind: str, stock: Stock) -> None:
    """Keep a stock. Whoever reads meanwhile reads the file before."""
    head, arrays = _described(stock)
    path, box = _path(kind), _box()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{kind}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC)
            _write(file, box, json.dumps(head, ensure_ascii=False).encode(), place=0)
            for place, array in enumerate(arrays, start=1):
                _write(file, box, np.ascontiguousarray(array).view(np.uint8).data, place=place)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def taken(kind: str, pack: str) -> Stock | None:
    """The stock that was kept, if it is there, whole, and of the elements of this pack."""
    try:
        with _path(kind).open("rb") as file:
            return _read(file, pack)
    except (OSError, InvalidTag, ValueError, KeyError, privacy.PrivacyError):
        return None


def cleared(kind: str) -> None:
    """Nothing is kept of a kind any more."""
    _path(kind).unlink(missing_ok=True)


def _described(stock: Stock) -> tuple[dict[str, Any], Arrays]:
    """What is in a stock, and its arrays in that order."""
    arrays: Arrays = [getattr(stock, name) for name in _NUMBERS]
    said = {}
    for key, column in stock.columns.items():
        held = {name: getattr(column, name) for name in _PARTS if getattr(column, name) is not None}
        arrays.extend(held.values())
        said[key] = {
            "type": column.kind.value,
            "scale": column.scale,
            "words": column.words,
            "parts": list(held),
        }
    assert not any(one.dtype.hasobject for one in arrays)  # `rules` takes no number that 64 bits do not hold
    head = {
        "pack": stock.pack,
        "last": stock.last,
        "columns": said,
        "types": [one.dtype.str for one in arrays],
    }
    return head, arrays


def _read(file: BinaryIO, pack: str) -> Stock | None:
    from tongban.registers.portraits.census import Stock

    if file.read(len(_MAGIC)) != _MAGIC:
        return None
    box = _box()
    head = json.loads(_part(file, box, place=0))
    if head["pack"] != pack:
        return None
    arrays = (
        np.frombuffer(_part(file, box, place=place), dtype=np.dtype(kind))
        for place, kind in enumerate(head["types"], start=1)
    )
    numbers = {name: next(arrays) for name in _NUMBERS}
    columns = {key: _column(said, arrays) for key, said in head["columns"].items()}
    return Stock(pack, (head["last"][0], head["last"][1]), **numbers, columns=columns)


def _column(said: dict[str, Any], arrays: Iterator[NDArray[Any]]) -> Column:
    parts = {name: next(arrays) for name in said["parts"]}
    return Column(
        Type(said["type"]), parts["data"], parts["state"], said["scale"], tuple(said["words"]),
        starts=parts.get("starts"), known_day=parts.get("known_day"),
    )  # fmt: skip


def _write(file: BinaryIO, box: AESGCM, content: bytes | memoryview, *, place: int) -> None:
    nonce = os.urandom(_NONCE)
    sealed = box.encrypt(nonce, content, _LENGTH.pack(place))
    file.write(_LENGTH.pack(len(sealed)) + nonce)
    file.write(sealed)


def _part(file: BinaryIO, box: AESGCM, *, place: int) -> bytes:
    lead = file.read(_LENGTH.size + _NONCE)
    if len(lead) < _LENGTH.size + _NONCE:
        raise ValueError("the file ends early")
    (length,) = _LENGTH.unpack(lead[: _LENGTH.size])
    return box.decrypt(lead[_LENGTH.size :], file.read(length), _LENGTH.pack(place))
