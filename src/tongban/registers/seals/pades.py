"""PAdES B-B signatures with a visible seal, by pyHanko. Keys and pictures are arguments.

pyHanko takes over a second to import; a process that only reads statements never pays. `pades_writing` has it, and is
imported by one thread while others wait: pyHanko's modules import each other in circles, and threads that begin with
different ones at once may see them half made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from types import ModuleType

from tongban.registers.seals import drawing
from tongban.registers.seals.contracts import Place

POINTS = 72 / 25.4  # a millimetre
SIDE = drawing.MILLIMETRES * POINTS
MAX_SEALS = 16
_first = threading.Lock()


@dataclass(frozen=True, slots=True)
class Sealing:
    """What a seal needs: its certificate in DER, its picture (see `drawing`), and who signs (DER from a message)."""

    certificate: bytes
    picture: str
    name: str
    sign: Callable[[bytes], bytes]


def seal(pdf: bytes, *, sealing: Sealing, reason: str, at: datetime, place: Place) -> bytes:
    """The PDF with a signature appended; what was there stays byte for byte.

    The same input gives the same bytes. Some 3 ms of CPU.

    :param reason: why, as readers show it
    :param place: of the seal's centre
    :raises SealsError: the PDF cannot be read, is encrypted, has no such page, or has too many seals
    """
    made: bytes = writing().seal(pdf, sealing=sealing, reason=reason, at=at, place=place)
    return made


def writing() -> ModuleType:
    """The half that needs pyHanko: imported with the first seal, or when the process starts, so that nobody waits."""
    with _first:
        return import_module(f"{__package__}.pades_writing")
