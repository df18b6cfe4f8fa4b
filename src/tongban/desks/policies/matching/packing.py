"""How the results of a run are kept: sets of rows, amounts and the roll of parties as few bytes, read back exactly.

A set of few rows is the gaps between them; any other is its machine words under a Huffman code, which a city's sets
shrink to a third in a tenth of the time that a search for repetitions takes. Pure: bytes in, bytes out.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongban.kernel.rules.columns import bits
from tongban.kernel.rules.columns.bits import Rows

_GAPS, _WIDE_GAPS, _WORDS = b"g", b"G", b"w"
_FIXED, _EACH = b"=", b"e"
_SPARSE = 64  # fewer than one row in so many is kept as gaps
_LITTLE = {"i1": "<i1", "i2": "<i2", "i4": "<i4", "i8": "<i8"}
_HALF = 32


def pack_rows(rows: Rows) -> bytes:
    """A set of rows. Its size is not kept with it."""
    if len(rows) * _SPARSE < max(rows.size, _SPARSE):
        gaps = np.diff(rows.indices(), prepend=0)
        narrow = not gaps.size or int(gaps.max()) <= np.iinfo(np.uint16).max
        return _GAPS + gaps.astype("<u2").tobytes() if narrow else _WIDE_GAPS + gaps.astype("<u4").tobytes()
    return _WORDS + _shrunk(rows.words.astype("<u8", copy=False).tobytes())


def unpack_rows(packed: bytes, size: int) -> Rows:
    """The set as it was, over a population of `size` rows.

    :raises ValueError: not a set of that size
    """
    form, body = packed[:1], packed[1:]
    if form == _WORDS:
        words = np.frombuffer(_grown(body), dtype="<u8").astype(np.uint64, copy=False)
        if words.size != bits.none(size).size:
            raise ValueError(f"a set of {words.size} words over {size} rows")
        return Rows(words, size)
    if form not in {_GAPS, _WIDE_GAPS}:
        raise ValueError(f"no set of rows: {form!r}")
    flags = np.zeros(size, dtype=np.bool_)
    rows = np.cumsum(np.frombuffer(body, dtype="<u2" if form == _GAPS else "<u4"), dtype=np.int64)
    if rows.size and rows[-1] >= size:
        raise ValueError(f"row {rows[-1]} of {size}")
    flags[rows] = True
    return Rows(bits.pack(flags), size)


def pack_fen(fen: NDArray[Any]) -> bytes:
    """Amounts in the order of their rows; one number where it is the same for all."""
    if fen.ndim == 0:
        return _FIXED + int(fen).to_bytes(8, "little", signed=True)
    name = fen.dtype.str[1:]
    return _EACH + name.encode() + _shrunk(fen.astype(_LITTLE[name], copy=False).tobytes())


def unpack_fen(packed: bytes, count: int) -> NDArray[np.int64]:
    """The amounts of `count` rows.

    :raises ValueError: not so many amounts
    """
    form = packed[:1]
    if form == _FIXED:
        return np.full(count, int.from_bytes(packed[1:9], "little", signed=True), dtype=np.int64)
    if form != _EACH:
        raise ValueError(f"no amounts: {form!r}")
    found = np.frombuffer(_grown(packed[3:]), dtype=_LITTLE[packed[1:3].decode()]).astype(np.int64)
    if found.size != count:
        raise ValueError(f"{found.size} amounts of {count} rows")
    return found


def total(fen: NDArray[Any], count: int) -> int:
    """What amounts of `count` rows come to, exactly: the sum may pass 64 bits though no amount does."""
    if fen.ndim == 0:
        return int(fen) * count
    whole = fen.astype(np.int64, copy=False)
    high, low = whole >> _HALF, whole & (2**_HALF - 1)
    return (int(high.sum()) << _HALF) + int(low.sum())


def pack_roll(parties: Iterable[str]) -> bytes:
    """The parties of a census, in the order of its rows."""
    return zlib.compress("\n".join(parties).encode(), 1)


def unpack_roll(packed: bytes) -> tuple[str, ...]:
    """The parties as they were."""
    text = zlib.decompress(packed).decode()
    return tuple(text.split("\n")) if text else ()


def pack_standings(standings: Mapping[str, tuple[str, int | None]]) -> bytes:
    """Of one party, standing and amount by measure."""
    return zlib.compress(json.dumps(standings, separators=(",", ":")).encode(), 1)


def unpack_standings(packed: bytes) -> dict[str, tuple[str, int | None]]:
    """The same, read back."""
    return {key: (stood, fen) for key, (stood, fen) in json.loads(zlib.decompress(packed)).items()}


def marks(parties: Sequence[str]) -> NDArray[np.uint64]:
    """A random-looking number for each party, the same wherever it stands in a census."""
    digests = b"".join(blake2b(one.encode(), digest_size=8).digest() for one in parties)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64, copy=False)


def fingerprint(marked: NDArray[np.uint64], entitled: Rows, unpaid: Rows, fen: NDArray[Any] | None) -> str:
    """Says whether two runs found the same parties with the same amounts, though their rows may have moved.

    A sum over parties, so that order plays no part; two different findings have the same one as rarely as two numbers of
    64 bits drawn by lot are equal.

    :param marked: of the whole census, by row
    :param unpaid: those of the entitled whose amount cannot be told
    :param fen: amounts of the other entitled rows, in their order; None where nothing is paid
    """
    chosen = marked[entitled.indices()]
    paid = chosen if fen is None or not len(unpaid) else marked[(entitled - unpaid).indices()]
    amounts = np.zeros(1, np.int64) if fen is None else np.atleast_1d(fen).astype(np.int64)
    odd = (amounts.view(np.uint64) << np.uint64(1)) | np.uint64(1)
    # Multiplied by an odd number and folded: a party's amount cannot be told apart from another's by adding up.
    mixed = paid * odd
    mixed ^= mixed >> np.uint64(_HALF)
    whole = int(chosen.sum(dtype=np.uint64)), int(mixed.sum(dtype=np.uint64))
    return f"{len(entitled):x}-{whole[0]:016x}{whole[1]:016x}"


def _shrunk(data: bytes) -> bytes:
    maker = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zlib.Z_HUFFMAN_ONLY)
    return maker.compress(data) + maker.flush()


def _grown(data: bytes) -> bytes:
    return zlib.decompress(data, -zlib.MAX_WBITS)
