"""One data element of a whole population: a typed array, what each row lacks, and when it was known.

Numbers and money are whole numbers with a common `scale` (1.25 is 125 of scale 2), so that nothing is ever rounded;
what does not fit 64 bits is kept as exact Python numbers. Dates are days since 1970. Texts are numbers into a list of
words; lists of texts lie one after the other with the place where each row starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongban.kernel.rules.columns.bits import Flags
from tongban.kernel.rules.elements import Dated, Type, WrongTypeError, read

KNOWN, MISSING, NULL, UNREADABLE = range(4)
"""What a row of a column is; a number of `Column.state`. UNREADABLE: of another type than the column."""
ABSENT = object()
"""Given to :func:`column_of` for a row that has no value at all."""
NO_DAY = np.iinfo(np.int32).min
NO_INSTANT = np.iinfo(np.int64).min
EPOCH_DAY = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MOST_PLACES = 9
_MOST = 2**62


@dataclass(frozen=True, eq=False)
class Column:
    """Values of one element, a row each.

    :param data: numbers, days, 0/1, numbers of words; for TEXTS the numbers of the words of all rows in a row.
        Where `state` is not KNOWN its value means nothing
    :param state: KNOWN, MISSING, NULL or UNREADABLE, by row
    :param words: of TEXT and TEXTS, each once
    :param starts: of TEXTS: row i holds ``data[starts[i]:starts[i + 1]]``
    :param known_day: day at which each value was known to be true (days since 1970), NO_DAY where nobody wrote it down
    :param known_at: the instant in microseconds since 1970 UTC, NO_INSTANT where only the day is known
    """

    kind: Type
    data: NDArray[Any]
    state: NDArray[np.uint8]
    scale: int = 0
    words: tuple[str, ...] = ()
    starts: NDArray[np.int64] | None = None
    known_day: NDArray[np.int32] | None = None
    known_at: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return self.state.size

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Number of each word."""
        return {word: number for number, word in enumerate(self.words)}

    @cached_property
    def _rows_by_word(self) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """Rows ordered by the word that they have, and where each word's rows start."""
        assert self.starts is not None
        rows = np.repeat(np.arange(len(self)), np.diff(self.starts))
        order = np.argsort(self.data, kind="stable")
        return rows[order], np.searchsorted(self.data[order], np.arange(len(self.words) + 1))

    def having(self, word: str) -> Flags:
        """Of a column of TEXTS: the rows that have `word` among their texts."""
        flags = np.zeros(len(self), dtype=np.bool_)
        number = self.numbers.get(word)
        if number is not None:
            rows, starts = self._rows_by_word
            flags[rows[starts[number] : starts[number + 1]]] = True
        return flags

    def fresh(self, *, max_age: timedelta | None, as_of: date | datetime) -> Flags | None:
        """Rows whose value is known and not stale at `as_of`, as :func:`~tongban.kernel.rules.elements.is_stale`
        has it; None if all are.
        """
        usable: Flags = self.state == KNOWN
        if max_age is not None:
            usable &= ~self._stale(max_age, as_of)
        return None if bool(usable.all()) else usable

    def _stale(self, max_age: timedelta, as_of: date | datetime) -> Flags:
        if self.known_day is None:
            return np.ones(len(self), dtype=np.bool_)
        most = max_age // _MICROSECOND
        today = days(as_of.date() if isinstance(as_of, datetime) else as_of)
        per_day = timedelta(days=1) // _MICROSECOND
        unwritten = self.known_day == NO_DAY
        stale: Flags = (today - self.known_day.astype(np.int64)) * per_day > most
        if self.known_at is not None and isinstance(as_of, datetime):
            to_the_second = self.known_at != NO_INSTANT
            stale = np.where(to_the_second, instant(as_of) - self.known_at > most, stale)
        either: Flags = stale | unwritten
        return either

    def value(self, row: int) -> Any:
        """The value of a row as a record holds it, without its date; ABSENT where the row has none."""
        state = self.state[row]
        if state != KNOWN:
            return {MISSING: ABSENT, NULL: None, UNREADABLE: _Unreadable}[int(state)]
        if self.kind is Type.TEXTS:
            assert self.starts is not None
            return tuple(self.words[n] for n in self.data[self.starts[row] : self.starts[row + 1]])
        return unboxed(self.kind, self.data[row], self.scale, self.words)

    def dated(self, row: int) -> Any:
        """The value of a row together with the day or instant at which it was known, as a record holds it."""
        value = self.value(row)
        if value is ABSENT or self.known_day is None or self.known_day[row] == NO_DAY:
            return value
        if self.known_at is not None and self.known_at[row] != NO_INSTANT:
            moment = _EPOCH + int(self.known_at[row]) * _MICROSECOND
            # The zone it came in is not kept, the day it was there is: any zone with that day says the same.
            ahead = int(self.known_day[row]) - days(moment.date())
            return Dated(value, moment.astimezone(timezone(timedelta(hours={0: 0, 1: 14, -1: -12}[ahead]))))
        return Dated(value, EPOCH_DAY + timedelta(days=int(self.known_day[row])))


class _Unreadable:
    """Stands in a record for a value of a wrong type, which is of no type a rule can read."""


def days(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - EPOCH_DAY.toordinal()


def instant(moment: datetime) -> int:
    """Microseconds since 1970 UTC.

    :raises ValueError: an instant without a time zone
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return (moment - _EPOCH) // _MICROSECOND


def unboxed(kind: Type, cell: Any, scale: int, words: Sequence[str]) -> Any:
    """A cell of an array as the Python value that it stands for."""
    match kind:
        case Type.BOOLEAN:
            return bool(cell)
        case Type.DATE:
            return EPOCH_DAY + timedelta(days=int(cell))
        case Type.TEXT:
            return words[int(cell)]
        case _ if isinstance(cell, int | Decimal):
            return cell
        case _:
            return Decimal(int(cell)).scaleb(-scale) if scale else int(cell)


def column_of(kind: Type, values: Iterable[Any]) -> Column:
    """A column from values as records hold them: plain or :class:`~tongban.kernel.rules.elements.Dated`, None for an
    empty one, :data:`ABSENT` for none.
    """
    plain, state, known_day, known_at = [], [], [], []
    for given in values:
        value, moment = (given.value, given.known_at) if isinstance(given, Dated) else (given, None)
        found, why = _read(kind, value)
        plain.append(found)
        state.append(why)
        known_day.append(NO_DAY if moment is None else days(_day(moment)))
        known_at.append(instant(moment) if isinstance(moment, datetime) else NO_INSTANT)
    timed = any(day != NO_DAY for day in known_day)
    to_the_second = any(moment != NO_INSTANT for moment in known_at)
    data, scale, words, starts = _data(kind, plain)
    return Column(
        kind, data, np.array(state, dtype=np.uint8), scale, words, starts,
        np.array(known_day, dtype=np.int32) if timed else None,
        np.array(known_at, dtype=np.int64) if to_the_second else None,
    )  # fmt: skip


def missing(kind: Type, size: int) -> Column:
    """A column of which nothing is known."""
    data, scale, words, starts = _data(kind, [None] * size)
    return Column(kind, data, np.full(size, MISSING, dtype=np.uint8), scale, words, starts)


def exact_numbers(values: Sequence[Any]) -> tuple[NDArray[Any], int]:
    """Whole numbers and decimals as an array of whole numbers and its scale; as objects of scale 0 where the values do
    not fit 64 bits with nine decimals.
    """
    places = max((_places(value) for value in values), default=0)
    if places <= _MOST_PLACES:
        whole = [_scaled(value, places) for value in values]
        if all(-_MOST < number < _MOST for number in whole):
            return narrow(np.array(whole, dtype=np.int64)), places
    objects = np.empty(len(values), dtype=object)
    objects[:] = values
    return objects, 0


def narrow(data: NDArray[Any]) -> NDArray[Any]:
    """The same whole numbers in the fewest bytes."""
    if not data.size:
        return data
    low, high = int(data.min()), int(data.max())
    for size in (np.int8, np.int16, np.int32):
        if np.iinfo(size).min < low and high < np.iinfo(size).max:
            return data.astype(size)
    return data


def _read(kind: Type, value: Any) -> tuple[Any, int]:
    if value is ABSENT:
        return None, MISSING
    if value is None:
        return None, NULL
    try:
        return read(kind, value), KNOWN
    except WrongTypeError:
        return None, UNREADABLE


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _data(
    kind: Type, values: Sequence[Any]
) -> tuple[NDArray[Any], int, tuple[str, ...], NDArray[np.int64] | None]:
    match kind:
        case Type.BOOLEAN:
            return np.array([bool(value) for value in values], dtype=np.bool_), 0, (), None
        case Type.DATE:
            return (
                narrow(np.array([0 if v is None else days(v) for v in values], dtype=np.int64)),
                0,
                (),
                None,
            )
        case Type.TEXT:
            numbers: dict[str, int] = {}
            found = [0 if v is None else numbers.setdefault(v, len(numbers)) for v in values]
            return narrow(np.array(found, dtype=np.int64)), 0, tuple(numbers), None
        case Type.TEXTS:
            numbers = {}
            flat = [numbers.setdefault(word, len(numbers)) for v in values for word in v or ()]
            sizes = [len(v or ()) for v in values]
            starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
            return narrow(np.array(flat, dtype=np.int64)), 0, tuple(numbers), starts
        case _:
            data, scale = exact_numbers([0 if value is None else value for value in values])
            return data, scale, (), None


def _places(value: int | Decimal) -> int:
    """Decimals needed to write the number."""
    if isinstance(value, int):
        return 0
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(-exponent, 0) if exponent > -100 else _MOST_PLACES + 1


def _scaled(value: int | Decimal, places: int) -> int:
    if isinstance(value, int):
        return value * int(10**places)
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if not value:
        return 0
    if exponent + places > 100:
        return _MOST
    whole = int("".join(map(str, digits))) * int(10 ** (exponent + places))
    return -whole if sign else whole
