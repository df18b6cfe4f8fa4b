"""Types of data elements, and what a record knows of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any


class Type(Enum):
    """What kind of value an element holds.

    MONEY is an integer of fen 分 (or a whole Decimal), NUMBER an integer or Decimal; a float is neither. DATE is a
    date or its ISO text. TEXTS is a list of texts (multiple choice).
    """

    BOOLEAN = "boolean"
    NUMBER = "number"
    MONEY = "money"
    TEXT = "text"
    DATE = "date"
    TEXTS = "texts"

    @property
    def zh(self) -> str:
        return _WORDS[self][0]

    @property
    def en(self) -> str:
        return _WORDS[self][1]


_WORDS = {
    Type.BOOLEAN: ("“是”或“否”", "yes or no"),
    Type.NUMBER: ("数字", "a number"),
    Type.MONEY: ("金额", "an amount of money"),
    Type.TEXT: ("文字", "a text"),
    Type.DATE: ("日期", "a date"),
    Type.TEXTS: ("多个文字", "a list of texts"),
}


@dataclass(frozen=True, slots=True)
class Element:
    """A data element that a rule may read.

    :param max_age: how old a value may be at the time of the decision; older, or of unknown age, it is
        stale and counts as unknown. None: a value does not age.
    :param fixed: nobody is expected to change it for a measure's sake, as the county where a company is: who fails a
        condition on it is not one condition short of anything
    """

    key: str
    type: Type
    max_age: timedelta | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """A value in a record together with the day or instant at which it was known to be true."""

    value: Any
    known_at: date | datetime


class WrongTypeError(ValueError):
    """A value that is not of its element's type."""


def read(kind: Type, value: Any) -> Any:
    """The value as an element of type `kind` holds it.

    :raises WrongTypeError: it is of another type; nothing is converted but an ISO text to its date
    """
    if kind is Type.DATE:
        return _read_date(value)
    if kind is Type.TEXTS:
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(value)
    elif kind is Type.BOOLEAN:
        if isinstance(value, bool):
            return value
    elif kind is Type.TEXT:
        if isinstance(value, str):
            return value
    elif (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, Decimal)
        and value.is_finite()
        and (kind is Type.NUMBER or value == value.to_integral_value())
    ):
        return value
    raise WrongTypeError(kind.value)


def _read_date(value: Any) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str) and len(value) == len("2026-01-01"):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise WrongTypeError(Type.DATE.value) from error
    raise WrongTypeError(Type.DATE.value)


def is_stale(*, known_at: date | datetime | None, max_age: timedelta, as_of: date | datetime) -> bool:
    """Whether a value known at `known_at` is too old at `as_of`. Two instants are compared to the second,
    otherwise whole days are. A value of unknown age is stale.
    """
    if known_at is None:
        return True
    if isinstance(known_at, datetime) and isinstance(as_of, datetime):
        return as_of - known_at > max_age
    return _day(as_of) - _day(known_at) > max_age


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
