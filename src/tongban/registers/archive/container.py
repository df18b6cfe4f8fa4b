"""The package's container: a ZIP of plain (stored) members in which every byte is determined by names and contents.

Any program opens it. Written and read here in one strict form without times, attributes or comments, so that the same
members give the same bytes on every machine, and a reader can account for every byte: nothing hides between members,
before them or behind them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from tongban.registers.archive.contracts import Member

MAX_BYTES = 2**31 - 1
MAX_MEMBERS = 20_000
MAX_NAME = 500
BLOCK = 1024 * 1024
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_FIXED = struct.pack("<HHHHH", 20, 0x0800, 0, 0, 0x21)  # version, names in UTF-8, stored, 1980-01-01 00:00
_SIZES = struct.Struct("<IIIHH")
_LOCAL_BYTES = 4 + len(_FIXED) + _SIZES.size


class ContainerError(Exception):
    """Not a package in the strict form. `name` is the last member that began, `cut` that the file simply ends."""

    def __init__(self, name: str, *, cut: bool) -> None:
        super().__init__(name)
        self.name, self.cut = name, cut


@dataclass(frozen=True, slots=True)
class _Record:
    name: bytes
    crc: int
    size: int
    offset: int

    @property
    def local(self) -> bytes:
        sizes = _SIZES.pack(self.crc, self.size, self.size, len(self.name), 0)
        return _LOCAL + _FIXED + sizes + self.name

    @property
    def central(self) -> bytes:
        sizes = _SIZES.pack(self.crc, self.size, self.size, len(self.name), 0)
        tail = struct.pack("<HHHII", 0, 0, 0, 0, self.offset)
        return _CENTRAL + struct.pack("<H", 20) + _FIXED + sizes + tail + self.name


def _end(records: list[_Record], start: int, size: int) -> bytes:
    count = len(records)
    return _END + struct.pack("<HHHHIIH", 0, 0, count, count, size, start, 0)


def write(members: Iterable[Member]) -> bytes:
    """A package of these members, in their order.

    :raises ValueError: a name twice or not safe, or more than 2 GB
    """
    records: list[_Record] = []
    parts: list[bytes] = []
    offset, names = 0, set()
    for member in members:
        if not safe(member.path) or member.path in names:
            raise ValueError(f"a member cannot be named {member.path!r}")
        names.add(member.path)
        one = _Record(member.path.encode(), zlib.crc32(member.content), len(member.content), offset)
        records.append(one)
        parts += [one.local, member.content]
        offset += len(one.local) + one.size
        if offset > MAX_BYTES:
            raise ValueError("a package takes at most 2 GB")
    central = b"".join(one.central for one in records)
    return b"".join([*parts, central, _end(records, offset, len(central))])


def safe(path: str) -> bool:
    """Whether a name stays below the folder that a package is unpacked into."""
    pure = PurePosixPath(path)
    inside = not pure.is_absolute() and not {"..", "."} & set(pure.parts) and str(pure) == path
    return (
        inside
        and path.isprintable()
        and "\\" not in path
        and ":" not in path
        and 0 < len(path.encode()) <= MAX_NAME
    )


Sink = Callable[[bytes], None]


def read(file: BinaryIO, *, into: Callable[[str, int], Sink]) -> Iterator[str]:
    """Read a package from its start, member by member, and give their names.

    :param into: called with name and size of each member; gives what takes its content, block by block
    :raises ContainerError: a byte is not as `write` would write it, or the file ends too early
    """
    records: list[_Record] = []
    offset, name, wrong = 0, "", ""
    mark = _exactly(file, 4, name)
    while mark == _LOCAL:
        one = _header(file, offset, name)
        if len(records) >= MAX_MEMBERS:
            raise ContainerError(name, cut=False)
        name = one.name.decode()
        if _content(file, one, into(name, one.size), name) != one.crc:
            wrong = wrong or name  # told at the end: what is behind it can still be read
        records.append(one)
        offset += len(one.local) + one.size
        yield name
        mark = _exactly(file, 4, name)
    central = b"".join(one.central for one in records)
    rest = (central + _end(records, offset, len(central)))[4:]
    found = file.read(len(rest) + 1)
    expected = (central or _END)[:4]
    if mark != expected or found != rest:
        cut = mark == expected and len(found) < len(rest) and rest.startswith(found)
        raise ContainerError(name, cut=cut)
    if wrong:
        raise ContainerError(wrong, cut=False)


def _exactly(file: BinaryIO, size: int, name: str) -> bytes:
    found = file.read(size)
    if len(found) < size:
        raise ContainerError(name, cut=True)
    return found


def _header(file: BinaryIO, offset: int, before: str) -> _Record:
    fixed = _exactly(file, len(_FIXED), before)
    crc, size, same, length, extra = _SIZES.unpack(_exactly(file, _SIZES.size, before))
    if fixed != _FIXED or size != same or extra or length > MAX_NAME:
        raise ContainerError(before, cut=False)
    raw = _exactly(file, length, before)
    try:
        name = raw.decode()
    except UnicodeDecodeError as fault:
        raise ContainerError(before, cut=False) from fault
    if not safe(name):
        raise ContainerError(before, cut=False)
    return _Record(raw, crc, size, offset)


def _content(file: BinaryIO, one: _Record, take: Sink, name: str) -> int:
    crc, left = 0, one.size
    while left:
        block = file.read(min(BLOCK, left))
        if not block:
            raise ContainerError(name, cut=True)
        crc = zlib.crc32(block, crc)
        take(block)
        left -= len(block)
    return crc
